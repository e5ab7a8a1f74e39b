/* SPDX-License-Identifier: MIT */
/* Copies what the plan of each component holds into the store (betest_backup_i.h). A file that
 * fails makes its whole component set fail; the others go on. */
#include "fakes/requester/betest_backup_i.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_store.h"

struct copying {
    struct betest_report *report;
    struct chosen_component *owner;
    const char *folder, *parts_folder;
    uint64_t n_bytes;
    size_t n_files;
};

static uint32_t copy_data(const struct betest_file *file, const char *place, uint64_t *ret_bytes)
{
    struct ranges ranges = { 0 };
    uint32_t error;

    *ret_bytes = 0;
    if (file->is_directory)
        return files_make_directories(place);
    if (!file->ranges)
        return files_copy(file->source, place, ret_bytes);
    error = ranges_parse(file->ranges, &ranges)
                ? files_copy_ranges(file->source, &ranges, place, NULL, ret_bytes)
                : ERROR_INVALID_PARAMETER;
    ranges_free(&ranges);
    return error;
}

static void copy_one(struct copying *c, const struct betest_file *file)
{
    auto_free char *place = store_place(file->ranges ? c->parts_folder : c->folder, file->original);
    uint64_t size = 0;
    uint32_t error = copy_data(file, place, &size);

    if (error) {
        auto_free char *words = report_windows_error(error);

        c->owner->has_failed = true;
        report_failure(c->report, BETEST_COMPONENT_FAILED, "cannot copy %s: %s", file->source,
                       words);
        return;
    }
    if (file->is_directory)
        return;
    c->n_bytes += size;
    c->n_files++;
    c->owner->n_files++;
    report_detail(c->report, "%s%s%s", file->original, file->ranges ? ", ranges " : "",
                  file->ranges ? file->ranges : "");
}

static void copy_component(struct backup *b, size_t i, struct text_index *handled)
{
    struct selection *selection = &b->session.selection;
    const struct chosen_component *chosen = &selection->components.items[i];
    const struct wmd *wmd = selection->writers.items[chosen->writer].wmd;
    auto_free char *folder = store_folder(b->session.store, wmd, chosen->component);
    auto_free char *parts_folder = store_parts_folder(folder);
    auto_free char *name = chosen_full_name(chosen->component);
    struct copying c = { .report = b->session.report,
                         .owner = &selection->components.items[chosen->owner],
                         .folder = folder,
                         .parts_folder = parts_folder };
    struct plan plan;

    plan_component(b, i, handled, &plan);
    for (size_t f = 0; f < plan.list.files.count; f++) {
        copy_one(&c, &plan.list.files.items[f]);
        report_progress(c.report, name, f + 1, plan.list.files.count);
    }
    report_line(c.report, "\"%s\": %zu %s, %llu bytes copied", name, c.n_files,
                c.n_files == 1 ? "file" : "files", (unsigned long long)c.n_bytes);
    if (plan.n_partial)
        report_line(c.report, "\"%s\": of %zu of them the parts that its writer named", name,
                    plan.n_partial);
    if (plan.n_unchanged)
        report_line(c.report, "\"%s\": %zu unchanged, left out", name, plan.n_unchanged);
    if (plan.list.n_links)
        report_line(c.report, "\"%s\": %zu links left out", name, plan.list.n_links);
    plan_free(&plan);
}

void copy_components(struct backup *b)
{
    struct selection *selection = &b->session.selection;
    size_t n = selection->components.count;
    auto_free struct text_index *handled = mem_alloc(n * sizeof(*handled)); /* by owner */

    /* Owners stand before what comes with them. */
    for (size_t i = 0; b->session.store && i < n; i++) {
        const struct chosen_component *chosen = &selection->components.items[i];
        const struct component_details *details =
            selection->components.items[chosen->owner].details;

        if (!selection->writers.items[chosen->writer].has_failed &&
            !(details && FAILED(details->failure)))
            copy_component(b, i, &handled[chosen->owner]);
    }
    for (size_t i = 0; i < n; i++)
        text_index_free(&handled[i]);
}

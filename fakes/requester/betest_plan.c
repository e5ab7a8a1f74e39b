/* SPDX-License-Identifier: MIT */
/* Which files a component's backup holds (betest_backup_i.h). In an incremental or differential
 * backup the writer's word comes first: its differenced files, then its partial files, then what
 * the masks of the file sets ask for (Learn: "Requester Role in VSS Incremental and Differential
 * Backups"). What one of them has decided the next does not touch. The list is made after the
 * snapshot, because writers may still change their mind in PostSnapshot. */
#include "fakes/requester/betest_backup_i.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_store.h"

#include <inttypes.h>
#include <string.h>

struct planning {
    struct backup *backup;
    struct chosen_component *owner;
    size_t owner_index;
    const struct wmd *wmd;
    enum betest_type type;
    struct text_index *handled;
    struct plan *plan;
};

enum betest_type plan_type(const struct backup *b, const struct chosen_component *owner)
{
    const struct wmd *wmd = b->session.selection.writers.items[owner->writer].wmd;
    enum betest_type type = type_for_writer(b->session.options->type, wmd);
    bool builds_on = type == BETEST_INCREMENTAL || type == BETEST_DIFFERENTIAL;

    if (!builds_on || !b->history)
        return type;
    const struct history_component *base = history_find(
        b->history, &wmd->writer_id, owner->component->logical_path, owner->component->name);
    return base && !base->has_failed ? type : BETEST_FULL;
}

void plan_free(struct plan *plan)
{
    files_free(&plan->list);
}

/* ---- what goes wrong ---- */

static void fail(struct planning *p, const char *what, const char *path, const char *why)
{
    p->plan->has_failed = p->owner->has_failed = true;
    report_failure(p->backup->session.report, BETEST_COMPONENT_FAILED, "cannot %s %s: %s", what,
                   path, why);
}

static void directory_failed(void *arg, const char *path, uint32_t error)
{
    auto_free char *words = report_windows_error(error);

    fail(arg, "list", path, words);
}

static void file_missing(void *arg, const char *path)
{
    struct planning *p = arg;
    auto_free char *key = files_key(path);
    size_t unused;

    if (!text_index_find(p->handled, key, &unused))
        fail(p, "back up", path, "its component names it, and it is not there");
}

/* ---- differenced files ---- */

/* Whether an earlier backup of the chain has this file as it is now. */
static bool history_has(const struct planning *p, const struct betest_file *file)
{
    const struct selection *selection = &p->backup->session.selection;

    for (const struct history *h = p->backup->history; h; h = h->earlier)
        for_each_member(selection, i, h->writers.store ? p->owner_index : SIZE_MAX)
        {
            uint64_t size = 0, write_time = 0;

            auto_free char *folder =
                store_folder(h->writers.store, p->wmd, selection->components.items[i].component);
            auto_free char *place = store_place(folder, file->original);
            if (files_stat(place, &size, &write_time))
                return size == file->size && write_time == file->write_time;
        }
    return false;
}

/* Learn: "IVssComponent::GetDifferencedFile": without a time the requester's own records tell. */
static bool has_changed(const struct planning *p, const struct betest_file *file, uint64_t since)
{
    return since ? file->write_time >= since : !history_has(p, file);
}

/* Whether nobody has decided about the file before; from now on somebody has. */
static bool is_first(struct planning *p, const char *original)
{
    auto_free char *key = files_key(original);

    return text_index_add(p->handled, key, 0);
}

static void plan_differenced(struct planning *p, const struct differenced_files *files)
{
    const struct files_listener listener = { .failed = directory_failed, .arg = p };
    /* A file named by itself is backed up although it is excluded (writer-notes: question 29). */
    const struct filespecs *excluded =
        strpbrk(files->filespec, "*?") ? &p->wmd->exclude_files : NULL;
    struct filespecs sets = { 0 };
    struct file_list found = { 0 };

    filespecs_add(&sets, files->path, files->filespec, files->recursive, NULL, 0);
    files_expand(&found, &sets, excluded, &p->backup->places, &listener);
    for (size_t i = 0; i < found.files.count; i++) {
        struct betest_file *file = &found.files.items[i];

        if (file->is_directory || !is_first(p, file->original))
            continue;
        if (!has_changed(p, file, files->changed_since)) {
            p->plan->n_unchanged++;
            continue;
        }
        files_add(&p->plan->list, file);
        *file = (struct betest_file){ 0 };
    }
    files_free(&found);
    filespecs_free(&sets);
}

/* ---- partial files ---- */

static void add_file(struct planning *p, const char *original, const struct ranges *ranges)
{
    auto_str struct str text = { 0 };

    for (size_t i = 0; ranges && i < ranges->items.count; i++)
        str_addf(&text, "%s%" PRIu64 ":%" PRIu64, i ? "," : "", ranges->items.items[i].offset,
                 ranges->items.items[i].length);
    files_add(&p->plan->list, &(struct betest_file){
                                  .original = mem_strdup(original),
                                  .source = volume_places_translate(&p->backup->places, original),
                                  .ranges = ranges ? str_take(&text) : NULL,
                              });
}

/* The ranges file is part of the backup, too (Learn: "Working with Partial Files"). */
static bool read_ranges_file(struct planning *p, const char *name, struct ranges *ret)
{
    auto_free char *path = files_directory(name);
    auto_free char *source = volume_places_translate(&p->backup->places, path);
    auto_free char *bytes = NULL;
    size_t size = 0;
    uint32_t error = files_read(source, &bytes, &size);

    if (error) {
        auto_free char *words = report_windows_error(error);

        fail(p, "read the ranges file", path, words);
        return false;
    }
    if (!ranges_parse_file(bytes, size, ret)) {
        fail(p, "use", path, "it is no ranges file: a count and that many pairs are expected");
        return false;
    }
    if (is_first(p, path))
        add_file(p, path, NULL);
    return true;
}

static void plan_partial(struct planning *p, const struct partial_file *partial)
{
    auto_free char *directory = files_directory(partial->path);
    auto_free char *original = str_printf("%s\\%s", directory, partial->name);
    const char *ranges_file = ranges_file_of(partial->ranges);
    struct ranges ranges = { 0 };

    if (!is_first(p, original))
        return;
    if (ranges_file) {
        if (!read_ranges_file(p, ranges_file, &ranges)) {
            ranges_free(&ranges);
            return;
        }
    } else if (!ranges_parse(partial->ranges, &ranges)) {
        auto_free char *why = str_printf("\"%s\" are no ranges", partial->ranges);

        ranges_free(&ranges);
        fail(p, "back up parts of", original, why);
        return;
    }
    add_file(p, original, &ranges);
    p->plan->n_partial++;
    ranges_free(&ranges);
}

static void plan_named_files(struct planning *p)
{
    const struct component_details *details = p->owner->details;

    if (!details || (p->type != BETEST_INCREMENTAL && p->type != BETEST_DIFFERENTIAL))
        return;
    for (size_t i = 0; i < details->differenced_files.count; i++)
        plan_differenced(p, &details->differenced_files.items[i]);
    for (size_t i = 0; i < details->partial_files.count; i++)
        plan_partial(p, &details->partial_files.items[i]);
}

/* ---- file sets ---- */

static void plan_sets(struct planning *p, const struct wmd_component *component, int which)
{
    const struct files_listener listener = { directory_failed, file_missing, p };
    const struct filespecs *all = component_files(component, which);
    struct filespecs wanted = { 0 };
    struct file_list found = { 0 };

    for (size_t i = 0; i < all->count; i++)
        if (type_wants_backup(p->type, &all->items[i], which == COMPONENT_LOG_LIST))
            array_add(&wanted, all->items[i]); /* borrowed */
    files_expand(&found, &wanted, &p->wmd->exclude_files, &p->backup->places, &listener);
    for (size_t i = 0; i < found.files.count; i++) {
        struct betest_file *file = &found.files.items[i];
        auto_free char *key = files_key(file->original);
        size_t unused;

        if (!file->is_directory && text_index_find(p->handled, key, &unused))
            continue;
        files_add(&p->plan->list, file);
        *file = (struct betest_file){ 0 };
    }
    p->plan->list.n_links += found.n_links;
    files_free(&found);
    array_free(&wanted);
}

void plan_component(struct backup *b, size_t i, struct text_index *handled, struct plan *ret)
{
    struct selection *selection = &b->session.selection;
    const struct chosen_component *chosen = &selection->components.items[i];
    struct chosen_component *owner = &selection->components.items[chosen->owner];
    struct planning p = { .backup = b,
                          .owner = owner,
                          .owner_index = chosen->owner,
                          .wmd = selection->writers.items[chosen->writer].wmd,
                          .type = plan_type(b, owner),
                          .handled = handled,
                          .plan = ret };

    *ret = (struct plan){ 0 };
    if (chosen_is_explicit(selection, i))
        plan_named_files(&p);
    for (int which = 0; which < COMPONENT_FILE_LISTS; which++)
        plan_sets(&p, chosen->component, which);
    files_sort(&ret->list);
}

/* SPDX-License-Identifier: MIT */
/* Where restored files go (betest_place_back.h). The whole set is decided before its first file is
 * written: method and target give a plan, in place, by the writer's alternate mappings, at the next
 * start of the system or as the writer directs. What needs a writer's own procedure cannot be
 * done here and is said. */
#include "fakes/requester/betest_place_i.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_new_target.h"

void place_memory_free(struct place_memory *memory)
{
    text_index_free(&memory->index);
    array_free(&memory->plans);
}

/* ---- what there is ---- */

static bool list_files(struct placing *p)
{
    const struct selection *selection = &p->session->selection;

    for_each_member(selection, i, p->owner_index)
    {
        const struct chosen_component *chosen = &selection->components.items[i];

        if (chosen->is_left_out)
            continue;
        auto_free char *folder = store_folder(p->session->store, p->wmd, chosen->component);
        uint32_t error = store_list_all(folder, &p->files);
        if (error) {
            auto_free char *words = report_windows_error(error);

            report_failure(p->session->report, BETEST_FILE_FAILED, "cannot list %s: %s", folder,
                           words);
            return false;
        }
    }
    files_sort(&p->files);
    p->used = mem_alloc(p->files.files.count * sizeof(*p->used));
    return true;
}

/* Partial files and their ranges files, which lie outside the file sets. */
static void index_named_files(struct placing *p)
{
    const struct component_details *details = p->owner->details;

    for (size_t i = 0; details && i < details->partial_files.count; i++) {
        const struct partial_file *partial = &details->partial_files.items[i];
        const char *ranges_file = ranges_file_of(partial->ranges);
        auto_free char *directory = files_directory(partial->path);
        auto_free char *original = str_printf("%s\\%s", directory, partial->name);
        auto_free char *key = files_key(original);

        text_index_add(&p->named, key, i);
        if (ranges_file) {
            auto_free char *path = files_directory(ranges_file);
            auto_free char *ranges_key = files_key(path);

            text_index_add(&p->named, ranges_key, SIZE_MAX);
        }
    }
}

static void apply_new_targets(struct placing *p)
{
    struct set_index targets = { 0 };

    new_targets_of(p->session, p->owner_index, &p->new_targets);
    set_index_add(&targets, &p->new_targets);
    for (size_t i = 0; p->new_targets.count && i < p->files.files.count; i++)
        p->used[i] = set_index_find(&targets, &p->files.files.items[i]);
    set_index_free(&targets);
}

/* ---- the plan ---- */

static enum place_plan if_not_there(struct placing *p)
{
    for (size_t i = 0; i < p->files.files.count; i++) {
        const struct betest_file *file = &p->files.files.items[i];

        if (p->used[i] || file->is_directory || !files_exists(file->original))
            continue;
        report_line(p->session->report, "%s is there already", file->original);
        return BY_MAPPING;
    }
    return IN_PLACE;
}

static enum place_plan if_can_replace(struct placing *p, enum place_plan otherwise)
{
    for (size_t i = 0; i < p->files.files.count; i++) {
        const struct betest_file *file = &p->files.files.items[i];
        uint32_t error = p->used[i] || file->is_directory ? 0 : files_can_replace(file->original);

        if (error) {
            auto_free char *words = report_windows_error(error);

            report_line(p->session->report, "%s cannot be replaced: %s", file->original, words);
            return otherwise;
        }
    }
    return IN_PLACE;
}

static enum place_plan refuse(struct placing *p, const char *why)
{
    report_failure(p->session->report, BETEST_COMPONENT_FAILED, "\"%s\" is not restored: %s",
                   p->name, why);
    return NOT_AT_ALL;
}

static enum place_plan plan_by_method(struct placing *p)
{
    switch (p->wmd->restore_method) {
    case VSS_RME_RESTORE_IF_NOT_THERE:
        return if_not_there(p);
    case VSS_RME_RESTORE_IF_CAN_REPLACE:
        return if_can_replace(p, BY_MAPPING);
    case VSS_RME_RESTORE_AT_REBOOT_IF_CANNOT_REPLACE:
        return if_can_replace(p, AT_REBOOT);
    case VSS_RME_RESTORE_AT_REBOOT:
        return AT_REBOOT;
    case VSS_RME_STOP_RESTORE_START:
    case VSS_RME_RESTORE_STOP_START:
        report_line(p->session->report,
                    "\"%s\" wants service %s stopped; there are no services here", p->name,
                    p->wmd->service ? p->wmd->service : "(unnamed)");
        return IN_PLACE;
    case VSS_RME_RESTORE_TO_ALTERNATE_LOCATION:
        return BY_MAPPING;
    case VSS_RME_CUSTOM:
        return refuse(p, "its writer has a method of its own");
    default:
        return refuse(p, "its writer named no restore method");
    }
}

static enum place_plan make_plan(struct placing *p)
{
    VSS_RESTORE_TARGET target = p->owner->details ? p->owner->details->target : VSS_RT_ORIGINAL;

    switch (target) {
    case VSS_RT_ALTERNATE:
        return BY_MAPPING;
    case VSS_RT_ORIGINAL_LOCATION:
        return IN_PLACE;
    case VSS_RT_DIRECTED:
        return DIRECTED;
    default:
        return plan_by_method(p);
    }
}

/* What an earlier pass decided for this component holds for the later ones. */
static enum place_plan remembered_plan(struct placing *p, struct place_memory *memory)
{
    auto_free char *key = str_printf("%s\x1f%s", BETEST_GUID(&p->wmd->writer_id), p->name);
    size_t number;

    p->is_continued = text_index_find(&memory->index, key, &number);
    if (p->is_continued)
        return memory->plans.items[number];
    enum place_plan plan = make_plan(p);
    text_index_add(&memory->index, key, memory->plans.count);
    array_add(&memory->plans, plan);
    return plan;
}

/* ---- alternate mappings ---- */

/* Files that a writer names outside its sets take no mapping (requester-notes: 15). */
static bool is_named_outside(const struct placing *p, const struct betest_file *file)
{
    const struct component_details *details = p->owner->details;
    auto_free char *key = files_key(file->original);
    size_t unused;

    if (text_index_find(&p->named, key, &unused))
        return true;
    for (size_t i = 0; details && i < details->differenced_files.count; i++) {
        const struct differenced_files *files = &details->differenced_files.items[i];
        struct filespec set = { .path = files->path,
                                .filespec = files->filespec,
                                .recursive = files->recursive };

        if (files_is_in_set(file, &set))
            return true;
    }
    return false;
}

/* Every file of the set needs a mapping, or none is moved (requester-notes: OQ-68). */
static bool map_all(struct placing *p, const struct set_index *mappings)
{
    bool must_be_free = p->wmd->restore_method == VSS_RME_RESTORE_IF_NOT_THERE && !p->is_continued;

    for (size_t i = 0; i < p->files.files.count; i++) {
        const struct betest_file *file = &p->files.files.items[i];
        auto_free char *why = NULL;

        if (p->used[i])
            continue;
        p->used[i] = set_index_find(mappings, file);
        if (p->used[i] && !p->used[i]->alternate_path)
            p->used[i] = NULL;
        if (!p->used[i] && !file->is_directory && !is_named_outside(p, file))
            why = str_printf("%s has no alternate location mapping", file->original);
        else if (p->used[i] && must_be_free && !file->is_directory) {
            auto_free char *directory = files_directory(p->used[i]->alternate_path);
            auto_free char *target = files_rebased(file->original, p->used[i], directory);

            if (files_exists(target))
                why = str_printf("%s is there already as well", target);
        }
        if (why) {
            refuse(p, why);
            return false;
        }
    }
    return true;
}

static bool map_files(struct placing *p)
{
    struct set_index mappings = { 0 };

    set_index_add(&mappings, &p->wmd->alternate_mappings);
    bool is_ok = map_all(p, &mappings);
    set_index_free(&mappings);
    return is_ok;
}

/* Learn: "IVssBackupComponents::AddAlternativeLocationMapping": the writer must hear of it. */
static void tell_mapping(struct placing *p, const struct filespec *mapping)
{
    auto_wide WCHAR *logical_path = wide(p->owner->component->logical_path);
    auto_wide WCHAR *name = wide(p->owner->component->name);
    auto_wide WCHAR *path = wide(mapping->path), *filespec = wide(mapping->filespec);
    auto_wide WCHAR *destination = wide(mapping->alternate_path);

    session_did(p->session, "AddAlternativeLocationMapping",
                IVssBackupComponents_AddAlternativeLocationMapping(
                    p->session->vss, p->wmd->writer_id, p->owner->component->type,
                    *logical_path ? logical_path : NULL, name, path, filespec, mapping->recursive,
                    destination));
}

static void tell_mappings(struct placing *p)
{
    const struct filespecs *mappings = &p->wmd->alternate_mappings;
    auto_free bool *is_used = mem_alloc(mappings->count * sizeof(*is_used));

    for (size_t i = 0; i < p->files.files.count; i++)
        if (p->used[i] >= mappings->items && p->used[i] < mappings->items + mappings->count)
            is_used[p->used[i] - mappings->items] = true;
    for (size_t m = 0; m < mappings->count; m++)
        if (is_used[m])
            tell_mapping(p, &mappings->items[m]);
}

/* ---- the whole set ---- */

static VSS_FILE_RESTORE_STATUS carry_out(struct placing *p)
{
    static const char *const words[] = { [IN_PLACE] = "",
                                         [BY_MAPPING] = " to their alternate location",
                                         [AT_REBOOT] = " at the next start of the system",
                                         [DIRECTED] = " where their writer directs them" };
    size_t n_all = p->files.files.count, n_directories = 0;
    size_t n = p->plan == DIRECTED ? place_copy_directed(p) : place_copy(p);

    if (p->plan == BY_MAPPING)
        tell_mappings(p);
    for (size_t i = 0; i < n_all; i++)
        n_directories += p->files.files.items[i].is_directory;
    p->owner->n_files = n > n_directories ? n - n_directories : 0;
    report_line(p->session->report, "\"%s\": %zu %s restored%s%s", p->name, p->owner->n_files,
                p->owner->n_files == 1 ? "file" : "files", words[p->plan],
                p->new_targets.count ? ", to the new target" : "");
    if (n == n_all)
        return VSS_RS_ALL;
    return n ? VSS_RS_FAILED : VSS_RS_NONE;
}

VSS_FILE_RESTORE_STATUS place_back(struct session *s, size_t owner, struct place_memory *memory)
{
    struct chosen_component *chosen = &s->selection.components.items[owner];
    struct placing p = { .session = s,
                         .owner_index = owner,
                         .owner = chosen,
                         .wmd = s->selection.writers.items[chosen->writer].wmd,
                         .name = chosen_full_name(chosen->component) };
    VSS_FILE_RESTORE_STATUS status = VSS_RS_NONE;

    if (list_files(&p)) {
        index_named_files(&p);
        apply_new_targets(&p);
        p.plan = p.files.files.count ? remembered_plan(&p, memory) : IN_PLACE;
        if (p.plan != NOT_AT_ALL && (p.plan != BY_MAPPING || map_files(&p)))
            status = carry_out(&p);
    }
    free(p.used);
    free(p.name);
    files_free(&p.files);
    filespecs_free(&p.new_targets);
    text_index_free(&p.named);
    return status;
}

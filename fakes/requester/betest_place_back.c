/* SPDX-License-Identifier: MIT */
/* Where restored files go (betest_place_back.h). The whole set is decided before its first file is
 * written: method and target give a plan, in place or by the writer's alternate mappings. What
 * needs a service, a reboot or a writer's own procedure cannot be done here and is said. */
#include "fakes/requester/betest_place_back.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_files.h"
#include "fakes/requester/betest_store.h"

enum plan { IN_PLACE, BY_MAPPING, NOT_AT_ALL };

struct placing {
    struct session *session;
    struct chosen_component *owner;
    const struct wmd *wmd;
    char *name;
    struct file_list files;
    const struct filespec **used; /* mapping of each file; NULL: none */
};

/* ---- what there is ---- */

static bool list_files(struct placing *p, size_t owner)
{
    const struct selection *selection = &p->session->selection;

    for (size_t i = 0; i < selection->components.count; i++) {
        const struct chosen_component *chosen = &selection->components.items[i];

        if (chosen->owner != owner)
            continue;
        auto_free char *folder =
            store_folder(p->session->options->store, p->wmd, chosen->component);
        uint32_t error = store_list(folder, &p->files);
        if (error) {
            auto_free char *words = report_windows_error(error);

            report_failure(p->session->report, BETEST_FILE_FAILED, "cannot list %s: %s", folder,
                           words);
            return false;
        }
    }
    files_sort(&p->files);
    return true;
}

/* ---- the plan ---- */

static enum plan if_not_there(struct placing *p)
{
    for (size_t i = 0; i < p->files.files.count; i++)
        if (files_exists(p->files.files.items[i].original))
            return BY_MAPPING;
    return IN_PLACE;
}

static enum plan if_can_replace(struct placing *p)
{
    for (size_t i = 0; i < p->files.files.count; i++) {
        uint32_t error = files_can_replace(p->files.files.items[i].original);

        if (error) {
            auto_free char *words = report_windows_error(error);

            report_line(p->session->report, "%s cannot be replaced: %s",
                        p->files.files.items[i].original, words);
            return BY_MAPPING;
        }
    }
    return IN_PLACE;
}

static enum plan refuse(struct placing *p, const char *why)
{
    report_failure(p->session->report, BETEST_COMPONENT_FAILED, "\"%s\" is not restored: %s",
                   p->name, why);
    return NOT_AT_ALL;
}

static enum plan plan_by_method(struct placing *p)
{
    switch (p->wmd->restore_method) {
    case VSS_RME_RESTORE_IF_NOT_THERE:
        return if_not_there(p);
    case VSS_RME_RESTORE_IF_CAN_REPLACE:
    case VSS_RME_RESTORE_AT_REBOOT_IF_CANNOT_REPLACE:
        return if_can_replace(p);
    case VSS_RME_STOP_RESTORE_START:
    case VSS_RME_RESTORE_STOP_START:
        report_line(p->session->report,
                    "\"%s\" wants service %s stopped; there are no services here", p->name,
                    p->wmd->service ? p->wmd->service : "(unnamed)");
        return IN_PLACE;
    case VSS_RME_RESTORE_TO_ALTERNATE_LOCATION:
        return BY_MAPPING;
    case VSS_RME_RESTORE_AT_REBOOT:
        return refuse(p, "its writer wants it restored at a reboot, and there is none");
    case VSS_RME_CUSTOM:
        return refuse(p, "its writer has a method of its own");
    default:
        return refuse(p, "its writer named no restore method");
    }
}

/* The target of the component as it stands after PreRestore; VSS_RT_ORIGINAL when never set. */
static VSS_RESTORE_TARGET target_of_component(IVssComponent *component,
                                              const struct wmd_component *wanted)
{
    BSTR path = NULL, name = NULL;
    VSS_RESTORE_TARGET target = VSS_RT_UNDEFINED;

    if (FAILED(IVssComponent_GetLogicalPath(component, &path)) ||
        FAILED(IVssComponent_GetComponentName(component, &name)) ||
        FAILED(IVssComponent_GetRestoreTarget(component, &target)))
        target = VSS_RT_ORIGINAL;
    auto_free char *path8 = betest_take_bstr(path), *name8 = betest_take_bstr(name);
    if (!str_is_equal(path8, wanted->logical_path) || !str_is_equal(name8, wanted->name))
        return VSS_RT_UNDEFINED;
    return target == VSS_RT_UNDEFINED ? VSS_RT_ORIGINAL : target;
}

static VSS_RESTORE_TARGET target_of_writer(IVssWriterComponentsExt *components,
                                           const struct wmd *wmd,
                                           const struct wmd_component *wanted)
{
    VSS_ID instance, class;
    UINT count = 0;

    if (FAILED(IVssWriterComponentsExt_GetWriterInfo(components, &instance, &class)) ||
        !IsEqualGUID(&class, &wmd->writer_id) ||
        FAILED(IVssWriterComponentsExt_GetComponentCount(components, &count)))
        return VSS_RT_UNDEFINED;
    for (UINT i = 0; i < count; i++) {
        auto_com IVssComponent *component = NULL;

        if (FAILED(IVssWriterComponentsExt_GetComponent(components, i, &component)))
            continue;
        VSS_RESTORE_TARGET target = target_of_component(component, wanted);
        if (target != VSS_RT_UNDEFINED)
            return target;
    }
    return VSS_RT_UNDEFINED;
}

static VSS_RESTORE_TARGET restore_target(struct placing *p)
{
    IVssBackupComponents *vss = p->session->vss;
    VSS_RESTORE_TARGET target = VSS_RT_UNDEFINED;
    UINT count = 0;

    if (FAILED(IVssBackupComponents_GetWriterComponentsCount(vss, &count)))
        return VSS_RT_ORIGINAL;
    for (UINT i = 0; i < count && target == VSS_RT_UNDEFINED; i++) {
        IVssWriterComponentsExt *components = NULL;

        if (FAILED(IVssBackupComponents_GetWriterComponents(vss, i, &components)))
            continue;
        target = target_of_writer(components, p->wmd, p->owner->component);
        betest_release_writer_components(components);
    }
    return target == VSS_RT_UNDEFINED ? VSS_RT_ORIGINAL : target;
}

static enum plan make_plan(struct placing *p)
{
    switch (restore_target(p)) {
    case VSS_RT_ALTERNATE:
        return BY_MAPPING;
    case VSS_RT_ORIGINAL_LOCATION:
        return IN_PLACE;
    case VSS_RT_DIRECTED:
        return refuse(p, "its writer directs files elsewhere, and that is not there yet");
    default:
        return plan_by_method(p);
    }
}

/* ---- alternate mappings ---- */

static const struct filespec *mapping_of(const struct wmd *wmd, const char *original)
{
    for (size_t i = 0; i < wmd->alternate_mappings.count; i++)
        if (wmd->alternate_mappings.items[i].alternate_path &&
            files_is_in_set(original, &wmd->alternate_mappings.items[i]))
            return &wmd->alternate_mappings.items[i];
    return NULL;
}

/* Every file of the set needs a mapping, or none is moved (requester-notes: OQ-68). */
static bool map_files(struct placing *p)
{
    p->used = mem_alloc(p->files.files.count * sizeof(*p->used));
    for (size_t i = 0; i < p->files.files.count; i++) {
        p->used[i] = mapping_of(p->wmd, p->files.files.items[i].original);
        if (!p->used[i]) {
            auto_free char *why = str_printf("%s has no alternate location mapping",
                                             p->files.files.items[i].original);

            refuse(p, why);
            return false;
        }
    }
    return true;
}

/* Learn: "IVssBackupComponents::AddAlternativeLocationMapping": the writer must hear of it. */
static void tell_mappings(struct placing *p)
{
    for (size_t m = 0; m < p->wmd->alternate_mappings.count; m++) {
        const struct filespec *mapping = &p->wmd->alternate_mappings.items[m];
        bool is_used = false;

        for (size_t i = 0; !is_used && i < p->files.files.count; i++)
            is_used = p->used[i] == mapping;
        if (!is_used)
            continue;
        auto_wide WCHAR *logical_path = wide(p->owner->component->logical_path);
        auto_wide WCHAR *name = wide(p->owner->component->name);
        auto_wide WCHAR *path = wide(mapping->path), *filespec = wide(mapping->filespec);
        auto_wide WCHAR *destination = wide(mapping->alternate_path);
        session_did(p->session, "AddAlternativeLocationMapping",
                    IVssBackupComponents_AddAlternativeLocationMapping(
                        p->session->vss, p->wmd->writer_id, p->owner->component->type,
                        *logical_path ? logical_path : NULL, name, path, filespec,
                        mapping->recursive, destination));
    }
}

/* ---- copying ---- */

static bool copy_one(struct placing *p, size_t i)
{
    const struct betest_file *file = &p->files.files.items[i];
    auto_free char *directory = p->used ? files_directory(p->used[i]->alternate_path) : NULL;
    auto_free char *target =
        p->used ? files_rebased(file->original, p->used[i], directory) : mem_strdup(file->original);
    uint64_t size = 0;
    uint32_t error = files_copy(file->source, target, &size);

    if (error) {
        auto_free char *words = report_windows_error(error);

        report_failure(p->session->report, BETEST_COMPONENT_FAILED, "cannot restore %s: %s", target,
                       words);
        return false;
    }
    report_detail(p->session->report, "%s", target);
    return true;
}

static VSS_FILE_RESTORE_STATUS copy_all(struct placing *p)
{
    size_t n_restored = 0;

    for (size_t i = 0; i < p->files.files.count; i++) {
        n_restored += copy_one(p, i);
        report_progress(p->session->report, p->name, i + 1, p->files.files.count);
    }
    if (p->used)
        tell_mappings(p);
    report_line(p->session->report, "\"%s\": %zu files restored%s", p->name, n_restored,
                p->used ? " to their alternate location" : "");
    p->owner->n_files = n_restored;
    if (n_restored == p->files.files.count)
        return VSS_RS_ALL;
    return n_restored ? VSS_RS_FAILED : VSS_RS_NONE;
}

VSS_FILE_RESTORE_STATUS place_back(struct session *s, size_t owner)
{
    struct chosen_component *chosen = &s->selection.components.items[owner];
    struct placing p = { .session = s,
                         .owner = chosen,
                         .wmd = s->selection.writers.items[chosen->writer].wmd,
                         .name = chosen_full_name(chosen->component) };
    VSS_FILE_RESTORE_STATUS status = VSS_RS_NONE;

    if (list_files(&p, owner)) {
        enum plan plan = p.files.files.count ? make_plan(&p) : IN_PLACE;

        if (plan == IN_PLACE || (plan == BY_MAPPING && map_files(&p)))
            status = copy_all(&p);
    }
    free(p.used);
    free(p.name);
    files_free(&p.files);
    return status;
}

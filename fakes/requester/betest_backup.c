/* SPDX-License-Identifier: MIT */
/* The backup (betest_backup.h). A writer that fails does not stop the others: its components are
 * reported as failed, the rest is kept (Learn: "Writer Errors and Vetoes" leaves that to the
 * requester). A call that fails ends the session: AbortBackup once writers may have been told to
 * prepare, and release in any case, which also deletes the snapshots. */
#include "fakes/requester/betest_backup.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_files.h"
#include "fakes/requester/betest_session.h"
#include "fakes/requester/betest_store.h"

#include <string.h>
#include <strings.h>

#define BUSY_TRIES   5
#define BUSY_WAIT_MS 5000

struct backup {
    struct session session;
    struct documents writers;    /* what each writer said, as XML */
    struct volume_places places; /* the volumes of the set; device once it is made */
    ARRAY(VSS_ID) snapshots;     /* of each volume */
    bool must_abort;             /* writers may wait for an event that will not come */
};

static bool is_snapshot_needed(const struct filespec *set)
{
    return set->backup_type_mask & VSS_FSBT_FULL_SNAPSHOT_REQUIRED;
}

static bool is_backup_needed(const struct filespec *set)
{
    return set->backup_type_mask & VSS_FSBT_FULL_BACKUP_REQUIRED;
}

/* ---- before the snapshot ---- */

static bool begin(struct backup *b)
{
    struct session *s = &b->session;

    /* Component mode; no bootable system state; no partial files. */
    return session_did(s, "InitializeForBackup",
                       IVssBackupComponents_InitializeForBackup(s->vss, NULL)) &&
           session_did(
               s, "SetBackupState",
               IVssBackupComponents_SetBackupState(s->vss, TRUE, FALSE, VSS_BT_FULL, FALSE));
}

static bool add_components(struct backup *b)
{
    struct session *s = &b->session;

    for (size_t i = 0; i < s->selection.components.count; i++) {
        const struct chosen_component *chosen = &s->selection.components.items[i];
        const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
        const struct wmd_component *component = chosen->component;
        auto_free char *name = chosen_full_name(component);
        bool is_explicit = chosen_is_explicit(&s->selection, i);

        report_line(s->report, "component \"%s\" of '%s'%s", name, wmd->name,
                    is_explicit ? "" : " (with its parent)");
        if (!is_explicit)
            continue;
        auto_wide WCHAR *wide_path = wide(component->logical_path);
        auto_wide WCHAR *wide_name = wide(component->name);
        if (!session_did(s, "AddComponent",
                         IVssBackupComponents_AddComponent(
                             s->vss, wmd->instance_id, wmd->writer_id, component->type,
                             *wide_path ? wide_path : NULL, wide_name)))
            return false;
    }
    return true;
}

static void note_volume(struct backup *b, const char *path)
{
    struct betest_report *report = b->session.report;
    auto_free char *directory = files_directory(path);
    uint32_t error = 0;

    /* Nearly always a volume that is known already. */
    for (size_t i = 0; i < b->places.count; i++)
        if (strncasecmp(directory, b->places.items[i].volume,
                        strlen(b->places.items[i].volume) - 1) == 0)
            return;
    char *volume = files_volume_of(directory, &error);
    if (volume) {
        *array_push(&b->places) = (struct volume_place){ .volume = volume };
        return;
    }
    auto_free char *words = report_windows_error(error);
    report_failure(report, BETEST_COMPONENT_FAILED, "%s lies on no volume: %s", directory, words);
}

/* Every volume that some chosen component wants a snapshot of. */
static void note_volumes(struct backup *b)
{
    const struct selection *selection = &b->session.selection;

    for (size_t i = 0; i < selection->components.count; i++)
        for (int list = 0; list < COMPONENT_FILE_LISTS; list++) {
            const struct filespecs *sets =
                component_files(selection->components.items[i].component, list);

            for (size_t f = 0; f < sets->count; f++)
                if (is_snapshot_needed(&sets->items[f]))
                    note_volume(b, sets->items[f].alternate_path ? sets->items[f].alternate_path
                                                                 : sets->items[f].path);
        }
}

/* One requester at a time makes snapshots: another one's set is waited for. */
static bool start_set(struct backup *b)
{
    struct session *s = &b->session;
    VSS_ID set;
    HRESULT hr = IVssBackupComponents_StartSnapshotSet(s->vss, &set);

    for (int i = 1; i < BUSY_TRIES && hr == VSS_E_SNAPSHOT_SET_IN_PROGRESS; i++) {
        report_line(s->report, "another snapshot set is in progress, waiting");
        Sleep(BUSY_WAIT_MS);
        hr = IVssBackupComponents_StartSnapshotSet(s->vss, &set);
    }
    return session_did(s, "StartSnapshotSet", hr);
}

static bool add_volumes(struct backup *b)
{
    struct session *s = &b->session;

    for (size_t i = 0; i < b->places.count; i++) {
        auto_wide WCHAR *volume = wide(b->places.items[i].volume);
        VSS_ID any_provider = GUID_NULL;
        VSS_ID *snapshot = array_push(&b->snapshots);

        report_line(s->report, "volume %s joins the snapshot set", b->places.items[i].volume);
        if (!session_did(
                s, "AddToSnapshotSet",
                IVssBackupComponents_AddToSnapshotSet(s->vss, volume, any_provider, snapshot)))
            return false;
    }
    return true;
}

static bool prepare(struct backup *b)
{
    struct session *s = &b->session;
    IVssAsync *async = NULL;

    b->must_abort = true;
    HRESULT hr = IVssBackupComponents_PrepareForBackup(s->vss, &async);
    if (!session_finish(s, "PrepareForBackup", hr, &async)) {
        /* Learn: "Aborting VSS Operations": release is enough then. */
        b->must_abort = false;
        return false;
    }
    return session_check_writers(s, "PrepareForBackup");
}

/* ---- the snapshot ---- */

static bool read_properties(struct backup *b)
{
    struct session *s = &b->session;

    for (size_t i = 0; i < b->places.count; i++) {
        VSS_SNAPSHOT_PROP properties = { 0 };

        if (!session_did(s, "GetSnapshotProperties",
                         IVssBackupComponents_GetSnapshotProperties(s->vss, b->snapshots.items[i],
                                                                    &properties)))
            return false;
        b->places.items[i].device = utf8_from_utf16(properties.m_pwszSnapshotDeviceObject);
        VssFreeSnapshotProperties(&properties);
        report_line(s->report, "%s as it was is at %s", b->places.items[i].volume,
                    b->places.items[i].device);
    }
    return true;
}

/* Without a volume there is nothing to make (Learn: "Overview of Pre-Backup Tasks"). */
static bool make_snapshot(struct backup *b)
{
    struct session *s = &b->session;
    IVssAsync *async = NULL;

    if (b->places.count == 0)
        return true;
    HRESULT hr = IVssBackupComponents_DoSnapshotSet(s->vss, &async);
    return session_finish(s, "DoSnapshotSet", hr, &async) &&
           session_check_writers(s, "DoSnapshotSet") && read_properties(b);
}

/* ---- copying ---- */

struct copying {
    struct betest_report *report;
    struct chosen_component *owner;
};

static void report_directory(void *arg, const char *path, uint32_t error)
{
    struct copying *c = arg;
    auto_free char *words = report_windows_error(error);

    c->owner->has_failed = true;
    report_failure(c->report, BETEST_COMPONENT_FAILED, "cannot list %s: %s", path, words);
}

static void expand_component(struct backup *b, const struct chosen_component *chosen,
                             struct copying *c, struct file_list *list)
{
    const struct wmd *wmd = b->session.selection.writers.items[chosen->writer].wmd;

    for (int l = 0; l < COMPONENT_FILE_LISTS; l++) {
        const struct filespecs *all = component_files(chosen->component, l);
        struct filespecs wanted = { 0 };

        for (size_t i = 0; i < all->count; i++)
            if (is_backup_needed(&all->items[i]))
                array_add(&wanted, all->items[i]); /* borrowed */
        files_expand(list, &wanted, &wmd->exclude_files, &b->places, report_directory, c);
        array_free(&wanted);
    }
    files_sort(list);
}

static void copy_files(struct backup *b, const struct chosen_component *chosen, struct copying *c,
                       const struct file_list *list)
{
    const struct wmd *wmd = b->session.selection.writers.items[chosen->writer].wmd;
    auto_free char *folder = store_folder(b->session.options->store, wmd, chosen->component);
    auto_free char *name = chosen_full_name(chosen->component);
    uint64_t total = 0;

    for (size_t i = 0; i < list->files.count; i++) {
        const struct betest_file *file = &list->files.items[i];
        auto_free char *place = store_place(folder, file->original);
        uint64_t size = 0;
        uint32_t error = files_copy(file->source, place, &size);

        total += size;
        if (error) {
            auto_free char *words = report_windows_error(error);

            c->owner->has_failed = true;
            report_failure(c->report, BETEST_COMPONENT_FAILED, "cannot copy %s: %s", file->source,
                           words);
            continue;
        }
        c->owner->n_files++;
        report_detail(c->report, "%s", file->original);
        report_progress(c->report, name, i + 1, list->files.count);
    }
    report_line(c->report, "\"%s\": %zu files, %llu bytes copied", name, list->files.count,
                (unsigned long long)total);
    if (list->n_links)
        report_line(c->report, "\"%s\": %zu links left out", name, list->n_links);
}

static void copy_components(struct backup *b)
{
    struct selection *selection = &b->session.selection;

    if (!b->session.options->store)
        return;
    for (size_t i = 0; i < selection->components.count; i++) {
        struct chosen_component *chosen = &selection->components.items[i];
        struct copying c = { .report = b->session.report,
                             .owner = &selection->components.items[chosen->owner] };
        struct file_list list = { 0 };

        if (selection->writers.items[chosen->writer].has_failed)
            continue;
        expand_component(b, chosen, &c, &list);
        copy_files(b, chosen, &c, &list);
        files_free(&list);
    }
}

static void show_snapshot(struct backup *b)
{
    const struct betest_options *options = b->session.options;
    auto_free struct betest_snapshot *snapshots = mem_alloc(b->places.count * sizeof(*snapshots));

    if (!options->at_snapshot)
        return;
    for (size_t i = 0; i < b->places.count; i++)
        snapshots[i] = (struct betest_snapshot){ .volume = b->places.items[i].volume,
                                                 .device = b->places.items[i].device };
    if (!options->at_snapshot(options->at_snapshot_arg, snapshots, b->places.count))
        report_failure(b->session.report, BETEST_COMPONENT_FAILED,
                       "the snapshot was found wanting by who looked at it");
}

/* ---- afterwards ---- */

static bool tell_success(struct backup *b)
{
    struct session *s = &b->session;

    for (size_t i = 0; i < s->selection.components.count; i++) {
        const struct chosen_component *chosen = &s->selection.components.items[i];
        const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
        auto_wide WCHAR *path = wide(chosen->component->logical_path);
        auto_wide WCHAR *name = wide(chosen->component->name);

        if (!chosen_is_explicit(&s->selection, i))
            continue;
        if (!session_did(s, "SetBackupSucceeded",
                         IVssBackupComponents_SetBackupSucceeded(
                             s->vss, wmd->instance_id, wmd->writer_id, chosen->component->type,
                             *path ? path : NULL, name, !chosen->has_failed)))
            return false;
    }
    return true;
}

static bool complete(struct backup *b)
{
    struct session *s = &b->session;
    IVssAsync *async = NULL;
    HRESULT hr = IVssBackupComponents_BackupComplete(s->vss, &async);

    /* From here writers expect nothing but the end of the session. */
    b->must_abort = !session_finish(s, "BackupComplete", hr, &async);
    return !b->must_abort && session_check_writers(s, "BackupComplete");
}

static bool save(struct backup *b)
{
    const char *path = b->session.options->document;

    if (!path)
        return true;
    if (!documents_save_components(b->session.vss, path, b->session.report) ||
        !documents_save_writers(&b->writers, path, b->session.report))
        return false;
    report_line(b->session.report, "documents saved: %s", path);
    return true;
}

static bool run(struct backup *b)
{
    struct session *s = &b->session;

    if (!begin(b) || !session_gather_metadata(s, &s->selection, &b->writers))
        return false;
    selection_choose(&s->selection, s->config, s->report);
    if (s->selection.components.count == 0) {
        report_failure(s->report, BETEST_COMPONENT_FAILED, "no component to back up");
        return false;
    }
    if (!add_components(b))
        return false;
    note_volumes(b);
    if (!start_set(b) || !add_volumes(b) || !prepare(b) || !make_snapshot(b))
        return false;
    copy_components(b);
    show_snapshot(b);
    return tell_success(b) && complete(b) && save(b);
}

void betest_backup(const struct betest_options *options, struct betest_report *report)
{
    struct backup b = { 0 };

    report_line(report, "backup begins");
    if (options->store && !files_directory_is_empty(options->store)) {
        report_failure(report, BETEST_FILE_FAILED,
                       "the store %s is not empty; nothing was done, give another directory",
                       options->store);
        return;
    }
    if (session_begin(&b.session, options, report) && !run(&b) && b.must_abort)
        session_did(&b.session, "AbortBackup", IVssBackupComponents_AbortBackup(b.session.vss));
    volume_places_free(&b.places);
    documents_free(&b.writers);
    array_free(&b.snapshots);
    session_end(&b.session);
    report_line(report,
                report->worst == BETEST_DONE ? "backup done" : "backup ended with failures");
}

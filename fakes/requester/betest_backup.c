/* SPDX-License-Identifier: MIT */
/* The course of a backup (betest_backup.h). A writer that fails does not stop the others: its
 * components are reported as failed, the rest is kept (Learn: "Writer Errors and Vetoes" leaves
 * that to the requester; /StopError decides otherwise). A call that fails ends the session:
 * AbortBackup once writers may have been told to prepare, and release in any case, which also
 * deletes the snapshots that are not persistent. */
#include "fakes/requester/betest_backup.h"
#include "fakes/requester/betest_backup_i.h"

#include "emu/base/str.h"

/* ---- before the snapshot ---- */

/* Component mode. Partial files belong to backups that build on another: what they leave out is
 * there. */
static bool begin(struct backup *b)
{
    struct session *s = &b->session;
    const struct betest_options *options = s->options;
    bool builds_on = options->type == BETEST_INCREMENTAL || options->type == BETEST_DIFFERENTIAL;
    LONG context = snapshot_context(options);

    if (!session_did(s, "InitializeForBackup",
                     IVssBackupComponents_InitializeForBackup(s->vss, NULL)))
        return false;
    if (context != VSS_CTX_BACKUP &&
        !session_did(s, "SetContext", IVssBackupComponents_SetContext(s->vss, context)))
        return false;
    return session_did(s, "SetBackupState",
                       IVssBackupComponents_SetBackupState(s->vss, TRUE, options->bootable_state,
                                                           type_of_vss(options->type), builds_on));
}

/* /Pre, and in a session of /BC the backup that is complete now. */
static bool load_history(struct backup *b)
{
    const struct betest_options *options = b->session.options;
    struct betest_report *report = b->session.report;

    if (options->complete_only && options->document)
        b->history = history_load_one(options->document, report);
    else if (options->previous && options->type != BETEST_FULL && options->type != BETEST_COPY)
        b->history = history_load(options->previous, report);
    else
        return true;
    return b->history &&
           (options->complete_only || history_is_base_for(b->history, options->type, report));
}

/* Says when a component does not get the type of backup that was asked for, and why. */
static void tell_type(struct backup *b, const struct chosen_component *chosen)
{
    const struct betest_options *options = b->session.options;
    const struct wmd *wmd = b->session.selection.writers.items[chosen->writer].wmd;
    auto_free char *name = chosen_full_name(chosen->component);

    if (plan_type(b, chosen) == options->type || options->snapshot_only)
        return;
    if (type_for_writer(options->type, wmd) != options->type)
        report_line(b->session.report,
                    "component \"%s\" is backed up in full: '%s' supports no %s backups", name,
                    wmd->name, betest_type_word(options->type));
    else
        report_line(b->session.report,
                    "component \"%s\" is backed up in full: it is not, or not with success, in %s",
                    name, options->previous);
}

/* Learn: "IVssBackupComponents::SetPreviousBackupStamp": only what a writer has left itself. */
static bool set_previous_stamp(struct backup *b, const struct chosen_component *chosen,
                               const WCHAR *path, const WCHAR *name)
{
    struct session *s = &b->session;
    const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
    const struct history_component *before =
        b->history ? history_find(b->history, &wmd->writer_id, chosen->component->logical_path,
                                  chosen->component->name)
                   : NULL;

    if (!before || !before->stamp)
        return true;
    auto_wide WCHAR *stamp = wide(before->stamp);
    report_detail(s->report, "previous backup stamp \"%s\"", before->stamp);
    return session_did(s, "SetPreviousBackupStamp",
                       IVssBackupComponents_SetPreviousBackupStamp(
                           s->vss, wmd->writer_id, chosen->component->type, path, name, stamp));
}

static bool add_component(struct backup *b, const struct chosen_component *chosen)
{
    struct session *s = &b->session;
    const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
    const struct wmd_component *component = chosen->component;
    auto_wide WCHAR *path = wide(component->logical_path);
    auto_wide WCHAR *name = wide(component->name);
    WCHAR *path_or_root = *path ? path : NULL;

    tell_type(b, chosen);
    return session_did(s, "AddComponent",
                       IVssBackupComponents_AddComponent(s->vss, wmd->instance_id, wmd->writer_id,
                                                         component->type, path_or_root, name)) &&
           set_previous_stamp(b, chosen, path_or_root, name);
}

static bool add_components(struct backup *b)
{
    struct session *s = &b->session;

    for (size_t i = 0; i < s->selection.components.count; i++) {
        const struct chosen_component *chosen = &s->selection.components.items[i];
        bool is_explicit = chosen_is_explicit(&s->selection, i);
        auto_free char *name = chosen_full_name(chosen->component);

        report_line(s->report, "component \"%s\" of '%s'%s", name,
                    s->selection.writers.items[chosen->writer].wmd->name,
                    is_explicit ? "" : " (with its parent)");
        if (is_explicit && !add_component(b, chosen))
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

/* A shadow copy that goes with this session saves nothing. */
static bool has_saved_something(const struct betest_options *options)
{
    return !options->snapshot_only || options->persistent;
}

static bool tell_success(struct backup *b)
{
    struct session *s = &b->session;

    for (size_t i = 0; i < s->selection.components.count; i++) {
        const struct chosen_component *chosen = &s->selection.components.items[i];
        const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
        auto_wide WCHAR *path = wide(chosen->component->logical_path);
        auto_wide WCHAR *name = wide(chosen->component->name);
        bool has_succeeded = !chosen->has_failed && has_saved_something(s->options);

        if (!chosen_is_explicit(&s->selection, i))
            continue;
        if (!session_did(s, "SetBackupSucceeded",
                         IVssBackupComponents_SetBackupSucceeded(
                             s->vss, wmd->instance_id, wmd->writer_id, chosen->component->type,
                             *path ? path : NULL, name, has_succeeded)))
            return false;
    }
    return true;
}

static bool complete(struct backup *b)
{
    struct session *s = &b->session;
    IVssAsync *async = NULL;

    if (s->options->never_complete) {
        report_line(s->report, "writers are not told that the backup is complete (/NBC)");
        b->must_abort = false;
        return true;
    }
    HRESULT hr = IVssBackupComponents_BackupComplete(s->vss, &async);
    /* From here writers expect nothing but the end of the session. */
    b->must_abort = !session_finish(s, "BackupComplete", hr, &async);
    return !b->must_abort && session_check_writers(s, "BackupComplete");
}

static bool save(struct backup *b)
{
    const struct betest_options *options = b->session.options;

    if (!options->document || options->complete_only)
        return true;
    b->writers.type = options->type;
    b->writers.store = mem_strdup(options->store);
    b->writers.previous = b->history ? mem_strdup(options->previous) : NULL;
    if (!documents_save_components(b->session.vss, options->document, b->session.report) ||
        !documents_save_writers(&b->writers, options->document, b->session.report))
        return false;
    report_line(b->session.report, "documents saved: %s", options->document);
    return true;
}

/* ---- the course ---- */

/* The components of the backup that /BC ends, as a configuration. */
static struct betest_config *config_of_history(const struct history *history)
{
    struct betest_config *config = mem_new(struct betest_config);

    for (size_t i = 0; i < history->components.count; i++) {
        const struct history_component *component = &history->components.items[i];

        betest_config_add(config, &component->writer_class, component->logical_path,
                          component->name);
    }
    return config;
}

static bool choose(struct backup *b)
{
    struct session *s = &b->session;
    const struct betest_options *options = s->options;
    bool may_be_empty = options->snapshot_only;

    if (options->complete_only && b->history && !s->config)
        s->config = config_of_history(b->history);
    selection_choose(&s->selection, s->config, options->bootable_state, s->report);
    if (s->selection.components.count > 0 || may_be_empty)
        return true;
    report_failure(s->report, BETEST_COMPONENT_FAILED, "no component to back up");
    return false;
}

static bool note_volumes(struct backup *b)
{
    struct session *s = &b->session;

    if (s->options->complete_only)
        return true;
    snapshot_note_volumes(b);
    if (s->options->snapshot_only && (!s->config || s->selection.components.count == 0))
        return snapshot_note_all_volumes(b);
    return true;
}

static bool make_and_copy(struct backup *b)
{
    if (b->session.options->complete_only)
        return true;
    if (!snapshot_add_named_files(b) || !snapshot_make(b))
        return false;
    if (!b->session.options->snapshot_only)
        copy_components(b);
    show_snapshot(b);
    return true;
}

static bool run(struct backup *b)
{
    struct session *s = &b->session;

    if (!load_history(b) || !begin(b) || !session_gather_metadata(s, &s->selection, &b->writers))
        return false;
    if (!choose(b) || !add_components(b) || !note_volumes(b))
        return false;
    if (!snapshot_start_set(b) || !prepare(b) || !make_and_copy(b))
        return false;
    return tell_success(b) && complete(b) && save(b);
}

static bool is_store_usable(const struct betest_options *options, struct betest_report *report)
{
    if (!options->store)
        return true;
    if (files_exists(options->store) && !files_is_directory(options->store)) {
        report_failure(report, BETEST_FILE_FAILED,
                       "the store %s is not a directory; nothing was done, give another one",
                       options->store);
        return false;
    }
    if (files_directory_is_empty(options->store))
        return true;
    report_failure(report, BETEST_FILE_FAILED,
                   "the store %s is not empty; nothing was done, give another directory",
                   options->store);
    return false;
}

static bool is_document_usable(const struct betest_options *options, struct betest_report *report)
{
    return !options->document || options->complete_only ||
           documents_can_be_saved(options->document, report);
}

void betest_backup(const struct betest_options *options, struct betest_report *report)
{
    struct backup b = { 0 };

    report_line(report, "backup begins");
    if (!is_store_usable(options, report) || !is_document_usable(options, report))
        return;
    if (session_begin(&b.session, options, report) && !run(&b)) {
        if (b.must_abort)
            session_did(&b.session, "AbortBackup", IVssBackupComponents_AbortBackup(b.session.vss));
        snapshot_take_back(&b);
    }
    volume_places_free(&b.places);
    documents_free(&b.writers);
    history_free(b.history);
    array_free(&b.snapshots);
    session_end(&b.session);
    report_line(report,
                report->worst == BETEST_DONE ? "backup done" : "backup ended with failures");
}

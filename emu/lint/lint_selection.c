/* SPDX-License-Identifier: MIT */
/* See lint_selection.h. Each check walks the components of the document once; the table at the end
 * says which belongs to which call. */
#include "emu/lint/lint_selection.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/lint/lint_files.h"

#include <string.h>

struct walk {
    struct lint_session *session;
    const struct lint_scene *scene;
    const char *method;
    const struct bcd_writer *writer;
    struct wmd *wmd; /* of the writer; NULL: it was not gathered */
    HRESULT result;
};

static struct wmd *find_wmd(const struct lint_scene *scene, const GUID *class_id,
                            const GUID *instance_id)
{
    size_t i;

    return writer_index_find(scene->metadata_index, class_id, instance_id, &i) ? scene->metadata[i]
                                                                               : NULL;
}

static char *object_text(const struct walk *walk, const char *path, const char *name)
{
    return str_printf("%s: %s%s%s", walk->wmd ? walk->wmd->name : "writer", path, *path ? "\\" : "",
                      name);
}

static void broken(struct walk *walk, enum finding_rule rule, const char *call, const char *path,
                   const char *name)
{
    auto_free char *object = object_text(walk, path, name);
    HRESULT hr = lint_session_break(walk->session, rule, call, object);

    if (FAILED(hr) && SUCCEEDED(walk->result))
        walk->result = hr;
}

static void broken_by(struct walk *walk, enum finding_rule rule, const char *call,
                      const struct bcd_component *component)
{
    broken(walk, rule, call, component->logical_path, component->name);
}

/* ---- PrepareForBackup ---- */

static void check_mandatory(struct walk *walk)
{
    for (size_t i = 0; i < walk->wmd->components.count; i++) {
        const struct wmd_component *known = &walk->wmd->components.items[i];

        if (!known->selectable &&
            !bcd_writer_find(walk->writer, known->logical_path, known->name) &&
            !wmd_has_selectable_ancestor(walk->wmd, known))
            broken(walk, FINDING_COMPONENT_MANDATORY, walk->method, known->logical_path,
                   known->name);
    }
}

bool lint_selection_is_in(const struct bcd_writer *writer, const char *path, const char *name)
{
    if (!writer)
        return false;
    if (bcd_writer_find(writer, path, name))
        return true;
    auto_free char *above = *path ? mem_strdup(path) : NULL;

    while (above && *above) { /* "a\b\c": c of "a\b", b of "a", a */
        char *separator = strrchr(above, '\\');

        if (separator)
            *separator = 0;
        if (separator ? bcd_writer_find(writer, above, separator + 1)
                      : bcd_writer_find(writer, "", above))
            return true;
        if (!separator)
            return false;
    }
    return false;
}

static bool is_remote(const struct wmd_dependency *dependency)
{
    return str_starts_with(dependency->logical_path, "\\\\") ||
           str_starts_with(dependency->name, "\\\\");
}

static void check_dependencies(struct walk *walk, const struct wmd_component *known)
{
    for (size_t i = 0; known && i < known->dependencies.count; i++) {
        const struct wmd_dependency *on = &known->dependencies.items[i];

        if (!is_remote(on) && find_wmd(walk->scene, &on->writer_id, NULL) &&
            !lint_selection_is_in(bcd_find_writer(walk->scene->document, &on->writer_id, NULL),
                                  on->logical_path, on->name))
            broken(walk, FINDING_DEPENDENCY, walk->method, known->logical_path, known->name);
    }
}

static uint32_t schema_of_type(VSS_BACKUP_TYPE type)
{
    switch (type) {
    case VSS_BT_INCREMENTAL:
        return VSS_BS_INCREMENTAL;
    case VSS_BT_DIFFERENTIAL:
        return VSS_BS_DIFFERENTIAL;
    case VSS_BT_LOG:
        return VSS_BS_LOG;
    case VSS_BT_COPY:
        return VSS_BS_COPY;
    default:
        return 0;
    }
}

static void check_schema(struct walk *walk, bool is_used, uint32_t bit, const char *call,
                         const struct bcd_component *component)
{
    if (is_used && !(walk->writer->backup_schema & bit))
        broken_by(walk, FINDING_SCHEMA_BIT, call, component);
}

static void check_prepare(struct walk *walk)
{
    uint32_t bit = schema_of_type(walk->scene->document->backup_type);

    if (!walk->writer->components.count)
        return;
    if (walk->wmd)
        check_mandatory(walk);
    if (bit && !(walk->writer->backup_schema & bit))
        broken_by(walk, FINDING_TYPE_UNSUPPORTED, "SetBackupState",
                  walk->writer->components.items[0]);
    for (size_t i = 0; i < walk->writer->components.count; i++) {
        const struct bcd_component *added = walk->writer->components.items[i];

        if (walk->wmd)
            check_dependencies(walk,
                               wmd_find_component(walk->wmd, added->logical_path, added->name));
        check_schema(walk, added->previous_backup_stamp, VSS_BS_TIMESTAMPED,
                     "SetPreviousBackupStamp", added);
    }
}

/* ---- DoSnapshotSet ---- */

static bool is_on_missing_volume(const struct walk *walk, const struct filespecs *specs)
{
    uint32_t bit = lint_files_snapshot_bit(walk->scene->document->backup_type);

    for (size_t i = 0; i < specs->count; i++) {
        const struct filespec *spec = &specs->items[i];
        const char *path = spec->alternate_path ? spec->alternate_path : spec->path;
        char letter = (char)(path[0] >= 'a' && path[0] <= 'z' ? path[0] - 'a' + 'A' : path[0]);

        if (spec->backup_type_mask & bit && letter >= 'A' && letter <= 'Z' && path[1] == ':' &&
            !strchr(walk->session->letters, letter))
            return true;
    }
    return false;
}

static void check_volumes(struct walk *walk)
{
    for (size_t i = 0; walk->wmd && i < walk->writer->components.count; i++) {
        const struct bcd_component *added = walk->writer->components.items[i];
        const struct wmd_component *known =
            wmd_find_component(walk->wmd, added->logical_path, added->name);

        if (known && (is_on_missing_volume(walk, &known->files) ||
                      is_on_missing_volume(walk, &known->database_files) ||
                      is_on_missing_volume(walk, &known->log_files)))
            broken_by(walk, FINDING_VOLUME_NOT_IN_SET, walk->method, added);
    }
}

/* ---- BackupComplete ---- */

static void check_succeeded(struct walk *walk)
{
    for (size_t i = 0; i < walk->writer->components.count; i++) {
        if (walk->writer->components.items[i]->backup_succeeded == BCD_UNSET)
            broken_by(walk, FINDING_SUCCEEDED_MISSING, walk->method,
                      walk->writer->components.items[i]);
    }
}

void lint_selection_failed_writer(struct lint_session *session, const struct bcd_writer *writer,
                                  const char *writer_name)
{
    for (size_t i = 0; writer && i < writer->components.count; i++) {
        const struct bcd_component *added = writer->components.items[i];

        if (added->backup_succeeded != BCD_YES)
            continue;
        auto_free char *object = str_printf("%s: %s%s%s", writer_name, added->logical_path,
                                            *added->logical_path ? "\\" : "", added->name);
        lint_session_break(session, FINDING_SUCCEEDED_DESPITE, "SetBackupSucceeded", object);
    }
}

/* ---- PreRestore ---- */

static void check_selected(struct walk *walk)
{
    for (size_t i = 0; i < walk->writer->components.count; i++) {
        const struct bcd_component *c = walk->writer->components.items[i];

        if (c->selected_for_restore != BCD_YES)
            continue;
        check_schema(walk, !guid_is_null(&c->restore_instance_id),
                     VSS_BS_WRITER_SUPPORTS_RESTORE_WITH_MOVE, "SetSelectedForRestoreEx", c);
        check_schema(walk, c->new_targets.count, VSS_BS_WRITER_SUPPORTS_NEW_TARGET, "AddNewTarget",
                     c);
        check_schema(walk, c->roll_forward != VSS_RF_UNDEFINED, VSS_BS_ROLLFORWARD_RESTORE,
                     "SetRollForward", c);
        check_schema(walk, c->restore_name, VSS_BS_RESTORE_RENAME, "SetRestoreName", c);
        check_schema(walk, c->authoritative_restore, VSS_BS_AUTHORITATIVE_RESTORE,
                     "SetAuthoritativeRestore", c);
    }
}

static bool selects_something(const struct bcd *document)
{
    for (size_t i = 0; i < document->writers.count; i++) {
        const struct bcd_writer *writer = document->writers.items[i];

        for (size_t k = 0; k < writer->components.count; k++) {
            if (writer->components.items[k]->selected_for_restore == BCD_YES)
                return true;
        }
    }
    return false;
}

/* ---- PostRestore ---- */

/* Everything was restored, and it cannot have gone to its own place. */
static bool went_elsewhere(const struct walk *walk, const struct bcd_component *component)
{
    bool by_method = walk->wmd && walk->wmd->has_restore_method &&
                     walk->wmd->restore_method == VSS_RME_RESTORE_TO_ALTERNATE_LOCATION &&
                     component->restore_target <= VSS_RT_ORIGINAL;

    return component->restore_status == VSS_RS_ALL &&
           (by_method || component->restore_target == VSS_RT_ALTERNATE);
}

static void check_restored(struct walk *walk)
{
    for (size_t i = 0; i < walk->writer->components.count; i++) {
        const struct bcd_component *c = walk->writer->components.items[i];

        if (c->selected_for_restore != BCD_YES)
            continue;
        if (c->restore_status == VSS_RS_UNDEFINED)
            broken_by(walk, FINDING_FILE_RESTORE_STATUS, walk->method, c);
        if (went_elsewhere(walk, c) && !c->alternate_mappings.count)
            broken_by(walk, FINDING_MAPPING_NOT_RECORDED, walk->method, c);
    }
}

/* ---- which is whose ---- */

static const struct {
    enum backup_call call;
    bool in_volume_mode; /* also when SetBackupState chose no components */
    void (*check)(struct walk *walk);
} checks[] = {
    { CALL_PREPARE_FOR_BACKUP, false, check_prepare },
    { CALL_DO_SNAPSHOT_SET, false, check_volumes },
    { CALL_BACKUP_COMPLETE, false, check_succeeded },
    { CALL_PRE_RESTORE, true, check_selected },
    { CALL_POST_RESTORE, true, check_restored },
};

HRESULT lint_selection_check(struct lint_session *session, const struct lint_scene *scene,
                             enum backup_call call, const char *method)
{
    struct walk walk = { .session = session, .scene = scene, .method = method };

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        if (checks[i].call != call ||
            (!checks[i].in_volume_mode && !scene->document->select_components))
            continue;
        for (size_t k = 0; k < scene->document->writers.count; k++) {
            walk.writer = scene->document->writers.items[k];
            walk.wmd = find_wmd(scene, &walk.writer->writer_id, &walk.writer->instance_id);
            if (!walk.wmd)
                walk.wmd = find_wmd(scene, &walk.writer->writer_id, NULL);
            checks[i].check(&walk);
        }
    }
    if (call == CALL_PRE_RESTORE && !selects_something(scene->document))
        lint_session_break(session, FINDING_NOTHING_SELECTED, method, NULL);
    return walk.result;
}

HRESULT lint_selection_adds(struct lint_session *session, const struct bcd_writer *writer,
                            const struct wmd *wmd, const struct wmd_component *component)
{
    struct walk walk = { .session = session, .wmd = (struct wmd *)wmd };

    if (writer && lint_selection_is_in(writer, component->logical_path, component->name) &&
        !bcd_writer_find(writer, component->logical_path, component->name))
        broken(&walk, FINDING_COMPONENT_IMPLIED, "AddComponent", component->logical_path,
               component->name);
    return walk.result;
}

/* SPDX-License-Identifier: MIT */
/* See backup_writers.h. Participation follows Learn: "Definition of Components by Writers",
 * "Overview of Backup Initialization", "Overview of Preparing for Restore". */
#include "emu/svc/backup_writers.h"

#include "emu/base/mem.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/port/volume.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

#include <stdlib.h>
#include <string.h>

/* ---- enabled writers ---- */

#define has_id(array, wanted)                                      \
    ({                                                             \
        bool found_ = false;                                       \
        for (size_t i_ = 0; i_ < (array)->count && !found_; i_++)  \
            found_ = guid_is_equal(&(array)->items[i_], (wanted)); \
        found_;                                                    \
    })

#define remove_id(array, wanted)                              \
    do {                                                      \
        for (size_t k_ = (array)->count; k_-- > 0;) {         \
            if (guid_is_equal(&(array)->items[k_], (wanted))) \
                array_remove((array), k_);                    \
        }                                                     \
    } while (0)

static bool is_enabled(struct backup *backup, const struct writer *writer)
{
    if (has_id(&backup->disabled_instances, &writer->instance_id))
        return false;
    if (backup->has_enabled_classes)
        return has_id(&backup->enabled_classes, &writer->class_id);
    return !has_id(&backup->disabled_classes, &writer->class_id);
}

HRESULT backup_filter_writers(struct backup *backup, enum writer_filter filter, const VSS_ID *ids,
                              size_t n_ids)
{
    static const char *const methods[] = { "DisableWriterClasses", "EnableWriterClasses",
                                           "DisableWriterInstances" };

    backup_name_method(backup, methods[filter]);
    HRESULT hr = backup_enter(backup, CALL_ENABLE_WRITERS);

    if (hr != S_OK)
        return FAILED(hr) ? hr : S_OK;
    if (filter == ENABLE_CLASSES)
        backup->has_enabled_classes = true; /* from now on everything else is off */
    for (size_t i = 0; i < n_ids; i++) {
        if (filter == ENABLE_CLASSES) {
            array_add(&backup->enabled_classes, ids[i]);
        } else if (filter == DISABLE_INSTANCES) {
            array_add(&backup->disabled_instances, ids[i]);
        } else if (backup->has_enabled_classes) {
            remove_id(&backup->enabled_classes, &ids[i]);
        } else {
            array_add(&backup->disabled_classes, ids[i]);
        }
    }
    return backup_leave(backup, CALL_ENABLE_WRITERS, S_OK, NULL);
}

static bool has_session(struct backup *backup, const struct writer *writer)
{
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (session->writer == writer)
            return true;
    }
    return false;
}

void backup_meet_writers(struct backup *backup)
{
    bool is_first = list_is_empty(&backup->sessions);

    list_each (struct writer, writer, &backup->service->writers, link) {
        if (!is_enabled(backup, writer) || (!is_first && has_session(backup, writer)))
            continue;
        list_append(&backup->sessions, &writer_session_new(backup, writer)->link);
    }
}

/* ---- participants ---- */

void backup_choose_participants(struct backup *backup)
{
    bool by_component = backup->document->select_components;

    list_each (struct writer_session, session, &backup->sessions, link) {
        session->components = bcd_find_writer(backup->document, &session->writer->class_id,
                                              &session->writer->instance_id);
        session->is_participating =
            session->metadata &&
            (!by_component || (session->components && session->components->components.count) ||
             choices_value(&backup->service->choices, CHOICE_PREPARE_WITHOUT_COMPONENTS) ==
                 PREPARE_WITHOUT_COMPONENTS_ALL);
    }
}

static bool is_selected(const struct bcd_writer *writer)
{
    for (size_t i = 0; i < writer->components.count; i++) {
        if (writer->components.items[i]->selected_for_restore == BCD_YES)
            return true;
    }
    return false;
}

/* The instance that SetSelectedForRestoreEx named, or NULL. */
static const VSS_ID *wanted_instance(const struct bcd_writer *writer)
{
    for (size_t i = 0; i < writer->components.count; i++) {
        const struct bcd_component *component = writer->components.items[i];

        if (component->selected_for_restore == BCD_YES &&
            !guid_is_null(&component->restore_instance_id))
            return &component->restore_instance_id;
    }
    return NULL;
}

/* Which running writer a saved one is: the same instance if it still runs, else one of the class
 * that knows the components (instance ids change with each start). */
static bool speaks_for(const struct writer_session *session, const struct bcd_writer *saved)
{
    const VSS_ID *wanted = wanted_instance(saved);

    if (wanted && !guid_is_equal(&session->writer->instance_id, wanted))
        return false;
    if (!session->metadata || !guid_is_equal(&session->writer->class_id, &saved->writer_id))
        return false;
    if (guid_is_equal(&session->writer->instance_id, &saved->instance_id))
        return true;
    for (size_t i = 0; i < saved->components.count; i++) {
        const struct bcd_component *component = saved->components.items[i];

        if (!wmd_find_component(session->metadata, component->logical_path, component->name))
            return false;
    }
    return true;
}

void backup_choose_restore_participants(struct backup *backup)
{
    for (size_t i = 0; i < backup->document->writers.count; i++) {
        struct bcd_writer *saved = backup->document->writers.items[i];

        if (!is_selected(saved))
            continue;
        list_each (struct writer_session, session, &backup->sessions, link) {
            if (session->components || !speaks_for(session, saved))
                continue;
            session->components = saved;
            session->is_participating = session->metadata->writer_restore != VSS_WRE_NEVER;
            break;
        }
    }
}

/* ---- what is gathered ---- */

void backup_drop_metadata(struct backup *backup)
{
    for (size_t i = 0; i < backup->metadata.count; i++)
        wmd_free(backup->metadata.items[i]);
    array_free(&backup->metadata);
}

void backup_collect_metadata(struct backup *backup)
{
    backup_drop_metadata(backup);
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (session->metadata)
            array_add(&backup->metadata, wmd_ref(session->metadata));
    }
}

void backup_drop_statuses(struct backup *backup)
{
    for (size_t i = 0; i < backup->statuses.count; i++)
        free(backup->statuses.items[i].name);
    array_free(&backup->statuses);
}

/* Writers whose Identify failed are on no list (Learn: "Determining Writer Status"). */
void backup_collect_statuses(struct backup *backup)
{
    backup_drop_statuses(backup);
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (session->state == VSS_WS_FAILED_AT_IDENTIFY)
            continue;
        array_add(&backup->statuses,
                  ((struct writer_status){ .instance_id = session->writer->instance_id,
                                           .class_id = session->writer->class_id,
                                           .name = mem_strdup(session->writer->name),
                                           .state = session->state,
                                           .failure = session->failure }));
    }
}

struct wmd *backup_find_metadata(struct backup *backup, const VSS_ID *class_id,
                                 const VSS_ID *instance_id)
{
    for (size_t i = 0; i < backup->metadata.count; i++) {
        struct wmd *wmd = backup->metadata.items[i];

        if (guid_is_equal(&wmd->writer_id, class_id) &&
            (!instance_id || guid_is_equal(&wmd->instance_id, instance_id)))
            return wmd;
    }
    return NULL;
}

/* ---- components ---- */

HRESULT backup_add_component(struct backup *backup, const VSS_ID *instance_id,
                             const VSS_ID *class_id, VSS_COMPONENT_TYPE type, const char *path,
                             const char *name)
{
    HRESULT hr = backup_enter(backup, CALL_ADD_COMPONENT);

    if (FAILED(hr))
        return hr;
    struct wmd *wmd = backup_find_metadata(backup, class_id, instance_id);
    struct wmd_component *known = wmd ? wmd_find_component(wmd, path, name) : NULL;

    if (!known)
        return backup_leave(backup, CALL_ADD_COMPONENT, VSS_E_OBJECT_NOT_FOUND, name);
    if (!known->selectable && wmd_has_selectable_ancestor(wmd, known))
        return backup_leave(backup, CALL_ADD_COMPONENT, E_INVALIDARG, name);
    struct bcd_writer *writer = bcd_find_writer(backup->document, class_id, instance_id);
    if (!writer)
        writer = bcd_add_writer(backup->document, class_id, instance_id, wmd->instance_name,
                                wmd->backup_schema);
    hr = bcd_add_component(writer, type, path, name) ? S_OK : VSS_E_OBJECT_ALREADY_EXISTS;
    return backup_leave(backup, CALL_ADD_COMPONENT, hr, name);
}

HRESULT backup_find_component(struct backup *backup, enum backup_call call, const VSS_ID *class_id,
                              const VSS_ID *instance_id, const char *path, const char *name,
                              struct bcd_component **ret_component)
{
    HRESULT hr = backup_enter(backup, call);

    if (FAILED(hr))
        return hr;
    for (size_t i = 0; i < backup->document->writers.count; i++) {
        struct bcd_writer *writer = backup->document->writers.items[i];
        struct bcd_component *found;

        if (!guid_is_equal(&writer->writer_id, class_id) ||
            (instance_id && !guid_is_equal(&writer->instance_id, instance_id)))
            continue;
        found = bcd_writer_find(writer, path, name);
        if (found) {
            *ret_component = found;
            return S_OK;
        }
    }
    return backup_leave(backup, call, VSS_E_OBJECT_NOT_FOUND, name);
}

/* ---- what a handler is told ---- */

static struct wmd *new_metadata(const struct writer *writer)
{
    struct wmd *wmd = wmd_new();

    wmd->writer_id = writer->class_id;
    wmd->instance_id = writer->instance_id;
    free(wmd->name);
    wmd->name = mem_strdup(writer->name);
    wmd->instance_name = mem_strdup(writer->instance_name);
    wmd->usage = writer->usage;
    wmd->source = writer->source;
    wmd->major_version = writer->major_version;
    wmd->minor_version = writer->minor_version;
    return wmd;
}

static void list_volumes(struct backup *backup)
{
    backup->volume_names.count = backup->device_names.count = 0;
    for (size_t i = 0; backup->set && i < backup->set->snapshots.count; i++) {
        const struct snapshot *snapshot = backup->set->snapshots.items[i];

        array_add(&backup->volume_names, snapshot->volume->guid_name);
        array_add(&backup->device_names, snapshot->device);
    }
}

void backup_fill_event_info(struct backup *backup, struct writer_session *session,
                            enum writer_event event, struct writer_event_info *ret_info)
{
    const struct bcd *document = backup->document;
    bool is_restore = event == ON_PRE_RESTORE || event == ON_POST_RESTORE;
    bool by_component = document && (is_restore || document->select_components);

    list_volumes(backup);
    *ret_info = (struct writer_event_info){
        .session_id = backup->session_id,
        .snapshot_set_id = event == ON_BACKUP_SHUTDOWN ? backup->set_id
                           : backup->set               ? backup->set->id
                                                       : backup->set_id,
        .volumes = backup->volume_names.items,
        .devices = event == ON_POST_SNAPSHOT ? backup->device_names.items : NULL,
        .n_volumes = backup->volume_names.count,
        .context = backup->context,
        .backup_type = document ? document->backup_type : VSS_BT_UNDEFINED,
        .restore_type = document ? document->restore_type : VSS_RTYPE_UNDEFINED,
        .components_selected = by_component,
        .bootable_state = document && document->bootable_system_state,
        .partial_files = document && document->partial_file_support,
        .has_components = by_component,
        .components = session->components,
        .metadata = event == ON_IDENTIFY ? new_metadata(session->writer) : NULL,
    };
}

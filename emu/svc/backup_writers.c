/* SPDX-License-Identifier: MIT */
/* See backup_writers.h. Participation follows Learn: "Definition of Components by Writers",
 * "Overview of Backup Initialization". */
#include "emu/svc/backup_writers.h"

#include "emu/base/mem.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/port/volume.h"
#include "emu/proto/writer_calls.h"
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

    if (hr == S_FALSE && choices_value(&backup->service->choices, CHOICE_FILTER_AFTER_GATHER) ==
                             FILTER_AFTER_GATHER_BAD_STATE)
        return VSS_E_BAD_STATE;
    if (hr != S_OK)
        return FAILED(hr) ? hr : S_OK;
    if (!ids && n_ids)
        return backup_leave(backup, CALL_ENABLE_WRITERS, E_INVALIDARG, NULL);
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

/* A session that an earlier gather of status made knows neither who came or went since nor who was
 * disabled since; no writer has been told of it yet. */
void backup_meet_writers(struct backup *backup)
{
    list_each_safe (struct writer_session, session, &backup->sessions, link) {
        list_remove(&session->link);
        writer_session_free(session);
    }
    list_each (struct writer, writer, &backup->service->writers, link) {
        if (is_enabled(backup, writer))
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
            session->metadata && !session->writer->express &&
            (!by_component || (session->components && session->components->components.count) ||
             choices_value(&backup->service->choices, CHOICE_PREPARE_WITHOUT_COMPONENTS) ==
                 PREPARE_WITHOUT_COMPONENTS_ALL);
    }
}

/* ---- what is gathered ---- */

void backup_drop_metadata(struct backup *backup)
{
    for (size_t i = 0; i < backup->metadata.count; i++)
        wmd_free(backup->metadata.items[i]);
    array_free(&backup->metadata);
    writer_index_free(&backup->metadata_index);
}

void backup_collect_metadata(struct backup *backup)
{
    backup_drop_metadata(backup);
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (!session->metadata)
            continue;
        writer_index_add(&backup->metadata_index, &session->metadata->writer_id,
                         &session->metadata->instance_id, backup->metadata.count);
        array_add(&backup->metadata, wmd_ref(session->metadata));
    }
}

void backup_drop_statuses(struct backup *backup)
{
    for (size_t i = 0; i < backup->statuses.count; i++) {
        free(backup->statuses.items[i].name);
        free(backup->statuses.items[i].message);
    }
    array_free(&backup->statuses);
}

/* A writer that has gone since does not answer the question for its status. */
static HRESULT failure_of(const struct writer_session *session)
{
    if (session->failure == S_OK && !session->writer->to)
        return VSS_E_WRITER_NOT_RESPONDING;
    return session->failure;
}

/* Writers whose Identify failed, or who did not answer it, are on no list (Learn: "Determining
 * Writer Status"). */
void backup_collect_statuses(struct backup *backup)
{
    backup_drop_statuses(backup);
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (!session->metadata && session->failure != S_OK)
            continue;
        array_add(&backup->statuses,
                  ((struct writer_status){ .instance_id = session->writer->instance_id,
                                           .class_id = session->writer->class_id,
                                           .name = mem_strdup(session->writer->name),
                                           .state = session->state,
                                           .failure = failure_of(session),
                                           .application = session->application,
                                           .message = mem_strdup(session->message) }));
        writer_session_status_gathered(session);
    }
}

struct wmd *backup_find_metadata(struct backup *backup, const VSS_ID *class_id,
                                 const VSS_ID *instance_id)
{
    size_t i;

    return writer_index_find(&backup->metadata_index, class_id, instance_id, &i)
               ? backup->metadata.items[i]
               : NULL;
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
        .session_number = backup->number,
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
        .identify_information =
            writer_calls_allow(ASK_GET_IDENTIFY_INFORMATION, event) ? session->metadata : NULL,
    };
}

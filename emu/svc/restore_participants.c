/* SPDX-License-Identifier: MIT */
/* Who takes part in a restore, and with which components. The document names writers by the
 * instance ids they had at backup, which change with each start of a writer, and
 * SetSelectedForRestoreEx may move a component to another instance. So each running writer gets a
 * share: the components that are its business now, as a writer of the document that owns none of
 * them. Learn: "Overview of Preparing for Restore",
 * "IVssBackupComponentsEx::SetSelectedForRestoreEx", "VSS_WRITERRESTORE_ENUM". */
#include "emu/svc/backup_writers.h"

#include "emu/base/mem.h"
#include "emu/com/guid.h"
#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"
#include "emu/svc/service.h"

#include <stdlib.h>

void backup_drop_shares(struct backup *backup)
{
    for (size_t i = 0; i < backup->shares.count; i++) {
        array_free(&backup->shares.items[i]->components);
        free(backup->shares.items[i]->instance_name);
        free(backup->shares.items[i]);
    }
    array_free(&backup->shares);
}

static struct bcd_writer *share_of(struct backup *backup, struct writer_session *session)
{
    if (!session->components) {
        struct bcd_writer *share = mem_new(struct bcd_writer);

        share->writer_id = session->writer->class_id;
        share->instance_id = session->writer->instance_id;
        share->backup_schema = session->metadata->backup_schema;
        bcd_set_text(&share->instance_name, session->writer->instance_name);
        array_add(&backup->shares, share);
        session->components = share;
    }
    return session->components;
}

static struct writer_session *find_instance(struct backup *backup, const VSS_ID *class_id,
                                            const VSS_ID *instance_id)
{
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (session->metadata && guid_is_equal(&session->writer->class_id, class_id) &&
            guid_is_equal(&session->writer->instance_id, instance_id))
            return session;
    }
    return NULL;
}

static bool knows_all(const struct writer_session *session, const struct bcd_writer *saved)
{
    for (size_t i = 0; i < saved->components.count; i++) {
        const struct bcd_component *component = saved->components.items[i];

        if (!wmd_find_component(session->metadata, component->logical_path, component->name))
            return false;
    }
    return true;
}

/* Which running writer a saved one is: the same instance if it still runs, else one of the class
 * that knows the components. NULL: its writer has gone. */
static struct writer_session *find_heir(struct backup *backup, const struct bcd_writer *saved)
{
    struct writer_session *same = find_instance(backup, &saved->writer_id, &saved->instance_id);

    if (same)
        return same;
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (session->metadata && guid_is_equal(&session->writer->class_id, &saved->writer_id) &&
            knows_all(session, saved))
            return session;
    }
    return NULL;
}

static void share_out(struct backup *backup, const struct bcd_writer *saved)
{
    struct writer_session *heir = find_heir(backup, saved);

    for (size_t i = 0; i < saved->components.count; i++) {
        struct bcd_component *component = saved->components.items[i];
        bool is_selected = component->selected_for_restore == BCD_YES;
        struct writer_session *to = heir;

        if (is_selected && !guid_is_null(&component->restore_instance_id))
            to = find_instance(backup, &saved->writer_id, &component->restore_instance_id);
        if (!to)
            continue;
        array_add(&share_of(backup, to)->components, component);
        /* A writer that asks for no restore events gets none. IF_REPLACE_FAILS gets them: what
         * becomes of the files only the requester will know. */
        if (is_selected)
            to->is_participating = to->metadata->writer_restore != VSS_WRE_NEVER;
    }
}

static bool has_participant_before(struct backup *backup, const struct writer_session *last)
{
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (session == last)
            break;
        if (session->is_participating &&
            guid_is_equal(&session->writer->class_id, &last->writer->class_id))
            return true;
    }
    return false;
}

/* Learn: "Restrictions in Windows Server 2003": one instance of a class, and nobody knows which.
 * Here it is the first. */
static void keep_one_of_each_class(struct backup *backup)
{
    list_each (struct writer_session, session, &backup->sessions, link) {
        if (session->is_participating && has_participant_before(backup, session))
            session->is_participating = false;
    }
}

void backup_choose_restore_participants(struct backup *backup)
{
    /* Shares of an earlier try stay: a handler that is late may still look at its own. */
    list_each (struct writer_session, session, &backup->sessions, link) {
        session->components = NULL;
        session->is_participating = false;
    }
    for (size_t i = 0; i < backup->document->writers.count; i++)
        share_out(backup, backup->document->writers.items[i]);
    if (choices_value(&backup->service->choices, CHOICE_RESTORE_INSTANCES) == RESTORE_INSTANCES_ONE)
        keep_one_of_each_class(backup);
}

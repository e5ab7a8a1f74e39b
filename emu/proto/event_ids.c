/* SPDX-License-Identifier: MIT */
/* Numbers, levels and meanings: message tables and log entries that were published. The texts are
 * ours. */
#include "emu/proto/event_ids.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
static const struct event_row event_rows[N_EVENT_IDS] = {
[EVENT_ROUTINE_ERROR]     = { "VSS",      8193, EVENT_ERROR,       true,  "Shadow copy service: an unexpected error: %s." },
[EVENT_CALLBACK_DENIED]   = { "VSS",      8194, EVENT_ERROR,       true,  "Shadow copy service: %s could not be asked for the callback interface IVssWriterCallback. Often the requester or a writer lacks the security settings for it (CoInitializeSecurity)." },
[EVENT_NO_VOLUMES]        = { "VSS",      8196, EVENT_WARNING,     false, "Shadow copy service: the snapshot set %s has no volumes." },
[EVENT_INVALID_DOCUMENT]  = { "VSS",      8200, EVENT_ERROR,       true,  "Shadow copy service: an unexpected error while an XML document was examined: %s." },
[EVENT_MISSING_ATTRIBUTE] = { "VSS",      8201, EVENT_ERROR,       true,  "Shadow copy service: an XML document lacks an attribute: %s." },
[EVENT_WRITER_DOCUMENT]   = { "VSS",      8204, EVENT_ERROR,       true,  "Shadow copy service: a document that is not valid came from %s." },
[EVENT_SUBSCRIBE_SAFE]    = { "VSS",      8211, EVENT_INFORMATION, true,  "Shadow copy service: %s cannot take part while the system runs in safe mode." },
[EVENT_WRITER_RIGHTS]     = { "VSS",      8213, EVENT_ERROR,       true,  "Shadow copy service: the process of the writer lacks access rights: %s." },
[EVENT_IDLE]              = { "VSS",      8224, EVENT_INFORMATION, false, "The shadow copy service stops because it was idle%s." },
[EVENT_WRITER_REJECTED]   = { "VSS",      8229, EVENT_WARNING,     true,  "A writer rejected an event: %s. Changes that it made to the writer components while it handled the event are not available to the requester." },
[EVENT_CREATION_STARTED]  = { "VSS",      8231, EVENT_INFORMATION, false, "The creation of a snapshot set has begun: %s." },
[EVENT_OLD_SESSION]       = { "VSS",     12289, EVENT_ERROR,       true,  "Shadow copy service: an unexpected error: the state of an older session is removed from the writer %s." },
[EVENT_PROVIDER_CLASS]    = { "VSS",     12292, EVENT_ERROR,       true,  "Shadow copy service: the class of a provider cannot be created: %s." },
[EVENT_PROVIDER_ROUTINE]  = { "VSS",     12293, EVENT_ERROR,       true,  "Shadow copy service: an error in a routine of a provider: %s." },
[EVENT_PROVIDER_ARGUMENT] = { "VSS",     12294, EVENT_ERROR,       true,  "Shadow copy service: a provider took an argument for invalid: %s." },
[EVENT_FLUSH_WRITES]      = { "VSS",     12297, EVENT_ERROR,       true,  "Shadow copy service: writes cannot be flushed while the set is created; volumes: %s." },
[EVENT_HOLD_WRITES]       = { "VSS",     12298, EVENT_ERROR,       true,  "Shadow copy service: writes cannot be held while the set is created; volumes: %s." },
[EVENT_COMMITTED_COUNT]   = { "VSS",     12299, EVENT_ERROR,       true,  "Shadow copy service: a provider returned a wrong number of snapshots: %s." },
[EVENT_WRITER_SILENT]     = { "VSS",     12301, EVENT_ERROR,       true,  "Shadow copy service: a writer did not answer: %s." },
[EVENT_WRITERS_UNREACHED] = { "VSS",     12302, EVENT_ERROR,       true,  "Shadow copy service: writers cannot be reached: %s." },
[EVENT_VOLUME_GONE]       = { "VSS",     12305, EVENT_ERROR,       true,  "Shadow copy service: a volume or its disk is not connected: %s." },
[EVENT_STORAGE_FAILURE]   = { "Volsnap",    14, EVENT_ERROR,       false, "The snapshots of %s were aborted because reading or writing failed." },
[EVENT_STORAGE_DISMOUNTED] = { "Volsnap",   16, EVENT_ERROR,       false, "The snapshots of %s were aborted because the volume with their storage was dismounted by force." },
[EVENT_STORAGE_DISK_FULL] = { "Volsnap",    24, EVENT_ERROR,       false, "There is too little room to grow the storage for snapshots of %s." },
[EVENT_STORAGE_DELETED]   = { "Volsnap",    25, EVENT_ERROR,       false, "The snapshots of %s were deleted because their storage could not grow in time." },
[EVENT_STORAGE_NOT_FOUND] = { "Volsnap",    27, EVENT_ERROR,       false, "The snapshots of %s were aborted while they were looked for, because what they need was changed or is damaged." },
[EVENT_STORAGE_OLDEST]    = { "Volsnap",    33, EVENT_INFORMATION, false, "The oldest snapshot of %s was deleted, so that its snapshots take less room than a user's limit allows." },
[EVENT_STORAGE_NOT_GROWN] = { "Volsnap",    35, EVENT_ERROR,       false, "The snapshots of %s were aborted because their storage did not grow." },
[EVENT_STORAGE_LIMIT]     = { "Volsnap",    36, EVENT_ERROR,       false, "The snapshots of %s were aborted because a user's limit kept their storage from growing." },
};
/* clang-format on */

const struct event_row *event_row(enum event_id id)
{
    return &event_rows[id];
}

const struct event_row *event_row_of(const char *source, unsigned number)
{
    for (unsigned i = 0; i < N_EVENT_IDS; i++) {
        if (event_rows[i].number == number && strcmp(event_rows[i].source, source) == 0)
            return &event_rows[i];
    }
    return NULL;
}

const char *event_level_name(enum event_level level)
{
    static const char *const names[] = { "Information", "Warning", "Error" };

    return names[level];
}

const char *event_log_name(const struct event_row *row)
{
    return strcmp(row->source, "VSS") == 0 ? "Application" : "System";
}

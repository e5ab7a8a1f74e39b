/* SPDX-License-Identifier: MIT */
/* Numbers and meanings: message tables and log entries that were published. The texts are ours. */
#include "emu/proto/event_ids.h"

/* clang-format off */
static const struct event_row event_rows[N_EVENT_IDS] = {
    [EVENT_ROUTINE_ERROR]    = { "VSS",  8193, EVENT_ERROR, "unexpected error in %s" },
    [EVENT_INVALID_DOCUMENT] = { "VSS",  8200, EVENT_ERROR, "%s met a document that is not valid" },
    [EVENT_PROVIDER_ROUTINE] = { "VSS", 12293, EVENT_ERROR, "error in a routine of a provider: %s" },
    [EVENT_OLD_SESSION]      = { "VSS", 12289, EVENT_ERROR, "an older writer session state is removed: %s" },
};
/* clang-format on */

const struct event_row *event_row(enum event_id id)
{
    return &event_rows[id];
}

/* SPDX-License-Identifier: MIT */
/* The calls of a recorded requester as calls of this one: a table of methods. */
#pragma once

#include "emu/api/backup_components.h"
#include "emu/base/array.h"
#include "emu/port/trace.h"

struct replay_id {
    VSS_ID recorded, ours;
};

struct replay_session {
    unsigned number; /* of the recorded one */
    backup_face *vss;
    IVssAsync *pending; /* NULL: no operation runs */
};

struct replay_ids {
    ARRAY(struct replay_id) items;
};

void replay_ids_add(struct replay_ids *ids, const VSS_ID *recorded, const VSS_ID *ours);

/* Makes the call of the record. False: there is no such method here. Of an operation that begins,
 * session->pending is its face. */
bool replay_call(struct replay_session *session, struct replay_ids *ids,
                 const struct trace_record *record, HRESULT *ret_hr);

/* SPDX-License-Identifier: MIT */
#include "emu/svc/writer_slots.h"

#include "emu/port/sched.h"

#define OLD_NS (2 * 24 * 3600 * SCHED_SECOND)

static struct writer_slot *find(struct writer_slots *slots, const GUID *session_id)
{
    for (size_t i = 0; i < slots->count; i++) {
        if (guid_is_equal(&slots->items[i].session_id, session_id))
            return &slots->items[i];
    }
    return NULL;
}

bool writer_slots_take(struct writer_slots *slots, const GUID *session_id, int64_t now_ns)
{
    if (find(slots, session_id))
        return true;
    if (slots->count == WRITER_SLOTS)
        return false;
    slots->items[slots->count++] = (struct writer_slot){ *session_id, now_ns };
    return true;
}

void writer_slots_give_back(struct writer_slots *slots, const GUID *session_id)
{
    struct writer_slot *slot = find(slots, session_id);

    if (slot)
        *slot = slots->items[--slots->count];
}

size_t writer_slots_collect(struct writer_slots *slots, const GUID *but_session_id, int64_t now_ns)
{
    size_t n = 0;

    for (size_t i = slots->count; i-- > 0;) {
        struct writer_slot *slot = &slots->items[i];

        if (now_ns - slot->since_ns <= OLD_NS || guid_is_equal(&slot->session_id, but_session_id))
            continue;
        *slot = slots->items[--slots->count];
        n++;
    }
    return n;
}

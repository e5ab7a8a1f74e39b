/* SPDX-License-Identifier: MIT */
/* The sessions that a writer keeps at one time: a fixed number of slots (Learn: "Determining Writer
 * Status"; the number is our choice). A session takes one with its first event beyond Identify. One
 * that nobody gave back is collected after two days (Windows: event 12289). */
#pragma once

#include "emu/com/guid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WRITER_SLOTS 64

struct writer_slots {
    struct writer_slot {
        GUID session_id;
        int64_t since_ns;
    } items[WRITER_SLOTS];
    size_t count;
};

/* True as well when the session has one already; false: all are taken. */
bool writer_slots_take(struct writer_slots *slots, const GUID *session_id, int64_t now_ns);
void writer_slots_give_back(struct writer_slots *slots, const GUID *session_id);
/* Frees the slots of other sessions that are older than two days; how many. */
size_t writer_slots_collect(struct writer_slots *slots, const GUID *but_session_id, int64_t now_ns);

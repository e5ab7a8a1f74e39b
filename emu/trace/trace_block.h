/* SPDX-License-Identifier: MIT */
/* Records in a piece of memory that two processes share: one writes as its run goes, the other
 * reads when the run is over, however it ended. For searches, which read thousands of traces a
 * second and keep none of them: arguments and durations are left out. What is kept is JSON
 * (trace_json.h). */
#pragma once

#include "emu/port/trace.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* The shared memory begins with this. */
struct trace_block_head {
    _Atomic uint32_t used;      /* bytes of records behind the head */
    _Atomic uint32_t n_records; /* also those for which there was no room */
    uint32_t size;              /* room for records */
    uint32_t reserved;
};

struct trace_block {
    struct trace trace; /* write end; as a trace_fd, from any thread */
    struct trace_block_head *head;
};

/* memory: size bytes, more than the head. The writer's and the reader's side call it alike; `clear`
 * forgets what is there. */
void trace_block_init(struct trace_block *block, void *memory, size_t size);
void trace_block_clear(struct trace_block *block);

/* Calls each with every record; texts are valid during the call. Answers false when some had no
 * room. */
bool trace_block_each(const struct trace_block *block,
                      void (*each)(void *arg, const struct trace_record *record), void *arg);

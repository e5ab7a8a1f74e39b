/* SPDX-License-Identifier: MIT */
/* Listeners of a trace (port trace): one that writes lines to a file descriptor, one that passes
 * each record to two others, one that puts the time in. emu/setup chains them:
 *
 *     service -> trace_stamp -> trace_fd (the launcher's pipe)
 *
 * None of them keeps a record after write returns; the records' texts stay the caller's. */
#pragma once

#include "emu/port/sched.h"
#include "emu/port/trace.h"

/* Writes each record as a line of JSON by one write(2), at once, so that it survives a crash one
 * instruction later. May be used from any thread: lines are not mixed. When nobody
 * reads any more (or the disk is full), it falls silent. */
struct trace_fd {
    struct trace trace; /* hand &x.trace on; first */
    int fd;             /* borrowed */
    bool has_failed;
    bool is_busy; /* a thread writes */
};
void trace_fd_init(struct trace_fd *sink, int fd);

/* Passes every record to first, then to second; either may be NULL. */
struct trace_tee {
    struct trace trace;
    struct trace *first, *second;
};
void trace_tee_init(struct trace_tee *tee, struct trace *first, struct trace *second);

/* Fills in at_ns from the world's clock and passes the record on. */
struct trace_stamp {
    struct trace trace;
    struct sched *sched;
    struct trace *next;
};
void trace_stamp_init(struct trace_stamp *stamp, struct sched *sched, struct trace *next);

/* SPDX-License-Identifier: MIT */
/* Port: what is planned to go wrong. Whoever plays a part of the machine (a writer's handler, a
 * call into a provider, an operation of a volume, a public call) asks here on its way and, where
 * a fault is due, does what the fault says. Each place has a number within its actor
 * (emu/proto/fault_rules): an event, a call, an operation.
 *
 * A world without a plan has no such port: ports->faults is NULL and a place costs one comparison.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum fault_actor {
    FAULT_WRITER,
    FAULT_PROVIDER,
    FAULT_VOLUME,
    FAULT_REQUESTER,
    FAULT_MACHINE,
    N_FAULT_ACTORS
};

enum fault_action {
    FAULT_FAIL,          /* answers `code`; of a writer: reports it, and vetoes */
    FAULT_VETO,          /* a writer vetoes and reports nothing */
    FAULT_REPORT,        /* a writer reports `code` and agrees */
    FAULT_DELAY,         /* does it `duration_ns` later */
    FAULT_HANG,          /* never comes back */
    FAULT_CRASH,         /* the process that plays the part ends with a signal */
    FAULT_THROW,         /* lets an exception out */
    FAULT_DIE,           /* a writer: its process ends, and `duration_ns` later (0: never) a new
                               instance subscribes; a requester: its process ends */
    FAULT_CORRUPT,       /* a writer's metadata: not what the schema allows */
    FAULT_OVERSIZE,      /* a writer's metadata: `size` bytes long */
    FAULT_TWICE,         /* answers twice; a requester calls twice */
    FAULT_UNSUBSCRIBE,   /* a writer unsubscribes instead of answering */
    FAULT_VANISH,        /* a volume is no longer there */
    FAULT_FILL,          /* a volume has no space left */
    FAULT_LOSE_HOLD,     /* writes go on although they are held */
    FAULT_RELEASE,       /* a requester releases everything instead of the call */
    FAULT_CANCEL,        /* it cancels the operation that the call has begun */
    FAULT_ABORT,         /* it calls AbortBackup first */
    FAULT_SHORT_WAIT,    /* it waits `duration_ns` for the operation and goes on */
    FAULT_SKIP,          /* it leaves the call out */
    FAULT_ACCESS_DENIED, /* the conditions of emu/proto/api_rules */
    FAULT_LOW_MEMORY,
    FAULT_DAMAGED_DOCUMENT,
    FAULT_INTERNAL_ERROR,
    FAULT_NO_MESSAGES,
    FAULT_SAFE_MODE,
    FAULT_CLOCK_JUMP,      /* the wall clock is put `duration_ns` forward or back */
    FAULT_RESTART,         /* the service ends and starts again */
    FAULT_SET_IN_PROGRESS, /* somebody else is making a snapshot set */
    N_FAULT_ACTIONS
};

struct fault_hit {
    enum fault_action action;
    int32_t code;        /* an HRESULT; of a volume an errno such as ENOSPC */
    int64_t duration_ns; /* of delay, die, short-wait, clock-jump; of fail: how long that takes */
    uint64_t size;       /* of oversize, fill */
};

struct faults {
    /* See faults_meet. Any thread, inside the service or outside. */
    bool (*meet)(struct faults *faults, enum fault_actor actor, const char *name, unsigned point,
                 struct fault_hit *ret_hit);
    /* A program's own process: where code under test is to crash or die, the process ends. False:
     * it is played, because a test and its worlds are in that process as well. */
    bool ends_process;
    /* The requester is ours and asks for itself, so that its calls are no places. */
    bool is_requester_ours;
};

/* Whether something goes wrong here and now; then *ret_hit says what, and the trace has it. name:
 * the writer's, the provider's, "C:"; NULL for those of whom there is one. Counts: the nth meeting
 * of a place is the nth call of this. */
static inline bool faults_meet(struct faults *faults, enum fault_actor actor, const char *name,
                               unsigned point, struct fault_hit *ret_hit)
{
    return faults && faults->meet(faults, actor, name, point, ret_hit);
}

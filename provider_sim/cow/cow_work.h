/* SPDX-License-Identifier: MIT */
/* Long work on a volume in steps: deleting a snapshot, reverting to one, checking every block. A
 * step is a millisecond or so (a file, a megabyte, some hundred records); between two of them the
 * volume can be used as ever, but for what each kind says. The calls that do all of it at once
 * (cow_volume.h, cow_check.h) are made of the same steps. */
#pragma once

#include <stdbool.h>

struct cow_block_report;
struct cow_volume;

struct cow_work {
    struct cow_volume *volume;
    bool (*step)(struct cow_work *work);
    int (*end)(struct cow_work *work);
};

/* True: it goes on. */
static inline bool cow_work_step(struct cow_work *work)
{
    return work->step(work);
}

/* Frees it, and answers what has become of it. Whether what is left undone is then done at once,
 * or never, each kind says. */
static inline int cow_work_end(struct cow_work *work)
{
    return work->end(work);
}

static inline int cow_work_do(struct cow_work *work)
{
    while (cow_work_step(work))
        ;
    return cow_work_end(work);
}

/* All of them: on failure nothing has been changed, and there is no work. */

/* From now on the snapshot is not there any more (-ESTALE) and counts in no list; what it had is
 * given up step by step. Ended early, all at once; so does whatever else becomes of snapshots
 * meanwhile, except that new ones are made. -ENOENT. */
int cow_volume_begin_deletion(struct cow_volume *v, unsigned number, struct cow_work **ret_work);
/* The origin is neither as it was nor what the snapshot has until it is over: the caller keeps
 * others from it. Ended early, it stays so: -ECANCELED. Errors are those of cow_volume_revert. */
int cow_volume_begin_revert(struct cow_volume *v, unsigned number, struct cow_work **ret_work);
/* *ret_report is filled in by the end, and stays the caller's: it must be there until then. What is
 * preserved meanwhile may be looked at or not. */
int cow_volume_begin_check(struct cow_volume *v, struct cow_block_report *ret_report,
                           struct cow_work **ret_work);

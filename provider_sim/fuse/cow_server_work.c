/* SPDX-License-Identifier: MIT */
/* See cow_server_work.h. */
#include "provider_sim/fuse/cow_server_work.h"

#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/cow/cow_work.h"
#include "provider_sim/fuse/cow_fuse.h"
#include "provider_sim/fuse/cow_server_control.h"
#include "provider_sim/fuse/cow_server_revert.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define PIECE_US 500

/* ---- who waits for whom ---- */

/* What is asked for while a revert, or a deletion, goes on. A snapshot of a volume that is half
 * reverted would be of nothing; and what becomes of other snapshots has a deletion done at once. */
static const struct rule {
    bool is_long;
    bool waits_for_revert;
    bool waits_for_deletion;
} rules[] = {
    [VOLUME_WIRE_HOLD] = { .waits_for_revert = true },
    [VOLUME_WIRE_COMMIT] = { .waits_for_revert = true },
    [VOLUME_WIRE_SNAPSHOT] = { .waits_for_revert = true },
    [VOLUME_WIRE_OPEN] = { .waits_for_revert = true, .waits_for_deletion = true },
    [VOLUME_WIRE_SEAL] = { .waits_for_revert = true, .waits_for_deletion = true },
    [VOLUME_WIRE_KEEP] = { .waits_for_revert = true, .waits_for_deletion = true },
    [VOLUME_WIRE_LIMIT] = { .waits_for_revert = true, .waits_for_deletion = true },
    [VOLUME_WIRE_DURABLE] = { .waits_for_revert = true, .waits_for_deletion = true },
    [VOLUME_WIRE_LEAVE] = { .waits_for_revert = true, .waits_for_deletion = true },
    [VOLUME_WIRE_DELETE] = { .is_long = true },
    [VOLUME_WIRE_REVERT] = { .is_long = true },
    [VOLUME_WIRE_CHECK] = { .is_long = true },
};

static struct rule rule_of(unsigned operation)
{
    return operation < sizeof(rules) / sizeof(rules[0]) ? rules[operation] : (struct rule){ 0 };
}

bool server_work_is_long(unsigned operation)
{
    return rule_of(operation).is_long;
}

bool server_work_is_waited_for(const struct server_work *work, unsigned operation)
{
    struct rule rule = rule_of(operation);

    return work->operation && (rule.is_long || (work->revert && rule.waits_for_revert) ||
                               (work->operation == VOLUME_WIRE_DELETE && rule.waits_for_deletion));
}

/* ---- beginning ---- */

/* How often an asker hears of it at most: all of it, and the answer, must have room in his socket
 * if he does not listen before. */
#define PARTS 100u

static void note_progress(void *arg, uint64_t done, uint64_t total)
{
    struct server_work *w = arg;
    uint32_t now = total ? (uint32_t)((double)done * PARTS / (double)total) : 0;

    if (w->asker && w->wants_progress && now != w->told &&
        !server_link_tell_progress(w->asker, now, PARTS))
        w->wants_progress = false;
    w->told = now;
}

static int begin(struct server_control *control, unsigned operation, unsigned number)
{
    struct server_work *w = &control->work;

    switch (operation) {
    case VOLUME_WIRE_DELETE:
        return cow_volume_begin_deletion(control->cow, number, &w->steps);
    case VOLUME_WIRE_REVERT:
        if (*control->fuse)
            cow_fuse_drain(*control->fuse); /* what the kernel has sent so far was before it */
        return server_revert_begin(control->cow, *control->fuse, number, &w->revert);
    default:
        break;
    }
    int error = cow_check_area(control->store, &w->area);

    w->area.ending = COW_ENDED_SERVED;
    return error ? error : cow_volume_begin_check(control->cow, &w->blocks, &w->steps);
}

int server_work_begin(struct server_control *control, unsigned operation, unsigned number,
                      struct server_link *asker, bool wants_progress)
{
    struct server_work *w = &control->work;

    w->told = 0;
    w->asker = asker;
    w->wants_progress = wants_progress;
    if (wants_progress)
        cow_volume_watch_progress(control->cow, note_progress, w);
    int error = begin(control, operation, number);

    if (error)
        cow_volume_watch_progress(control->cow, NULL, NULL);
    else
        w->operation = (enum volume_wire_operation)operation;
    return error;
}

void server_work_delete_passing(struct server_control *control)
{
    control->work.has_passing = true;
    control->work.passed = 0;
}

/* The next one, if nothing else is under way. */
static void begin_passing(struct server_control *control)
{
    struct server_work *w = &control->work;
    unsigned number;

    for (size_t i = 0; (number = cow_volume_snapshot(control->cow, i, NULL)) != 0; i++) {
        if (number <= w->passed || cow_volume_snapshot_info(control->cow, number)->is_persistent)
            continue;
        w->passed = number;
        if (server_work_begin(control, VOLUME_WIRE_DELETE, number, NULL, false) == 0)
            return;
    }
    w->has_passing = false;
}

void server_work_forget_asker(struct server_work *work, const struct server_link *asker)
{
    if (work->asker == asker)
        work->asker = NULL;
}

/* ---- going on ---- */

bool server_work_is_ready(const struct server_work *work)
{
    return work->steps || work->has_passing ||
           (work->revert && server_revert_fd(work->revert) < 0) ||
           (work->revert && server_revert_has_steps(work->revert));
}

int server_work_fd(const struct server_work *work)
{
    return work->revert ? server_revert_fd(work->revert) : -1;
}

void server_work_heard(struct server_work *work)
{
    server_revert_heard(work->revert);
}

static void put(struct server_answer *answer, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        array_add(&answer->bytes, ((const unsigned char *)bytes)[i]);
}

static void report_check(const struct server_work *w, struct server_answer *answer)
{
    put(answer,
        &(struct volume_wire_check){ .n_blocks = w->blocks.n_blocks,
                                     .n_slots = w->blocks.n_slots,
                                     .n_used = w->blocks.n_used,
                                     .n_bad = w->blocks.n_bad },
        sizeof(struct volume_wire_check));
    put(answer, &w->area, sizeof(w->area));
}

static int64_t now_us(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

static bool step(struct server_work *w)
{
    if (w->revert)
        return server_revert_step(w->revert) || !server_revert_is_over(w->revert);
    return cow_work_step(w->steps);
}

/* Steps are of different lengths: many short ones, or a long one. */
static bool do_piece(struct server_work *w)
{
    int64_t begun = now_us();
    bool is_going_on;

    do
        is_going_on = step(w);
    while (is_going_on && server_work_is_ready(w) && now_us() - begun < PIECE_US);
    return is_going_on;
}

static int end(struct server_work *w)
{
    return w->revert ? server_revert_end(w->revert) : cow_work_end(w->steps);
}

bool server_work_go_on(struct server_control *control, struct server_link **ret_asker,
                       struct server_answer *ret_answer)
{
    struct server_work *w = &control->work;

    if (!w->operation && w->has_passing)
        begin_passing(control);
    if (!w->operation)
        return false;
    if (do_piece(w))
        return false;
    ret_answer->error = end(w);
    if (w->operation == VOLUME_WIRE_CHECK && !ret_answer->error)
        report_check(w, ret_answer);
    *ret_asker = w->asker;
    cow_volume_watch_progress(control->cow, NULL, NULL);
    *w = (struct server_work){ .has_passing = w->has_passing, .passed = w->passed };
    return true;
}

/* SPDX-License-Identifier: MIT */
/* Operations for the service may be late, and wait in a list; those on files answer at once. */
#include "fakes/world/volume_faults.h"

#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/sched.h"
#include "emu/port/trace.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "emu/proto/fault_rules.h"
#include "fakes/world/volume_faults_i.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#define HOLD_LIMIT (10 * SCHED_SECOND)

/* An operation that is late, or hangs. */
struct late {
    struct list link;
    struct sched_task task;
    struct sched_task let_go; /* of a release: the file system does not wait for it */
    struct volume *volume;
    enum fault_volume_point point;
    unsigned number;
    int error;
    bool is_withdrawn; /* a hold whose release has come before it: it must not begin any more */
    bool has_let_go;
    struct volume_done *done;
};

const char *volume_faults_name(const struct volume *volume, char buffer[3])
{
    if (!volume->letter)
        return volume->guid_name;
    buffer[0] = volume->letter;
    buffer[1] = ':';
    buffer[2] = 0;
    return buffer;
}

/* Windows: event 25 of Volsnap, which the provider writes; reads answer "no such device" from then
 * on. */
static void lose_copies(struct volume *v)
{
    struct volume_front *front = v->front;
    unsigned last = atomic_load(&front->last_number);

    atomic_store(&front->lost_up_to, last ? last : UINT_MAX);
    volume_tell_diff_area(v, DIFF_AREA_TOO_SLOW, 1);
}

/* One that is made after the others were lost is there. */
static void number_is_made(struct volume_front *front, unsigned number)
{
    if (atomic_load(&front->lost_up_to) == UINT_MAX)
        atomic_store(&front->lost_up_to, number - 1);
    atomic_store(&front->last_number, number);
}

bool volume_faults_meet(struct volume *v, enum fault_volume_point point, struct fault_hit *ret_hit)
{
    struct volume_front *front = v->front;
    char name[3];

    if (!faults_meet(front->ports->faults, FAULT_VOLUME, volume_faults_name(v, name), point,
                     ret_hit))
        return false;
    if (ret_hit->action == FAULT_VANISH && point == AT_VOLUME_READ_COPY)
        lose_copies(v);
    else if (ret_hit->action == FAULT_VANISH || ret_hit->action == FAULT_FILL)
        volume_faults_happen(v, ret_hit->action);
    return true;
}

/* ---- operations for the service ---- */

static void ignore(struct volume_done *done, int error)
{
    (void)done;
    (void)error;
}

static struct volume_done nobody = { ignore };

static void do_it(struct volume *v, enum fault_volume_point point, unsigned number, int error,
                  struct volume_done *done)
{
    const struct volume_ops *real = v->front->real;

    if (error) {
        if (point == AT_VOLUME_RELEASE) /* nobody holds writes for longer than the service asked */
            real->release(v, &nobody);
        done->fn(done, -error);
        return;
    }
    switch (point) {
    case AT_VOLUME_FLUSH:
        real->flush(v, done);
        break;
    case AT_VOLUME_HOLD:
        real->hold(v, done);
        break;
    case AT_VOLUME_COMMIT:
        number_is_made(v->front, number);
        real->commit(v, number, done);
        break;
    case AT_VOLUME_RELEASE:
        real->release(v, done);
        break;
    case AT_VOLUME_DELETE:
        real->delete_snapshot(v, number, done);
        break;
    case AT_VOLUME_REVERT:
        real->revert(v, number, done);
        break;
    default:
        break;
    }
}

static void do_late(struct late *late)
{
    list_remove(&late->link);
    sched_cancel(late->volume->front->ports->sched, &late->let_go);
    if (late->has_let_go) /* what is held by now is another hold */
        late->done->fn(late->done, -late->error);
    else
        do_it(late->volume, late->point, late->number, late->is_withdrawn ? ECANCELED : late->error,
              late->done);
    free(late);
}

static void late_is_due(struct sched_task *task)
{
    do_late(container_of(task, struct late, task));
}

/* Learn: "Shadow Copy Creation for Providers": writes are not held for longer than 10 s, whoever
 * fails to release them. */
static void let_go(struct sched_task *task)
{
    struct late *late = container_of(task, struct late, let_go);

    late->has_let_go = true;
    late->volume->front->real->release(late->volume, &nobody);
}

static void put_off(struct volume *v, enum fault_volume_point point, unsigned number,
                    const struct fault_hit *hit, struct volume_done *done)
{
    struct sched *sched = v->front->ports->sched;
    struct late *late = mem_new(struct late);

    *late = (struct late){ .task = { .run = late_is_due },
                           .let_go = { .run = let_go },
                           .volume = v,
                           .point = point,
                           .number = number,
                           .error = hit->action == FAULT_FAIL ? hit->code : 0,
                           .done = done };
    list_append(&v->front->late, &late->link);
    if (hit->action != FAULT_HANG)
        sched_post(sched, &late->task, sched_now(sched) + hit->duration_ns);
    if (point == AT_VOLUME_RELEASE)
        sched_post(sched, &late->let_go, sched_now(sched) + HOLD_LIMIT);
}

static void withdraw_holds(struct volume *v)
{
    list_each (struct late, late, &v->front->late, link) {
        if (late->point == AT_VOLUME_HOLD)
            late->is_withdrawn = true;
    }
}

static void control(struct volume *v, enum fault_volume_point point, unsigned number,
                    struct volume_done *done)
{
    struct fault_hit hit = { .action = N_FAULT_ACTIONS };
    bool is_hit = volume_faults_meet(v, point, &hit);

    if (point == AT_VOLUME_RELEASE)
        withdraw_holds(v);
    if (atomic_load(&v->front->is_gone))
        done->fn(done, -ENODEV);
    else if (atomic_load(&v->front->is_full) && point == AT_VOLUME_COMMIT)
        done->fn(done, -ENOSPC);
    else if (is_hit && (hit.duration_ns || hit.action == FAULT_HANG))
        put_off(v, point, number, &hit, done);
    else if (hit.action == FAULT_LOSE_HOLD)
        done->fn(done, 0);
    else
        do_it(v, point, number, hit.action == FAULT_FAIL ? hit.code : 0, done);
}

void volume_faults_flush(struct volume *v, struct volume_done *done)
{
    control(v, AT_VOLUME_FLUSH, 0, done);
}

void volume_faults_hold(struct volume *v, struct volume_done *done)
{
    control(v, AT_VOLUME_HOLD, 0, done);
}

void volume_faults_commit(struct volume *v, unsigned number, struct volume_done *done)
{
    control(v, AT_VOLUME_COMMIT, number, done);
}

void volume_faults_release(struct volume *v, struct volume_done *done)
{
    control(v, AT_VOLUME_RELEASE, 0, done);
}

void volume_faults_delete(struct volume *v, unsigned number, struct volume_done *done)
{
    control(v, AT_VOLUME_DELETE, number, done);
}

void volume_faults_revert(struct volume *v, unsigned number, struct volume_done *done)
{
    control(v, AT_VOLUME_REVERT, number, done);
}

/* ---- life ---- */

/* Changes that wait for the end of a hold would wait for ever on a disk that is gone. */
void volume_faults_happen(struct volume *v, enum fault_action action)
{
    if (action == FAULT_FILL && !atomic_exchange(&v->front->is_full, true))
        volume_tell_diff_area(v, DIFF_AREA_PLACE_FULL, 0);
    if (action != FAULT_VANISH || atomic_exchange(&v->front->is_gone, true))
        return;
    v->front->real->release(v, &nobody);
    volume_tell_name(v, NULL, false);
    volume_tell_diff_area(v, DIFF_AREA_PLACE_GONE, 0);
}

void volume_faults_lift(struct volume *v)
{
    struct sched *sched = v->front->ports->sched;

    while (!list_is_empty(&v->front->late)) {
        struct late *late = container_of(v->front->late.next, struct late, link);

        sched_cancel(sched, &late->task);
        late->error = 0;
        do_late(late);
    }
}

void volume_faults_free(struct volume *v)
{
    struct volume_front *front = v->front;

    list_each_safe (struct late, late, &front->late, link)
        free(late);
    v->ops = front->real;
    v->front = NULL;
    free(front);
    v->ops->free(v);
}

void volume_faults_watch(struct volume *volume, struct volume_watcher *watcher)
{
    volume->front->watcher = watcher;
}

void volume_faults_put(struct volume *volume, struct world_ports *ports)
{
    struct volume_front *front = mem_new(struct volume_front);

    front->real = volume->ops;
    front->ports = ports;
    list_init(&front->late);
    volume->front = front;
    front->ops = volume_faults_ops;
    if (!front->real->descriptor)
        front->ops.descriptor = NULL;
    front->ops.limit_diff_area = front->real->limit_diff_area;
    front->ops.put_online = front->real->put_online;
    if (!front->real->keep) {
        front->ops.keep = NULL;
        front->ops.kept = NULL;
        front->ops.identify = NULL;
    }
    if (!front->real->keep_settings) {
        front->ops.keep_settings = NULL;
        front->ops.kept_settings = NULL;
    }
    if (!front->real->leave)
        front->ops.leave = NULL;
    if (!front->real->use_of_diff_area)
        front->ops.use_of_diff_area = NULL;
    volume->ops = &front->ops;
}

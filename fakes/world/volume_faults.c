/* SPDX-License-Identifier: MIT */
/* The volume's table of operations is replaced by a copy in which some go through here first; the
 * copy is a member of the record, so that the record is found from the volume. */
#include "fakes/world/volume_faults.h"

#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/port/sched.h"
#include "emu/port/volume.h"

#include <stdlib.h>

struct fault {
    int64_t delay_ns;
    int error;
};

struct faulty {
    struct volume_ops ops;
    const struct volume_ops *real;
    struct sched *sched;
    struct fault faults[N_VOLUME_OPERATIONS];
};

/* An operation that is late. */
struct late {
    struct sched_task task;
    struct volume *volume;
    enum volume_operation operation;
    unsigned number;
    int error;
    struct volume_done *done;
};

static struct faulty *of(struct volume *volume)
{
    return (struct faulty *)(void *)((char *)(uintptr_t)volume->ops - offsetof(struct faulty, ops));
}

static void do_it(struct volume *v, enum volume_operation operation, unsigned number, int error,
                  struct volume_done *done)
{
    const struct volume_ops *real = of(v)->real;

    if (error) {
        done->fn(done, -error);
        return;
    }
    switch (operation) {
    case VOLUME_FLUSH:
        real->flush(v, done);
        break;
    case VOLUME_HOLD:
        real->hold(v, done);
        break;
    case VOLUME_COMMIT:
        real->commit(v, number, done);
        break;
    case VOLUME_DELETE:
        real->delete_snapshot(v, number, done);
        break;
    case VOLUME_REVERT:
        real->revert(v, number, done);
        break;
    case N_VOLUME_OPERATIONS:
        break;
    }
}

static void run_late(struct sched_task *task)
{
    struct late *late = container_of(task, struct late, task);

    do_it(late->volume, late->operation, late->number, late->error, late->done);
    free(late);
}

static void meet(struct volume *v, enum volume_operation operation, unsigned number,
                 struct volume_done *done)
{
    struct faulty *faulty = of(v);
    struct fault fault = faulty->faults[operation];

    faulty->faults[operation] = (struct fault){ 0 };
    if (!fault.delay_ns) {
        do_it(v, operation, number, fault.error, done);
        return;
    }
    struct late *late = mem_new(struct late);

    *late = (struct late){ .task = { .run = run_late },
                           .volume = v,
                           .operation = operation,
                           .number = number,
                           .error = fault.error,
                           .done = done };
    sched_post(faulty->sched, &late->task, sched_now(faulty->sched) + fault.delay_ns);
}

static void faulty_flush(struct volume *v, struct volume_done *done)
{
    meet(v, VOLUME_FLUSH, 0, done);
}

static void faulty_hold(struct volume *v, struct volume_done *done)
{
    meet(v, VOLUME_HOLD, 0, done);
}

static void faulty_commit(struct volume *v, unsigned number, struct volume_done *done)
{
    meet(v, VOLUME_COMMIT, number, done);
}

static void faulty_delete(struct volume *v, unsigned number, struct volume_done *done)
{
    meet(v, VOLUME_DELETE, number, done);
}

static void faulty_revert(struct volume *v, unsigned number, struct volume_done *done)
{
    meet(v, VOLUME_REVERT, number, done);
}

static void faulty_free(struct volume *v)
{
    struct faulty *faulty = of(v);

    v->ops = faulty->real;
    free(faulty);
    v->ops->free(v);
}

static struct faulty *put_in_front(struct volume *volume, struct sched *sched)
{
    if (volume->ops->free == faulty_free)
        return of(volume);
    struct faulty *faulty = mem_new(struct faulty);

    faulty->real = volume->ops;
    faulty->sched = sched;
    faulty->ops = *volume->ops;
    faulty->ops.flush = faulty_flush;
    faulty->ops.hold = faulty_hold;
    faulty->ops.commit = faulty_commit;
    faulty->ops.delete_snapshot = faulty_delete;
    faulty->ops.revert = faulty_revert;
    faulty->ops.free = faulty_free;
    volume->ops = &faulty->ops;
    return faulty;
}

bool volume_faults_plan(struct volume *volume, struct sched *sched, enum volume_operation operation,
                        int64_t delay_ns, int error)
{
    if (delay_ns && (operation == VOLUME_COMMIT || operation == VOLUME_DELETE))
        return false;
    put_in_front(volume, sched)->faults[operation] = (struct fault){ delay_ns, error };
    return true;
}

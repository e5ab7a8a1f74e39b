/* SPDX-License-Identifier: MIT */
/* See volume_work.h. */
#include "provider_sim/volume_work.h"

#include "emu/base/check.h"
#include "emu/port/sched.h"

unsigned volume_work_next_number(struct volume *const *volumes, size_t n_volumes)
{
    unsigned next = 1;

    for (size_t i = 0; i < n_volumes; i++) {
        unsigned of_volume = volumes[i]->ops->next_number(volumes[i]);

        next = of_volume > next ? of_volume : next;
    }
    return next;
}

static void one_done(struct volume_done *done, int error)
{
    struct volume_work_item *item = container_of(done, struct volume_work_item, done);

    item->error = error;
    item->work->n_open--;
    sched_notify(item->work->sched);
}

static bool is_all_done(void *arg)
{
    return ((struct volume_work *)arg)->n_open == 0;
}

static void begin(enum volume_work_kind kind, struct volume_work_item *item)
{
    const struct volume_ops *ops = item->volume->ops;
    void (*const operations[])(struct volume * v, unsigned number, struct volume_done *done) = {
        [VOLUME_WORK_COMMIT] = ops->commit,
        [VOLUME_WORK_DELETE] = ops->delete_snapshot,
        [VOLUME_WORK_OPEN] = ops->open_snapshot,
        [VOLUME_WORK_SEAL] = ops->seal_snapshot,
    };

    operations[kind](item->volume, item->number, &item->done);
}

int volume_work_do(struct volume_work *work, enum volume_work_kind kind,
                   struct volume_work_item *items, size_t n)
{
    int error = 0;

    if (!work->is_inside)
        sched_enter(work->sched);
    work->n_open = n;
    for (size_t i = 0; i < n; i++) {
        items[i].work = work;
        items[i].done.fn = one_done;
        begin(kind, &items[i]);
    }
    if (!work->is_inside) {
        sched_wait(work->sched, is_all_done, work, SCHED_NEVER);
        sched_leave(work->sched);
    }
    check_equal(work->n_open, 0);
    for (size_t i = 0; i < n && !error; i++)
        error = items[i].error;
    return error;
}

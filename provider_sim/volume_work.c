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

static int run(struct volume_work *work, struct volume_work_item *items, size_t n, bool is_delete)
{
    int error = 0;

    if (!work->is_inside)
        sched_enter(work->sched);
    work->n_open = n;
    for (size_t i = 0; i < n; i++) {
        struct volume *v = items[i].volume;

        items[i].work = work;
        items[i].done.fn = one_done;
        if (is_delete)
            v->ops->delete_snapshot(v, items[i].number, &items[i].done);
        else
            v->ops->commit(v, items[i].number, &items[i].done);
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

int volume_work_commit(struct volume_work *work, struct volume_work_item *items, size_t n)
{
    return run(work, items, n, false);
}

int volume_work_delete(struct volume_work *work, struct volume_work_item *items, size_t n)
{
    return run(work, items, n, true);
}

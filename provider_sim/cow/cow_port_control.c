/* SPDX-License-Identifier: MIT */
/* The service's side of the port: each of these completes before it returns. */
#include "provider_sim/cow/cow_port_state.h"

#include "emu/port/sched.h"

#include <errno.h>

void cow_port_flush(struct volume *v, struct volume_done *done)
{
    (void)v;
    done->fn(done, 0); /* every write is in the store when it returns */
}

void cow_port_hold(struct volume *v, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    LOCKED(p, (cow_volume_hold(p->cow), 0));
    done->fn(done, 0);
}

void cow_port_commit(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    done->fn(done, LOCKED(p, cow_volume_commit(p->cow, number)));
}

void cow_port_release(struct volume *v, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    LOCKED(p, (cow_volume_release(p->cow), 0));
    sched_notify(p->sched);
    done->fn(done, 0);
}

void cow_port_delete_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    done->fn(done, LOCKED(p, cow_volume_delete_snapshot(p->cow, number)));
}

void cow_port_revert(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    int error = LOCKED(p, cow_volume_revert(p->cow, number));

    volume_tell_name(v, NULL, false);
    done->fn(done, error);
}

static int dismount_locked(struct cow_port *p, bool force)
{
    if (cow_volume_is_held(p->cow) || (!force && !list_is_empty(&p->files)))
        return -EBUSY;
    list_each_safe (struct volume_file, file, &p->files, link) {
        list_remove(&file->link);
        file->is_cut = true;
    }
    return 0;
}

int cow_port_dismount(struct volume *v, bool force)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, dismount_locked(p, force));
}

unsigned cow_port_next_number(struct volume *v)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, cow_volume_next_number(p->cow));
}

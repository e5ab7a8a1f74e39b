/* SPDX-License-Identifier: MIT */
/* What threads of other worlds, and threads of none, hold: see vthread_inside.h. Several worlds in
 * one process share locks and static variables of their code, which is also ours. */
#include "fakes/linux/vthread_inside.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h> /* array_remove */
#include <sys/syscall.h>
#include <unistd.h>

bool vthread_is_outside(int tid)
{
    int saved_errno = errno;

    for (struct vthread *vt = vthread_self->world->threads; vt; vt = vt->next) {
        if (vt->tid == tid)
            return false;
    }
    /* 0: somebody outside has it, and has not written its number yet or just taken it back. */
    bool is_alive = !tid || REAL(syscall)(SYS_tgkill, getpid(), tid, 0) == 0;
    errno = saved_errno;
    return is_alive;
}

void vthread_begin_once(const void *once)
{
    array_add(&vthread_self->world->initialisers, once);
}

void vthread_end_once(const void *once)
{
    struct vthread_world *world = vthread_self->world;

    for (size_t i = world->initialisers.count; i-- > 0;) {
        if (world->initialisers.items[i] == once) {
            array_remove(&world->initialisers, i);
            return;
        }
    }
}

bool vthread_has_begun_once(const void *once)
{
    const struct vthread_world *world = vthread_self->world;

    for (size_t i = 0; i < world->initialisers.count; i++) {
        if (world->initialisers.items[i] == once)
            return true;
    }
    return false;
}

void vthread_wait_outside(void)
{
    REAL(sched_yield)();
}

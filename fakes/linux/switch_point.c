/* SPDX-License-Identifier: MIT */
/* Switch points that are no calls of libc: Interlocked functions, and places that a program names
 * itself (vssemu.h). */
#include "fakes/linux/vthread_inside.h"

void vssemu_switch_point(void);
void vssemu_fine_point(void);

unsigned vssemu_n_turns;
unsigned vssemu_n_fine;

void vthread_count_world(const struct vsched *vs, int change)
{
    __atomic_add_fetch(&vssemu_n_turns, (unsigned)change, __ATOMIC_RELAXED);
    if (vsched_is_fine(vs))
        __atomic_add_fetch(&vssemu_n_fine, (unsigned)change, __ATOMIC_RELAXED);
}

void vssemu_switch_point(void)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vthread_step(vs);
}

/* From driver/fine.c: an access to memory. */
void vssemu_fine_point(void)
{
    struct vsched *vs = vthread_vsched();

    if (vs && vsched_is_fine(vs))
        vsched_fine(vs);
}

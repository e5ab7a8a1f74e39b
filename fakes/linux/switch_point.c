/* SPDX-License-Identifier: MIT */
/* Switch points that are no calls of libc: Interlocked functions, and places that a program names
 * itself (vssemu.h). */
#include "fakes/linux/vthread_inside.h"

void vssemu_switch_point(void);

unsigned vssemu_n_turns;

void vssemu_switch_point(void)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vthread_step(vs);
}

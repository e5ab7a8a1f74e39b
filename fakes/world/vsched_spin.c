/* SPDX-License-Identifier: MIT */
/* Loops that never wait: on a clock, on yields, on a flag. They must end, so
 *
 * - time moves the faster the longer a thread has done nothing else: n looks in a row take n us and
 *   n * n / 2000 us. To the few lines of a log that is nothing; a loop until a moment in ten
 *   minutes makes a million looks, which take a tenth of a second of real time;
 * - accesses to memory take no time, unless a thread makes millions without calling anything: then
 *   it waits for a variable, and time moves the faster the longer it does;
 * - a strategy that lets one thread run on and on lets others come first, now and then;
 * - who goes round for ever while nobody waits for a time is reported.
 */
#include "fakes/world/vsched_inside.h"

#define GIVE_WAY_EVERY (UINT64_C(32) * VSCHED_SPIN_LOOK)

/* Four million accesses are a computation; twenty million more are reported, as looks are. After
 * two million more ten minutes have passed. */
#define ACCESSES_A_LOOK   16
#define ACCESSES_OF_WORK  (UINT64_C(4) << 20)
#define LOOK_AT_MEMORY_NS UINT64_C(100)

int64_t vsched_spin(struct vsched *vs, int64_t cost_ns, unsigned weight)
{
    struct vsched_thread *self = vs->running;

    self->spin += weight;
    vs->spin += weight;
    if (self->spin >= self->next_give_way) {
        self->next_give_way = self->spin + GIVE_WAY_EVERY;
        if (self->spin >= GIVE_WAY_EVERY)
            vsched_strategy_give_way(vs);
    }
    if (vs->spin > vs->spin_limit)
        vsched_report_spin(vs);
    /* A step of a lock moves time by itself only, however often. */
    return cost_ns < VSCHED_LOOK_NS ? cost_ns : cost_ns + (int64_t)(self->spin / VSCHED_SPIN_LOOK);
}

int64_t vsched_spin_on_memory(struct vsched *vs)
{
    struct vsched_thread *self = vs->running;
    uint64_t n = ++self->n_accesses;

    if (vs->n_steps % ACCESSES_A_LOOK != 0)
        return 0;
    bool is_loop = n > ACCESSES_OF_WORK;

    vsched_spin(vs, 0, is_loop ? ACCESSES_A_LOOK * VSCHED_SPIN_LOOK : VSCHED_SPIN_STEP);
    return is_loop ? (int64_t)((n - ACCESSES_OF_WORK) / ACCESSES_A_LOOK * LOOK_AT_MEMORY_NS) : 0;
}

void vsched_spin_ends(struct vsched *vs)
{
    vs->running->spin = vs->running->next_give_way = vs->running->n_accesses = 0;
}

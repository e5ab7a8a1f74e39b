/* SPDX-License-Identifier: MIT */
#include "fakes/world/vclock.h"

#include "emu/base/list.h"
#include "emu/base/mem.h"

static int64_t vclock_unix_ns(struct clock *clock)
{
    struct vclock *vclock = container_of(clock, struct vclock, port);

    return VCLOCK_EPOCH_NS + sched_now(vclock->sched);
}

void vclock_init(struct vclock *vclock, struct sched *sched)
{
    vclock->port = (struct clock){ .unix_ns = vclock_unix_ns };
    vclock->sched = sched;
}

struct vclock *vclock_new(struct sched *sched)
{
    struct vclock *vclock = mem_new(struct vclock);

    vclock_init(vclock, sched);
    return vclock;
}

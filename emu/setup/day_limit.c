/* SPDX-License-Identifier: MIT */
#include "emu/setup/day_limit.h"

#include "emu/base/cleanup.h"
#include "emu/search/judge.h"
#include "emu/setup/world.h"
#include "fakes/world/vsched.h"

#include <stdlib.h>
#include <unistd.h>

static struct vssemu_world *limited;

static void end_the_day(struct sched_task *task)
{
    /* Who waits for no time waits for ever. */
    auto_free char *who =
        vsched_awaits_time(limited->vsched) ? NULL : vsched_describe(limited->vsched);

    (void)task;
    service_trace(&limited->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                             .who = "program",
                                                             .what = "still there after a day",
                                                             .detail = who });
    _exit(EXIT_FAILURE);
}

void day_limit_begin(struct vssemu_world *world)
{
    static struct sched_task task = { .run = end_the_day };

    limited = world;
    sched_post(world->ports.sched, &task, JUDGE_DAY_NS); /* without entering, which takes time */
}

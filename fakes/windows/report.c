/* SPDX-License-Identifier: MIT */
#include "fakes/windows/report.h"

#include "emu/port/sched.h"
#include "emu/port/world.h"

static struct sched *reporting(void)
{
    struct world_ports *world = world_existing();

    return world && world->sched->ops->reports ? world->sched : NULL;
}

void *report_self(void)
{
    struct sched *sched = reporting();

    return sched ? sched->ops->reports->self(sched) : NULL;
}

void report_name_thread(void *thread, const char *name)
{
    struct sched *sched = reporting();

    if (sched && thread)
        sched->ops->reports->name_thread(sched, thread, name);
}

void report_label(const void *thing, const char *kind, const char *name)
{
    struct sched *sched = reporting();

    if (sched)
        sched->ops->reports->label(sched, thing, kind, name);
}

void report_hold(void *thread, const void *thing, const char *kind)
{
    struct sched *sched = reporting();

    if (sched)
        sched->ops->reports->hold(sched, thread, thing, kind);
}

void report_drop(const void *thing)
{
    struct sched *sched = reporting();

    if (sched)
        sched->ops->reports->drop(sched, thing);
}

void report_waits_for(const void *const *things, size_t n)
{
    struct sched *sched = reporting();

    if (sched)
        sched->ops->reports->waits_for(sched, things, n);
}

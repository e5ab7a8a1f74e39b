/* SPDX-License-Identifier: MIT */
/* See components_lease.h. */
#include "emu/api/components_lease.h"

#include "emu/api/entry.h"
#include "emu/base/mem.h"
#include "emu/lint/lint_objects.h"

#include <stdlib.h>

struct components_lease *components_lease_new(enum components_access access, struct sched *sched)
{
    struct components_lease *lease = mem_new(struct components_lease);

    atomic_init(&lease->n_references, 1);
    lease->alive = true;
    lease->access = access;
    lease->sched = sched;
    return lease;
}

struct components_lease *components_lease_ref(struct components_lease *lease)
{
    atomic_fetch_add(&lease->n_references, 1);
    return lease;
}

void components_lease_unref(struct components_lease *lease)
{
    if (atomic_fetch_sub(&lease->n_references, 1) == 1)
        free(lease);
}

void components_lease_end(struct components_lease *lease)
{
    if (!lease)
        return;
    lease->alive = false;
    components_lease_unref(lease);
}

bool components_lease_enter(struct components_lease *lease)
{
    if (lease->sched)
        sched_enter(lease->sched);
    if (!lease->alive)
        lint_components_dead(entry_lint(), lease->is_writers);
    return lease->alive;
}

void components_lease_refuse(struct components_lease *lease)
{
    lease->refused = lint_method();
}

void components_lease_leave(struct components_lease *lease)
{
    if (lease->sched)
        sched_leave(lease->sched);
}

/* SPDX-License-Identifier: MIT */
/* Faults are appended to a list that only grows, so that readers need no lock; which actors have
 * faults at all is told by a word that most calls look at and go on. */
#include "fakes/world/fault_plan.h"

#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"
#include "emu/proto/fault_rules.h"

#include <stdatomic.h>
#include <stdlib.h>

struct planned {
    _Atomic(struct planned *) next;
    struct fault fault;
    atomic_uint met, fired;
};

struct fault_plan {
    struct faults port;
    struct trace *trace;
    atomic_uint actors; /* a bit each */
    _Atomic(struct planned *) first;
    struct planned *last;
    size_t count;
};

static bool is_meant(const struct fault *fault, enum fault_actor actor, const char *name,
                     unsigned point)
{
    return fault->actor == actor && !fault->is_timed && fault->point == point &&
           (!fault->name || (name && str_matches(name, fault->name)));
}

static void tell(struct fault_plan *plan, const struct fault *fault, const char *name)
{
    auto_free char *text = fault_text(fault);
    auto_free char *who = name ? str_printf("%s %s", fault_actor_name(fault->actor), name) : NULL;

    trace_write(plan->trace,
                &(struct trace_record){ .kind = TRACE_NOTE,
                                        .who = who ? who : fault_actor_name(fault->actor),
                                        .what = "fault",
                                        .detail = text });
}

static bool meet(struct faults *faults, enum fault_actor actor, const char *name, unsigned point,
                 struct fault_hit *ret_hit)
{
    struct fault_plan *plan = container_of(faults, struct fault_plan, port);
    struct planned *due = NULL;

    if (!(atomic_load_explicit(&plan->actors, memory_order_relaxed) & (1u << actor)))
        return false;
    /* Every fault of the place counts the meeting, also behind the one that happens. */
    for (struct planned *p = atomic_load(&plan->first); p; p = atomic_load(&p->next)) {
        if (!is_meant(&p->fault, actor, name, point))
            continue;
        unsigned met = atomic_fetch_add(&p->met, 1) + 1;

        if (!due && (p->fault.nth == FAULT_EVERY || p->fault.nth == met))
            due = p;
    }
    if (!due)
        return false;
    atomic_fetch_add(&due->fired, 1);
    *ret_hit = due->fault.hit;
    tell(plan, &due->fault, name);
    return true;
}

struct fault_plan *fault_plan_new(struct trace *trace)
{
    struct fault_plan *plan = mem_new(struct fault_plan);

    plan->port.meet = meet;
    plan->trace = trace;
    return plan;
}

void fault_plan_free(struct fault_plan *plan)
{
    if (!plan)
        return;
    for (struct planned *p = atomic_load(&plan->first), *next; p; p = next) {
        next = atomic_load(&p->next);
        fault_fini(&p->fault);
        free(p);
    }
    free(plan);
}

struct faults *fault_plan_port(struct fault_plan *plan)
{
    return &plan->port;
}

void fault_plan_add(struct fault_plan *plan, const struct fault *take_fault)
{
    struct planned *p = mem_new(struct planned);

    p->fault = *take_fault;
    if (plan->last)
        atomic_store(&plan->last->next, p);
    else
        atomic_store(&plan->first, p);
    plan->last = p;
    plan->count++;
    if (!p->fault.is_timed)
        atomic_fetch_or(&plan->actors, 1u << p->fault.actor);
}

/* Plans are short; who asks by number asks at the end of a run. */
static struct planned *nth(const struct fault_plan *plan, size_t i)
{
    struct planned *p = atomic_load(&plan->first);

    while (i--)
        p = atomic_load(&p->next);
    return p;
}

void fault_plan_each_timed(struct fault_plan *plan,
                           void (*each)(void *arg, size_t i, const struct fault *fault), void *arg)
{
    size_t i = 0;

    for (struct planned *p = atomic_load(&plan->first); p; p = atomic_load(&p->next), i++) {
        if (p->fault.is_timed)
            each(arg, i, &p->fault);
    }
}

void fault_plan_fire_timed(struct fault_plan *plan, size_t i)
{
    struct planned *p = nth(plan, i);

    atomic_fetch_add(&p->met, 1);
    atomic_fetch_add(&p->fired, 1);
    tell(plan, &p->fault, p->fault.name);
}

size_t fault_plan_count(const struct fault_plan *plan)
{
    return plan->count;
}

const struct fault *fault_plan_get(const struct fault_plan *plan, size_t i)
{
    return &nth(plan, i)->fault;
}

unsigned fault_plan_fired(const struct fault_plan *plan, size_t i)
{
    return atomic_load(&nth(plan, i)->fired);
}

unsigned fault_plan_met(const struct fault_plan *plan, size_t i)
{
    return atomic_load(&nth(plan, i)->met);
}

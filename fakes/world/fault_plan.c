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
#include <string.h>

struct planned {
    _Atomic(struct planned *) next;
    struct fault fault;
    atomic_uint met, fired;
    atomic_bool is_over; /* what lasted until the service started again */
};

/* Who has met places of his actor's; the list only grows. */
struct met_name {
    struct met_name *next;
    char text[];
};

struct fault_plan {
    struct faults port;
    _Atomic(struct met_name *) names[N_FAULT_ACTORS];
    struct trace *trace;
    atomic_uint actors; /* a bit each */
    _Atomic(struct planned *) first;
    struct planned *last;
    bool is_lifted;
    size_t count;
};

static bool is_meant(const struct fault *fault, enum fault_actor actor, const char *name,
                     unsigned point)
{
    return fault->actor == actor && !fault->is_timed &&
           (fault->point == point || (fault->point == FAULT_ANY_POINT &&
                                      fault_rules_allow(actor, point, fault->hit.action))) &&
           (!fault->name || (name && str_matches(name, fault->name)));
}

/* The place is told where the text does not. */
static void tell(struct fault_plan *plan, const struct fault *fault, const char *name,
                 unsigned point)
{
    bool is_any = !fault->is_timed && fault->point == FAULT_ANY_POINT;
    auto_free char *text = fault_text(fault);
    auto_free char *who = name ? str_printf("%s %s", fault_actor_name(fault->actor), name) : NULL;

    trace_write(plan->trace, &(struct trace_record){
                                 .kind = TRACE_NOTE,
                                 .who = who ? who : fault_actor_name(fault->actor),
                                 .what = "fault",
                                 .object = is_any ? fault_point_name(fault->actor, point) : NULL,
                                 .detail = text });
}

/* A requester of a program's own can be made to die; the rest a requester of steps does itself. */
static bool needs_our_requester(const struct fault *fault)
{
    return fault->actor == FAULT_REQUESTER && fault->hit.action != FAULT_DIE &&
           fault->hit.action != FAULT_CRASH;
}

/* Field reports: a set that never ends is over when the service has been restarted. */
static void tell_restart(struct fault_plan *plan, const struct fault *fault)
{
    if (fault->hit.action != FAULT_RESTART)
        return;
    for (struct planned *p = atomic_load(&plan->first); p; p = atomic_load(&p->next)) {
        if (p->fault.hit.action == FAULT_SET_IN_PROGRESS && atomic_load(&p->fired))
            atomic_store(&p->is_over, true);
    }
}

static bool is_known(struct fault_plan *plan, enum fault_actor actor, const char *name)
{
    for (struct met_name *n = atomic_load(&plan->names[actor]); n; n = n->next) {
        if (str_is_equal(n->text, name))
            return true;
    }
    return false;
}

static void remember(struct fault_plan *plan, enum fault_actor actor, const char *name)
{
    if (!name || is_known(plan, actor, name))
        return;
    struct met_name *n = mem_alloc(sizeof(*n) + strlen(name) + 1);

    strcpy(n->text, name);
    n->next = atomic_load(&plan->names[actor]);
    while (!atomic_compare_exchange_weak(&plan->names[actor], &n->next, n))
        ;
}

static bool meet(struct faults *faults, enum fault_actor actor, const char *name, unsigned point,
                 struct fault_hit *ret_hit)
{
    struct fault_plan *plan = container_of(faults, struct fault_plan, port);
    struct planned *due = NULL;

    if (!(atomic_load_explicit(&plan->actors, memory_order_relaxed) & (1u << actor)))
        return false;
    remember(plan, actor, name);
    /* Every fault of the place counts the meeting, also behind the one that happens. */
    for (struct planned *p = atomic_load(&plan->first); p; p = atomic_load(&p->next)) {
        if (!is_meant(&p->fault, actor, name, point) || atomic_load(&p->is_over) ||
            (!faults->is_requester_ours && needs_our_requester(&p->fault)))
            continue;
        unsigned met = atomic_fetch_add(&p->met, 1) + 1;

        if (!due && (p->fault.nth == FAULT_EVERY || p->fault.nth == met))
            due = p;
    }
    if (!due)
        return false;
    atomic_fetch_add(&due->fired, 1);
    *ret_hit = due->fault.hit;
    tell(plan, &due->fault, name, point);
    tell_restart(plan, &due->fault);
    return true;
}

struct fault_plan *fault_plan_new(struct trace *trace)
{
    struct fault_plan *plan = mem_new(struct fault_plan);

    plan->port.meet = meet;
    plan->trace = trace;
    return plan;
}

void fault_plan_lift(struct fault_plan *plan)
{
    plan->is_lifted = true;
    atomic_store(&plan->actors, 0);
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
    for (unsigned i = 0; i < N_FAULT_ACTORS; i++) {
        for (struct met_name *n = atomic_load(&plan->names[i]), *next; n; n = next) {
            next = n->next;
            free(n);
        }
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
    if (!p->fault.is_timed && !plan->is_lifted)
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

void fault_plan_fire_timed(struct fault_plan *plan, size_t i)
{
    struct planned *p = nth(plan, i);

    atomic_fetch_add(&p->met, 1);
    atomic_fetch_add(&p->fired, 1);
    tell(plan, &p->fault, p->fault.name, 0);
    tell_restart(plan, &p->fault);
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

/* ---- those that never happened ---- */

static void add_names(const struct fault_plan *plan, enum fault_actor actor, struct str *out)
{
    size_t n = 0;

    for (struct met_name *name = atomic_load(&plan->names[actor]); name; name = name->next)
        str_addf(out, "%s%s", n++ ? ", " : "", name->text);
}

static bool has_met(const struct fault_plan *plan, const struct fault *fault)
{
    for (struct met_name *n = atomic_load(&plan->names[fault->actor]); n; n = n->next) {
        if (str_matches(n->text, fault->name))
            return true;
    }
    return false;
}

static void add_reason(const struct fault_plan *plan, const struct planned *p, struct str *out)
{
    const struct fault *fault = &p->fault;
    const char *actor = fault_actor_name(fault->actor);
    unsigned met = atomic_load(&p->met);

    if (fault->is_timed) {
        str_addf(out, "the run ended before, or there was no such %s then", actor);
        return;
    }
    if (!plan->port.is_requester_ours && needs_our_requester(fault)) {
        str_add(out, "only a requester of steps (docs/world-file.md) does that");
        return;
    }
    str_addf(out, "its place was met %u time%s", met, met == 1 ? "" : "s");
    if (met || !fault->name || has_met(plan, fault))
        return;
    if (!atomic_load(&plan->names[fault->actor])) {
        str_addf(out, ": no %s was asked for anything", actor);
        return;
    }
    str_addf(out, ": no %s is called %s; there are: ", actor, fault->name);
    add_names(plan, fault->actor, out);
}

char *fault_plan_unfired(const struct fault_plan *plan, size_t i)
{
    struct planned *p = nth(plan, i);
    struct str out = { 0 };

    if (atomic_load(&p->fired))
        return NULL;
    add_reason(plan, p, &out);
    return str_take(&out);
}

/* SPDX-License-Identifier: MIT */
/* The faults of a world: planned, begun when their time has come, lifted at its end. */
#include "emu/api/guard_faults.h"
#include "emu/api/provider_adapter.h"
#include "emu/api/writer_adapter.h"
#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/volume.h"
#include "emu/setup/world.h"
#include "fakes/world/fault_plan.h"
#include "fakes/world/volume_faults.h"
#include "fakes/world/vsched.h"

#include <stdlib.h>

/* A fault with a time. Owned by the world. */
struct timed_fault {
    struct sched_task task;
    struct vssemu_world *world;
    size_t place; /* in the plan */
};

/* Told first: a process may end with it. */
static void happen_to_writers(struct vssemu_world *w, size_t place)
{
    const struct fault *fault = fault_plan_get(w->faults, place);

    if (writer_adapter_has(&w->service, fault->name))
        fault_plan_fire_timed(w->faults, place);
    writer_adapter_happen(&w->service, fault->name, &fault->hit);
}

static void happen_to_volumes(struct vssemu_world *w, size_t place)
{
    const struct fault *fault = fault_plan_get(w->faults, place);
    char name[3];

    for (size_t i = 0; i < w->volumes.count; i++) {
        struct volume *volume = w->volumes.items[i];

        if (fault->name && !str_matches(volume_faults_name(volume, name), fault->name))
            continue;
        fault_plan_fire_timed(w->faults, place);
        volume_faults_happen(volume, fault->hit.action);
    }
}

static void happen(struct sched_task *task)
{
    struct timed_fault *timed = container_of(task, struct timed_fault, task);
    struct vssemu_world *w = timed->world;
    const struct fault *fault = fault_plan_get(w->faults, timed->place);

    if (!w->faults_are_lifted) {
        switch (fault->actor) {
        case FAULT_WRITER:
            happen_to_writers(w, timed->place);
            break;
        case FAULT_VOLUME:
            happen_to_volumes(w, timed->place);
            break;
        default:
            fault_plan_fire_timed(w->faults, timed->place);
            guard_faults_happen(&w->service, &fault->hit);
            break;
        }
    }
}

static void post_timed(struct vssemu_world *w, size_t place)
{
    struct timed_fault *timed = mem_new(struct timed_fault);

    *timed = (struct timed_fault){ .task = { .run = happen }, .world = w, .place = place };
    array_add(&w->timed_faults, timed);
    sched_enter(w->ports.sched);
    sched_post(w->ports.sched, &timed->task, fault_plan_get(w->faults, place)->at_ns);
    sched_leave(w->ports.sched);
}

static bool has_happened(const struct vssemu_world *w, const struct fault *fault)
{
    auto_free char *text = w->n_past_faults ? fault_text(fault) : NULL;

    for (size_t i = 0; i < w->n_past_faults; i++) {
        if (str_is_equal(w->past_faults[i], text))
            return true;
    }
    return false;
}

void world_plan_fault(struct vssemu_world *w, struct fault *take_fault)
{
    if (has_happened(w, take_fault)) {
        fault_fini(take_fault);
        return;
    }
    if (!w->faults)
        w->faults = fault_plan_new(w->ports.trace);
    fault_plan_add(w->faults, take_fault);
    w->ports.faults = fault_plan_port(w->faults);
    if (take_fault->is_timed)
        post_timed(w, fault_plan_count(w->faults) - 1);
}

bool world_add_fault(struct vssemu_world *w, const char *text, char **ret_error)
{
    struct fault fault;

    if (!fault_parse(text, &fault, ret_error))
        return false;
    world_plan_fault(w, &fault);
    return true;
}

void world_lift_faults_inside(struct vssemu_world *w)
{
    if (!w->faults)
        return;
    w->faults_are_lifted = true;
    fault_plan_lift(w->faults);
    writer_adapter_lift_faults(&w->service);
    provider_adapter_lift_faults(&w->service);
    for (size_t i = 0; i < w->volumes.count; i++)
        volume_faults_lift(w->volumes.items[i]);
}

void world_lift_faults(struct vssemu_world *w)
{
    if (!w->faults) /* no turn is taken in vain */
        return;
    sched_enter(w->ports.sched);
    world_lift_faults_inside(w);
    sched_leave(w->ports.sched);
}

static void lift_in_need(struct sched_task *task)
{
    struct vssemu_world *w = container_of(task, struct vssemu_world, lift_task);

    service_trace(&w->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                       .who = "world",
                                                       .what = "what hangs comes back",
                                                       .detail = "everybody waits for ever" });
    world_lift_faults_inside(w);
}

static bool post_lift(void *arg)
{
    struct vssemu_world *w = arg;

    if (!w->faults || w->faults_are_lifted)
        return false;
    w->faults_are_lifted = true;
    w->lift_task.run = lift_in_need;
    sched_post(w->ports.sched, &w->lift_task, sched_now(w->ports.sched));
    return true;
}

void world_lift_faults_in_need(struct vssemu_world *w)
{
    if (w->vsched)
        vsched_set_deadlock_hook(w->vsched, post_lift, w);
}

void world_note_unfired(struct vssemu_world *w)
{
    for (size_t i = 0; w->faults && i < fault_plan_count(w->faults); i++) {
        auto_free char *why = fault_plan_unfired(w->faults, i);
        auto_free char *text = why ? fault_text(fault_plan_get(w->faults, i)) : NULL;

        if (!why)
            continue;
        sched_enter(w->ports.sched);
        service_trace(&w->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                           .who = "world",
                                                           .what = "fault did not happen",
                                                           .object = text,
                                                           .detail = why });
        sched_leave(w->ports.sched);
    }
}

void world_free_faults(struct vssemu_world *w)
{
    fault_plan_free(w->faults);
    for (size_t i = 0; i < w->timed_faults.count; i++)
        free(w->timed_faults.items[i]);
    array_free(&w->timed_faults);
}

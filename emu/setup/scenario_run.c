/* SPDX-License-Identifier: MIT */
#include "emu/setup/scenario_run.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/proto/api_rules.h"
#include "emu/setup/look.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/trace_memory.h"
#include "fakes/requester/steps.h"

#include <string.h>

static bool lacks_security;

#define DRAIN_NS (24 * 3600 * SCHED_SECOND)

static void note(void *arg, const char *what, const char *detail)
{
    struct vssemu_world *w = arg;

    sched_enter(w->ports.sched);
    service_trace(&w->service,
                  &(struct trace_record){
                      .kind = TRACE_NOTE, .who = "requester", .what = what, .detail = detail });
    sched_leave(w->ports.sched);
}

static bool meet(void *arg, const char *method, struct fault_hit *ret_hit)
{
    struct vssemu_world *w = arg;
    auto_free char *full = str_printf("IVssBackupComponents::%s", method);
    enum api_method point = api_method_named(full);

    if (point == N_API_METHODS)
        point = api_method_named(method);
    return point != N_API_METHODS &&
           faults_meet(w->ports.faults, FAULT_REQUESTER, NULL, (unsigned)point, ret_hit);
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

static void let_pass(void *arg, int64_t ns)
{
    struct sched *sched = ((struct vssemu_world *)arg)->ports.sched;

    sched_enter(sched);
    sched_wait(sched, never, NULL, sched_now(sched) + ns);
    sched_leave(sched);
}

void scenario_lack_security(void)
{
    lacks_security = true;
}

bool scenario_play_steps(struct vssemu_world *w, const struct scenario *s, char **ret_error)
{
    struct steps_hooks hooks = { .pause = let_pass,
                                 .lacks_security = lacks_security,
                                 .arg = w,
                                 .note = w->ports.trace ? note : NULL,
                                 .meet = w->ports.faults ? meet : NULL };
    struct steps_player *player = steps_new(&hooks);
    bool is_good = true;

    if (w->ports.faults) /* the steps ask, the calls that they make do not ask again */
        w->ports.faults->is_requester_ours = true;
    for (size_t i = 0; is_good && i < s->steps.count; i++) {
        auto_free char *why = NULL;

        is_good = steps_play(player, s->steps.items[i].text, &why);
        if (!is_good)
            *ret_error = s->steps.items[i].line
                             ? str_printf("line %u: %s", s->steps.items[i].line, why)
                             : str_printf("step %zu: %s", i + 1, why);
    }
    steps_free(player);
    return is_good;
}

bool scenario_run_begin(const struct scenario *s, struct scenario_run *ret, char **ret_error)
{
    return scenario_run_begin_looked(s, NULL, ret, ret_error);
}

bool scenario_run_begin_looked(const struct scenario *s, const char *look_into,
                               struct scenario_run *ret, char **ret_error)
{
    struct vssemu_options options = { .seed = s->has_seed ? s->seed : 1,
                                      .real_clock = s->is_real_clock,
                                      .schedule = s->schedule };
    struct vssemu_world *w = vssemu_world_new(&options);

    *ret = (struct scenario_run){ .world = w };
    if (!world_add_scenario(w, s, ret_error) || !world_begin_scenario(w, s, ret_error)) {
        vssemu_world_free(w);
        return false;
    }
    world_lift_faults_in_need(w);
    if (look_into)
        look_begin(w, look_into);
    scenario_play_steps(w, s, &ret->failure);
    world_drain(w, DRAIN_NS);
    world_lift_faults(w);
    world_drain(w, DRAIN_NS);
    if (look_into)
        look_end();
    world_look_at_files(w, s);
    world_note_unfired(w);
    return true;
}

size_t scenario_run_count(const struct scenario_run *run)
{
    return trace_memory_count(run->world->memory);
}

const struct trace_record *scenario_run_record(const struct scenario_run *run, size_t i)
{
    return trace_memory_get(run->world->memory, i);
}

void scenario_run_end(struct scenario_run *run)
{
    run->n_leaked = vssemu_world_free(run->world);
    run->world = NULL;
    free(run->failure);
    run->failure = NULL;
}

/* SPDX-License-Identifier: MIT */
/* vssemu_fuzz_requester: a plan's world in this process, a function of the user's as the program in
 * it, and the judgement that a search makes of a program (emu/search/trial). A run that is wrong
 * ends the process, so one at a time is all there is. */
#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/include/vssemu.h"
#include "emu/port/faults.h"
#include "emu/port/trace.h"
#include "emu/scenario/scenario.h"
#include "emu/search/judge.h"
#include "emu/search/plan.h"
#include "emu/search/trial.h"
#include "emu/setup/copy_watch.h"
#include "emu/setup/document_watch.h"
#include "emu/setup/scenario_world.h"
#include "emu/setup/trace_memory.h"
#include "emu/setup/world.h"
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread.h"
#include "fakes/windows/com.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define LINGERING (5 * SCHED_SECOND) /* what is on its way when the program has left */
/* A thread whose handle says that it has ended has still some steps to make. */
#define LAST_STEPS_MS 1

struct fuzzed {
    struct vssemu_world *world;
    struct plan plan;
    struct trial trial;
    struct sched_task day;
    unsigned n_days;
};

/* The plan's requester is the function, and the process in which it would die is the fuzzer's. */
static void keep_what_can_be_played(struct plan *plan)
{
    unsigned n = 0;

    for (unsigned i = 0; i < plan->n_faults; i++) {
        if (plan->faults[i].actor != FAULT_REQUESTER)
            plan->faults[n++] = plan->faults[i];
    }
    plan->n_faults = (uint8_t)n;
    plan->n_steps = 0;
    plan_trim(plan);
}

static bool make_world(struct fuzzed *f)
{
    const struct vssemu_options options = { .seed = f->plan.seed,
                                            .schedule = plan_schedule(f->plan.schedule) };
    auto_scenario struct scenario scenario = { 0 };
    auto_free char *error = NULL;

    plan_to_scenario(&f->plan, &scenario);
    f->world = vssemu_world_new(&options);
    if (world_add_scenario(f->world, &scenario, &error) &&
        world_begin_scenario(f->world, &scenario, &error))
        return true;
    vssemu_world_free(f->world);
    return false;
}

/* ---- judging ---- */

static void judge_records(struct fuzzed *f, int status, struct seek_verdict *verdict)
{
    trial_begin(&f->trial, &f->plan, SEEK_REQUESTER);
    for (size_t i = 0; i < trace_memory_count(f->world->memory); i++)
        trial_record(&f->trial, trace_memory_get(f->world->memory, i));
    trial_end(&f->trial, status, verdict);
}

static void end_when_wrong(const struct seek_verdict *verdict)
{
    if (!verdict->rule)
        return;
    fprintf(stderr, "vssemu: %s: %s\n", verdict->rule, verdict->what);
    fflush(NULL);
    abort();
}

/* Nothing can take the turn from a function for good. When a fault keeps it waiting, it gets one
 * more day, in which nothing goes wrong. */
static void end_the_day(struct sched_task *task)
{
    struct fuzzed *f = container_of(task, struct fuzzed, day);
    struct seek_verdict verdict = { 0 };

    if (f->n_days++)
        verdict_say(&verdict, judge_rule_name(JUDGE_ENDLESS),
                    mem_strdup("it neither ends nor gives up, and nothing hangs any more"));
    service_trace(&f->world->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                              .who = "program",
                                                              .what = "still there after a day" });
    judge_records(f, W_EXITCODE(0, 0), &verdict);
    end_when_wrong(&verdict);
    world_lift_faults_inside(f->world);
    sched_post(f->world->ports.sched, &f->day, sched_now(f->world->ports.sched) + JUDGE_DAY_NS);
}

/* ---- a run ---- */

static bool is_running;

/* A fuzzer that begins its process anew when it has ended would never hear of it. */
static void left_in_the_middle(int code, void *arg)
{
    const struct seek_verdict verdict = {
        .rule = "exit-code",
        .what = (char *)"the requester called exit with a code above 1",
    };

    (void)arg;
    if (is_running && code > 1)
        end_when_wrong(&verdict);
}

static int run(int (*requester)(void *arg), void *arg)
{
    static bool is_watched;

    if (!is_watched)
        is_watched = on_exit(left_in_the_middle, NULL) == 0;
    is_running = true;
    int code = requester(arg);

    is_running = false;
    return W_EXITCODE(code & 0xff, 0);
}

static void begin(struct fuzzed *f)
{
    struct sched *sched = f->world->ports.sched;

    ride_wish();
    vthread_activate(f->world->vsched); /* it may sleep before it starts a thread */
    world_lift_faults_in_need(f->world);
    copy_watch_begin(f->world);
    document_watch_begin(f->world);
    com_begin_process();
    f->day.run = end_the_day;
    sched_enter(sched);
    sched_post(sched, &f->day, JUDGE_DAY_NS);
    service_trace(
        &f->world->service,
        &(struct trace_record){ .kind = TRACE_NOTE, .who = "world", .what = JUDGE_NOTE_BEGINS });
    sched_leave(sched);
}

/* As a process ends (emu/setup/process_world). */
static void end(struct fuzzed *f)
{
    struct sched *sched = f->world->ports.sched;

    sched_enter(sched);
    sched_cancel(sched, &f->day);
    sched_leave(sched);
    world_end_sessions(f->world);
    world_lift_faults(f->world);
    world_drain(f->world, LINGERING);
    copy_watch_end();
    document_watch_end();
    vssemu_find_leaks(f->world);
    vssemu_run_for(f->world, LAST_STEPS_MS);
}

int vssemu_fuzz_requester(const uint8_t *data, size_t size, int (*requester)(void *arg), void *arg)
{
    struct fuzzed f = { 0 };
    struct seek_verdict verdict = { 0 };

    plan_from_bytes(data, size, &f.plan);
    keep_what_can_be_played(&f.plan);
    if (!make_world(&f))
        return -1;
    trial_init(&f.trial, true);
    begin(&f);
    int status = run(requester, arg);

    end(&f);
    judge_records(&f, status, &verdict);
    trial_judge_status(&f.trial, status, &verdict);
    end_when_wrong(&verdict);
    trial_fini(&f.trial);
    vssemu_world_free(f.world);
    return 0;
}

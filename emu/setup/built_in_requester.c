/* SPDX-License-Identifier: MIT */
#include "emu/setup/built_in_requester.h"

#include "emu/api/entry.h"
#include "emu/api/guard_faults.h"
#include "emu/base/mem.h"
#include "emu/setup/description.h"
#include "emu/setup/process_world.h"
#include "emu/setup/replay_requester.h"
#include "emu/setup/scenario_run.h"
#include "emu/setup/world.h"
#include "fakes/requester/betest.h"
#include "fakes/windows/console.h"
#include "fakes/windows/services/service.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <windows.h>

#define WAIT_FOR_WRITERS_MS   100 /* for further writers to subscribe */
#define WAIT_FOR_REQUESTER_MS 500 /* for the program to act as a requester itself */
#define WAIT_FOR_HANDLERS_MS  60000
#define WAIT_FOR_EXIT_MS      5000
#define WAIT_FOR_SERVICE_MS   65000 /* the manager's patience, twice */

static struct built_in {
    struct vssemu_world *world;
    bool is_asked_for;           /* --requester was given, or steps */
    bool plays_steps;            /* of the world file */
    bool is_searched;            /* what the program leaves with is the result */
    char *configuration;         /* NULL: every component */
    char *replay;                /* a trace whose requester is followed; NULL: betest runs */
    struct sched_thread *thread; /* both end with the process */
    struct sched_thread *console;
    bool is_started, has_finished;
    atomic_bool program_is_requester; /* said by whatever thread it calls from */
    int64_t last_subscription_ns;
    int result;
} built_in;

static bool never(void *arg)
{
    (void)arg;
    return false;
}

static void pause_until(int64_t at_ns)
{
    struct sched *sched = built_in.world->ports.sched;

    sched_enter(sched);
    sched_wait(sched, never, NULL, at_ns);
    sched_leave(sched);
}

/* Waits until no further writer has subscribed for a while. */
static void wait_for_writers(void)
{
    int64_t limit_ms = built_in.is_asked_for ? WAIT_FOR_WRITERS_MS : WAIT_FOR_REQUESTER_MS;
    int64_t until;

    do {
        until = built_in.last_subscription_ns + limit_ms * SCHED_MS;
        pause_until(until);
    } while (built_in.last_subscription_ns + limit_ms * SCHED_MS > until);
}

static void note(const char *what, const char *detail)
{
    struct service *service = &built_in.world->service;

    sched_enter(service->ports->sched);
    service_trace(service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                   .who = "built-in requester",
                                                   .what = what,
                                                   .detail = detail });
    sched_leave(service->ports->sched);
}

/* On a thread of its own: a handler that never returns must not stop the clock of those 5 s. */
static void tell_to_leave(void *arg)
{
    (void)arg;
    if (service_mode_is_on()) {
        service_stop_all(); /* tells what does not stop; nobody else would end it */
        return;
    }
    if (console_send_control(CTRL_CLOSE_EVENT))
        return;
    kill(getpid(), SIGTERM);
}

static int play_steps(void)
{
    char *error = NULL;

    world_lift_faults_in_need(built_in.world);
    if (scenario_play_steps(built_in.world, process_world_scenario(), &error))
        return 0;
    fprintf(stderr, "vssemu: %s: %s\n", process_world_scenario()->path, error);
    free(error);
    return 1;
}

static void requester_main(void *arg)
{
    struct betest_options options = { .backup = true,
                                      .configuration = built_in.configuration,
                                      .out = stderr };
    struct sched *sched = built_in.world->ports.sched;

    (void)arg;
    guard_faults_requester_is_ours();
    wait_for_writers();
    if (built_in.program_is_requester && !built_in.is_asked_for)
        return;
    if (built_in.replay)
        built_in.result = replay_requester_run(built_in.world, built_in.replay, stderr);
    else if (built_in.plays_steps)
        built_in.result = play_steps();
    else
        built_in.result = betest_run(&options);
    built_in.has_finished = true;
    /* A writer that was late is still in its handler, and its Abort waits behind that. */
    world_drain(built_in.world, WAIT_FOR_HANDLERS_MS * SCHED_MS);
    world_lift_faults(built_in.world);
    char code[32]; /* the process may end before this function does: nothing to free */

    snprintf(code, sizeof(code), "exit code %d", built_in.result);
    note(built_in.result ? "failed" : "finished", built_in.result ? code : NULL);
    built_in.console = sched->ops->start(sched, "console", tell_to_leave, NULL);
    int64_t limit_ms = service_mode_is_on() ? WAIT_FOR_SERVICE_MS : WAIT_FOR_EXIT_MS;
    pause_until(sched_now(sched) + limit_ms * SCHED_MS);
    note("the program has not left; ended", NULL);
    fprintf(stderr, "vssemu: the program was told to leave and is still there %d s later; ended\n",
            (int)(limit_ms / 1000));
    fflush(NULL);
    _exit(built_in.result ? built_in.result : 1);
}

static void writer_subscribed(struct service *service)
{
    struct sched *sched = service->ports->sched;

    if (service != &built_in.world->service)
        return;
    sched_enter(sched);
    built_in.last_subscription_ns = sched_now(sched);
    bool is_first = !built_in.is_started;
    built_in.is_started = true;
    sched_leave(sched);
    if (is_first)
        built_in.thread = sched->ops->start(sched, "built-in requester", requester_main, NULL);
}

static void requester_made(struct service *service)
{
    (void)service;
    built_in.program_is_requester = true;
}

void built_in_requester_prepare(struct vssemu_world *world, const struct description *description)
{
    built_in.world = world;
    built_in.is_asked_for = description->has_requester;
    built_in.plays_steps = description->plays_steps;
    built_in.is_searched = description->is_searched;
    built_in.configuration = mem_strdup(description->betest);
    built_in.replay = mem_strdup(description->replay);
    entry_on_writer_subscribed = writer_subscribed;
    entry_on_requester = requester_made;
}

void built_in_requester_at_exit(void)
{
    if (built_in.has_finished && built_in.result && !built_in.is_searched)
        _exit(built_in.result);
}

/* SPDX-License-Identifier: MIT */
#include "emu/cli/launch_life.h"

#include "emu/base/cleanup.h"
#include "emu/cli/say.h"
#include "fakes/world/fault.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A fault that happens every time kills every life. */
#define MAX_LIVES 100

/* How long its writer stays away; 0: it does not come back, or nothing of the kind happened. */
static int64_t stays_away_ns(const char *fault_text)
{
    auto_free char *error = NULL;
    struct fault fault;

    if (!fault_text || !fault_parse(fault_text, &fault, &error))
        return 0;
    bool is_death = fault.actor == FAULT_WRITER && fault.hit.action == FAULT_DIE;
    int64_t ns = is_death ? fault.hit.duration_ns : 0;

    fault_fini(&fault);
    return ns;
}

bool launch_life_next(const struct run_report *report, int status, struct launch_life *life)
{
    int64_t away_ns = stays_away_ns(report->last_fault);

    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || !away_ns)
        return false;
    if (life->number + 1 >= MAX_LIVES) {
        say("the fault \"%s\" has ended the program %d times: it is not started again",
            report->last_fault, MAX_LIVES);
        return false;
    }
    life->number++;
    life->begins_ns = report->latest_ns + away_ns;
    return true;
}

/* One that happens every time has a future, too. */
static bool is_past(const char *text)
{
    auto_free char *error = NULL;
    struct fault fault;

    if (!fault_parse(text, &fault, &error))
        return false;
    bool is_past = fault.is_timed || fault.nth != FAULT_EVERY;

    fault_fini(&fault);
    return is_past;
}

json_t *launch_life_description(const struct launch_life *life, const struct run_report *report)
{
    json_t *past, *happened;
    const char *text;

    if (!life->number)
        return NULL;
    past = json_array();
    json_object_foreach(report->faults, text, happened)
    {
        if (json_is_true(happened) && is_past(text))
            json_array_append_new(past, json_string(text));
    }
    return json_pack("{s:I, s:I, s:o}", "number", (json_int_t)life->number, "begins_ns",
                     (json_int_t)life->begins_ns, "past", past);
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

bool launch_life_wait(int signal_fd, int64_t ns)
{
    struct pollfd fd = { .fd = signal_fd, .events = POLLIN };
    int64_t until = now_ns() + ns;

    for (int64_t rest = ns; rest > 0; rest = until - now_ns()) {
        struct signalfd_siginfo info;

        if (poll(&fd, 1, (int)(rest / 1000000 + 1)) > 0 &&
            read(signal_fd, &info, sizeof(info)) == sizeof(info) && info.ssi_signo != SIGCHLD)
            return false;
    }
    return true;
}

/* SPDX-License-Identifier: MIT */
/* What is told when a world cannot go on: who waits for what. */
#include "fakes/world/vsched_inside.h"

#include "emu/base/check.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"

#include <stdio.h>
#include <stdlib.h>

static void describe_wait(const struct vsched *vs, const struct vsched_wait *wait, struct str *text)
{
    str_addf(text, " waits for %s", wait->what);
    if (wait->deadline.place)
        str_addf(text, " until %.6f s", (double)wait->deadline.at_ns / 1e9);
    str_addf(text, " since %.6f s", (double)wait->since_ns / 1e9);
    if (wait->thread == vs->in_service)
        str_add(text, " (inside the service)");
}

char *vsched_describe(struct vsched *vs)
{
    struct str text = { 0 };

    for (size_t i = 0; i < vs->threads.count; i++) {
        struct vsched_thread *thread = vs->threads.items[i];

        str_addf(&text, "thread %s", thread->name);
        if (!thread->wait || thread->wait->is_over)
            str_add(&text, " can run");
        else
            describe_wait(vs, thread->wait, &text);
        str_add_char(&text, '\n');
    }
    return str_take(&text);
}

static _Noreturn void report(struct vsched *vs, const char *what, const char *why)
{
    auto_free char *who = vsched_describe(vs);
    auto_free char *schedule = vsched_schedule_text(&vs->strategy.schedule);
    struct trace_record record = {
        .at_ns = vsched_now(vs),
        .kind = TRACE_FINDING,
        .who = "scheduler",
        .what = what,
        .detail = who,
    };

    fprintf(stderr, "vssemu: %s at %.6f s, seed %llu, schedule %s: %s\n%s", what,
            (double)vsched_now(vs) / 1e9, (unsigned long long)vs->seed, schedule, why, who);
    trace_write(vs->trace, &record);
    check_failed(__FILE__, __LINE__, __func__, "somebody can run, or something is due");
}

void vsched_report_deadlock(struct vsched *vs)
{
    report(vs, "deadlock", "nobody can run and nothing is due");
}

void vsched_report_spin(struct vsched *vs)
{
    report(vs, "endless loop", "the running thread comes by again and again and never waits");
}

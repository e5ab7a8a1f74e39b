/* SPDX-License-Identifier: MIT */
#include "emu/setup/wait_watch.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"
#include "emu/search/judge.h"
#include "fakes/world/vsched.h"

static struct {
    struct trace trace;
    struct trace *to;
    struct vsched *vs;
    bool has_told;
} watch;

static bool is_of_interest(const struct trace_record *record)
{
    return record->kind == TRACE_STATE
               ? str_is_equal(record->what, "freeze time-out")
               : record->kind == TRACE_NOTE && str_starts_with(record->what, JUDGE_NOTE_STAYS);
}

static void watch_write(struct trace *trace, const struct trace_record *record)
{
    (void)trace;
    trace_write(watch.to, record);
    if (watch.has_told || !watch.vs || !is_of_interest(record))
        return;
    watch.has_told = true;
    auto_free char *who = vsched_describe(watch.vs);

    trace_write(watch.to, &(struct trace_record){ .at_ns = record->at_ns,
                                                  .kind = TRACE_NOTE,
                                                  .who = "scheduler",
                                                  .what = "who waits for what",
                                                  .detail = who });
}

struct trace *wait_watch_before(struct trace *to)
{
    watch.trace.write = watch_write;
    watch.to = to;
    return to ? &watch.trace : NULL;
}

void wait_watch_begin(struct vsched *vs)
{
    watch.vs = vs;
}

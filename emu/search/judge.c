/* SPDX-License-Identifier: MIT */
/* A row for each writer and volume that a run's records name, in the order of their coming; a run
 * has few of them. Instances of one class have one name, so that what is told of is counted. */
#include "emu/search/judge.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"
#include "emu/proto/fault_rules.h"
#include "emu/proto/finding_rules.h"
#include "fakes/world/fault.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HOUR (3600 * INT64_C(1000000000))

struct party {
    char *who;
    int n_frozen;      /* Freeze agreed to, less Thaws and Aborts behind it */
    int n_prepared;    /* PrepareForBackup told, less BackupShutdowns */
    int n_instances;   /* that have subscribed by this name */
    int n_held;        /* holds of a volume, less releases */
    bool is_aborted;   /* since the last PrepareForBackup or BackupShutdown */
    bool is_restoring; /* between PreRestore and a PostRestore that it agreed to */
    bool is_excused;   /* a fault made it leave, hang or crash */
    int64_t frozen_ns, prepared_ns, held_ns;
};

struct judge {
    bool counts_findings;
    bool is_cut_off;
    bool has_lost_files;  /* a volume failed: what a writer needs to open again may be gone */
    bool has_lost_writer; /* a process that seems to have ended hears nothing any more */
    bool has_long_call;   /* one that only answers, hours later: nobody can give it up */
    bool has_machine_fault, has_cancelled;
    bool has_delays; /* some fault has made somebody late */
    bool is_overlapping;
    unsigned n_sessions;
    ARRAY(struct party) parties;
    ARRAY(struct judge_failure) failures;
};

static const char *const rule_names[N_JUDGE_RULES] = {
    [JUDGE_NOT_THAWED] = "not-thawed",
    [JUDGE_WRITES_HELD] = "writes-held",
    [JUDGE_EVENT_AFTER_ABORT] = "event-after-abort",
    [JUDGE_NO_SHUTDOWN] = "no-shutdown",
    [JUDGE_LATE] = "late",
    [JUDGE_FINDING] = "finding",
    [JUDGE_STAYS] = "stays",
    [JUDGE_STUCK] = "stuck",
    [JUDGE_DEADLOCK] = "deadlock",
    [JUDGE_ENDLESS] = "endless",
};

const char *judge_rule_name(enum judge_rule rule)
{
    return rule_names[rule];
}

struct judge *judge_new(bool counts_findings)
{
    struct judge *judge = mem_new(struct judge);

    judge->counts_findings = counts_findings;
    return judge;
}

void judge_reset(struct judge *j)
{
    for (size_t i = 0; i < j->parties.count; i++)
        free(j->parties.items[i].who);
    for (size_t i = 0; i < j->failures.count; i++)
        free(j->failures.items[i].what);
    j->parties.count = j->failures.count = 0;
    j->has_delays = j->is_overlapping = j->has_machine_fault = false;
    j->has_cancelled = j->has_long_call = j->has_lost_writer = false;
    j->is_cut_off = j->has_lost_files = false;
    j->n_sessions = 0;
}

void judge_free(struct judge *j)
{
    if (!j)
        return;
    judge_reset(j);
    array_free(&j->parties);
    array_free(&j->failures);
    free(j);
}

static void __attribute__((format(printf, 4, 5)))
fail(struct judge *j, enum judge_rule rule, int64_t at_ns, const char *format, ...)
{
    struct str text = { 0 };
    va_list args;

    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    array_add(&j->failures,
              ((struct judge_failure){ .rule = rule, .what = str_take(&text), .at_ns = at_ns }));
}

static struct party *party(struct judge *j, const char *who)
{
    for (size_t i = 0; i < j->parties.count; i++) {
        if (strcmp(j->parties.items[i].who, who) == 0)
            return &j->parties.items[i];
    }
    struct party *p = array_push(&j->parties);

    *p = (struct party){ .who = mem_strdup(who) };
    return p;
}

static double seconds(int64_t ns)
{
    return (double)ns / 1e9;
}

/* ---- records ---- */

static bool is_thaw(const char *event)
{
    return str_is_equal(event, "Thaw") || str_is_equal(event, "Abort");
}

/* A session of its own is the only one that a writer can be sure of: where two overlap, its events
 * are those of both. */
static void check_after_abort(struct judge *j, const struct party *p,
                              const struct trace_record *record)
{
    if (p->is_aborted && !j->is_overlapping && p->n_instances < 2 &&
        !str_is_equal(record->what, "Abort") && !str_is_equal(record->what, "Identify"))
        fail(j, JUDGE_EVENT_AFTER_ABORT, record->at_ns, "%s: %s at %.6f s, behind Abort", p->who,
             record->what, seconds(record->at_ns));
}

static void record_event(struct judge *j, const struct trace_record *record)
{
    struct party *p = party(j, record->who);
    bool agreed = !record->has_result || record->result >= 0;

    if (str_is_equal(record->what, "PrepareForBackup")) {
        p->n_prepared++;
        p->prepared_ns = record->at_ns;
        p->is_aborted = false;
        return;
    }
    if (str_is_equal(record->what, "BackupShutdown")) {
        p->n_prepared -= p->n_prepared > 0;
        p->is_aborted = false;
        return;
    }
    if (str_is_equal(record->what, "PreRestore"))
        p->is_restoring = true;
    if (str_is_equal(record->what, "PostRestore") && agreed)
        p->is_restoring = false;
    check_after_abort(j, p, record);
    if (str_is_equal(record->what, "Freeze") && agreed) {
        p->n_frozen++;
        p->frozen_ns = record->at_ns;
    } else if (is_thaw(record->what)) {
        p->n_frozen -= p->n_frozen > 0;
    }
    p->is_aborted |= str_is_equal(record->what, "Abort");
}

static void record_volume(struct judge *j, const struct trace_record *record)
{
    struct party *p = party(j, record->who);

    if (record->has_result && record->result < 0)
        return;
    if (str_is_equal(record->what, "hold")) {
        p->n_held++;
        p->held_ns = record->at_ns;
    } else if (str_is_equal(record->what, "release")) {
        p->n_held = 0;
    }
}

static bool breaks_release(const struct fault *fault)
{
    return fault->actor == FAULT_VOLUME && fault->point == AT_VOLUME_RELEASE;
}

static void record_fault(struct judge *j, const struct trace_record *record)
{
    struct fault fault;
    auto_free char *error = NULL;

    if (!record->detail || !fault_parse(record->detail, &fault, &error))
        return;
    j->has_lost_files |= fault.actor == FAULT_VOLUME;
    j->has_machine_fault |= fault.actor == FAULT_MACHINE;
    party(j, record->who)->is_excused |= breaks_release(&fault);
    switch (fault.hit.action) {
    case FAULT_HANG:
    case FAULT_CRASH:
    case FAULT_DIE:
    case FAULT_UNSUBSCRIBE:
    case FAULT_VANISH:
    case FAULT_LOSE_HOLD:
        party(j, record->who)->is_excused = true;
        j->has_delays = true; /* others wait for it */
        j->has_lost_writer |= fault.actor == FAULT_WRITER;
        j->has_long_call |= fault.actor == FAULT_PROVIDER && fault.hit.action == FAULT_HANG;
        break;
    case FAULT_DELAY:
        j->has_delays = true;
        j->has_long_call |= fault.actor == FAULT_PROVIDER && fault.hit.duration_ns >= HOUR;
        break;
    default:
        break;
    }
    fault_fini(&fault);
}

static bool is_must(const char *rule)
{
    for (int i = 0; i < N_FINDING_RULES; i++) {
        if (str_is_equal(finding_row((enum finding_rule)i)->id, rule))
            return finding_row((enum finding_rule)i)->level == LEVEL_MUST;
    }
    return false;
}

/* A call that answers for the machine has done nothing: what it should have done is missing, and
 * the program can do no more than to say so. What it was given it still has to release. */
static bool is_excused_finding(const struct judge *j, const char *rule)
{
    if (str_is_equal(rule, "released-while-pending") && j->has_cancelled && j->has_delays)
        return true; /* more than to cancel what hangs nobody can do */
    return j->has_machine_fault && !strstr(rule, "-leaked") &&
           !str_is_equal(rule, "session-not-released");
}

static void record_state(struct judge *j, const struct trace_record *record)
{
    struct party *p = party(j, record->who);

    if (!str_is_equal(record->what, "freeze time-out") &&
        !str_is_equal(record->what, "handler time-out"))
        return;
    if (!j->has_delays)
        fail(j, JUDGE_LATE, record->at_ns, "%s: %s at %.6f s", p->who, record->what,
             seconds(record->at_ns));
    p->is_excused = true; /* what it owes is another failure's consequence */
}

/* A requester that leaves in the middle of a restore is told to nobody. */
static bool is_restoring(const struct judge *j)
{
    for (size_t i = 0; i < j->parties.count; i++) {
        if (j->parties.items[i].is_restoring)
            return true;
    }
    return false;
}

/* The search ends the program there, and what it owes cannot come any more. */
static void record_day(struct judge *j, const struct trace_record *record)
{
    j->is_cut_off = true;
    if (!j->has_long_call)
        fail(j, JUDGE_ENDLESS, record->at_ns, "it neither ends nor gives up");
}

void judge_record(struct judge *j, const struct trace_record *record)
{
    switch (record->kind) {
    case TRACE_CALL:
        if (str_is_equal(record->what, "InitializeForBackup") && record->result >= 0)
            j->is_overlapping |= ++j->n_sessions > 1;
        j->has_cancelled |= str_is_equal(record->what, "Cancel");
        break;
    case TRACE_EVENT:
        record_event(j, record);
        break;
    case TRACE_VOLUME:
        record_volume(j, record);
        break;
    case TRACE_STATE:
        record_state(j, record);
        break;
    case TRACE_FINDING:
        if (str_is_equal(record->what, "deadlock"))
            fail(j, JUDGE_DEADLOCK, record->at_ns, "everybody waits for ever");
        else if (str_is_equal(record->what, "watchdog") ||
                 str_is_equal(record->what, "endless loop"))
            fail(j, JUDGE_STUCK, record->at_ns, "it stood still (%s)", record->what);
        else if (j->counts_findings && is_must(record->what) &&
                 !is_excused_finding(j, record->what))
            fail(j, JUDGE_FINDING, record->at_ns, "%s broke %s%s%s", record->who, record->what,
                 record->object ? ": " : "", record->object ? record->object : "");
        break;
    case TRACE_NOTE:
        if (str_is_equal(record->what, "Subscribe"))
            party(j, record->who)->n_instances++;
        else if (str_is_equal(record->what, "fault"))
            record_fault(j, record);
        else if (str_starts_with(record->what, "the program has not left") && !j->has_lost_writer &&
                 !j->has_lost_files && !is_restoring(j))
            fail(j, JUDGE_STAYS, record->at_ns, "told to leave, it is still there");
        else if (str_is_equal(record->what, "still there after a day"))
            record_day(j, record);
        break;
    default:
        break;
    }
}

/* ---- the end ---- */

void judge_end(struct judge *j)
{
    for (size_t i = 0; i < j->parties.count; i++) {
        const struct party *p = &j->parties.items[i];

        if (p->is_excused || j->is_cut_off)
            continue;
        if (p->n_frozen)
            fail(j, JUDGE_NOT_THAWED, p->frozen_ns, "%s: Freeze at %.6f s, and no Thaw or Abort",
                 p->who, seconds(p->frozen_ns));
        if (p->n_prepared)
            fail(j, JUDGE_NO_SHUTDOWN, p->prepared_ns,
                 "%s: PrepareForBackup at %.6f s, and no BackupShutdown", p->who,
                 seconds(p->prepared_ns));
        if (p->n_held)
            fail(j, JUDGE_WRITES_HELD, p->held_ns, "%s: writes held at %.6f s, and not released",
                 p->who, seconds(p->held_ns));
    }
}

size_t judge_count(const struct judge *j)
{
    return j->failures.count;
}

const struct judge_failure *judge_get(const struct judge *j, size_t i)
{
    return &j->failures.items[i];
}

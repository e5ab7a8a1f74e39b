/* SPDX-License-Identifier: MIT */
/* What each record of a run means to the judge. */
#include "emu/search/judge_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"
#include "emu/proto/fault_rules.h"
#include "emu/proto/finding_rules.h"
#include "emu/scenario/cast.h"
#include "emu/search/excuses.h"
#include "emu/search/plan.h"
#include "fakes/world/fault.h"
#include "fakes/world/vsched.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
        judge_fail(j, JUDGE_EVENT_AFTER_ABORT, record->at_ns, "%s: %s at %.6f s, behind Abort",
                   p->who, record->what, judge_seconds(record->at_ns));
}

/* Learn: "CVssWriter::OnIdentify": any requester may ask, at any time. Who has answered once and
 * then refuses is in no backup any more. */
static void check_identify(struct judge *j, struct party *p, const struct trace_record *record)
{
    const struct excuses *e = &j->excuses;
    bool is_explained = p->has_fault || p->is_restoring || p->n_instances > 1 ||
                        e->has_lost_files || e->has_lost_program || excuses_call(e);

    if (record->has_result && record->result < 0 && p->has_answered && !is_explained)
        judge_fail(j, JUDGE_NOT_LISTED, record->at_ns,
                   "%s: Identify failed at %.6f s, after it had answered before", p->who,
                   judge_seconds(record->at_ns));
    p->has_answered |= !record->has_result || record->result >= 0;
}

static void record_event(struct judge *j, const struct trace_record *record)
{
    struct party *p = judge_party(j, record->who);
    bool agreed = !record->has_result || record->result >= 0;

    p->has_failed |= !agreed;
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
    if (str_is_equal(record->what, "Identify"))
        check_identify(j, p, record);
    if (str_is_equal(record->what, "PrepareForSnapshot"))
        p->set_ns = record->at_ns;
    if (str_is_equal(record->what, "PreRestore"))
        p->is_restoring = true;
    if (str_is_equal(record->what, "PostRestore") && agreed)
        p->is_restoring = false;
    check_after_abort(j, p, record);
    if (str_is_equal(record->what, "Freeze") && agreed) {
        p->n_frozen++;
        p->n_set_frozen++;
        p->frozen_ns = record->at_ns;
    } else if (is_thaw(record->what)) {
        p->n_frozen -= p->n_frozen > 0;
    }
    p->is_aborted |= str_is_equal(record->what, "Abort");
}

static void record_volume(struct judge *j, const struct trace_record *record)
{
    struct party *p = judge_party(j, record->who);

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
    struct party *p = judge_party(j, record->who);
    auto_free char *error = NULL;

    if (!record->detail || !fault_parse(record->detail, &fault, &error))
        return;
    excuses_take(&j->excuses, &fault, record->at_ns, !judge_is_of_cast(j, record->who));
    p->has_fault = true;
    p->is_excused |= breaks_release(&fault);
    switch (fault.hit.action) {
    case FAULT_HANG:
    case FAULT_CRASH:
    case FAULT_DIE:
    case FAULT_UNSUBSCRIBE:
    case FAULT_VANISH:
    case FAULT_LOSE_HOLD:
        p->is_excused = true;
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

/* object: "Cast Ghost: Ghost". No set has the volume of a file that is nowhere: a requester that
 * goes on and reports the component as failed has done what it can. */
static bool is_of_nowhere(const struct judge *j, const char *object)
{
    for (unsigned i = 0; object && j->plan && i < j->plan->n_writers; i++) {
        if (cast_is_nowhere(j->plan->writers[i]) &&
            str_starts_with(object, cast_get(j->plan->writers[i])->writer.name))
            return true;
    }
    return false;
}

static bool is_excused_finding(const struct judge *j, const struct trace_record *record)
{
    const char *rule = record->what;

    if (str_is_equal(rule, "volume-not-in-set") && is_of_nowhere(j, record->object))
        return true;
    if (str_is_equal(rule, "released-while-pending") && j->has_cancelled &&
        j->excuses.has_late_partner)
        return true; /* more than to cancel what hangs nobody can do */
    return excuses_finding(&j->excuses, rule);
}

/* What our partners break on purpose never counts. */
static bool is_partners(const struct judge *j, const char *who)
{
    return judge_is_of_cast(j, who) || (j->is_of_writer && !str_starts_with(who, WRITER));
}

/* object: "Sql: Orders". A writer that has failed with a code that is none ("S_FALSE") is not what
 * correct programs look for. */
static void record_despite(struct judge *j, const char *object)
{
    for (size_t i = 0; object && !j->despite && i < j->parties.count; i++) {
        const struct party *p = &j->parties.items[i];
        const char *name = str_starts_with(p->who, WRITER) ? p->who + strlen(WRITER) : NULL;

        if (name && p->has_failed && str_starts_with(object, name))
            j->despite = mem_strdup(object);
    }
}

static void record_broken_rule(struct judge *j, const struct trace_record *record)
{
    if (str_is_equal(record->what, "succeeded-despite-failure"))
        record_despite(j, record->object);
    if (!j->counts_findings || is_partners(j, record->who))
        return;
    if (str_is_equal(record->what, "snapshot-left-behind")) {
        if (!excuses_leftover(&j->excuses) &&
            !(j->has_cancelled && j->excuses.has_late_partner)) /* it came later */
            judge_fail(j, JUDGE_LEFT_BEHIND, record->at_ns,
                       "a persistent snapshot was left behind");
    } else if (is_must(record->what) && !is_excused_finding(j, record)) {
        judge_fail(j, JUDGE_FINDING, record->at_ns, "%s broke %s%s%s", record->who, record->what,
                   record->object ? ": " : "", record->object ? record->object : "");
    }
}

static void record_finding(struct judge *j, const struct trace_record *record)
{
    if (str_is_equal(record->what, "deadlock"))
        judge_fail(j, JUDGE_DEADLOCK, record->at_ns, "everybody waits for ever");
    else if (str_is_equal(record->what, "watchdog") || str_is_equal(record->what, "endless loop"))
        judge_fail(j, JUDGE_STUCK, record->at_ns, "it stood still (%s)", record->what);
    else
        record_broken_rule(j, record);
}

/* Learn: "CVssWriter::Initialize": the window goes from Freeze to Thaw; what is late in it is late
 * for every writer. Ten minutes in a handler are the writer's own. */
static void record_state(struct judge *j, const struct trace_record *record)
{
    struct party *p = judge_party(j, record->who);
    bool is_freeze = str_is_equal(record->what, "freeze time-out");
    bool is_own =
        p->has_fault || (j->excuses.has_lost_program && !judge_is_of_cast(j, record->who));

    if (!is_freeze && !str_is_equal(record->what, "handler time-out"))
        return;
    bool is_victim = is_freeze && j->is_of_writer && judge_is_of_cast(j, record->who);

    if (!is_own && !(is_freeze && j->excuses.late_until_ns &&
                     j->excuses.late_until_ns >= p->set_ns)) /* in this set */
        judge_fail(j, JUDGE_LATE, record->at_ns, "%s: %s at %.6f s",
                   is_victim ? "others, because of the program" : p->who, record->what,
                   judge_seconds(record->at_ns));
    p->has_failed = true;
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

/* The search ends the program there, and what it owes cannot come any more. A partner of ours may
 * be the one who waits: for what hangs, or for somebody who has gone. */
static void record_day(struct judge *j, const struct trace_record *record)
{
    const struct excuses *e = &j->excuses;
    bool is_partners = j->is_of_writer && j->has_subscribed &&
                       (e->has_late_partner || e->has_lost_writer || e->has_restart);

    j->is_cut_off = true;
    if (!e->has_long_call && !is_partners)
        judge_fail(j, record->detail ? JUDGE_DEADLOCK : JUDGE_ENDLESS, record->at_ns,
                   record->detail ? "everybody waits for ever" : "it neither ends nor gives up");
}

static void record_stays(struct judge *j, const struct trace_record *record)
{
    if (!j->excuses.has_lost_program && !j->excuses.has_lost_files && !is_restoring(j))
        judge_fail(j, JUDGE_STAYS, record->at_ns, "told to leave, it is still there");
}

static void record_call(struct judge *j, const struct trace_record *record)
{
    if (str_starts_with(record->what, "InitializeFor") && record->result >= 0)
        j->is_overlapping |= ++j->n_sessions > 1;
    else if (str_is_equal(record->what, "Cancel"))
        j->has_cancelled = true;
    else if (str_is_equal(record->what, "StartSnapshotSet"))
        judge_forget_set(j);
    else if (str_is_equal(record->what, "DoSnapshotSet"))
        j->has_failed_set = record->has_result && record->result < 0;
}

/* What may be checked: a writer that was left out, has failed or was met by a fault promises
 * nothing about its files. */
static bool is_good_look(const struct judge *j, bool is_restored)
{
    const struct excuses *e = &j->excuses;

    if (e->has_lost_files || e->has_lost_program || e->has_restart)
        return false;
    if (is_restored && j->is_of_writer) /* by ours, which puts nothing back */
        return false;
    for (size_t i = 0; i < j->parties.count; i++) {
        const struct party *p = &j->parties.items[i];

        if (!p->n_instances || judge_is_of_cast(j, p->who))
            continue;
        if (p->has_fault ||
            (is_restored ? !p->is_restoring : p->has_failed || p->n_set_frozen < p->n_instances))
            return false;
    }
    return true;
}

static void record_laid_out(struct judge *j, const struct trace_record *record)
{
    struct look look = { .is_restored = str_is_equal(record->detail, JUDGE_RESTORED) };

    if (!is_good_look(j, look.is_restored))
        return;
    look.number = mem_strdup(record->object);
    array_add(&j->looks, look);
}

/* A fault may have damaged it. */
static void record_document(struct judge *j, const struct trace_record *record)
{
    if (!judge_is_of_cast(j, record->who) && !judge_party(j, record->who)->has_fault)
        judge_fail(j, JUDGE_DOCUMENT, record->at_ns, "%s: %s (%s)", record->who, record->what,
                   record->detail);
}

/* The last line of what the scheduler says. */
static void record_circle(struct judge *j, const struct trace_record *record)
{
    const char *line = record->detail ? strstr(record->detail, "in a circle: ") : NULL;

    if (line && !j->circle)
        j->circle = str_printf("%.*s", (int)strcspn(line, "\n"), line);
}

static void record_note(struct judge *j, const struct trace_record *record)
{
    if (str_is_equal(record->what, "Subscribe")) {
        judge_party(j, record->who)->n_instances++;
        judge_party(j, record->who)->is_of_world |= j->plan && !j->has_begun;
        j->has_subscribed |= !judge_is_of_cast(j, record->who);
    } else if (str_is_equal(record->what, JUDGE_NOTE_BEGINS))
        j->has_begun = true;
    else if (str_is_equal(record->what, "fault"))
        record_fault(j, record);
    else if (str_starts_with(record->what, JUDGE_NOTE_STAYS))
        record_stays(j, record);
    else if (str_is_equal(record->what, "still there after a day"))
        record_day(j, record);
    else if (str_is_equal(record->what, JUDGE_NOTE_UNREAD) && !j->unread)
        j->unread = str_printf("%s of %s", record->object, record->detail);
    else if (str_is_equal(record->what, JUDGE_NOTE_DOCUMENT))
        record_document(j, record);
    else if (str_is_equal(record->what, JUDGE_NOTE_LAID_OUT))
        record_laid_out(j, record);
    else if (str_is_equal(record->what, VSCHED_NOTE_CIRCLE))
        record_circle(j, record);
}

void judge_record(struct judge *j, const struct trace_record *record)
{
    switch (record->kind) {
    case TRACE_CALL:
        if (!str_starts_with(record->who, "writer "))
            record_call(j, record);
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
        record_finding(j, record);
        break;
    case TRACE_NOTE:
        record_note(j, record);
        break;
    default:
        break;
    }
}

/* ---- the end ---- */

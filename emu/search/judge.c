/* SPDX-License-Identifier: MIT */
/* A row for each writer and volume that a run's records name, in the order of their coming; a run
 * has few of them. Instances of one class have one name, so that what is told of is counted. */
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

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
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
    [JUDGE_NOT_LISTED] = "not-listed",
    [JUDGE_LEFT_BEHIND] = "left-behind",
    [JUDGE_DOCUMENT] = "document",
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

void judge_forget_set(struct judge *j)
{
    free(j->unread);
    free(j->despite);
    j->unread = j->despite = NULL;
    j->has_failed_set = false;
    for (size_t i = 0; i < j->parties.count; i++) {
        j->parties.items[i].has_failed = false;
        j->parties.items[i].n_set_frozen = 0;
    }
}

void judge_reset(struct judge *j)
{
    for (size_t i = 0; i < j->parties.count; i++)
        free(j->parties.items[i].who);
    for (size_t i = 0; i < j->failures.count; i++)
        free(j->failures.items[i].what);
    for (size_t i = 0; i < j->looks.count; i++)
        free(j->looks.items[i].number);
    j->parties.count = j->failures.count = j->looks.count = 0;
    j->is_overlapping = j->has_cancelled = j->is_cut_off = j->has_subscribed = j->has_begun = false;
    j->excuses = (struct excuses){ 0 };
    judge_forget_set(j);
    free(j->circle);
    j->circle = NULL;
    j->n_sessions = 0;
}

void judge_free(struct judge *j)
{
    if (!j)
        return;
    judge_reset(j);
    array_free(&j->parties);
    array_free(&j->failures);
    array_free(&j->looks);
    free(j);
}

/* What becomes of a program in which threads wait for each other. */
static bool is_of_waiting(enum judge_rule rule)
{
    return rule == JUDGE_LATE || rule == JUDGE_STAYS || rule == JUDGE_ENDLESS ||
           rule == JUDGE_NOT_THAWED || rule == JUDGE_NO_SHUTDOWN || rule == JUDGE_DEADLOCK;
}

void judge_fail(struct judge *j, enum judge_rule rule, int64_t at_ns, const char *format, ...)
{
    struct str text = { 0 };
    va_list args;

    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    if (j->circle && is_of_waiting(rule)) {
        rule = JUDGE_DEADLOCK;
        str_addf(&text, "; %s", j->circle);
    }
    array_add(&j->failures,
              ((struct judge_failure){ .rule = rule, .what = str_take(&text), .at_ns = at_ns }));
}

struct party *judge_party(struct judge *j, const char *who)
{
    for (size_t i = 0; i < j->parties.count; i++) {
        if (strcmp(j->parties.items[i].who, who) == 0)
            return &j->parties.items[i];
    }
    struct party *p = array_push(&j->parties);

    *p = (struct party){ .who = mem_strdup(who) };
    return p;
}

/* A partner's doing is none of the program's: of a writer of the cast or of the world file. */
bool judge_is_of_cast(const struct judge *j, const char *who)
{
    if (!j->plan || !str_starts_with(who, WRITER))
        return false;
    for (unsigned i = 0; i < j->plan->n_writers; i++) {
        if (str_is_equal(who + strlen(WRITER), cast_get(j->plan->writers[i])->writer.name))
            return true;
    }
    for (size_t i = 0; i < j->parties.count; i++) {
        if (j->parties.items[i].is_of_world && strcmp(j->parties.items[i].who, who) == 0)
            return true;
    }
    return false;
}

void judge_begin(struct judge *j, const struct plan *plan, bool is_of_writer)
{
    judge_reset(j);
    j->plan = plan;
    j->is_of_writer = is_of_writer;
}

void judge_end(struct judge *j)
{
    for (size_t i = 0; i < j->parties.count; i++) {
        const struct party *p = &j->parties.items[i];

        if (p->is_excused || j->is_cut_off)
            continue;
        if (p->n_frozen)
            judge_fail(j, JUDGE_NOT_THAWED, p->frozen_ns,
                       "%s: Freeze at %.6f s, and no Thaw or Abort", p->who,
                       judge_seconds(p->frozen_ns));
        if (p->n_prepared)
            judge_fail(j, JUDGE_NO_SHUTDOWN, p->prepared_ns,
                       "%s: PrepareForBackup at %.6f s, and no BackupShutdown", p->who,
                       judge_seconds(p->prepared_ns));
        if (p->n_held)
            judge_fail(j, JUDGE_WRITES_HELD, p->held_ns,
                       "%s: writes held at %.6f s, and not released", p->who,
                       judge_seconds(p->held_ns));
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

char *judge_success(const struct judge *j)
{
    if (j->has_failed_set)
        return mem_strdup("it left with code 0, although its last DoSnapshotSet had failed");
    if (j->despite)
        return str_printf("it left with code 0 and called %s a success, whose writer had failed",
                          j->despite);
    if (j->unread)
        return str_printf("it left with code 0, although it has never read %s from the snapshot",
                          j->unread);
    return NULL;
}

bool judge_explains_signal(const struct judge *j)
{
    const struct excuses *e = &j->excuses;

    return e->has_killed_writer || (e->has_killed_requester && !j->is_of_writer);
}

const char *judge_look(const struct judge *j, size_t i, bool *ret_is_restored)
{
    if (i >= j->looks.count)
        return NULL;
    *ret_is_restored = j->looks.items[i].is_restored;
    return j->looks.items[i].number;
}

/* SPDX-License-Identifier: MIT */
#include "emu/search/trial.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/trace.h"
#include "emu/scenario/cast.h"
#include "emu/search/judge.h"
#include "emu/search/plan.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

void trial_init(struct trial *t, bool counts_findings)
{
    *t = (struct trial){ .judge = judge_new(counts_findings) };
}

void trial_fini(struct trial *t)
{
    judge_free(t->judge);
    t->judge = NULL;
}

void verdict_say(struct seek_verdict *verdict, const char *rule, char *take_what)
{
    if (verdict->rule) {
        free(take_what);
        return;
    }
    verdict->rule = rule;
    verdict->what = take_what;
}

/* ---- records ---- */

void trial_begin(struct trial *t, const struct plan *plan, enum seek_role role)
{
    *t = (struct trial){ .judge = t->judge, .plan = plan, .role = role };
    judge_begin(t->judge, plan, role == SEEK_WRITER);
}

void trial_record(struct trial *t, const struct trace_record *record)
{
    judge_record(t->judge, record);
    t->is_cut_off |= str_is_equal(record->what, "still there after a day");
    if (record->kind == TRACE_NOTE && str_is_equal(record->what, "fault"))
        t->has_fault = true;
    if (record->kind == TRACE_CALL && str_is_equal(record->what, "InitializeForBackup"))
        t->n_requesters++;
    if (record->kind == TRACE_NOTE && str_is_equal(record->who, "built-in requester"))
        t->is_told_to_leave |=
            str_is_equal(record->what, "finished") || str_is_equal(record->what, "failed");
}

/* Who has no handler for it is ended by the default one, on Windows as here. */
static bool has_left_as_told(const struct trial *t, int status)
{
    return t->is_told_to_leave && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
}

/* What a program that gave up has not released is a consequence; its exit code is the failure. */
static bool is_left_in_the_middle(const struct trial *t, int status)
{
    const struct judge_failure *first = judge_get(t->judge, 0);

    return first->rule == JUDGE_FINDING && strstr(first->what, "-leaked") && WIFEXITED(status) &&
           WEXITSTATUS(status) > 1;
}

void trial_end(struct trial *t, int status, struct seek_verdict *verdict)
{
    if ((!WIFSIGNALED(status) || has_left_as_told(t, status)) &&
        !t->is_cut_off) /* who is gone pays nothing back */
        judge_end(t->judge);
    if (judge_count(t->judge) && !is_left_in_the_middle(t, status))
        verdict_say(verdict, judge_rule_name(judge_get(t->judge, 0)->rule),
                    mem_strdup(judge_get(t->judge, 0)->what));
}

/* ---- the status ---- */

/* Two writers of a cast may have the same components, and so the same files. */
static bool shares_files(const struct plan *plan, unsigned i)
{
    for (unsigned j = 0; j < i; j++) {
        if (cast_get(plan->writers[i])->writer.components ==
            cast_get(plan->writers[j])->writer.components)
            return true;
    }
    return false;
}

/* Writers that a correct program may give up because of. */
static bool has_odd_cast(const struct plan *plan)
{
    for (unsigned i = 0; i < plan->n_writers; i++) {
        if (cast_is_odd(plan->writers[i]) || shares_files(plan, i))
            return true;
    }
    return false;
}

static void judge_done(const struct trial *t, struct seek_verdict *verdict)
{
    char *why = judge_success(t->judge);

    if (why)
        verdict_say(verdict, "false-success", why);
}

/* 0: done. 1: failed and said so, which is right when something made it fail. */
void trial_judge_status(const struct trial *t, int status, struct seek_verdict *verdict)
{
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    bool was_disturbed = t->has_fault || t->n_requesters > 1 || has_odd_cast(t->plan);

    if (WIFSIGNALED(status) && !judge_explains_signal(t->judge) && !has_left_as_told(t, status))
        verdict_say(verdict, "crash",
                    str_printf("the program was ended by SIG%s", sigabbrev_np(WTERMSIG(status))));
    else if (code > 1 || (code == 1 && !was_disturbed))
        verdict_say(verdict, "exit-code", str_printf("the program left with code %d", code));
    else if (!WIFSIGNALED(status) && code == 0 && t->role == SEEK_REQUESTER)
        judge_done(t, verdict);
}

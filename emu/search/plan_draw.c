/* SPDX-License-Identifier: MIT */
/* Drawing a plan: a cast and what goes wrong. For a program half of the faults are those that
 * everybody meets sooner or later (a set of somebody else, a full disk, a writer that takes
 * minutes), the others any of all, in the manner of a swarm. */
#include "emu/search/plan_draw_i.h"

#include "emu/base/check.h"
#include "emu/proto/api_rules.h"
#include "emu/proto/choices.h"
#include "emu/proto/fault_rules.h"
#include "emu/scenario/cast.h"

#include <string.h>

#define N_SHORT_DURATIONS 3 /* up to 2 s */
#define N_BRIEF_DURATIONS 9 /* up to 4 minutes: past all windows but that of hanging handlers */

/* ---- cast ---- */

static void draw_cast(struct drawing *d)
{
    static const uint8_t usual[] = { 1, 1, 2, 2, 3, 3, 4, 5 };
    unsigned limit = d->wishes->max_writers ? d->wishes->max_writers : PLAN_MAX_WRITERS;
    unsigned n = once_in(d, 16) ? below(d, limit + 1) : usual[below(d, sizeof(usual))];

    if (n > limit)
        n = limit;
    d->plan->n_writers = d->wishes->no_writers ? 0 : (uint8_t)n;
    for (unsigned i = 0; i < d->plan->n_writers; i++)
        d->plan->writers[i] = (uint8_t)below(d, (unsigned)cast_count());
}

/* ---- faults ---- */

/* Each plan knows a third of the actions and most of the actors. */
static void draw_swarm(struct drawing *d)
{
    for (unsigned i = 0; i < N_FAULT_ACTIONS; i++)
        d->actions |= once_in(d, 3) ? 1u << i : 0;
    for (unsigned i = 0; i < N_FAULT_ACTORS; i++)
        d->actors |= once_in(d, 2) ? 1u << i : 0;
    d->actors |= 1u << below(d, N_FAULT_ACTORS);
}

static bool is_drawn(const struct drawing *d, const struct plan_fault *f, unsigned action)
{
    return (d->actions & (1u << action)) &&
           fault_rules_allow((enum fault_actor)f->actor, f->point, (enum fault_action)action);
}

static bool draw_action(struct drawing *d, struct plan_fault *f)
{
    unsigned n = 0, nth;

    for (unsigned i = 0; i < N_FAULT_ACTIONS; i++)
        n += is_drawn(d, f, i);
    if (!n)
        return false;
    nth = below(d, n);
    for (unsigned i = 0; i < N_FAULT_ACTIONS; i++) {
        if (is_drawn(d, f, i) && !nth--)
            f->action = (uint8_t)i;
    }
    return true;
}

/* What a machine's condition can meet is most of the API; a backup calls a part of it. */
static unsigned draw_point(struct drawing *d, enum fault_actor actor)
{
    static const char *const usual[] = {
        "CreateVssBackupComponents",
        "InitializeForBackup",
        "SetContext",
        "SetBackupState",
        "GatherWriterMetadata",
        "GetWriterMetadata",
        "AddComponent",
        "StartSnapshotSet",
        "AddToSnapshotSet",
        "PrepareForBackup",
        "DoSnapshotSet",
        "GatherWriterStatus",
        "GetWriterStatus",
        "GetSnapshotProperties",
        "SetBackupSucceeded",
        "BackupComplete",
        "AbortBackup",
        "DeleteSnapshots",
        "SaveAsXML",
        "Query",
        "IVssAsync::Wait",
        "IVssAsync::QueryStatus",
        "CVssWriter::Initialize",
        "CVssWriter::Subscribe",
    };
    unsigned point = 0;

    if (actor != FAULT_MACHINE && actor != FAULT_REQUESTER)
        return below(d, (unsigned)fault_point_count_of_backups(actor));
    check(fault_point_named(actor, usual[below(d, sizeof(usual) / sizeof(usual[0]))], &point));
    return point;
}

/* What happens to everybody sooner or later. Of a program that is a requester all of them count, of
 * a writer those that its partner's backup survives or dies of. */
static const struct usual_fault {
    enum fault_actor actor;
    const char *point;
    enum fault_action action;
    uint8_t nth;         /* 0: every time; of a block or a file: up to this one */
    bool is_slow;        /* takes more than seconds: not in a quick plan */
    bool is_requesters;  /* only a requester notices */
    uint8_t duration, n; /* the first of plan_duration, and how many */
} usual_faults[] = {
    { FAULT_MACHINE, "StartSnapshotSet", FAULT_SET_IN_PROGRESS, 0, false, true, 0, 0 },
    { FAULT_MACHINE, "StartSnapshotSet", FAULT_SET_IN_PROGRESS, 1, false, true, 0, 0 },
    { FAULT_WRITER, "PrepareForBackup", FAULT_DELAY, 1, true, true, 7, 2 },
    { FAULT_WRITER, "PreRestore", FAULT_FAIL, 1, false, true, 0, 0 },
    { FAULT_WRITER, "Freeze", FAULT_FAIL, 1, false, false, 0, 0 },
    { FAULT_WRITER, "PostSnapshot", FAULT_FAIL, 1, false, true, 0, 0 },
    { FAULT_VOLUME, "read-copy", FAULT_FAIL, 3, false, true, 0, 0 },
    { FAULT_VOLUME, "read-copy", FAULT_VANISH, 3, false, true, 0, 0 },
    { FAULT_VOLUME, "write", FAULT_FILL, 3, false, true, 0, 0 },
    { FAULT_VOLUME, "commit", FAULT_FILL, 1, false, false, 0, 0 },
    { FAULT_VOLUME, "flush", FAULT_DELAY, 1, false, false, 1, 2 },
    { FAULT_VOLUME, "flush", FAULT_DELAY, 1, true, false, 3, 5 },
    { FAULT_VOLUME, "hold", FAULT_FAIL, 1, false, false, 0, 0 },
    { FAULT_PROVIDER, "BeginPrepareSnapshot", FAULT_FAIL, 1, false, false, 0, 0 },
    { FAULT_PROVIDER, "EndPrepareSnapshots", FAULT_FAIL, 1, false, false, 0, 0 },
    { FAULT_PROVIDER, "PreCommitSnapshots", FAULT_FAIL, 1, false, false, 0, 0 },
    { FAULT_PROVIDER, "CommitSnapshots", FAULT_FAIL, 1, false, false, 0, 0 },
    { FAULT_PROVIDER, "CommitSnapshots", FAULT_DELAY, 1, false, false, 1, 2 },
    { FAULT_PROVIDER, "PostCommitSnapshots", FAULT_FAIL, 1, false, false, 0, 0 },
    { FAULT_PROVIDER, "PostFinalCommitSnapshots", FAULT_FAIL, 1, false, false, 0, 0 },
};
#define N_USUAL (sizeof(usual_faults) / sizeof(usual_faults[0]))

static uint8_t draw_subject(struct drawing *d, enum fault_actor actor)
{
    const struct plan *p = d->plan;

    if (actor == FAULT_WRITER && p->n_writers && !once_in(d, 4))
        return (uint8_t)below(d, p->n_writers);
    return actor == FAULT_VOLUME ? (uint8_t)below(d, p->n_volumes) : PLAN_ANYBODY;
}

void plan_draw_fault_at(struct drawing *d, enum fault_actor actor, const char *point,
                        enum fault_action action, unsigned nth, unsigned duration)
{
    struct plan_fault *f = &d->plan->faults[d->plan->n_faults];
    unsigned at = 0;

    check(fault_point_named(actor, point, &at));
    if (d->plan->n_faults == PLAN_MAX_FAULTS)
        return;
    d->plan->n_faults++;
    *f = (struct plan_fault){ .actor = (uint8_t)actor,
                              .subject = draw_subject(d, actor),
                              .point = (uint16_t)at,
                              .nth = (uint8_t)nth,
                              .action = (uint8_t)action,
                              .code = (uint8_t)below(d, PLAN_N_CODES),
                              .duration = (uint8_t)duration };
}

static bool draw_usual_fault(struct drawing *d)
{
    const struct usual_fault *u = &usual_faults[below(d, N_USUAL)];
    unsigned nth = u->nth > 1 ? 1 + below(d, u->nth) : u->nth;

    if ((u->is_slow && d->is_quick) || (u->is_requesters && d->wishes->takes_all))
        return false;
    plan_draw_fault_at(d, u->actor, u->point, u->action, nth,
                       u->n ? u->duration + below(d, u->n) : 0);
    return true;
}

static unsigned draw_duration(struct drawing *d)
{
    return below(d, d->is_quick           ? N_SHORT_DURATIONS
                    : d->wishes->is_brief ? N_BRIEF_DURATIONS
                                          : PLAN_N_DURATIONS);
}

static bool draw_any_fault(struct drawing *d)
{
    static const uint8_t nths[] = { 1, 1, 1, 1, 2, 2, 3, 0 };
    struct plan_fault f = { 0 };

    do {
        f.actor = (uint8_t)below(d, N_FAULT_ACTORS);
    } while (!(d->actors & (1u << f.actor)));
    f.point = (uint16_t)draw_point(d, (enum fault_actor)f.actor);
    if (!draw_action(d, &f) || (d->is_quick && f.action == FAULT_HANG) ||
        (d->wishes->is_brief && f.action == FAULT_HANG && !once_in(d, 4)))
        return false;
    f.subject = draw_subject(d, (enum fault_actor)f.actor);
    f.nth = nths[below(d, sizeof(nths))];
    f.code = (uint8_t)below(d, PLAN_N_CODES);
    f.duration = (uint8_t)draw_duration(d);
    d->plan->faults[d->plan->n_faults++] = f;
    return true;
}

static void draw_faults(struct drawing *d)
{
    static const uint8_t numbers[] = { 0, 1, 1, 1, 1, 2, 2, 3 };
    unsigned n = d->wishes->no_faults ? 0 : numbers[below(d, sizeof(numbers))];
    unsigned usual_in = d->wishes->takes_all || d->wishes->no_requester ? 2 : 8;

    draw_swarm(d);
    for (unsigned i = 0, tries = 0; i < n && tries < 20; tries++)
        i += once_in(d, usual_in) ? draw_usual_fault(d) : draw_any_fault(d);
}

void plan_draw(uint64_t seed, const struct plan_wishes *wishes, struct plan *ret_plan)
{
    static const struct plan_wishes none;
    struct drawing d = { .plan = ret_plan, .wishes = wishes ? wishes : &none };

    memset(ret_plan, 0, sizeof(*ret_plan)); /* two of one seed are equal as bytes */
    prng_init(&d.prng, seed, "plan");
    ret_plan->seed = (uint16_t)below(&d, 65536);
    ret_plan->schedule = (uint8_t)below(&d, PLAN_N_SCHEDULES);
    ret_plan->windows =
        (uint8_t)(once_in(&d, 4) ? below(&d, N_WINDOWS_VERSIONS) : N_WINDOWS_VERSIONS - 1);
    ret_plan->n_volumes = (uint8_t)(once_in(&d, 3) ? 1 + below(&d, PLAN_MAX_VOLUMES) : 2);
    d.is_quick = d.wishes->is_brief && !once_in(&d, 24);
    draw_cast(&d);
    draw_faults(&d);
    if (!d.wishes->no_requester)
        plan_draw_requester(&d);
    plan_trim(ret_plan);
}

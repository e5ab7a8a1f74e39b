/* SPDX-License-Identifier: MIT */
/* Drawing a plan: a cast, what a requester does with it, what goes wrong. Most requesters are
 * correct ones with one deviation, because a session that is refused at its first call shows
 * nothing; the rest are any calls in any order. */
#include "emu/search/plan.h"

#include "emu/base/check.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/proto/api_rules.h"
#include "emu/proto/choices.h"
#include "emu/proto/fault_rules.h"
#include "emu/scenario/cast.h"
#include "emu/search/plan_steps.h"
#include "fakes/world/prng.h"

#include <string.h>

#define N_BRIEF_DURATIONS 9 /* up to 4 minutes: past all windows but that of hanging handlers */

struct drawing {
    struct prng prng;
    struct plan *plan;
    const struct plan_wishes *wishes;
    /* The part of all faults that this plan may have. */
    uint32_t actions; /* a bit each */
    unsigned actors;
};

static unsigned below(struct drawing *d, unsigned n)
{
    return (unsigned)random_below(&d->prng.port, n);
}

/* One time in n. */
static bool once_in(struct drawing *d, unsigned n)
{
    return below(d, n) == 0;
}

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
        return below(d, (unsigned)fault_point_count(actor));
    check(fault_point_named(actor, usual[below(d, sizeof(usual) / sizeof(usual[0]))], &point));
    return point;
}

static bool draw_fault(struct drawing *d, struct plan_fault *f)
{
    static const uint8_t nths[] = { 1, 1, 1, 1, 2, 2, 3, 0 };
    const struct plan *p = d->plan;

    do {
        f->actor = (uint8_t)below(d, N_FAULT_ACTORS);
    } while (!(d->actors & (1u << f->actor)));
    f->point = (uint16_t)draw_point(d, (enum fault_actor)f->actor);
    if (!draw_action(d, f))
        return false;
    if (d->wishes->is_brief && f->action == FAULT_HANG && !once_in(d, 4))
        return false;
    f->subject = PLAN_ANYBODY;
    if (f->actor == FAULT_WRITER && p->n_writers && !once_in(d, 4))
        f->subject = (uint8_t)below(d, p->n_writers);
    if (f->actor == FAULT_VOLUME)
        f->subject = (uint8_t)below(d, p->n_volumes);
    f->nth = nths[below(d, sizeof(nths))];
    f->code = (uint8_t)below(d, PLAN_N_CODES);
    f->duration = (uint8_t)below(d, d->wishes->is_brief ? N_BRIEF_DURATIONS : PLAN_N_DURATIONS);
    return true;
}

static void draw_faults(struct drawing *d)
{
    static const uint8_t numbers[] = { 0, 1, 1, 1, 1, 2, 2, 3 };
    unsigned n = d->wishes->no_faults ? 0 : numbers[below(d, sizeof(numbers))];

    draw_swarm(d);
    for (unsigned tries = 0; d->plan->n_faults < n && tries < 20; tries++)
        d->plan->n_faults += draw_fault(d, &d->plan->faults[d->plan->n_faults]);
}

/* ---- what the requester does ---- */

static struct plan_step *add_step(struct drawing *d, unsigned session, const char *name)
{
    struct plan_step *step = &d->plan->steps[d->plan->n_steps];
    unsigned row = plan_step_named(name);

    check(row < plan_step_count());
    if (d->plan->n_steps < PLAN_MAX_STEPS)
        d->plan->n_steps++;
    *step = (struct plan_step){ .row = (uint8_t)row, .session = (uint8_t)session };
    return step;
}

static void add_value_step(struct drawing *d, unsigned session, const char *name, unsigned value)
{
    add_step(d, session, name)->value = (uint8_t)value;
}

/* The program's threads get on in pauses: none, most of the time. */
static void maybe_pause(struct drawing *d, unsigned session)
{
    if (once_in(d, 8))
        add_value_step(d, session, "Pause", below(d, d->wishes->is_brief ? 5 : 6));
}

struct backup_draw {
    unsigned session, ending, end_at, at;
    bool is_over;
};

enum ending { COMPLETES, ABORTS, RELEASES, DIES, CANCELS };

/* The step that is about to come is the last one of this backup. */
static bool ends_here(struct drawing *d, struct backup_draw *b)
{
    static const char *const endings[] = {
        [ABORTS] = "AbortBackup", [RELEASES] = "Release", [DIES] = "Die"
    };

    maybe_pause(d, b->session);
    if (b->is_over || b->ending == COMPLETES || b->ending == CANCELS || b->at++ != b->end_at)
        return b->is_over;
    add_step(d, b->session, endings[b->ending]);
    return b->is_over = true;
}

static void step_unless_over(struct drawing *d, struct backup_draw *b, const char *name)
{
    if (!ends_here(d, b))
        add_step(d, b->session, name);
}

static void for_components(struct drawing *d, struct backup_draw *b, const char *name,
                           unsigned left_out, unsigned value, unsigned other_value)
{
    if (d->wishes->takes_all) {
        auto_free char *all = str_printf("%s all", name);

        add_value_step(d, b->session, all, once_in(d, 4) ? other_value : value);
        return;
    }
    for (unsigned w = 0; w < d->plan->n_writers; w++) {
        struct plan_step probe = { .writer = (uint8_t)w };
        unsigned n = plan_step_n_components(d->plan, &probe);

        for (unsigned c = 0; c < n; c++) {
            struct plan_step *step;

            if (left_out && once_in(d, left_out))
                continue;
            step = add_step(d, b->session, name);
            step->writer = (uint8_t)w;
            step->component = (uint8_t)c;
            step->value = (uint8_t)(once_in(d, 8) ? other_value : value);
        }
    }
}

static void draw_snapshot_call(struct drawing *d, struct backup_draw *b)
{
    if (b->ending != CANCELS) {
        step_unless_over(d, b, "DoSnapshotSet");
        return;
    }
    add_step(d, b->session, "start DoSnapshotSet");
    maybe_pause(d, b->session);
    add_step(d, b->session, "Cancel");
    add_step(d, b->session, "Wait");
}

static void draw_backup(struct drawing *d, unsigned session)
{
    static const uint8_t endings[] = { COMPLETES, COMPLETES, COMPLETES, COMPLETES,
                                       ABORTS,    RELEASES,  DIES,      CANCELS };
    struct backup_draw b = { .session = session,
                             .ending = endings[below(d, sizeof(endings))],
                             .end_at = below(d, 10) };
    unsigned type = once_in(d, 2) ? 0 : below(d, 5);

    add_step(d, session, "CreateVssBackupComponents");
    add_step(d, session, "InitializeForBackup");
    if (once_in(d, 4))
        add_value_step(d, session, "SetContext", below(d, 5));
    add_value_step(d, session, "SetBackupState", type);
    step_unless_over(d, &b, "GatherWriterMetadata");
    if (!b.is_over)
        for_components(d, &b, "AddComponent", 6, 0, 0);
    step_unless_over(d, &b, "StartSnapshotSet");
    for (unsigned v = 0; v < d->plan->n_volumes && !b.is_over; v++)
        add_value_step(d, session, "AddToSnapshotSet", v);
    step_unless_over(d, &b, "PrepareForBackup");
    step_unless_over(d, &b, "GatherWriterStatus");
    draw_snapshot_call(d, &b);
    step_unless_over(d, &b, "GatherWriterStatus");
    step_unless_over(d, &b, "Copy");
    if (!b.is_over && !once_in(d, 6))
        for_components(d, &b, "SetBackupSucceeded", 8, 0, 1);
    step_unless_over(d, &b, "BackupComplete");
    step_unless_over(d, &b, "GatherWriterStatus");
    step_unless_over(d, &b, "SaveAsXML");
    add_step(d, session, "Release");
    if (!b.is_over && once_in(d, 5))
        add_step(d, session, "restore");
}

/* One deviation: a step twice, left out, or two of them the other way round. */
static void draw_deviation(struct drawing *d)
{
    struct plan *p = d->plan;
    unsigned i = p->n_steps > 1 ? below(d, p->n_steps - 1u) : 0;
    struct plan_step step = p->steps[i];

    if (p->n_steps < 2 || p->n_steps >= PLAN_MAX_STEPS)
        return;
    switch (below(d, 3)) {
    case 0:
        memmove(&p->steps[i + 1], &p->steps[i], (p->n_steps - i) * sizeof(step));
        p->n_steps++;
        break;
    case 1:
        memmove(&p->steps[i], &p->steps[i + 1], (p->n_steps - i - 1u) * sizeof(step));
        p->n_steps--;
        break;
    default:
        p->steps[i] = p->steps[i + 1];
        p->steps[i + 1] = step;
        break;
    }
}

/* Two sessions at the same time: their steps in turns, each in its order. */
static void mix_sessions(struct drawing *d, unsigned n_first)
{
    struct plan_step mixed[PLAN_MAX_STEPS];
    struct plan *p = d->plan;
    unsigned a = 0, b = n_first;

    for (unsigned i = 0; i < p->n_steps; i++) {
        bool takes_first = a < n_first && (b == p->n_steps || once_in(d, 2));

        mixed[i] = p->steps[takes_first ? a++ : b++];
    }
    memcpy(p->steps, mixed, p->n_steps * sizeof(mixed[0]));
}

static void draw_requester(struct drawing *d)
{
    unsigned n_first;

    draw_backup(d, 0);
    n_first = d->plan->n_steps;
    if (once_in(d, 4))
        draw_backup(d, 0);
    else if (once_in(d, 6)) {
        draw_backup(d, 1);
        mix_sessions(d, n_first);
    }
    if (once_in(d, 4))
        draw_deviation(d);
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
    draw_cast(&d);
    draw_faults(&d);
    if (!d.wishes->no_requester)
        draw_requester(&d);
    plan_trim(ret_plan);
}

/* SPDX-License-Identifier: MIT */
/* Drawing what a requester does. Most are correct ones with one deviation, because a session that
 * is refused at its first call shows nothing; among them are those that show writers what they
 * seldom see: a set that fails while they are frozen, a slow one during which other things
 * happen. */
#include "emu/search/plan_draw_i.h"

#include "emu/base/check.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/search/plan_steps.h"

#include <string.h>

/* Of the pauses in plan_steps.c: up to 100 ms, a minute, twenty minutes. */
#define N_SHORT_PAUSES 2
#define N_BRIEF_PAUSES 5
#define N_PAUSES       6
#define PAUSE_100_MS   1

#define ASYNC_BEFORE_SET 3 /* metadata, PrepareForBackup, status */
/* Of plan_duration. */
#define FLUSH_TAKES 2 /* 2 s */
#define JUMPS_FROM  6 /* 59 s */
#define TOO_LONG    7 /* 61 s: the window of Freeze passes, and its timer raises Abort */

static struct plan_step *add_step(struct drawing *d, unsigned session, const char *name)
{
    bool is_full = d->plan->n_steps == PLAN_MAX_STEPS;
    struct plan_step *step = is_full ? &d->spare : &d->plan->steps[d->plan->n_steps++];
    unsigned row = plan_step_named(name);

    check(row < plan_step_count());
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
    unsigned n = d->is_quick ? N_SHORT_PAUSES : d->wishes->is_brief ? N_BRIEF_PAUSES : N_PAUSES;

    if (once_in(d, 8))
        add_value_step(d, session, "Pause", below(d, n));
}

enum ending { COMPLETES, ABORTS, RELEASES, DIES, CANCELS };

struct backup_draw {
    unsigned session, ending, end_at, at;
    bool is_over;
    /* During its set: another session ends, the clock is put forward. */
    bool has_slow_set;
    unsigned other; /* the session that ends then; its own: none */
    /* Its set is to fail: it gives up as a correct requester does, perhaps twice. */
    bool has_broken_set;
};

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

/* While the writers are frozen, and the set waits for a slow disk. */
static void draw_slow_set(struct drawing *d, const struct backup_draw *b)
{
    static const char *const others[] = { "Release", "BackupComplete", "AbortBackup" };

    add_step(d, b->session, "start DoSnapshotSet");
    add_value_step(d, b->session, "Pause", PAUSE_100_MS);
    if (b->other != b->session)
        add_step(d, b->other, others[below(d, 3)]);
    else if (once_in(d, 4))
        add_step(d, b->session, "AbortBackup");
    add_step(d, b->session, "QueryStatus");
    add_step(d, b->session, "Wait");
}

static void draw_snapshot_call(struct drawing *d, struct backup_draw *b)
{
    if (b->has_slow_set) {
        draw_slow_set(d, b);
    } else if (b->ending == CANCELS) {
        add_step(d, b->session, "start DoSnapshotSet");
        maybe_pause(d, b->session);
        add_step(d, b->session, "Cancel");
        add_step(d, b->session, "Wait");
    } else {
        step_unless_over(d, b, "DoSnapshotSet");
    }
    if (!b->has_broken_set || b->is_over)
        return;
    add_step(d, b->session, "GatherWriterStatus");
    for (unsigned n = 1 + once_in(d, 3); n; n--)
        add_step(d, b->session, "AbortBackup");
    b->is_over = true;
}

static void draw_begin(struct drawing *d, struct backup_draw *b)
{
    unsigned type = once_in(d, 2) ? 0 : below(d, 5);

    add_step(d, b->session, "CreateVssBackupComponents");
    add_step(d, b->session, "InitializeForBackup");
    if (once_in(d, 4))
        add_value_step(d, b->session, "SetContext", below(d, 5));
    add_value_step(d, b->session, "SetBackupState", type);
    step_unless_over(d, b, "GatherWriterMetadata");
    if (!b->is_over)
        for_components(d, b, "AddComponent", 6, 0, 0);
    step_unless_over(d, b, "StartSnapshotSet");
    for (unsigned v = 0; v < d->plan->n_volumes && !b->is_over; v++)
        add_value_step(d, b->session, "AddToSnapshotSet", v);
    step_unless_over(d, b, "PrepareForBackup");
    step_unless_over(d, b, "GatherWriterStatus");
}

static void draw_end(struct drawing *d, struct backup_draw *b)
{
    step_unless_over(d, b, "GatherWriterStatus");
    step_unless_over(d, b, "Copy");
    if (!b->is_over && !once_in(d, 6))
        for_components(d, b, "SetBackupSucceeded", 8, 0, 1);
    step_unless_over(d, b, "BackupComplete");
    step_unless_over(d, b, "GatherWriterStatus");
    step_unless_over(d, b, "SaveAsXML");
    add_step(d, b->session, "Release");
    if (!b->is_over && once_in(d, 5))
        add_step(d, b->session, "restore");
}

static void draw_whole(struct drawing *d, struct backup_draw *b)
{
    draw_begin(d, b);
    draw_snapshot_call(d, b);
    draw_end(d, b);
}

static void draw_backup(struct drawing *d, unsigned session)
{
    static const uint8_t endings[] = { COMPLETES, COMPLETES, COMPLETES, COMPLETES,
                                       ABORTS,    RELEASES,  DIES,      CANCELS };
    struct backup_draw b = { .session = session,
                             .other = session,
                             .ending = endings[below(d, sizeof(endings))],
                             .end_at = below(d, 10) };

    draw_whole(d, &b);
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

/* Between Freeze and Thaw something fails; perhaps the next backup is given up before it comes as
 * far, perhaps it is whole. */
static void draw_broken(struct drawing *d)
{
    static const char *const calls[] = { "PreCommitSnapshots", "CommitSnapshots",
                                         "PostCommitSnapshots" };
    struct backup_draw b = { .has_broken_set = true };

    if (!d->wishes->no_faults)
        plan_draw_fault_at(d, FAULT_PROVIDER, calls[below(d, 3)], FAULT_FAIL, 1, 0);
    draw_whole(d, &b);
    if (once_in(d, 3)) {
        b = (struct backup_draw){ .ending = ABORTS, .end_at = below(d, 6) };
        draw_whole(d, &b);
    } else if (once_in(d, 2)) {
        draw_backup(d, 0);
    }
}

/* A disk that takes its time, and what happens to frozen writers besides: another requester's
 * session ends, the clock is set. */
static void draw_slow(struct drawing *d)
{
    struct backup_draw a = { .has_slow_set = true }, b = { .session = 1, .other = 1 };
    bool has_other = once_in(d, 2);

    if (!d->wishes->no_faults && d->is_quick)
        plan_draw_fault_at(d, FAULT_VOLUME, "flush", FAULT_DELAY, has_other ? 2 : 1, FLUSH_TAKES);
    else if (!d->wishes->no_faults)
        plan_draw_fault_at(d, FAULT_PROVIDER, "PreCommitSnapshots", FAULT_DELAY, has_other ? 2 : 1,
                           TOO_LONG + below(d, 2));
    if (!d->wishes->no_faults && !has_other && once_in(d, 2)) /* in the set, of its calls */
        plan_draw_fault_at(d, FAULT_MACHINE, "IVssAsync::QueryStatus", FAULT_CLOCK_JUMP,
                           ASYNC_BEFORE_SET + 1,
                           JUMPS_FROM + below(d, PLAN_N_DURATIONS - JUMPS_FROM));
    if (has_other) {
        a.other = 1;
        draw_begin(d, &b);
        add_step(d, 1, "DoSnapshotSet"); /* one set at a time */
    }
    draw_whole(d, &a);
    if (has_other)
        draw_end(d, &b);
}

void plan_draw_requester(struct drawing *d)
{
    unsigned n_first;

    if (once_in(d, 6)) {
        draw_broken(d);
        return;
    }
    if (once_in(d, 6)) {
        draw_slow(d);
        return;
    }
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

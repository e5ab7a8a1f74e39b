/* SPDX-License-Identifier: MIT */
/* Two tables: lists that can lose items, and things that can be plainer. Both are gone through
 * until a whole round has changed nothing. */
#include "emu/search/shrink.h"

#include "emu/base/str.h"

#include <stdlib.h>
#include <string.h>

struct shrinking {
    struct scenario *best;
    const struct shrink_work *work;
    unsigned n_runs;
    bool is_over;
};

/* Takes the candidate: it becomes the best, or goes. */
static bool try_it(struct shrinking *s, struct scenario *take_candidate)
{
    bool is_good = !s->is_over && s->work->still_fails(s->work->arg, take_candidate);

    s->n_runs += !s->is_over;
    if (s->work->go_on && !s->is_over && !s->work->go_on(s->work->arg, s->n_runs))
        s->is_over = true;
    if (is_good) {
        scenario_fini(s->best);
        *s->best = *take_candidate;
    } else {
        scenario_fini(take_candidate);
    }
    return is_good;
}

/* ---- lists ---- */

struct list_row {
    size_t (*count)(const struct scenario *scenario);
    void (*remove)(struct scenario *scenario, size_t i);
};

static size_t n_faults(const struct scenario *s)
{
    return s->faults.count;
}

static void remove_fault(struct scenario *s, size_t i)
{
    fault_fini(&s->faults.items[i]);
    array_remove(&s->faults, i);
}

static size_t n_steps(const struct scenario *s)
{
    return s->steps.count;
}

static void remove_step(struct scenario *s, size_t i)
{
    free(s->steps.items[i].text);
    array_remove(&s->steps, i);
}

static size_t n_writers(const struct scenario *s)
{
    return s->writers.count;
}

static void remove_writer(struct scenario *s, size_t i)
{
    scenario_writer_fini(&s->writers.items[i]);
    array_remove(&s->writers, i);
}

static size_t n_volumes(const struct scenario *s)
{
    return s->volumes.count;
}

static void remove_volume(struct scenario *s, size_t i)
{
    scenario_volume_fini(&s->volumes.items[i]);
    array_remove(&s->volumes, i);
}

/* Files of all volumes, counted through. */
static size_t n_files(const struct scenario *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->volumes.count; i++)
        n += s->volumes.items[i].files.count;
    return n;
}

static void remove_file(struct scenario *s, size_t i)
{
    struct scenario_volume *volume = s->volumes.items;

    for (; i >= volume->files.count; volume++)
        i -= volume->files.count;
    scenario_file_fini(&volume->files.items[i]);
    array_remove(&volume->files, i);
}

static size_t n_choices(const struct scenario *s)
{
    return s->choices.count;
}

static void remove_choice(struct scenario *s, size_t i)
{
    free(s->choices.items[i]);
    array_remove(&s->choices, i);
}

static size_t n_snapshots(const struct scenario *s)
{
    return s->snapshots.count;
}

static void remove_snapshot(struct scenario *s, size_t i)
{
    scenario_snapshot_fini(&s->snapshots.items[i]);
    array_remove(&s->snapshots, i);
}

/* What explains most goes first: a failure without its faults is another one. */
static const struct list_row lists[] = {
    { n_writers, remove_writer }, { n_steps, remove_step },         { n_faults, remove_fault },
    { n_files, remove_file },     { n_snapshots, remove_snapshot }, { n_volumes, remove_volume },
    { n_choices, remove_choice },
};
#define N_LISTS (sizeof(lists) / sizeof(lists[0]))

/* Leaves out `size` items at a time, from the end, where a run's last steps are. */
static bool thin_out(struct shrinking *s, const struct list_row *list, size_t size)
{
    bool has_changed = false;

    for (size_t end = list->count(s->best); end > 0 && !s->is_over;) {
        size_t first = end > size ? end - size : 0;
        struct scenario candidate;

        scenario_copy(s->best, &candidate);
        for (size_t i = end; i > first; i--)
            list->remove(&candidate, i - 1);
        has_changed |= try_it(s, &candidate);
        end = first;
    }
    return has_changed;
}

static bool shorten(struct shrinking *s, const struct list_row *list)
{
    bool has_changed = false;

    for (size_t size = list->count(s->best); size > 0; size /= 2)
        has_changed |= thin_out(s, list, size);
    return has_changed;
}

/* ---- plainer ---- */

static bool forget(char **text)
{
    bool is_there = *text != NULL;

    free(*text);
    *text = NULL;
    return is_there;
}

/* Each answers whether there was anything to change. */
static bool default_schedule(struct scenario *s)
{
    return forget(&s->schedule);
}

static bool no_fine_points(struct scenario *s)
{
    bool was_fine = s->is_fine;

    s->is_fine = false;
    return was_fine;
}

static bool newest_windows(struct scenario *s)
{
    return forget(&s->windows);
}

static bool no_document_limit(struct scenario *s)
{
    bool had_one = s->document_limit != 0;

    s->document_limit = 0;
    return had_one;
}

static bool first_seed(struct scenario *s)
{
    bool was_another = s->seed != 1;

    s->seed = 1;
    s->has_seed = true;
    return was_another;
}

static bool (*const plainer[])(struct scenario *) = {
    default_schedule, no_fine_points, newest_windows, no_document_limit, first_seed,
};
#define N_PLAINER (sizeof(plainer) / sizeof(plainer[0]))

static bool make_plain(struct shrinking *s)
{
    bool has_changed = false;

    for (size_t i = 0; i < N_PLAINER; i++) {
        struct scenario candidate;

        scenario_copy(s->best, &candidate);
        if (plainer[i](&candidate))
            has_changed |= try_it(s, &candidate);
        else
            scenario_fini(&candidate);
    }
    return has_changed;
}

/* A fault at the first time, everywhere the same. */
static bool make_faults_plain(struct shrinking *s)
{
    bool has_changed = false;

    for (size_t i = 0; i < s->best->faults.count; i++) {
        struct scenario candidate;

        if (s->best->faults.items[i].nth == 1)
            continue;
        scenario_copy(s->best, &candidate);
        candidate.faults.items[i].nth = 1;
        has_changed |= try_it(s, &candidate);
    }
    return has_changed;
}

unsigned shrink(struct scenario *scenario, const struct shrink_work *work)
{
    struct shrinking s = { .best = scenario, .work = work };
    bool has_changed = true;

    while (has_changed && !s.is_over) {
        has_changed = false;
        for (size_t i = 0; i < N_LISTS; i++)
            has_changed |= shorten(&s, &lists[i]);
        has_changed |= make_faults_plain(&s);
        has_changed |= make_plain(&s);
    }
    return s.n_runs;
}

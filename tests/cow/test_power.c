/* SPDX-License-Identifier: MIT */
/* A recorded run is cut where power could have been lost, and every subset of the last changes
 * that nobody had synced is dropped, further ones at random: a snapshot is right or reported
 * lost. On a durable volume none is lost whose blocks and records were all there before the
 * change was made. POWER_SEED=N repeats one seed, POWER_SEEDS=N runs so many; POWER_CHANGES=N (6)
 * changes in subsets. */
#include "tests/support/cmocka_vss.h"

#include "emu/port/store.h"
#include "provider_sim/cow/cow_volume.h"
#include "tests/cow/moments.h"
#include "tests/cow/random_steps.h"
#include "tests/cow/tape_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_STEPS 130
#define N_MOST  16

/* Which of the changes that were not synced when power was lost are dropped. */
struct loss {
    const struct tape *tape;
    size_t n;            /* changes made */
    size_t last[N_MOST]; /* the last ones that were not synced, latest first */
    size_t n_last;
    uint64_t subset; /* of them, bit by bit */
    uint64_t random; /* 0: all earlier ones are kept */
};

static bool is_unsynced(const struct loss *l, size_t change)
{
    return l->tape->changes.items[change].synced >= l->n;
}

static bool is_dropped(void *arg, size_t change)
{
    struct loss *l = arg;

    if (!is_unsynced(l, change))
        return false;
    for (size_t i = 0; i < l->n_last; i++) {
        if (l->last[i] == change)
            return l->subset >> i & 1;
    }
    uint64_t draw = l->random + change;

    return l->random && steps_draw(&draw, 3) == 0;
}

static struct loss loss_at(const struct recording *r, size_t n, size_t most)
{
    struct loss l = { .tape = r->tape, .n = n };

    for (size_t i = n; i && l.n_last < most; i--) {
        if (is_unsynced(&l, i - 1))
            l.last[l.n_last++] = i - 1;
    }
    return l;
}

/* Answers how many snapshots were lost. */
static size_t open_after(struct recording *r, struct loss *l, const char *what)
{
    struct cow_volume *v;
    struct store *s = tape_play(r->tape, l->n, is_dropped, l, true);

    assert_int_equal(cow_volume_open(s, &v), 0);
    size_t n_lost = recording_check_snapshots(r, v, l->n, true, what);
    cow_volume_free(v);
    return n_lost;
}

struct counts {
    size_t n_cases, n_losing;
};

static void lose_power_everywhere(uint64_t seed, bool is_durable, struct counts *counts)
{
    struct recording *r = recording_make(seed, N_STEPS, is_durable, NULL);
    size_t most = steps_setting("POWER_CHANGES", 6, 4);
    char what[96];

    for (size_t n = 0; n <= r->tape->changes.count; n++) {
        struct loss l = loss_at(r, n, most < N_MOST ? most : N_MOST);

        if (n && r->tape->changes.items[n - 1].synced < n)
            continue; /* nothing to lose that was not there to lose before */
        for (l.subset = 0; l.subset < UINT64_C(1) << l.n_last; l.subset++) {
            l.random = l.subset % 4 == 3 ? l.subset + seed : 0;
            snprintf(what, sizeof(what), "seed %llu, %s, subset %llx", (unsigned long long)seed,
                     is_durable ? "durable" : "lazy", (unsigned long long)l.subset);
            counts->n_cases++;
            counts->n_losing += open_after(r, &l, what) > 0;
        }
    }
    recording_free(r);
}

static struct counts run(bool is_durable)
{
    uint64_t one = steps_setting("POWER_SEED", 0, 0),
             n = one ? 1 : steps_setting("POWER_SEEDS", 2, 1);
    struct counts counts = { 0 };

    for (uint64_t seed = one ? one : 1; seed < (one ? one : 1) + n; seed++)
        lose_power_everywhere(seed, is_durable, &counts);
    printf("%s: %zu cases, snapshots reported lost in %zu\n", is_durable ? "durable" : "lazy",
           counts.n_cases, counts.n_losing);
    return counts;
}

static void no_snapshot_is_silently_wrong_after_a_loss_of_power(void **state)
{
    (void)state;
    struct counts counts = run(false);

    assert_true(counts.n_losing > 0); /* else nothing was dropped */
}

static void snapshots_of_a_durable_volume_outlast_it(void **state)
{
    (void)state;
    struct counts counts = run(true);

    assert_true(counts.n_losing * 100 <= counts.n_cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_snapshot_is_silently_wrong_after_a_loss_of_power),
        cmocka_unit_test(snapshots_of_a_durable_volume_outlast_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

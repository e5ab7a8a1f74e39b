/* SPDX-License-Identifier: MIT */
/* A recorded run is cut after every single change of the store, and within each write of the diff
 * area, as kill -9 would: whoever opens the volume next finds the origin with all that had been
 * done, and every persistent snapshot right; and so when that one is killed a little later.
 * KILL_SEED=N repeats one seed, KILL_SEEDS=N runs so many. */
#include "tests/support/cmocka_vss.h"

#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/moments.h"
#include "tests/cow/random_steps.h"
#include "tests/cow/tape_store.h"

#include <stdio.h>
#include <stdlib.h>

#define N_STEPS 160

static struct cow_volume *open_again(struct recording *r, struct store *s)
{
    struct cow_volume *v;

    r->tape->now_ns += INT64_C(5000000000); /* somebody notices, and begins again */
    assert_int_equal(cow_volume_open(s, &v), 0);
    return v;
}

/* The next owner goes on, and is killed as well. */
static void go_on(struct recording *r, struct cow_volume *v, uint64_t seed)
{
    struct cow_node *held[STEPS_HELD] = { NULL };
    const struct cow_snapshot_info info = { .is_persistent = true };

    for (int i = 0; i < 6; i++) {
        struct step s = steps_draw_step(&seed);

        r->tape->now_ns += INT64_C(300000000);
        steps_do(v, held, &s);
        if (i == 3)
            assert_int_equal(cow_volume_commit_as(v, 1000, &info), 0);
    }
    steps_let_go(v, held);
    v->is_closing = true; /* whatever is only in memory is gone */
    cow_volume_free(v);
}

static void cut_at(struct recording *r, size_t n, uint64_t seed, const char *what)
{
    struct store *s = tape_play(r->tape, n, NULL, NULL, false);
    int64_t now = r->tape->now_ns;

    memstore_keep_on_free(s, true);
    if (n)
        r->tape->now_ns = r->tape->changes.items[n - 1].time_ns;
    struct cow_volume *v = open_again(r, s);
    size_t done = r->tape->torn_to == SIZE_MAX ? n : n - 1;
    recording_check_snapshots(r, v, done, false, what);
    recording_check_origin(r, v, done, what);
    go_on(r, v, seed + n);
    v = open_again(r, s);
    recording_check_snapshots(r, v, done, false, what);
    memstore_keep_on_free(s, false);
    cow_volume_free(v);
    r->tape->now_ns = now;
}

static bool can_be_torn(const struct tape_change *c)
{
    return c->kind == TAPE_WRITE && c->is_area && c->size > 24;
}

static void cut_everywhere(uint64_t seed)
{
    struct recording *r = recording_make(seed, N_STEPS, false, NULL);
    char what[64];

    snprintf(what, sizeof(what), "seed %llu, killed", (unsigned long long)seed);
    for (size_t n = 0; n <= r->tape->changes.count; n++) {
        cut_at(r, n, seed, what);
        if (!n || !can_be_torn(&r->tape->changes.items[n - 1]))
            continue;
        tape_tear(r->tape, r->tape->changes.items[n - 1].size - 1 - n % 16);
        snprintf(what, sizeof(what), "seed %llu, killed while writing", (unsigned long long)seed);
        cut_at(r, n, seed, what);
        tape_tear(r->tape, SIZE_MAX);
        snprintf(what, sizeof(what), "seed %llu, killed", (unsigned long long)seed);
    }
    recording_free(r);
}

static void nothing_is_lost_by_kill_at_any_change(void **state)
{
    uint64_t one = steps_setting("KILL_SEED", 0, 0),
             n = one ? 1 : steps_setting("KILL_SEEDS", 5, 1);

    (void)state;
    for (uint64_t seed = one ? one : 1; seed < (one ? one : 1) + n; seed++)
        cut_everywhere(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_by_kill_at_any_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

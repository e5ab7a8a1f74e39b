/* SPDX-License-Identifier: MIT */
/* A recorded run is cut after every single change of the store, as kill -9 would: whoever opens the
 * volume next finds the origin with all that had been done, and every persistent snapshot right.
 * KILL_SEED=N repeats one seed, KILL_SEEDS=N runs so many. */
#include "tests/support/cmocka_vss.h"

#include "emu/port/store.h"
#include "provider_sim/cow/cow_volume.h"
#include "tests/cow/moments.h"
#include "tests/cow/tape_store.h"

#include <stdio.h>
#include <stdlib.h>

#define N_STEPS 160

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);

    return text ? strtoull(text, NULL, 10) : otherwise;
}

static struct cow_volume *open_cut(struct recording *r, size_t n)
{
    struct cow_volume *v;

    r->tape->now_ns += INT64_C(5000000000); /* somebody notices, and begins again */
    assert_int_equal(cow_volume_open(tape_play(r->tape, n, NULL, NULL, false), &v), 0);
    return v;
}

static void cut_everywhere(uint64_t seed)
{
    struct recording *r = recording_make(seed, N_STEPS, false, NULL);
    char what[64];

    snprintf(what, sizeof(what), "seed %llu, killed", (unsigned long long)seed);
    for (size_t n = 0; n <= r->tape->changes.count; n++) {
        int64_t now = r->tape->now_ns;

        if (n)
            r->tape->now_ns = r->tape->changes.items[n - 1].time_ns;
        struct cow_volume *v = open_cut(r, n);
        recording_check_snapshots(r, v, n, false, what);
        recording_check_origin(r, v, n, what);
        cow_volume_free(v);
        r->tape->now_ns = now;
    }
    recording_free(r);
}

static void nothing_is_lost_by_kill_at_any_change(void **state)
{
    uint64_t one = number_of("KILL_SEED", 0), n = one ? 1 : number_of("KILL_SEEDS", 12);

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

/* SPDX-License-Identifier: MIT */
/* Every single call of the diff area fails in turn, once or from then on, with ENOSPC and EIO: the
 * origin never notices, and a snapshot is right or reported lost, now and after a kill.
 * FAULT_SEED=N repeats one seed, FAULT_SEEDS=N runs so many. */
#include "tests/support/cmocka_vss.h"

#include "emu/port/store.h"
#include "provider_sim/cow/cow_volume.h"
#include "tests/cow/moments.h"
#include "tests/cow/random_steps.h"
#include "tests/cow/tape_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_STEPS 70

/* A directory that steps aside is forgotten while the log still says that it does. */
#define REPLACED_SEED 15

static void check_origins(const struct recording *wanted, const struct recording *got,
                          const char *what)
{
    assert_int_equal(wanted->origins.count, got->origins.count);
    for (size_t i = 0; i < wanted->origins.count; i++) {
        if (strcmp(wanted->origins.items[i], got->origins.items[i]) == 0)
            continue;
        fprintf(stderr, "%s: step %zu, the origin should be\n%s\nand is\n%s\n", what, i,
                wanted->origins.items[i], got->origins.items[i]);
        fail();
    }
}

/* Answers whether a snapshot was lost. */
static size_t check_next_owner(struct recording *r, const char *what)
{
    size_t n = r->tape->changes.count;
    struct cow_volume *v;

    r->tape->now_ns += INT64_C(5000000000);
    assert_int_equal(cow_volume_open(tape_play(r->tape, n, NULL, NULL, false), &v), 0);
    size_t n_lost = recording_check_snapshots(r, v, n, true, what);
    recording_check_origin(r, v, n, what);
    cow_volume_free(v);
    return n_lost;
}

static size_t run_with(const struct recording *plain, uint64_t seed, struct planned_fault fault)
{
    struct recording *r = recording_make(seed, N_STEPS, false, &fault);
    char what[96];
    size_t n = r->tape->changes.count;

    snprintf(what, sizeof(what), "seed %llu, call %llu fails%s with %s", (unsigned long long)seed,
             (unsigned long long)fault.at, fault.is_for_ever ? " for ever" : "",
             strerror(fault.error));
    check_origins(plain, r, what);
    size_t n_lost = recording_check_snapshots(r, r->v, n, true, what);
    n_lost += check_next_owner(r, what);
    recording_end(r);
    n_lost += check_next_owner(r, what);
    recording_free(r);
    return n_lost;
}

static void fail_everywhere(uint64_t seed, int error)
{
    const struct planned_fault none = { 0 };
    struct recording *plain = recording_make(seed, N_STEPS, false, &none);
    uint64_t n_calls = plain->tape->n_area_calls;
    size_t n_lost = 0;

    for (uint64_t at = 1; at <= n_calls; at++) {
        n_lost += run_with(plain, seed, (struct planned_fault){ at, false, error });
        n_lost += run_with(plain, seed, (struct planned_fault){ at, true, error });
    }
    assert_true(n_calls > 20 && n_lost > 0);
    recording_free(plain);
}

static void run(int error)
{
    uint64_t one = steps_setting("FAULT_SEED", 0, 0),
             n = one ? 1 : steps_setting("FAULT_SEEDS", 2, 1);

    for (uint64_t seed = one ? one : 1; seed < (one ? one : 1) + n; seed++)
        fail_everywhere(seed, error);
    if (!one)
        fail_everywhere(REPLACED_SEED, error);
}

static void full_diff_area_costs_snapshots_only(void **state)
{
    (void)state;
    run(ENOSPC);
}

static void broken_diff_area_costs_snapshots_only(void **state)
{
    (void)state;
    run(EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_diff_area_costs_snapshots_only),
        cmocka_unit_test(broken_diff_area_costs_snapshots_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

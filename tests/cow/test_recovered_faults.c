/* SPDX-License-Identifier: MIT */
/* While a snapshot is open for recovery, every single call of the diff area fails in turn, once or
 * from then on, with ENOSPC and EIO. A change that is refused has not happened; the snapshot, an
 * older and a newer one, and the origin are right, or a snapshot is reported lost, now and for the
 * next owner. RECOVERED_FAULT_SEED=N repeats one seed, RECOVERED_FAULT_SEEDS=N runs so many. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/cow/cow_view_change.h"
#include "tests/cow/random_steps.h"
#include "tests/cow/tape_store.h"
#include "tests/support/cow_dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_BEFORE   150 /* steps of the origin */
#define N_RECOVERY 60  /* steps of the snapshot */

struct run {
    uint64_t seed, random;
    char what[96];
    struct tape *tape;
    struct cow_volume *v;      /* with snapshots */
    struct cow_volume *mirror; /* an equal one, which does what the snapshot does */
    struct cow_node *held[STEPS_HELD], *held_open[STEPS_HELD], *held_mirror[STEPS_HELD];
    unsigned older, open, newer;
    char *older_text, *newer_text, *origin_text;
    bool is_vague; /* a write was refused: how much of it came is left open */
};

static bool is_lost(struct cow_volume *v, unsigned number)
{
    bool lost = false;
    unsigned n;

    for (size_t i = 0; (n = cow_volume_snapshot(v, i, &lost)) != 0; i++) {
        if (n == number)
            return lost;
    }
    fail_msg("snapshot %u is not there any more", number);
    return true;
}

static void expect(struct run *r, struct cow_volume *v, unsigned view, const char *wanted)
{
    if (view && is_lost(v, view))
        return;
    char *got = cow_dump(v, view, 20000, false);

    if (strcmp(wanted, got) != 0) {
        fprintf(stderr, "%s: view %u should be\n%s\nand is\n%s\n", r->what, view, wanted, got);
        fail();
    }
    free(got);
}

/* ---- before ---- */

static void origin_steps(struct run *r, int n)
{
    for (int i = 0; i < n; i++) {
        struct step s = steps_draw_step(&r->random);

        steps_do(r->v, r->held, &s);
        steps_do(r->mirror, r->held_mirror, &s);
    }
}

static unsigned commit(struct run *r)
{
    const struct cow_snapshot_info info = { .is_persistent = true };
    unsigned number = cow_volume_next_number(r->v);

    assert_int_equal(cow_volume_commit_as(r->v, number, &info), 0);
    return number;
}

static void begin(struct run *r, uint64_t seed)
{
    *r = (struct run){ .seed = seed, .random = seed, .tape = tape_new() };
    assert_int_equal(cow_volume_open(tape_store(r->tape), &r->v), 0);
    assert_int_equal(cow_volume_open(memstore_new(NULL), &r->mirror), 0);
    origin_steps(r, N_BEFORE);
    r->older = commit(r);
    r->older_text = cow_dump(r->v, r->older, 20000, false);
    origin_steps(r, N_BEFORE / 2);
    r->open = commit(r);
    steps_let_go(r->mirror, r->held_mirror);
    r->newer = commit(r);
    r->newer_text = cow_dump(r->v, r->newer, 20000, false);
    r->origin_text = mem_strdup(r->newer_text);
    assert_int_equal(cow_volume_open_snapshot(r->v, r->open), 0);
}

static void end(struct run *r)
{
    r->tape->fail_at = 0;
    steps_let_go(r->v, r->held);
    steps_let_go(r->v, r->held_open);
    steps_let_go(r->mirror, r->held_mirror);
    cow_volume_free(r->v);
    cow_volume_free(r->mirror);
    tape_free(r->tape);
    free(r->older_text);
    free(r->newer_text);
    free(r->origin_text);
}

/* ---- recovery ---- */

static bool changes_contents(unsigned what)
{
    return what == STEP_WRITE || what == STEP_WRITE2 || what == STEP_APPEND ||
           what == STEP_TRUNCATE || what == STEP_WRITE_KEPT || what == STEP_FALLOCATE;
}

static void recovery_step(struct run *r)
{
    struct step s = steps_draw_step(&r->random);

    s.view = r->open;
    int error = steps_do(r->v, r->held_open, &s);
    bool is_refused = error == -EIO || error == -ENOSPC || error == -ENXIO;

    s.view = VOLUME_ORIGIN;
    if (is_refused)
        r->is_vague = r->is_vague || changes_contents(s.what);
    else
        steps_do(r->mirror, r->held_mirror, &s);
}

static void check_now(struct run *r, struct cow_volume *v)
{
    expect(r, v, r->older, r->older_text);
    expect(r, v, r->newer, r->newer_text);
    expect(r, v, VOLUME_ORIGIN, r->origin_text);
    if (r->is_vague)
        return;
    char *wanted = cow_dump(r->mirror, VOLUME_ORIGIN, 20000, false);

    expect(r, v, r->open, wanted);
    free(wanted);
}

static void check_next_owner(struct run *r)
{
    struct cow_volume *v;

    r->tape->now_ns += INT64_C(5000000000);
    assert_int_equal(
        cow_volume_open(tape_play(r->tape, r->tape->changes.count, NULL, NULL, false), &v), 0);
    check_now(r, v);
    cow_volume_free(v);
}

/* Answers how many calls of the diff area the recovery has made. */
static uint64_t run_with(uint64_t seed, uint64_t at, bool is_for_ever, int error)
{
    struct run r;

    begin(&r, seed);
    uint64_t before = r.tape->n_area_calls;

    snprintf(r.what, sizeof(r.what), "seed %llu, call %llu fails%s with %s",
             (unsigned long long)seed, (unsigned long long)at, is_for_ever ? " for ever" : "",
             strerror(error));
    r.tape->fail_at = at ? before + at : 0;
    r.tape->fails_for_ever = is_for_ever;
    r.tape->fail_error = error;
    for (int i = 0; i < N_RECOVERY; i++)
        recovery_step(&r);
    cow_volume_seal_snapshot(r.v, r.open);
    uint64_t n_calls = r.tape->n_area_calls - before;

    check_now(&r, r.v);
    check_next_owner(&r);
    end(&r);
    return n_calls;
}

static void fail_everywhere(int error)
{
    uint64_t one = steps_setting("RECOVERED_FAULT_SEED", 0, 0);
    uint64_t first = one ? one : 1, n = one ? 1 : steps_setting("RECOVERED_FAULT_SEEDS", 3, 1),
             n_all = 0;

    for (uint64_t seed = first; seed < first + n; seed++) {
        uint64_t n_calls = run_with(seed, 0, false, 0);

        n_all += n_calls;
        for (uint64_t at = 1; at <= n_calls; at++) {
            run_with(seed, at, false, error);
            run_with(seed, at, true, error);
        }
    }
    assert_true(n_all > 10);
}

static void a_full_diff_area_refuses_or_costs_the_snapshot(void **state)
{
    (void)state;
    fail_everywhere(ENOSPC);
}

static void a_broken_diff_area_refuses_or_costs_the_snapshot(void **state)
{
    (void)state;
    fail_everywhere(EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_diff_area_refuses_or_costs_the_snapshot),
        cmocka_unit_test(a_broken_diff_area_refuses_or_costs_the_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* A snapshot that is open for recovery is changed at random while its origin goes on: it becomes
 * what an equal volume becomes by the same steps, and neither the origin nor an older or newer
 * snapshot sees anything of it, also after the owner has ended. RECOVERED_SEED=N repeats one seed,
 * RECOVERED_SEEDS=N runs so many. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/cow/cow_view_change.h"
#include "tests/cow/random_steps.h"
#include "tests/support/cow_dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_STEPS 60

/* The volume; one without snapshots that does the origin's steps; and one that stands for the
 * snapshot. */
enum { REAL, ORIGIN, RECOVERED, N_VOLUMES };

struct moment {
    unsigned number;
    char *text;
};

struct run {
    uint64_t seed, random;
    struct store *store[N_VOLUMES]; /* of memory; they outlive their volumes */
    struct cow_volume *v[N_VOLUMES];
    struct cow_node *held[N_VOLUMES][STEPS_HELD];
    struct cow_node *held_open[STEPS_HELD]; /* in the open snapshot */
    ARRAY(struct moment) moments;           /* of all snapshots but the open one */
    unsigned open;                          /* the snapshot that is, 0: none */
};

static uint64_t draw(struct run *r, uint64_t below)
{
    return steps_draw(&r->random, below);
}

static void compare(struct run *r, const char *what, unsigned number, char *take_wanted,
                    char *take_got)
{
    if (strcmp(take_wanted, take_got) != 0) {
        fprintf(stderr, "seed %llu: %s %u should be\n%s\nand is\n%s\n", (unsigned long long)r->seed,
                what, number, take_wanted, take_got);
        fail();
    }
    free(take_wanted);
    free(take_got);
}

static char *dump(struct run *r, int which, unsigned view)
{
    return cow_dump(r->v[which], view, 1 + (unsigned)draw(r, 50000), false);
}

static void compare_all(struct run *r)
{
    compare(r, "origin", 0, dump(r, ORIGIN, VOLUME_ORIGIN), dump(r, REAL, VOLUME_ORIGIN));
    for (size_t i = 0; i < r->moments.count; i++) {
        const struct moment *m = &r->moments.items[i];

        compare(r, "snapshot", m->number, mem_strdup(m->text),
                cow_dump(r->v[REAL], m->number, 1 + (unsigned)draw(r, 50000), true));
    }
    if (r->open)
        compare(r, "the open snapshot", r->open, dump(r, RECOVERED, VOLUME_ORIGIN),
                dump(r, REAL, r->open));
}

/* ---- steps ---- */

static void check_equal(struct run *r, const struct step *s, int wanted, int got)
{
    if (wanted == got)
        return;
    fprintf(stderr, "seed %llu: step %u %s %s of view %u answers %d, not %d\n",
            (unsigned long long)r->seed, s->what, s->path, s->other, s->view, got, wanted);
    fail();
}

static void step_of_origin(struct run *r, bool is_of_all)
{
    struct step s = steps_draw_step(&r->random);
    int wanted = steps_do(r->v[ORIGIN], r->held[ORIGIN], &s);

    check_equal(r, &s, wanted, steps_do(r->v[REAL], r->held[REAL], &s));
    if (is_of_all)
        steps_do(r->v[RECOVERED], r->held[RECOVERED], &s);
}

static void step_of_snapshot(struct run *r)
{
    struct step s = steps_draw_step(&r->random);

    if (s.what == STEP_FALLOCATE)
        s.what = STEP_TRUNCATE; /* writers are offered nothing else in a snapshot */
    if (s.what == STEP_RENAME && steps_exchanges(&s))
        s.number++; /* neither this */
    int wanted = steps_do(r->v[RECOVERED], r->held[RECOVERED], &s);

    s.view = r->open;
    check_equal(r, &s, wanted, steps_do(r->v[REAL], r->held_open, &s));
}

static unsigned commit(struct run *r, bool is_persistent)
{
    struct cow_snapshot_info info = { .is_persistent = is_persistent };
    unsigned number = cow_volume_next_number(r->v[REAL]);

    assert_int_equal(cow_volume_commit_as(r->v[REAL], number, &info), 0);
    return number;
}

static void add_moment(struct run *r, unsigned number)
{
    array_add(&r->moments, ((struct moment){ number, cow_dump(r->v[REAL], number, 30000, true) }));
}

static void delete_one(struct run *r)
{
    size_t i = draw(r, r->moments.count);

    assert_int_equal(cow_volume_delete_snapshot(r->v[REAL], r->moments.items[i].number), 0);
    free(r->moments.items[i].text);
    array_remove(&r->moments, i);
}

static void change_snapshots(struct run *r)
{
    if (draw(r, 12))
        return;
    if (r->moments.count < 5 && draw(r, 3))
        add_moment(r, commit(r, true));
    else if (r->moments.count)
        delete_one(r);
    compare_all(r);
}

/* ---- owners ---- */

static void change_owner(struct run *r, bool is_killed)
{
    steps_let_go(r->v[REAL], r->held[REAL]);
    steps_let_go(r->v[REAL], r->held_open);
    steps_let_go(r->v[ORIGIN], r->held[ORIGIN]);
    r->v[REAL]->is_closing = is_killed;
    cow_volume_free(r->v[REAL]);
    assert_int_equal(cow_volume_open(r->store[REAL], &r->v[REAL]), 0);
}

static void begin(struct run *r, uint64_t seed)
{
    *r = (struct run){ .seed = seed, .random = seed };
    for (int which = 0; which < N_VOLUMES; which++) {
        r->store[which] = memstore_new(NULL);
        memstore_keep_on_free(r->store[which], true);
        assert_int_equal(cow_volume_open(r->store[which], &r->v[which]), 0);
    }
}

static void end(struct run *r)
{
    while (r->moments.count)
        delete_one(r);
    array_free(&r->moments);
    steps_let_go(r->v[REAL], r->held_open);
    for (int which = 0; which < N_VOLUMES; which++) {
        steps_let_go(r->v[which], r->held[which]);
        cow_volume_free(r->v[which]);
        memstore_keep_on_free(r->store[which], false);
        r->store[which]->ops->free(r->store[which]);
    }
}

/* Until a snapshot is open, and half way through its recovery. */
static void run_half(struct run *r, bool is_persistent)
{
    for (int i = 0; i < N_STEPS; i++) {
        step_of_origin(r, true);
        change_snapshots(r);
    }
    r->open = commit(r, is_persistent);
    steps_let_go(r->v[RECOVERED], r->held[RECOVERED]); /* a snapshot has no open files */
    struct step refused = { .what = STEP_CREATE, .path = "z", .view = r->open };

    assert_int_equal(steps_do(r->v[REAL], r->held_open, &refused), -EROFS);
    assert_int_equal(cow_volume_open_snapshot(r->v[REAL], r->open), 0);
    for (int i = 0; i < 2 * N_STEPS; i++) {
        if (draw(r, 2))
            step_of_origin(r, false);
        else
            step_of_snapshot(r);
        change_snapshots(r);
    }
    compare_all(r);
}

static void run_seed(uint64_t seed)
{
    struct run r;

    begin(&r, seed);
    run_half(&r, seed % 3 == 1);
    assert_int_equal(cow_volume_revert(r.v[REAL], r.open), -EBUSY);
    assert_int_equal(cow_volume_seal_snapshot(r.v[REAL], r.open), 0);
    if (seed % 3 == 2) /* as the provider does it: only what is finished is kept */
        assert_int_equal(cow_volume_keep(r.v[REAL], r.open, &(struct cow_snapshot_info){ 0 }), 0);
    struct step refused = { .what = STEP_CREATE, .path = "z", .view = r.open };

    assert_int_equal(steps_do(r.v[REAL], r.held_open, &refused), -EROFS);
    compare_all(&r);
    add_moment(&r, r.open);
    r.open = 0;
    for (int i = 0; i < N_STEPS; i++) {
        if (seed % 3 && draw(&r, 20) == 0)
            change_owner(&r, draw(&r, 2));
        step_of_origin(&r, false);
        change_snapshots(&r);
    }
    compare_all(&r);
    end(&r);
}

static void each_becomes_what_its_steps_make_it(void **state)
{
    uint64_t one = steps_setting("RECOVERED_SEED", 0, 0);
    uint64_t first = one ? one : 1, n = one ? 1 : steps_setting("RECOVERED_SEEDS", 150, 8);

    (void)state;
    for (uint64_t seed = first; seed < first + n; seed++)
        run_seed(seed);
    if (one)
        return;
    /* Here an inode became another file's while somebody still held the first. */
    run_seed(282);
    run_seed(364);
}

/* Neither the instant nor what the writers wanted: nobody may take it for either. */
static void what_is_open_when_its_owner_ends_is_lost(void **state)
{
    uint64_t n = steps_setting("RECOVERED_SEEDS", 30, 4);

    (void)state;
    for (uint64_t seed = 1; seed <= n; seed++) {
        struct run r;
        bool is_lost = false;

        begin(&r, seed);
        run_half(&r, true);
        unsigned open = r.open;
        r.open = 0;
        change_owner(&r, seed % 2);
        compare_all(&r);
        for (size_t i = 0; cow_volume_snapshot(r.v[REAL], i, &is_lost) != open; i++)
            assert_true(cow_volume_snapshot(r.v[REAL], i, NULL));
        assert_true(is_lost);
        end(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_becomes_what_its_steps_make_it),
        cmocka_unit_test(what_is_open_when_its_owner_ends_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Random operations with snapshots made and deleted at random, the volume closed and opened
 * again, its owner killed: every snapshot stays what the volume was at its instant, in full, and
 * the origin is what it would be without snapshots. ORACLE_SEED=N repeats one seed,
 * ORACLE_SEEDS=N runs so many, from ORACLE_FIRST on. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/cow/cow_work.h"
#include "tests/cow/random_steps.h"
#include "tests/support/cow_dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_STEPS 250

/* A deletion gives up a file that it has handed blocks of down already. */
#define GIVEN_UP_SEED 1281

struct moment {
    unsigned number;
    bool is_persistent;
    char *text;
};

struct run {
    uint64_t random;
    uint64_t pace;         /* how long work goes on between operations: another stream */
    struct cow_work *work; /* a deletion or a check that is under way, or NULL */
    struct cow_block_report report;
    struct store *store[2];  /* of memory; they outlive their volumes */
    struct cow_volume *v[2]; /* with snapshots, without */
    struct cow_node *held[2][STEPS_HELD];
    ARRAY(struct moment) moments;
};

static uint64_t draw(struct run *r, uint64_t below)
{
    return steps_draw(&r->random, below);
}

static void compare_moment(struct run *r, const struct moment *m, uint64_t seed)
{
    char *now = cow_dump(r->v[0], m->number, 1 + (unsigned)draw(r, 50000), true);

    if (strcmp(now, m->text) != 0) {
        fprintf(stderr, "seed %llu: snapshot %u was\n%s\nand is\n%s\n", (unsigned long long)seed,
                m->number, m->text, now);
        fail();
    }
    free(now);
}

static void compare_moments(struct run *r, uint64_t seed)
{
    for (size_t m = 0; m < r->moments.count; m++)
        compare_moment(r, &r->moments.items[m], seed);
}

static void compare_origins(struct run *r, uint64_t seed)
{
    char *with = cow_dump(r->v[0], VOLUME_ORIGIN, 65536, false);
    char *without = cow_dump(r->v[1], VOLUME_ORIGIN, 65536, false);

    if (strcmp(with, without) != 0) {
        fprintf(stderr, "seed %llu: origin with snapshots\n%s\nwithout\n%s\n",
                (unsigned long long)seed, with, without);
        fail();
    }
    free(with);
    free(without);
}

static void compare_all(struct run *r, uint64_t seed)
{
    compare_origins(r, seed);
    compare_moments(r, seed);
}

static void make_snapshot(struct run *r, uint64_t seed)
{
    struct cow_snapshot_info info = { .is_persistent = draw(r, 3) != 0,
                                      .created = (int64_t)draw(r, 1000),
                                      .properties = "ours",
                                      .properties_size = draw(r, 5) };
    struct moment m = { cow_volume_next_number(r->v[0]) + (unsigned)draw(r, 3), info.is_persistent,
                        NULL };

    m.text = cow_dump(r->v[0], VOLUME_ORIGIN, 30000, true);
    assert_int_equal(cow_volume_commit_as(r->v[0], m.number, &info), 0);
    compare_moment(r, &m, seed);
    array_add(&r->moments, m);
}

static void forget_moment(struct run *r, size_t i)
{
    free(r->moments.items[i].text);
    array_remove(&r->moments, i);
}

static void end_work(struct run *r)
{
    if (r->work)
        assert_int_equal(cow_work_end(r->work), 0);
    r->work = NULL;
}

/* At once, or a piece now and then while operations go on. */
static void delete_number(struct run *r, unsigned number)
{
    end_work(r);
    if (steps_draw(&r->pace, 3) == 0) {
        assert_int_equal(cow_volume_delete_snapshot(r->v[0], number), 0);
        return;
    }
    assert_int_equal(cow_volume_begin_deletion(r->v[0], number, &r->work), 0);
    for (size_t i = 0; cow_volume_snapshot(r->v[0], i, NULL); i++)
        assert_int_not_equal(cow_volume_snapshot(r->v[0], i, NULL), number);
}

static void go_on_with_work(struct run *r)
{
    bool is_going_on = true;

    if (!r->work && steps_draw(&r->pace, 50) == 0)
        assert_int_equal(cow_volume_begin_check(r->v[0], &r->report, &r->work), 0);
    if (!r->work)
        return;
    for (uint64_t n = steps_draw(&r->pace, 3); n && is_going_on; n--)
        is_going_on = cow_work_step(r->work);
    if (!is_going_on)
        end_work(r);
    assert_int_equal(r->report.n_bad, 0);
}

static void delete_one(struct run *r, uint64_t seed)
{
    size_t i = draw(r, r->moments.count);

    compare_moment(r, &r->moments.items[i], seed);
    delete_number(r, r->moments.items[i].number);
    forget_moment(r, i);
}

/* The owner ends, in order or not, and another one comes. */
static void change_owner(struct run *r, bool is_killed, uint64_t seed)
{
    unsigned next = cow_volume_next_number(r->v[0]);
    size_t n_persistent = 0;

    for (int which = 0; which < 2; which++) {
        steps_let_go(r->v[which], r->held[which]);
        r->v[which]->is_closing = is_killed; /* whatever is only in memory is gone */
        end_work(r);
        cow_volume_free(r->v[which]);
        assert_int_equal(cow_volume_open(r->store[which], &r->v[which]), 0);
    }
    for (size_t i = r->moments.count; i; i--) {
        if (!r->moments.items[i - 1].is_persistent)
            forget_moment(r, i - 1);
        else
            n_persistent++;
    }
    assert_true(cow_volume_next_number(r->v[0]) >= next);
    assert_int_equal(cow_volume_snapshot(r->v[0], n_persistent, NULL), 0);
    compare_moments(r, seed);
}

/* A part of it, and then the owner ends: it may be seen in the origin, and in no snapshot. */
static void revert_a_part(struct run *r, unsigned number, uint64_t seed)
{
    struct cow_work *work;

    end_work(r);
    assert_int_equal(cow_volume_begin_revert(r->v[0], number, &work), 0);
    for (uint64_t n = steps_draw(&r->pace, 100); n && cow_work_step(work); n--)
        ;
    compare_moments(r, seed);
    r->v[0]->is_closing = true;
    cow_work_end(work);
    change_owner(r, true, seed);
}

/* The volume becomes what it was; nothing that a snapshot has changes thereby. */
static void revert_to_one(struct run *r, uint64_t seed)
{
    if (!r->moments.count)
        return;
    unsigned number = r->moments.items[draw(r, r->moments.count)].number;

    if (steps_draw(&r->pace, 2))
        revert_a_part(r, number, seed);
    if (cow_volume_snapshot_info(r->v[0], number) == NULL)
        return; /* it was not persistent */
    char *wanted = cow_dump(r->v[0], number, 65536, false);

    assert_int_equal(cow_volume_revert(r->v[0], number), 0);
    char *got = cow_dump(r->v[0], VOLUME_ORIGIN, 65536, false);

    if (strcmp(wanted, got) != 0) {
        fprintf(stderr, "seed %llu: reverted to snapshot %u\n%s\nit is\n%s\n",
                (unsigned long long)seed, number, wanted, got);
        fail();
    }
    free(wanted);
    free(got);
    compare_moments(r, seed);
}

static void do_step(struct run *r, int i, uint64_t seed)
{
    struct step s = steps_draw_step(&r->random);
    int with = steps_do(r->v[0], r->held[0], &s), without = steps_do(r->v[1], r->held[1], &s);

    if (with != without) {
        fprintf(stderr, "seed %llu: step %d (%u %s %s): %d with snapshots, %d without\n",
                (unsigned long long)seed, i, s.what, s.path, s.other, with, without);
        fail();
    }
    if (draw(r, 15) == 0) {
        if (r->moments.count < 5 && draw(r, 5) < 3)
            make_snapshot(r, seed);
        else if (r->moments.count)
            delete_one(r, seed);
    }
    go_on_with_work(r);
    if (draw(r, 60) == 0) {
        change_owner(r, draw(r, 2), seed);
        compare_origins(r, seed);
    }
    if (i % 50 == 49)
        compare_all(r, seed);
}

static void begin(struct run *r)
{
    for (int which = 0; which < 2; which++) {
        r->store[which] = memstore_new(NULL);
        memstore_keep_on_free(r->store[which], true);
        assert_int_equal(cow_volume_open(r->store[which], &r->v[which]), 0);
    }
}

static void end(struct run *r)
{
    array_free(&r->moments);
    for (int which = 0; which < 2; which++) {
        steps_let_go(r->v[which], r->held[which]);
        cow_volume_free(r->v[which]);
        memstore_keep_on_free(r->store[which], false);
        r->store[which]->ops->free(r->store[which]);
    }
}

static void run_seed(uint64_t seed)
{
    struct run r = { .random = seed, .pace = seed };

    begin(&r);
    for (int i = 0; i < N_STEPS; i++)
        do_step(&r, i, seed);
    revert_to_one(&r, seed);
    while (r.moments.count) {
        if (seed % 2)
            delete_number(&r, r.moments.items[0].number);
        forget_moment(&r, 0);
    }
    end_work(&r);
    if (seed % 2)
        assert_int_equal(cow_volume_diff_bytes(r.v[0]), 0);
    end(&r);
}

static void every_snapshot_stays_what_the_volume_was(void **state)
{
    uint64_t one = steps_setting("ORACLE_SEED", 0, 0);
    uint64_t first = one ? one : steps_setting("ORACLE_FIRST", 1, 1);
    uint64_t n = one ? 1 : steps_setting("ORACLE_SEEDS", 300, 10);

    (void)state;
    for (uint64_t seed = first; seed < first + n; seed++)
        run_seed(seed);
    if (!one)
        run_seed(GIVEN_UP_SEED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_snapshot_stays_what_the_volume_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

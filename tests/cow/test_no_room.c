/* SPDX-License-Identifier: MIT */
/* A directory that is full, read-only or broken from the start: nothing is lost by trying, and it
 * is right again as soon as it can be written. */
#include "tests/support/cmocka_vss.h"

#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/ground.h"

#include <errno.h>

static const int errors[] = { ENOSPC, EROFS, EIO };

#define N_ERRORS (sizeof(errors) / sizeof(errors[0]))

/* Opens the volume while every change fails; answers whether that works. */
static bool opens_with(struct ground *g, int error)
{
    memstore_fail_writes(g->memory, NULL, 0, error);
    g->now_ns += INT64_C(3000000000);
    int answer = cow_volume_open(ground_store(g), &g->v);

    if (answer) {
        assert_int_equal(answer, -error);
        g->v = NULL;
    }
    return !answer;
}

static void close_and_mend(struct ground *g)
{
    cow_volume_free(g->v);
    memstore_fail_writes(g->memory, NULL, 0, 0);
    ground_open(g);
}

/* The directory has never had a snapshot; whoever opens it can read it, or is told why not. */
static void directory_without_snapshots_keeps_its_files(void **state)
{
    struct ground *g = *state;
    const struct cow_snapshot_info info = { .is_persistent = true };

    for (size_t i = 0; i < N_ERRORS; i++) {
        ground_put(g, "f", "one", 0);
        cow_volume_free(g->v);
        if (opens_with(g, errors[i])) {
            unsigned number = cow_volume_next_number(g->v);

            ground_assert_content(g, VOLUME_ORIGIN, "f", "one");
            assert_int_equal(cow_volume_commit_as(g->v, number, &info), -errors[i]);
            assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 0);
        }
        close_and_mend(g);
        assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 0);
        ground_assert_content(g, VOLUME_ORIGIN, "f", "one");
    }
}

/* Its snapshots are right then, or not there because it could not be opened; and right later. */
static void directory_with_snapshots_keeps_them(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    for (size_t i = 0; i < N_ERRORS * 2; i++) {
        bool is_killed = i >= N_ERRORS;

        g->v->is_closing = is_killed;
        cow_volume_free(g->v);
        if (opens_with(g, errors[i % N_ERRORS])) {
            ground_assert_lost(g, 1, false);
            ground_assert_content(g, 1, "f", "one");
        }
        close_and_mend(g);
        ground_assert_lost(g, 1, false);
        ground_assert_content(g, 1, "f", "one");
        ground_assert_content(g, VOLUME_ORIGIN, "f", "two");
        ground_put(g, "other", "more", 0);
    }
}

/* The disk fills up while the directory is used: the log cannot grow, and what it said last still
 * looks whole. Whoever comes next believes the mark of loss. */
static void kill_on_full_disk(struct ground *g)
{
    ground_assert_lost(g, 1, true);
    memstore_fill(g->memory, false);
    ground_kill_owner(g);
    ground_assert_lost(g, 1, true);
}

static void overwritten_block_that_finds_no_room_costs_the_snapshot(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_put(g, "f", "one", COW_BLOCK_SIZE);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0); /* it is known to be the owner's change */
    memstore_fill(g->memory, true);
    ground_put(g, "f", "two", COW_BLOCK_SIZE);
    kill_on_full_disk(g);
    ground_assert_content(g, VOLUME_ORIGIN, "f", "two");
}

static void attributes_that_the_log_has_no_room_for_cost_the_snapshot(void **state)
{
    struct ground *g = *state;
    struct cow_node *node;

    ground_put(g, "f", "one", 0);
    ground_put(g, "other", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "other", "two", 0); /* what changes in the same moment is the owner's, too */
    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, "f", true, &node), 0);
    memstore_fill(g->memory, true);
    assert_int_equal(cow_volume_chmod(g->v, node, 0600), 0);
    cow_node_unref(g->v, node);
    kill_on_full_disk(g);
}

/* ---- a revert that finds no room for what later snapshots need ---- */

static void put_all(struct ground *g, const char *text)
{
    for (off_t block = 0; block < 3; block++)
        ground_put(g, "f", text, block * COW_BLOCK_SIZE);
}

/* Three blocks of a file, each snapshot with its own text in them. */
static void snapshots_of(struct ground *g, const char *const texts[], unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        put_all(g, texts[i]);
        ground_snapshot(g, i + 1);
    }
}

static void assert_snapshot(struct ground *g, unsigned number, const char *text)
{
    ground_assert_lost(g, number, false);
    ground_assert_content(g, number, "f", text);
}

static void limit_to(struct ground *g, int64_t blocks)
{
    struct diff_area_limits limits = g->v->limits;

    limits.maximum = blocks < 0 ? INT64_MAX : blocks * (int64_t)COW_BLOCK_SIZE;
    cow_volume_limit_area(g->v, &limits);
}

static void assert_nothing_is_lost(struct ground *g)
{
    assert_false(cow_volume_is_offline(g->v));
    assert_false(cow_volume_has_news(g->v));
    assert_snapshot(g, 1, "one");
    assert_snapshot(g, 2, "two");
}

static void revert_that_meets_the_limit_loses_nothing(void **state)
{
    struct ground *g = *state;

    snapshots_of(g, (const char *const[]){ "one", "two" }, 2);
    limit_to(g, 4);
    assert_int_equal(cow_volume_revert(g->v, 1), -ENOSPC);
    assert_nothing_is_lost(g);
    ground_next_owner(g);
    assert_nothing_is_lost(g);
    limit_to(g, -1);
    assert_int_equal(cow_volume_revert(g->v, 1), 0);
    ground_assert_content(g, VOLUME_ORIGIN, "f", "one");
    assert_nothing_is_lost(g);
}

static void revert_on_a_full_disk_loses_nothing(void **state)
{
    struct ground *g = *state;

    snapshots_of(g, (const char *const[]){ "one", "two" }, 2);
    memstore_fill(g->memory, true);
    assert_int_equal(cow_volume_revert(g->v, 1), -ENOSPC);
    memstore_fill(g->memory, false);
    assert_nothing_is_lost(g);
    ground_next_owner(g);
    assert_nothing_is_lost(g);
    assert_int_equal(cow_volume_revert(g->v, 1), 0);
    ground_assert_content(g, VOLUME_ORIGIN, "f", "one");
    assert_nothing_is_lost(g);
}

/* What is older than the one it goes back to is given up as ever. */
static void revert_gives_up_older_snapshots(void **state)
{
    struct ground *g = *state;

    snapshots_of(g, (const char *const[]){ "one", "two", "three" }, 3);
    limit_to(g, 7);
    assert_int_equal(cow_volume_revert(g->v, 2), 0);
    ground_assert_lost(g, 1, true);
    assert_snapshot(g, 2, "two");
    assert_snapshot(g, 3, "three");
    ground_assert_content(g, VOLUME_ORIGIN, "f", "two");
    limit_to(g, 1); /* no revert is under way: the rule is the usual one again */
    ground_assert_lost(g, 3, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(directory_without_snapshots_keeps_its_files,
                                        ground_begin_memory, ground_end),
        cmocka_unit_test_setup_teardown(directory_with_snapshots_keeps_them, ground_begin_memory,
                                        ground_end),
        cmocka_unit_test_setup_teardown(overwritten_block_that_finds_no_room_costs_the_snapshot,
                                        ground_begin_memory, ground_end),
        cmocka_unit_test_setup_teardown(attributes_that_the_log_has_no_room_for_cost_the_snapshot,
                                        ground_begin_memory, ground_end),
        cmocka_unit_test_setup_teardown(revert_that_meets_the_limit_loses_nothing,
                                        ground_begin_memory, ground_end),
        cmocka_unit_test_setup_teardown(revert_on_a_full_disk_loses_nothing, ground_begin_memory,
                                        ground_end),
        cmocka_unit_test_setup_teardown(revert_gives_up_older_snapshots, ground_begin_memory,
                                        ground_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Room in the diff area that snapshots give up goes back to the file system, however it comes to
 * that: two pieces stay at most. Deleting them one after the other is test_deletion's. */
#include "tests/support/cmocka_vss.h"

#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "provider_sim/cow/cow_view_change.h"
#include "tests/cow/deadly_store.h"
#include "tests/cow/ground.h"

#include <errno.h>

#define PIECE (UINT64_C(64) * COW_BLOCK_SIZE)
#define MANY  300u /* blocks */

static void put_blocks(struct ground *g, const char *name, unsigned n, const char *text)
{
    for (unsigned i = 0; i < n; i++)
        ground_put(g, name, text, (off_t)i * COW_BLOCK_SIZE);
}

static void assert_room_is_back(struct ground *g, uint64_t n_used)
{
    struct store *s = g->v->cs.store;
    struct stat st = { 0 };

    assert_int_equal(cow_volume_diff_bytes(g->v), n_used * COW_BLOCK_SIZE);
    assert_true((uint64_t)cow_store_room(&g->v->cs) * COW_BLOCK_SIZE <=
                n_used * COW_BLOCK_SIZE + PIECE);
    if (g->v->cs.diff)
        assert_int_equal(s->ops->stat(s, g->v->cs.diff, &st), 0);
    if (g->is_host)
        assert_true((uint64_t)st.st_blocks * 512 <= n_used * COW_BLOCK_SIZE + 2 * PIECE);
    if (!n_used)
        assert_true((uint64_t)st.st_size <= PIECE);
}

/* Snapshot 1 has many blocks, and 2, which stands behind them, ten. */
static void make_two(struct ground *g)
{
    put_blocks(g, "f", MANY, "one");
    ground_snapshot(g, 1);
    put_blocks(g, "f", MANY, "two");
    ground_snapshot(g, 2);
    put_blocks(g, "f", 10, "six");
}

/* Snapshot 2 has a file that 1 never saw, and one block behind it that 1 needs as well. */
static void make_newer(struct ground *g)
{
    put_blocks(g, "f", 2, "one");
    ground_snapshot(g, 1);
    put_blocks(g, "later", MANY, "one");
    ground_snapshot(g, 2);
    put_blocks(g, "later", MANY, "two");
    put_blocks(g, "f", 1, "two");
}

static void lower_limit_gives_up_the_oldest_and_its_room(void **state)
{
    struct ground *g = *state;

    make_two(g);
    cow_volume_limit_area(g->v, &(struct diff_area_limits){ .maximum = 20 * COW_BLOCK_SIZE });
    ground_assert_lost(g, 1, true);
    assert_room_is_back(g, 10);
    ground_assert_content(g, 2, "f", "two");
}

static void newer_snapshot_that_is_lost_gives_its_room_back(void **state)
{
    struct ground *g = *state;

    make_newer(g);
    cow_area_failed(g->v, 1, -EIO);
    ground_assert_lost(g, 2, true);
    assert_room_is_back(g, 1);
    ground_assert_content(g, 1, "f", "one");
}

static void one_that_is_lost_when_the_volume_is_opened_gives_its_room_back(void **state)
{
    struct ground *g = *state;

    make_newer(g);
    cow_volume_free(g->v);
    ground_change_behind(g, NULL, "later", 0, "X");
    ground_open(g);
    ground_assert_lost(g, 2, true);
    assert_room_is_back(g, 1);
    ground_assert_content(g, 1, "f", "one");
}

static void one_whose_block_is_bad_gives_its_room_back(void **state)
{
    struct ground *g = *state;
    struct cow_block_report report;

    make_two(g);
    cow_volume_free(g->v);
    ground_change_behind(g, COW_SYSTEM_FOLDER, "vssemu.diff", 0, "X");
    ground_open(g);
    cow_check_blocks(g->v, &report);
    assert_int_equal(report.n_bad, 1);
    ground_assert_lost(g, 1, true);
    assert_room_is_back(g, 10);
}

static void what_writers_made_and_removed_in_the_snapshot_goes_back_when_it_is_sealed(void **state)
{
    struct ground *g = *state;
    struct cow_node *root = cow_volume_root(g->v), *node;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    assert_int_equal(cow_volume_open_snapshot(g->v, 1), 0);
    assert_int_equal(
        cow_view_create(g->v, 1, root, "new", S_IFREG | 0644, 0, (uid_t)-1, (gid_t)-1, &node), 0);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(cow_view_write(g->v, 1, node, "made", 4, (off_t)i * COW_BLOCK_SIZE), 4);
    cow_node_unref(g->v, node);
    ground_put(g, "f", "two", 0);
    assert_int_equal(cow_view_unlink(g->v, 1, root, "new"), 0);
    cow_node_unref(g->v, root);
    assert_int_equal(cow_volume_seal_snapshot(g->v, 1), 0);
    assert_room_is_back(g, 1);
    ground_assert_content(g, 1, "f", "one");
}

/* The process ends before each change of it in turn. */
static void whoever_is_killed_while_giving_up_leaves_it_to_the_next(void **state)
{
    struct ground *g = *state;
    bool is_killed = true;

    for (uint64_t n = 1; is_killed; n++) {
        make_two(g);
        deadly_take(g->v->cs.store);
        deadly_before(n, false);
        cow_volume_delete_snapshot(g->v, 1);
        is_killed = deadly_count() >= n;
        deadly_before(0, false);
        ground_kill_owner(g);
        if (cow_volume_snapshot(g->v, 0, NULL) == 1)
            assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
        assert_room_is_back(g, 10);
        ground_assert_content(g, 2, "f", "two");
        bool is_host = g->is_host;

        ground_end(state);
        assert_int_equal((is_host ? ground_begin_host : ground_begin_memory)(state), 0);
        g = *state;
    }
}

/* All are lost, and the area is as long as it was. */
static void whoever_is_killed_while_losing_all_leaves_nothing(void **state)
{
    struct ground *g = *state;
    bool is_killed = true;

    for (uint64_t n = 1; is_killed; n++) {
        bool is_lost;

        make_two(g);
        deadly_take(g->v->cs.store);
        deadly_before(n, false);
        cow_area_failed(g->v, 0, -EIO);
        is_killed = deadly_count() >= n;
        deadly_before(0, false);
        ground_kill_owner(g);
        cow_volume_snapshot(g->v, 0, &is_lost);
        assert_room_is_back(g, is_lost ? 0 : MANY + 10);
        bool is_host = g->is_host;

        ground_end(state);
        assert_int_equal((is_host ? ground_begin_host : ground_begin_memory)(state), 0);
        g = *state;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(lower_limit_gives_up_the_oldest_and_its_room),
        GROUND_TEST(newer_snapshot_that_is_lost_gives_its_room_back),
        GROUND_TEST(one_that_is_lost_when_the_volume_is_opened_gives_its_room_back),
        GROUND_TEST(one_whose_block_is_bad_gives_its_room_back),
        GROUND_TEST(what_writers_made_and_removed_in_the_snapshot_goes_back_when_it_is_sealed),
        GROUND_TEST(whoever_is_killed_while_giving_up_leaves_it_to_the_next),
        GROUND_TEST(whoever_is_killed_while_losing_all_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

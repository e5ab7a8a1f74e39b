/* SPDX-License-Identifier: MIT */
/* One owner of a volume after the other, over memory and over a directory of the host: what the
 * next one finds after an orderly end, a kill, and changes by somebody else; and how room is
 * used. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/ground.h"
#include "tests/support/cow_dump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- orderly ends ---- */

static void snapshot_outlives_its_process(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "before", 0);
    ground_put(g, "gone", "kept", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "after!", 0);
    ground_next_owner(g);
    ground_assert_content(g, 1, "f", "before");
    ground_assert_content(g, VOLUME_ORIGIN, "f", "after!");
    const struct cow_snapshot_info *info = cow_volume_snapshot_info(g->v, 1);
    assert_non_null(info);
    assert_true(info->is_persistent);
    assert_int_equal(info->created, 42);
    assert_string_equal((const char *)info->id, "0123456789abcde");
    assert_int_equal(info->properties_size, 20);
    assert_memory_equal(info->properties, "what the maker knows", 20);
    assert_null(cow_volume_snapshot_info(g->v, 2));
}

static void snapshot_that_is_not_persistent_ends_with_its_process(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    assert_int_equal(cow_volume_commit(g->v, 2), 0);
    ground_put(g, "f", "six", 0);
    ground_next_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 1, NULL), 0);
    ground_assert_content(g, 1, "f", "one");
    assert_int_equal(cow_volume_next_number(g->v), 3);
}

static void deleted_snapshot_stays_deleted_and_its_room_is_used_again(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    ground_snapshot(g, 2);
    ground_put(g, "f", "six", 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    ground_kill_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 2);
    assert_int_equal(cow_volume_diff_bytes(g->v), COW_BLOCK_SIZE);
    ground_snapshot(g, 3);
    ground_put(g, "f", "ten", 0);
    ground_kill_owner(g);
    ground_assert_content(g, 2, "f", "two");
    ground_assert_content(g, 3, "f", "six");
    assert_int_equal(g->v->cs.slots.count, 2);
}

static void directory_without_snapshots_has_no_log(void **state)
{
    struct ground *g = *state;
    struct store_node *node;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    for (int i = 0; i < 2; i++) {
        struct store *s = g->v->cs.store;

        assert_int_equal(s->ops->lookup(s, g->v->cs.system, "vssemu.log.0", &node), -ENOENT);
        assert_int_equal(s->ops->lookup(s, g->v->cs.system, "vssemu.log.1", &node), -ENOENT);
        ground_next_owner(g);
    }
    assert_int_equal(cow_volume_next_number(g->v), 2);
}

/* Kept with the volume, whether there are snapshots or not. */
static void volume_stays_durable(void **state)
{
    struct ground *g = *state;

    assert_false(g->v->cs.catalogue.header.is_durable);
    assert_int_equal(cow_volume_set_durable(g->v, true), 0);
    ground_next_owner(g);
    assert_true(g->v->cs.catalogue.header.is_durable);
    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    ground_kill_owner(g);
    assert_true(g->v->cs.catalogue.header.is_durable);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    ground_next_owner(g);
    assert_true(g->v->cs.catalogue.header.is_durable);
    assert_int_equal(cow_volume_set_durable(g->v, false), 0);
    ground_next_owner(g);
    assert_false(g->v->cs.catalogue.header.is_durable);
}

/* ---- changes by others ---- */

static void foreign_change_loses_the_snapshots_that_may_see_it(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    ground_snapshot(g, 2);
    cow_volume_free(g->v);
    ground_change_behind(g, NULL, "f", 0, "not");
    ground_open(g);
    ground_assert_lost(g, 1, true);
    ground_assert_lost(g, 2, true);
    ground_assert_content(g, VOLUME_ORIGIN, "f", "not");
    ground_next_owner(g);
    ground_assert_lost(g, 1, true);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    ground_assert_lost(g, 2, true);
}

static void foreign_change_to_what_no_snapshot_sees_loses_none(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "new", "one", 0);
    cow_volume_free(g->v);
    ground_change_behind(g, NULL, "new", 0, "not");
    ground_open(g);
    ground_assert_lost(g, 1, false);
    ground_assert_content(g, 1, "f", "one");
    ground_put(g, "f", "two", 0);
    ground_kill_owner(g);
    ground_assert_lost(g, 1, false);
    ground_assert_content(g, 1, "f", "one");
}

static void foreign_name_loses_the_snapshots(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    cow_volume_free(g->v);
    ground_change_behind(g, NULL, "stranger", 0, "hello");
    ground_open(g);
    ground_assert_lost(g, 1, true);
}

/* A host's clock moves in ticks of some milliseconds: one may not be enough to tell two changes
 * apart. */
static void foreign_change_right_after_the_end_is_noticed(void **state)
{
    struct ground *g = *state;

    for (unsigned number = 1; number < 8; number++) {
        ground_put(g, "f", "one", 0);
        ground_snapshot(g, number);
        ground_put(g, "f", "two", 5);
        cow_volume_free(g->v);
        ground_change_behind(g, NULL, "f", 0, "not");
        ground_open(g);
        ground_assert_lost(g, number, true);
    }
}

/* Until the clock that stamps files has moved on. */
static void let_time_pass(struct ground *g)
{
    struct store *s = g->v->cs.store;

    s->ops->settle(s);
    g->now_ns += 10000000;
}

/* To end takes its time, and may come late: what is between our last change and that is not ours.
 */
static void foreign_change_before_the_end_is_noticed(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_put(g, "other", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "f", "two", 0);
    cow_volume_rest(g->v);
    let_time_pass(g);
    cow_volume_rest(g->v); /* nothing has changed: says nothing new */
    ground_change_behind(g, NULL, "other", 0, "not");
    ground_next_owner(g);
    ground_assert_lost(g, 1, true);
}

static void our_own_changes_after_a_rest_are_ours(void **state)
{
    struct ground *g = *state;
    struct cow_node *root = cow_volume_root(g->v);

    ground_put(g, "f", "one", 0);
    cow_volume_rest(g->v);
    let_time_pass(g);
    ground_snapshot(g, 1); /* makes a folder in the root */
    cow_volume_rest(g->v);
    let_time_pass(g);
    ground_put(g, "f", "two", 0);
    ground_put(g, "new", "one", 0);
    cow_volume_rest(g->v);
    let_time_pass(g);
    assert_int_equal(cow_volume_rename(g->v, root, "new", root, "newer", false), 0);
    cow_node_unref(g->v, root);
    ground_next_owner(g);
    ground_assert_lost(g, 1, false);
    cow_volume_rest(g->v);
    let_time_pass(g);
    assert_int_equal(cow_volume_revert(g->v, 1), 0);
    ground_next_owner(g);
    ground_assert_lost(g, 1, false);
    ground_assert_content(g, 1, "f", "one");
}

/* ---- room ---- */

static void room_at_the_end_is_given_back(void **state)
{
    struct ground *g = *state;
    char *block = mem_alloc(200 * COW_BLOCK_SIZE);
    struct cow_node *node;
    struct stat st;

    ground_put(g, "f", "one", 0);
    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, "f", true, &node), 0);
    memset(block, 'x', 200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_write(g->v, node, block, 200 * COW_BLOCK_SIZE, 0),
                     200 * COW_BLOCK_SIZE);
    ground_snapshot(g, 1);
    assert_int_equal(cow_volume_write(g->v, node, "kept", 4, 0), 4);
    ground_snapshot(g, 2);
    memset(block, 'y', 200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_write(g->v, node, block, 200 * COW_BLOCK_SIZE, 0),
                     200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 2), 0);
    ground_snapshot(g, 3);
    assert_int_equal(cow_volume_write(g->v, node, "kept", 4, 0), 4);
    ground_snapshot(g, 4);
    memset(block, 'z', 200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_write(g->v, node, block, 200 * COW_BLOCK_SIZE, 0),
                     200 * COW_BLOCK_SIZE);
    ground_snapshot(g, 5);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 3), 0);
    struct store *s = g->v->cs.store;
    assert_int_equal(s->ops->stat(s, g->v->cs.diff, &st), 0);
    assert_int_equal(st.st_size, 201 * COW_BLOCK_SIZE);
    cow_node_unref(g->v, node);
    free(block);
    ground_kill_owner(g);
    ground_assert_content(g, 4, "f",
                          "keptyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
    assert_int_equal(cow_volume_delete_snapshot(g->v, 4), 0);
    s = g->v->cs.store;
    assert_true(!g->v->cs.diff || (s->ops->stat(s, g->v->cs.diff, &st) == 0 && st.st_size == 0));
}

/* The change fails rather than the snapshot is given up. */
static void protected_volume_goes_offline_when_its_log_cannot_be_written(void **state)
{
    struct ground *g = *state;
    const struct diff_area_limits limits = { .maximum = DIFF_AREA_UNBOUNDED,
                                             .protects_snapshots = true };
    struct cow_node *node;

    if (g->is_host)
        skip();
    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    cow_volume_limit_area(g->v, &limits);
    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, "f", true, &node), 0);
    memstore_fail_writes(g->memory, COW_SYSTEM_FOLDER, 0, EIO);
    assert_int_equal(cow_volume_chmod(g->v, node, 0600), -ENXIO);
    assert_true(cow_volume_is_offline(g->v));
    memstore_fail_writes(g->memory, NULL, 0, 0);
    cow_volume_put_online(g->v);
    assert_int_equal(cow_volume_chmod(g->v, node, 0600), 0);
    cow_node_unref(g->v, node);
    ground_kill_owner(g);
    ground_assert_lost(g, 1, false);
    ground_assert_content(g, 1, "f", "one");
}

/* ---- many ---- */

static void log_is_written_anew_when_it_is_mostly_dead(void **state)
{
    struct ground *g = *state;
    char name[16];

    for (unsigned number = 1; number <= 30; number++) {
        ground_snapshot(g, number);
        for (int i = 0; i < 400; i++) {
            sprintf(name, "%d", i);
            ground_put(g, name, "content", 0);
        }
        if (number > 2)
            assert_int_equal(cow_volume_delete_snapshot(g->v, number - 2), 0);
    }
    assert_true(g->v->log.generation > 1);
    assert_true(g->v->log.end < 3 << 20);
    char *before = cow_dump(g->v, 30, 4096, true);
    ground_kill_owner(g);
    char *after = cow_dump(g->v, 30, 4096, true);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(snapshot_outlives_its_process),
        GROUND_TEST(snapshot_that_is_not_persistent_ends_with_its_process),
        GROUND_TEST(deleted_snapshot_stays_deleted_and_its_room_is_used_again),
        GROUND_TEST(directory_without_snapshots_has_no_log),
        GROUND_TEST(volume_stays_durable),
        GROUND_TEST(foreign_change_loses_the_snapshots_that_may_see_it),
        GROUND_TEST(foreign_change_to_what_no_snapshot_sees_loses_none),
        GROUND_TEST(foreign_name_loses_the_snapshots),
        GROUND_TEST(foreign_change_right_after_the_end_is_noticed),
        GROUND_TEST(foreign_change_before_the_end_is_noticed),
        GROUND_TEST(our_own_changes_after_a_rest_are_ours),
        GROUND_TEST(room_at_the_end_is_given_back),
        GROUND_TEST(protected_volume_goes_offline_when_its_log_cannot_be_written),
        GROUND_TEST(log_is_written_anew_when_it_is_mostly_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

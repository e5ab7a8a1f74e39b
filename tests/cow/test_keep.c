/* SPDX-License-Identifier: MIT */
/* Snapshots that become persistent after they were made, when their set is finished. */
#include "tests/support/cmocka_vss.h"

#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/ground.h"

#include <errno.h>
#include <string.h>

static int keep(struct ground *g, unsigned number, const char *what)
{
    struct cow_snapshot_info info = {
        .id = "0123456789abcde", .created = 42, .properties = what, .properties_size = strlen(what)
    };

    return cow_volume_keep(g->v, number, &info);
}

static void assert_properties(struct ground *g, unsigned number, const char *what)
{
    const struct cow_snapshot_info *info = cow_volume_snapshot_info(g->v, number);

    assert_non_null(info);
    assert_true(info->is_persistent);
    assert_int_equal(info->created, 42);
    assert_int_equal(info->properties_size, strlen(what));
    assert_memory_equal(info->properties, what, strlen(what));
}

static void what_changed_before_it_was_kept_is_not_lost(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "before", 0);
    ground_put(g, "gone", "there", 0);
    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    ground_put(g, "f", "after!", 0);
    struct cow_node *root = cow_volume_root(g->v);
    assert_int_equal(cow_volume_unlink(g->v, root, "gone"), 0);
    cow_node_unref(g->v, root);
    assert_int_equal(keep(g, 1, "first"), 0);
    ground_put(g, "new", "new", 0);
    ground_kill_owner(g);
    assert_properties(g, 1, "first");
    ground_assert_content(g, 1, "f", "before");
    ground_assert_content(g, 1, "gone", "there");
    ground_assert_lost(g, 1, false);
    ground_next_owner(g);
    ground_assert_content(g, 1, "f", "before");
    ground_assert_content(g, VOLUME_ORIGIN, "f", "after!");
}

static void newer_snapshot_holds_what_an_older_one_needs(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    assert_int_equal(cow_volume_commit(g->v, 2), 0);
    ground_put(g, "f", "two", 0); /* preserved for 2 alone, and 1 reads it there */
    assert_int_equal(keep(g, 1, "old"), 0);
    ground_put(g, "f", "six", 0);
    ground_kill_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 1);
    assert_int_equal(cow_volume_snapshot(g->v, 1, NULL), 0);
    ground_assert_content(g, 1, "f", "one");
}

static void one_that_is_older_than_the_log_is_kept_in_a_new_one(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    ground_put(g, "f", "two", 0);
    ground_snapshot(g, 2);
    ground_put(g, "f", "six", 0);
    assert_int_equal(keep(g, 1, "late"), 0);
    ground_put(g, "f", "ten", 0);
    ground_kill_owner(g);
    assert_properties(g, 1, "late");
    ground_assert_content(g, 1, "f", "one");
    ground_assert_content(g, 2, "f", "two");
    assert_int_equal(g->v->cs.catalogue.header.generation, 2);
}

static void later_description_counts(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    assert_int_equal(keep(g, 1, "first"), 0);
    assert_int_equal(keep(g, 1, "and a second, longer one"), 0);
    ground_kill_owner(g);
    assert_properties(g, 1, "and a second, longer one");
    assert_int_equal(keep(g, 1, "third"), 0);
    ground_next_owner(g);
    assert_properties(g, 1, "third");
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    ground_next_owner(g);
    assert_null(cow_volume_snapshot_info(g->v, 1));
}

static void only_what_is_there_and_right_can_be_kept(void **state)
{
    struct ground *g = *state;
    static const char much[COW_PROPERTIES_MAX + 1] = { 0 };
    struct cow_snapshot_info info = { .properties = much, .properties_size = sizeof(much) };

    ground_put(g, "f", "one", 0);
    assert_int_equal(keep(g, 1, "none"), -ENOENT);
    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    assert_int_equal(cow_volume_keep(g->v, 1, &info), -E2BIG);
    cow_lose_snapshots(g->v, 0);
    assert_int_equal(keep(g, 1, "lost"), -ENXIO);
    ground_kill_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 0);
}

/* Every write of `keep` fails in turn: then it passes as before, whoever comes next; and it can be
 * kept when the disk is well again. */
static void failure_leaves_it_as_it_was(void **state)
{
    struct ground *g = *state;
    int error = -EIO;

    if (g->is_host)
        return; /* a store in memory fails when it is told to */
    ground_put(g, "f", "one", 0);
    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    ground_put(g, "f", "two", 0);
    for (uint64_t turn = 0; error; turn++) {
        assert_true(turn < 100);
        memstore_fail_writes(g->memory, NULL, turn, EIO);
        error = keep(g, 1, "at last");
        memstore_fail_writes(g->memory, NULL, 0, 0);
        ground_assert_content(g, 1, "f", "one");
        if (error) {
            assert_int_equal(error, -EIO);
            assert_false(cow_volume_snapshot_info(g->v, 1)->is_persistent);
            assert_null(g->v->log.file);
        }
    }
    ground_put(g, "f", "six", 0);
    ground_kill_owner(g);
    assert_properties(g, 1, "at last");
    ground_assert_content(g, 1, "f", "one");
}

/* The same salt at another time: the volume of another run of the same seed. */
static void what_others_name_it_by_stays_and_is_its_own(void **state)
{
    static const unsigned char salt[16] = "0123456789abcde";
    unsigned char first[16], again[16], other[16];
    struct ground *g = *state;

    assert_int_equal(cow_volume_identify(g->v, NULL, first), -ENOENT);
    assert_int_equal(cow_volume_identify(g->v, salt, first), 0);
    ground_kill_owner(g);
    assert_int_equal(cow_volume_identify(g->v, NULL, again), 0);
    assert_memory_equal(again, first, sizeof(first));
    assert_int_equal(cow_volume_identify(g->v, (const unsigned char *)"another salt....", again),
                     0);
    assert_memory_equal(again, first, sizeof(first));
    g->v->cs.catalogue.has_identity = false;
    g->now_ns += 1000;
    assert_int_equal(cow_volume_identify(g->v, salt, other), 0);
    assert_memory_not_equal(other, first, sizeof(first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(what_changed_before_it_was_kept_is_not_lost),
        GROUND_TEST(newer_snapshot_holds_what_an_older_one_needs),
        GROUND_TEST(one_that_is_older_than_the_log_is_kept_in_a_new_one),
        GROUND_TEST(later_description_counts),
        GROUND_TEST(only_what_is_there_and_right_can_be_kept),
        GROUND_TEST(failure_leaves_it_as_it_was),
        GROUND_TEST(what_others_name_it_by_stays_and_is_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Which snapshot sees which preserved block, while snapshots come and go. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "provider_sim/cow/extent_map.h"

#define OBJECT 7u
#define BLOCK  3u

/* A set for each epoch: its maker's use ends with its snapshot. */
struct ground {
    struct epoch_sets sets;
    uint32_t set[32];
    struct extent_map *map;
};

static int begin(void **state)
{
    struct ground *g = mem_new(struct ground);

    for (uint32_t epoch = 0; epoch < 32; epoch++)
        g->set[epoch] = epoch_sets_new(&g->sets, epoch);
    g->map = extent_map_new(&g->sets);
    *state = g;
    return 0;
}

static int end(void **state)
{
    struct ground *g = *state;

    extent_map_free(g->map);
    epoch_sets_free(&g->sets);
    free(g);
    return 0;
}

/* The snapshot `epoch` goes: it has no record of a block that `older` has one of. */
static void hand_down(struct ground *g, uint32_t epoch, uint32_t older)
{
    g->set[older] = epoch_sets_join(&g->sets, g->set[epoch], g->set[older]);
}

static void assert_sees(struct ground *g, uint32_t epoch, uint32_t slot)
{
    uint32_t found = 0;

    assert_true(extent_map_find(g->map, OBJECT, BLOCK, epoch, &found));
    assert_int_equal(found, slot);
}

static void assert_sees_the_present(struct ground *g, uint32_t epoch)
{
    uint32_t found = 0;

    assert_false(extent_map_find(g->map, OBJECT, BLOCK, epoch, &found));
}

static void add(struct ground *g, uint32_t epoch, uint32_t slot)
{
    extent_map_add(g->map, OBJECT, BLOCK, g->set[epoch], slot);
}

static void snapshot_sees_the_earliest_record_from_its_own_epoch_on(void **state)
{
    struct ground *g = *state;

    add(g, 2, 20);
    add(g, 5, 50);
    assert_sees(g, 1, 20);
    assert_sees(g, 2, 20);
    assert_sees(g, 3, 50);
    assert_sees(g, 5, 50);
    assert_sees_the_present(g, 6);
    assert_true(extent_map_has(g->map, OBJECT, BLOCK, 5));
    assert_false(extent_map_has(g->map, OBJECT, BLOCK, 6));
    assert_false(extent_map_has(g->map, OBJECT, BLOCK + 1, 1));
    assert_true(extent_map_has_of(g->map, OBJECT, BLOCK, 5));
    assert_false(extent_map_has_of(g->map, OBJECT, BLOCK, 4));
}

static void set_that_is_joined_to_an_older_one_has_its_number(void **state)
{
    struct ground *g = *state;
    uint32_t slot = 0;

    add(g, 5, 50);
    hand_down(g, 5, 2);
    assert_sees(g, 2, 50);
    assert_sees_the_present(g, 3);
    assert_false(extent_map_take(g->map, OBJECT, BLOCK, 5, &slot));
    assert_true(extent_map_take(g->map, OBJECT, BLOCK, 2, &slot));
    assert_int_equal(slot, 50);
    assert_int_equal(extent_map_count(g->map), 0);
}

static void record_between_is_taken_alone(void **state)
{
    struct ground *g = *state;
    uint32_t slot = 0;

    add(g, 2, 20);
    add(g, 5, 50);
    add(g, 9, 90);
    assert_true(extent_map_take(g->map, OBJECT, BLOCK, 5, &slot));
    assert_int_equal(slot, 50);
    assert_sees(g, 2, 20);
    assert_sees(g, 5, 90);
    assert_sees(g, 9, 90);
}

/* Newest first, so that each set is joined to the next: none is far from its root. */
static void many_sets_in_a_row_stay_near(void **state)
{
    struct ground *g = *state;
    unsigned far = 0;

    for (uint32_t epoch = 1; epoch < 32; epoch++)
        extent_map_add(g->map, OBJECT, epoch, g->set[epoch], epoch);
    for (uint32_t epoch = 31; epoch > 1; epoch--)
        hand_down(g, epoch, epoch - 1);
    for (uint32_t block = 1; block < 32; block++) {
        unsigned steps = 0;
        uint32_t slot = 0;

        assert_true(extent_map_find(g->map, OBJECT, block, 1, &slot));
        assert_int_equal(slot, block);
        for (uint32_t set = block; g->sets.sets.items[set].parent != set; steps++)
            set = g->sets.sets.items[set].parent;
        far = steps > far ? steps : far;
    }
    assert_true(far <= 5);
}

/* A set that has no record any more and no maker is used again. */
static void sets_are_used_again(void **state)
{
    struct ground *g = *state;
    uint32_t slot;

    for (uint32_t round = 0; round < 1000; round++) {
        uint32_t set = epoch_sets_new(&g->sets, 100 + round);

        extent_map_add(g->map, OBJECT, BLOCK, set, round);
        epoch_sets_unuse(&g->sets, set);
        assert_true(extent_map_take(g->map, OBJECT, BLOCK, 100 + round, &slot));
    }
    assert_true(g->sets.sets.count <= 33);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(snapshot_sees_the_earliest_record_from_its_own_epoch_on,
                                        begin, end),
        cmocka_unit_test_setup_teardown(set_that_is_joined_to_an_older_one_has_its_number, begin,
                                        end),
        cmocka_unit_test_setup_teardown(record_between_is_taken_alone, begin, end),
        cmocka_unit_test_setup_teardown(many_sets_in_a_row_stay_near, begin, end),
        cmocka_unit_test_setup_teardown(sets_are_used_again, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

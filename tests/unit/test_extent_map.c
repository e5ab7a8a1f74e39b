/* SPDX-License-Identifier: MIT */
/* Which snapshot sees which preserved block, while snapshots come and go. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/array.h"
#include "provider_sim/cow/extent_map.h"

#define OBJECT 7u
#define BLOCK  3u

static void collect(void *arg, uint32_t slot)
{
    *(uint64_t *)arg += slot;
}

static void assert_sees(struct extent_map *map, uint32_t epoch, uint32_t slot)
{
    uint32_t found = 0;

    assert_true(extent_map_find(map, OBJECT, BLOCK, epoch, &found));
    assert_int_equal(found, slot);
}

static void assert_sees_the_present(struct extent_map *map, uint32_t epoch)
{
    uint32_t found = 0;

    assert_false(extent_map_find(map, OBJECT, BLOCK, epoch, &found));
}

static void snapshot_sees_the_earliest_record_from_its_own_epoch_on(void **state)
{
    struct extent_map *map = extent_map_new();

    (void)state;
    extent_map_add(map, OBJECT, BLOCK, 2, 20);
    extent_map_add(map, OBJECT, BLOCK, 5, 50);
    assert_sees(map, 1, 20);
    assert_sees(map, 2, 20);
    assert_sees(map, 3, 50);
    assert_sees(map, 5, 50);
    assert_sees_the_present(map, 6);
    assert_true(extent_map_has(map, OBJECT, BLOCK, 5));
    assert_false(extent_map_has(map, OBJECT, BLOCK, 6));
    assert_false(extent_map_has(map, OBJECT, BLOCK + 1, 1));
    extent_map_free(map);
}

static void dropping_the_newest_snapshot_hands_its_record_to_the_older_one(void **state)
{
    struct extent_map *map = extent_map_new();
    uint64_t released = 0;

    (void)state;
    extent_map_add(map, OBJECT, BLOCK, 5, 50);
    extent_map_drop_epoch(map, 5, 2, collect, &released);
    assert_int_equal(released, 0);
    assert_sees(map, 2, 50);
    assert_sees_the_present(map, 3);
    extent_map_drop_epoch(map, 2, 0, collect, &released);
    assert_int_equal(released, 50);
    assert_int_equal(extent_map_count(map), 0);
    extent_map_free(map);
}

static void dropping_a_snapshot_between_releases_what_only_it_saw(void **state)
{
    struct extent_map *map = extent_map_new();
    uint64_t released = 0;

    (void)state;
    extent_map_add(map, OBJECT, BLOCK, 2, 20);
    extent_map_add(map, OBJECT, BLOCK, 5, 50);
    extent_map_add(map, OBJECT, BLOCK, 9, 90);
    extent_map_drop_epoch(map, 5, 2, collect, &released);
    assert_int_equal(released, 50);
    assert_sees(map, 2, 20);
    assert_sees(map, 9, 90);
    extent_map_free(map);
}

/* Every slot is its own number, so that the sum of the released ones shows a slot lost or
 * released twice. */
static void every_slot_is_released_exactly_once(void **state)
{
    struct extent_map *map = extent_map_new();
    uint64_t released = 0, added = 0;
    uint32_t slot = 0;

    (void)state;
    for (uint32_t epoch = 1; epoch <= 20; epoch++) {
        for (uint64_t block = epoch % 3; block < 3000; block += 1 + epoch % 5) {
            extent_map_add(map, 1 + block % 7, block, epoch, ++slot);
            added += slot;
        }
    }
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t epoch = 1 + (i * 7) % 20, older = 0;

        for (uint32_t e = 1; e < epoch; e++) {
            bool is_gone = false;

            for (uint32_t j = 0; j < i; j++)
                is_gone = is_gone || 1 + (j * 7) % 20 == e;
            older = is_gone ? older : e;
        }
        extent_map_drop_epoch(map, epoch, older, collect, &released);
    }
    assert_int_equal(extent_map_count(map), 0);
    assert_int_equal(released, added);
    extent_map_free(map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_sees_the_earliest_record_from_its_own_epoch_on),
        cmocka_unit_test(dropping_the_newest_snapshot_hands_its_record_to_the_older_one),
        cmocka_unit_test(dropping_a_snapshot_between_releases_what_only_it_saw),
        cmocka_unit_test(every_slot_is_released_exactly_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

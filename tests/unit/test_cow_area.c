/* SPDX-License-Identifier: MIT */
/* The limits of a diff area: what goes, who is told, and that the origin goes on. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_store.h"
#include "provider_sim/cow/cow_volume.h"

#include <errno.h>
#include <string.h>

#define N_BLOCKS 8

struct ground {
    struct store *store;
    struct cow_volume *v;
    struct cow_node *file; /* of N_BLOCKS blocks */
};

static void write_block(struct ground *g, unsigned i, char letter, ssize_t expected)
{
    char *block = mem_alloc(COW_BLOCK_SIZE);

    memset(block, letter, COW_BLOCK_SIZE);
    assert_int_equal(
        cow_volume_write(g->v, g->file, block, COW_BLOCK_SIZE, (off_t)i * COW_BLOCK_SIZE),
        expected);
    free(block);
}

static int begin(void **state)
{
    struct ground *g = mem_new(struct ground);

    g->store = memstore_new(NULL);
    assert_int_equal(cow_volume_open(g->store, &g->v), 0);
    struct cow_node *root = cow_volume_root(g->v);

    assert_int_equal(
        cow_volume_create(g->v, root, "f", S_IFREG | 0644, 0, (uid_t)-1, (gid_t)-1, &g->file), 0);
    cow_node_unref(g->v, root);
    for (unsigned i = 0; i < N_BLOCKS; i++)
        write_block(g, i, 'a', COW_BLOCK_SIZE);
    *state = g;
    return 0;
}

static int end(void **state)
{
    struct ground *g = *state;

    cow_node_unref(g->v, g->file);
    cow_volume_free(g->v);
    free(g);
    return 0;
}

static void limit(struct ground *g, int n_blocks, bool protects)
{
    const struct diff_area_limits limits = { .maximum = (int64_t)n_blocks * COW_BLOCK_SIZE,
                                             .protects_snapshots = protects };

    cow_volume_limit_area(g->v, &limits);
}

static void expect_news(struct ground *g, enum diff_area_event event, unsigned number)
{
    enum diff_area_event got;
    unsigned got_number;

    assert_true(cow_volume_has_news(g->v));
    assert_true(cow_volume_take_news(g->v, &got, &got_number));
    assert_int_equal(got, event);
    assert_int_equal(got_number, number);
}

static void expect_no_news(struct ground *g)
{
    enum diff_area_event event;
    unsigned number;

    assert_false(cow_volume_has_news(g->v));
    assert_false(cow_volume_take_news(g->v, &event, &number));
}

/* One byte of a block, as the view has it; or its error. */
static int look(struct ground *g, unsigned view, unsigned block)
{
    char byte;
    ssize_t n = cow_volume_read(g->v, view, g->file, &byte, 1, (off_t)block * COW_BLOCK_SIZE);

    return n == 1 ? byte : (int)n;
}

static void commit(struct ground *g, unsigned number)
{
    assert_int_equal(cow_volume_commit(g->v, number), 0);
}

static void oldest_go_one_at_a_time_and_only_as_needed(void **state)
{
    struct ground *g = *state;

    commit(g, 1);
    write_block(g, 0, 'b', COW_BLOCK_SIZE);
    write_block(g, 1, 'b', COW_BLOCK_SIZE);
    commit(g, 2);
    write_block(g, 0, 'c', COW_BLOCK_SIZE);
    commit(g, 3);
    limit(g, 4, false);
    expect_no_news(g);
    write_block(g, 0, 'd', COW_BLOCK_SIZE);
    expect_no_news(g);
    write_block(g, 1, 'd', COW_BLOCK_SIZE); /* the fifth block */
    expect_news(g, DIFF_AREA_OLDEST_DELETED, 1);
    expect_no_news(g);
    assert_int_equal(look(g, 1, 0), -ENXIO);
    assert_int_equal(look(g, 2, 0), 'b');
    assert_int_equal(look(g, 3, 0), 'c');
    assert_int_equal(look(g, 3, 1), 'b');
    assert_int_equal(look(g, 3, 7), 'a');
    assert_int_equal(look(g, VOLUME_ORIGIN, 1), 'd');
    assert_true(cow_volume_diff_bytes(g->v) <= 4 * COW_BLOCK_SIZE);
}

static void smaller_limit_takes_effect_at_once(void **state)
{
    struct ground *g = *state;

    for (unsigned i = 1; i <= 3; i++) {
        commit(g, i);
        write_block(g, 0, (char)('a' + i), COW_BLOCK_SIZE);
    }
    limit(g, 2, false);
    expect_news(g, DIFF_AREA_OLDEST_DELETED, 1);
    expect_no_news(g);
    limit(g, 0, false);
    expect_news(g, DIFF_AREA_OLDEST_DELETED, 2);
    expect_news(g, DIFF_AREA_LIMIT_REACHED, 1); /* all */
    assert_int_equal(look(g, 3, 0), -ENXIO);
    assert_int_equal(cow_volume_diff_bytes(g->v), 0);
}

static void newest_goes_when_it_alone_is_too_much(void **state)
{
    struct ground *g = *state;

    limit(g, 2, false);
    commit(g, 1);
    for (unsigned i = 0; i < 3; i++)
        write_block(g, i, 'b', COW_BLOCK_SIZE);
    expect_news(g, DIFF_AREA_LIMIT_REACHED, 1);
    expect_no_news(g);
    assert_int_equal(look(g, 1, 0), -ENXIO);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(look(g, VOLUME_ORIGIN, i), 'b');
    commit(g, 2); /* the area is empty again */
    write_block(g, 0, 'c', COW_BLOCK_SIZE);
    assert_int_equal(look(g, 2, 0), 'b');
}

static void stuck_area_reuses_what_it_has(void **state)
{
    const struct diff_area_limits stuck = { .maximum = DIFF_AREA_UNBOUNDED, .is_stuck = true };
    struct ground *g = *state;

    commit(g, 1);
    write_block(g, 0, 'b', COW_BLOCK_SIZE);
    commit(g, 2);
    write_block(g, 0, 'c', COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    cow_volume_limit_area(g->v, &stuck);
    write_block(g, 1, 'c', COW_BLOCK_SIZE); /* into the block that was freed */
    expect_no_news(g);
    write_block(g, 2, 'c', COW_BLOCK_SIZE);
    expect_news(g, DIFF_AREA_DISK_FULL, 1);
    assert_int_equal(look(g, 2, 0), -ENXIO);
    assert_int_equal(look(g, VOLUME_ORIGIN, 2), 'c');
}

static void full_disk_and_failing_disk_are_told_apart(void **state)
{
    struct ground *g = *state;

    commit(g, 1);
    memstore_fail_writes(g->store, COW_SYSTEM_FOLDER, 0, ENOSPC);
    write_block(g, 0, 'b', COW_BLOCK_SIZE);
    expect_news(g, DIFF_AREA_DISK_FULL, 1);
    memstore_fail_writes(g->store, NULL, 0, 0);
    commit(g, 2);
    memstore_fail_writes(g->store, COW_SYSTEM_FOLDER, 0, EIO);
    write_block(g, 1, 'b', COW_BLOCK_SIZE);
    expect_news(g, DIFF_AREA_FAILED, 1);
    memstore_fail_writes(g->store, NULL, 0, 0);
}

/* Learn: VSS_PROTECTION_LEVEL_SNAPSHOT: all I/O to the original volume fails. */
static void protected_volume_goes_offline_and_its_snapshots_stay(void **state)
{
    struct ground *g = *state;
    struct diff_area_use use;

    commit(g, 1);
    limit(g, 2, true);
    write_block(g, 0, 'b', COW_BLOCK_SIZE);
    write_block(g, 1, 'b', COW_BLOCK_SIZE);
    write_block(g, 2, 'b', -ENXIO);
    expect_news(g, DIFF_AREA_WENT_OFFLINE, DIFF_AREA_LIMIT_REACHED);
    write_block(g, 0, 'c', -ENXIO);
    expect_no_news(g);
    assert_int_equal(look(g, VOLUME_ORIGIN, 0), -ENXIO);
    assert_int_equal(look(g, 1, 0), 'a');
    assert_int_equal(cow_volume_truncate(g->v, g->file, 0), -ENXIO);
    assert_int_equal(cow_volume_chmod(g->v, g->file, 0600), -ENXIO);
    cow_volume_area_use(g->v, &use);
    assert_true(use.is_offline);
    assert_int_equal(use.used, 2 * COW_BLOCK_SIZE);

    cow_volume_put_online(g->v);
    limit(g, 4, true);
    assert_int_equal(look(g, VOLUME_ORIGIN, 2), 'a'); /* the change was never made */
    write_block(g, 2, 'b', COW_BLOCK_SIZE);
    assert_int_equal(look(g, 1, 2), 'a');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(oldest_go_one_at_a_time_and_only_as_needed, begin, end),
        cmocka_unit_test_setup_teardown(smaller_limit_takes_effect_at_once, begin, end),
        cmocka_unit_test_setup_teardown(newest_goes_when_it_alone_is_too_much, begin, end),
        cmocka_unit_test_setup_teardown(stuck_area_reuses_what_it_has, begin, end),
        cmocka_unit_test_setup_teardown(full_disk_and_failing_disk_are_told_apart, begin, end),
        cmocka_unit_test_setup_teardown(protected_volume_goes_offline_and_its_snapshots_stay, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

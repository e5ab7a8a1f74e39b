/* SPDX-License-Identifier: MIT */
/* Between two requests: what a program that writes in order will change next is preserved, and
 * nothing is given up or lost for it. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/ground.h"

#include <errno.h>
#include <string.h>

#define N_BLOCKS 8

/* A file of that many blocks, each full of its own letter, and a snapshot of it. */
static struct cow_node *file_with_snapshot(struct ground *g)
{
    char *bytes = mem_alloc((size_t)N_BLOCKS * COW_BLOCK_SIZE + 1);

    for (size_t i = 0; i < N_BLOCKS; i++)
        memset(bytes + i * COW_BLOCK_SIZE, 'a' + (int)i, COW_BLOCK_SIZE);
    ground_put(g, "f", bytes, 0);
    free(bytes);
    ground_snapshot(g, 1);
    struct cow_node *node;

    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, "f", true, &node), 0);
    return node;
}

/* n_blocks of 'x' from block `first` on. */
static void overwrite(struct ground *g, struct cow_node *node, size_t first, size_t n_blocks)
{
    size_t size = n_blocks * COW_BLOCK_SIZE;
    char *bytes = memset(mem_alloc(size), 'x', size);

    assert_int_equal(cow_volume_write(g->v, node, bytes, size, (off_t)(first * COW_BLOCK_SIZE)),
                     size);
    free(bytes);
}

static void assert_preserved(struct ground *g, size_t n_blocks)
{
    assert_int_equal(cow_volume_diff_bytes(g->v), n_blocks * COW_BLOCK_SIZE);
}

/* The snapshot is what it was; what was written in order reads back. */
static void assert_right(struct ground *g, struct cow_node *node)
{
    char *bytes = mem_alloc(COW_BLOCK_SIZE);

    for (size_t i = 0; i < N_BLOCKS; i++) {
        assert_int_equal(
            cow_volume_read(g->v, 1, node, bytes, COW_BLOCK_SIZE, (off_t)(i * COW_BLOCK_SIZE)),
            COW_BLOCK_SIZE);
        assert_int_equal(bytes[0], 'a' + (int)i);
        assert_int_equal(bytes[COW_BLOCK_SIZE - 1], 'a' + (int)i);
    }
    free(bytes);
}

static void who_writes_in_order_finds_it_done(void **state)
{
    struct ground *g = *state;
    struct cow_node *node = file_with_snapshot(g);

    overwrite(g, node, 0, 2);
    cow_volume_between(g->v);
    assert_preserved(g, 2); /* one write is no order yet */
    overwrite(g, node, 2, 2);
    cow_volume_between(g->v);
    assert_preserved(g, 6);
    cow_volume_between(g->v);
    assert_preserved(g, 6); /* once for each write */
    overwrite(g, node, 4, 2);
    assert_preserved(g, 6); /* nothing was left to do */
    cow_volume_between(g->v);
    assert_preserved(g, 8);
    overwrite(g, node, 6, 2);
    cow_volume_between(g->v); /* the end of the file */
    assert_preserved(g, 8);
    assert_right(g, node);
    cow_node_unref(g->v, node);
}

static void who_writes_here_and_there_gets_nothing(void **state)
{
    struct ground *g = *state;
    struct cow_node *node = file_with_snapshot(g);

    overwrite(g, node, 0, 1);
    overwrite(g, node, 4, 1);
    cow_volume_between(g->v);
    overwrite(g, node, 2, 1);
    cow_volume_between(g->v);
    assert_preserved(g, 3);
    assert_right(g, node);
    cow_node_unref(g->v, node);
}

static void a_new_snapshot_waits_for_its_first_change(void **state)
{
    struct ground *g = *state;
    struct cow_node *node = file_with_snapshot(g);

    overwrite(g, node, 0, 1);
    overwrite(g, node, 1, 1);
    ground_snapshot(g, 2);
    cow_volume_between(g->v); /* nothing of snapshot 2 has been touched */
    assert_preserved(g, 2);
    overwrite(g, node, 2, 1);
    cow_volume_between(g->v);
    assert_preserved(g, 4);
    assert_right(g, node);
    cow_node_unref(g->v, node);
}

static void nothing_is_given_up_for_it(void **state)
{
    struct ground *g = *state;
    struct diff_area_limits limits = g->v->limits;
    struct cow_node *node = file_with_snapshot(g);

    overwrite(g, node, 0, 1);
    overwrite(g, node, 1, 1);
    limits.maximum = 2 * COW_BLOCK_SIZE;
    cow_volume_limit_area(g->v, &limits);
    cow_volume_between(g->v);
    assert_preserved(g, 2);
    ground_assert_lost(g, 1, false);
    assert_false(cow_volume_has_news(g->v));
    assert_right(g, node);
    cow_node_unref(g->v, node);
}

static void what_goes_wrong_costs_nothing(void **state)
{
    static const int errors[] = { ENOSPC, EIO };
    struct ground *g = *state;
    struct cow_node *node = file_with_snapshot(g);

    overwrite(g, node, 0, 1);
    for (size_t i = 0; i < 2; i++) {
        overwrite(g, node, 1 + i, 1);
        memstore_fail_writes(g->memory, NULL, 0, errors[i]);
        cow_volume_between(g->v);
        memstore_fail_writes(g->memory, NULL, 0, 0);
        assert_preserved(g, 2 + i);
        assert_false(cow_volume_has_news(g->v));
    }
    overwrite(g, node, 3, 5);
    ground_assert_lost(g, 1, false);
    assert_right(g, node);
    cow_node_unref(g->v, node);
}

static void a_file_that_is_gone_or_held_is_left_alone(void **state)
{
    struct ground *g = *state;
    struct cow_node *node = file_with_snapshot(g);

    overwrite(g, node, 0, 1);
    overwrite(g, node, 1, 1);
    cow_volume_hold(g->v);
    cow_volume_between(g->v);
    cow_volume_release(g->v);
    assert_preserved(g, 2);
    cow_node_unref(g->v, node);
    assert_int_equal(
        cow_volume_create(g->v, g->v->root, "new", S_IFREG | 0644, 0, (uid_t)-1, (gid_t)-1, &node),
        0);
    overwrite(g, node, 0, 1);
    overwrite(g, node, 1, 1);
    assert_ptr_equal(g->v->ahead.node, node);
    assert_int_equal(cow_volume_unlink(g->v, g->v->root, "new"), 0);
    cow_node_unref(g->v, node);
    assert_null(g->v->ahead.node); /* nobody knows it any more */
    cow_volume_between(g->v);
    assert_preserved(g, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ONE(f) { #f, f, ground_begin_memory, ground_end, NULL }
        ONE(who_writes_in_order_finds_it_done),
        ONE(who_writes_here_and_there_gets_nothing),
        ONE(a_new_snapshot_waits_for_its_first_change),
        ONE(nothing_is_given_up_for_it),
        ONE(what_goes_wrong_costs_nothing),
        ONE(a_file_that_is_gone_or_held_is_left_alone),
#undef ONE
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

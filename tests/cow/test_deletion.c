/* SPDX-License-Identifier: MIT */
/* Deleting snapshots: what goes, what the next older one gets, and what it costs. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/ground.h"
#include "tests/support/cow_dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_SNAPSHOTS 64u
#define N_FILES     20u
#define ALL_FILES   ((N_SNAPSHOTS + 1) * N_FILES)

static void unlink_at_root(struct ground *g, const char *name)
{
    struct cow_node *root = cow_volume_root(g->v);

    assert_int_equal(cow_volume_unlink(g->v, root, name), 0);
    cow_node_unref(g->v, root);
}

/* A large file of which each snapshot has blocks of its own, and small files likewise. */
static void make_history(struct ground *g, bool is_same)
{
    char name[24], content[COW_BLOCK_SIZE];

    for (unsigned number = 1; number <= N_SNAPSHOTS; number++) {
        ground_snapshot(g, cow_volume_next_number(g->v));
        for (unsigned i = 0; i < N_FILES; i++) {
            unsigned which = is_same ? i : number * N_FILES + i;

            snprintf(name, sizeof(name), "f%u", which);
            snprintf(content, sizeof(content), "%u", number);
            ground_put(g, name, content, 0);
            ground_put(g, "large", content, (off_t)which * COW_BLOCK_SIZE);
        }
    }
}

static void put_before(struct ground *g, unsigned n)
{
    char name[24];

    for (unsigned i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "f%u", i);
        ground_put(g, name, "before", 0);
        ground_put(g, "large", "before", (off_t)i * COW_BLOCK_SIZE);
    }
}

static size_t choose(size_t n, unsigned order, uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return order == 0 ? 0 : order == 1 ? n - 1 : (size_t)(*random >> 33) % n;
}

/* What the snapshots have together, times the logarithm of their number at most. */
static void check_cost(struct ground *g, unsigned order)
{
    size_t n = g->v->n_records + extent_map_count(g->v->extents);
    uint64_t random = 7, before = g->v->n_looked;

    while (g->v->snapshots.count) {
        size_t i = choose(g->v->snapshots.count, order, &random);

        assert_int_equal(cow_volume_delete_snapshot(g->v, g->v->snapshots.items[i]->number), 0);
    }
    assert_true(g->v->n_looked - before <= n * (order == 2 ? 6 : 1));
    assert_int_equal(g->v->n_records, 0);
    assert_int_equal(cow_volume_diff_bytes(g->v), 0);
}

static void deleting_all_costs_what_they_have_in_any_order(void **state)
{
    struct ground *g = *state;

    for (unsigned order = 0; order < 3; order++) {
        put_before(g, ALL_FILES);
        make_history(g, false);
        check_cost(g, order);
        ground_next_owner(g);
    }
}

static void snapshots_that_stay_are_right_whatever_goes_between_them(void **state)
{
    struct ground *g = *state;
    uint64_t random = 3;

    put_before(g, N_FILES);
    make_history(g, true);
    while (g->v->snapshots.count > 1) {
        size_t i = choose(g->v->snapshots.count, 2, &random);
        size_t other = i ? i - 1 : 1;
        unsigned number = g->v->snapshots.items[other]->number;
        char *before = cow_dump(g->v, number, 65536, true);

        assert_int_equal(cow_volume_delete_snapshot(g->v, g->v->snapshots.items[i]->number), 0);
        char *after = cow_dump(g->v, number, 65536, true);
        assert_string_equal(before, after);
        free(before);
        free(after);
    }
}

/* In whatever order: what the area takes on disk is what is needed, and two pieces at most. */
static void room_between_blocks_that_are_needed_goes_back(void **state)
{
    struct ground *g = *state;
    uint64_t random = 11;
    struct stat st;

    put_before(g, ALL_FILES);
    make_history(g, false);
    while (g->v->snapshots.count > 1) {
        size_t i = choose(g->v->snapshots.count - 1, 2, &random);
        struct store *s = g->v->cs.store;

        assert_int_equal(cow_volume_delete_snapshot(g->v, g->v->snapshots.items[i]->number), 0);
        assert_int_equal(s->ops->stat(s, g->v->cs.diff, &st), 0);
        if (g->is_host)
            assert_true((uint64_t)st.st_blocks * 512 <=
                        cow_volume_diff_bytes(g->v) + 2 * 64 * COW_BLOCK_SIZE);
        assert_true((uint64_t)cow_store_room(&g->v->cs) * COW_BLOCK_SIZE <=
                    cow_volume_diff_bytes(g->v) + 64 * COW_BLOCK_SIZE);
        if (i % 8 == 0)
            ground_kill_owner(g);
    }
    char *before = cow_dump(g->v, g->v->snapshots.items[0]->number, 65536, true);
    ground_kill_owner(g);
    char *after = cow_dump(g->v, g->v->snapshots.items[0]->number, 65536, true);
    assert_string_equal(before, after);
    assert_null(strstr(after, "error"));
    free(before);
    free(after);
    put_before(g, ALL_FILES); /* into holes */
    ground_assert_lost(g, g->v->snapshots.items[0]->number, false);
}

/* Made after the older snapshot and gone before it is: the older one never saw it. */
static void file_that_came_and_went_between_two_gives_its_room_back(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "between", "one", 0);
    ground_snapshot(g, 2);
    ground_put(g, "between", "two", 0);
    assert_int_equal(cow_volume_diff_bytes(g->v), COW_BLOCK_SIZE);
    unlink_at_root(g, "between");
    ground_kill_owner(g);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 2), 0);
    assert_int_equal(cow_volume_diff_bytes(g->v), 0);
    ground_kill_owner(g);
    assert_int_equal(cow_volume_diff_bytes(g->v), 0);
    ground_assert_content(g, 1, "f", "one");
}

/* The same while it lives: only the newer snapshot needed what it had. */
static void file_made_after_the_older_one_leaves_it_nothing(void **state)
{
    struct ground *g = *state;

    ground_put(g, "f", "one", 0);
    ground_snapshot(g, 1);
    ground_put(g, "later", "one", 0);
    ground_snapshot(g, 2);
    ground_put(g, "later", "two", 0);
    ground_put(g, "f", "two", 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 2), 0);
    assert_int_equal(cow_volume_diff_bytes(g->v), COW_BLOCK_SIZE);
    ground_kill_owner(g);
    ground_assert_content(g, 1, "f", "one");
    assert_int_equal(cow_volume_diff_bytes(g->v), COW_BLOCK_SIZE);
}

/* ---- progress ---- */

struct seen {
    uint64_t done, total;
    size_t n;
    bool is_wrong;
};

static void see(void *arg, uint64_t done, uint64_t total)
{
    struct seen *seen = arg;

    seen->is_wrong |= done < seen->done || done > total || (seen->n && total != seen->total);
    seen->done = done;
    seen->total = total;
    seen->n++;
}

/* Steps that never go back, more than a few, and at the end all of them. */
static void assert_told(struct ground *g, struct seen *seen)
{
    assert_true(seen->n > N_FILES);
    assert_false(seen->is_wrong);
    assert_int_equal(seen->done, seen->total);
    *seen = (struct seen){ 0 };
    cow_volume_watch_progress(g->v, see, seen);
}

static void long_work_tells_how_far_it_is(void **state)
{
    struct ground *g = *state;
    struct cow_block_report report;
    struct seen seen = { 0 };

    put_before(g, N_FILES);
    make_history(g, true);
    cow_volume_watch_progress(g->v, see, &seen);
    cow_check_blocks(g->v, &report);
    assert_told(g, &seen);
    assert_int_equal(cow_volume_revert(g->v, g->v->snapshots.items[0]->number), 0);
    assert_told(g, &seen);
    assert_int_equal(cow_volume_delete_snapshot(g->v, g->v->snapshots.items[0]->number), 0);
    assert_told(g, &seen);
    cow_volume_watch_progress(g->v, NULL, NULL);
    assert_int_equal(cow_volume_delete_snapshot(g->v, g->v->snapshots.items[0]->number), 0);
    assert_int_equal(seen.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(deleting_all_costs_what_they_have_in_any_order),
        GROUND_TEST(snapshots_that_stay_are_right_whatever_goes_between_them),
        GROUND_TEST(room_between_blocks_that_are_needed_goes_back),
        GROUND_TEST(file_that_came_and_went_between_two_gives_its_room_back),
        GROUND_TEST(long_work_tells_how_far_it_is),
        GROUND_TEST(file_made_after_the_older_one_leaves_it_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

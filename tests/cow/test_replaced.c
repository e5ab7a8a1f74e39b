/* SPDX-License-Identifier: MIT */
/* A directory that a rename replaces while a snapshot needs it: the owner ends before any change of
 * it, and the next one finds the origin as it was before or after; and the snapshot, if it outlives
 * its maker. */
#include "tests/support/cmocka_vss.h"

#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/deadly_store.h"
#include "tests/cow/ground.h"

#include <errno.h>

static void make_folder(struct ground *g, const char *name, mode_t mode)
{
    struct cow_node *root = cow_volume_root(g->v), *node;

    assert_int_equal(
        cow_volume_create(g->v, root, name, S_IFDIR | mode, 0, (uid_t)-1, (gid_t)-1, &node), 0);
    assert_int_equal(cow_volume_chmod(g->v, node, mode), 0);
    cow_node_unref(g->v, node);
    cow_node_unref(g->v, root);
}

static void rename_over(struct ground *g)
{
    struct cow_node *root = cow_volume_root(g->v);

    cow_volume_rename(g->v, root, "from", root, "to", true);
    cow_node_unref(g->v, root);
}

/* 0: there is none. */
static mode_t mode_of(struct ground *g, unsigned view, const char *path)
{
    struct cow_node *node;
    struct stat st;
    int error = cow_path_find(g->v, view, path, true, &node);

    if (error) {
        assert_int_equal(error, -ENOENT);
        return 0;
    }
    assert_int_equal(cow_volume_stat(g->v, view, node, &st), 0);
    cow_node_unref(g->v, node);
    return st.st_mode & 07777;
}

static void prepare(struct ground *g, bool is_persistent)
{
    const struct cow_snapshot_info info = { .is_persistent = is_persistent };

    make_folder(g, "from", 0711);
    ground_put(g, "from/f", "one", 0);
    make_folder(g, "to", 0750);
    assert_int_equal(cow_volume_commit_as(g->v, 1, &info), 0);
}

static void kill_everywhere(void **state, bool is_persistent)
{
    struct ground *g = *state;
    bool is_host = g->is_host, is_killed = true;

    for (uint64_t n = 1; is_killed; n++) {
        prepare(g, is_persistent);
        deadly_take(g->v->cs.store);
        deadly_before(n, false);
        rename_over(g);
        is_killed = deadly_count() >= n;
        deadly_before(0, false);
        ground_kill_owner(g);
        bool is_done = mode_of(g, VOLUME_ORIGIN, "from") == 0;

        assert_true(is_done || is_killed);
        assert_int_equal(mode_of(g, VOLUME_ORIGIN, "to"), is_done ? 0711 : 0750);
        ground_assert_content(g, VOLUME_ORIGIN, is_done ? "to/f" : "from/f", "one");
        if (is_persistent && !is_killed)
            assert_int_equal(mode_of(g, 1, "to"), 0750);
        ground_end(state);
        assert_int_equal((is_host ? ground_begin_host : ground_begin_memory)(state), 0);
        g = *state;
    }
}

static void it_is_not_lost_without_a_log(void **state)
{
    kill_everywhere(state, false);
}

static void it_is_not_lost_with_one(void **state)
{
    kill_everywhere(state, true);
}

/* The inode of the directory itself is another's meanwhile. */
static void snapshot_that_is_kept_later_has_it(void **state)
{
    const struct cow_snapshot_info info = { .is_persistent = true };
    struct ground *g = *state;

    prepare(g, false);
    rename_over(g);
    make_folder(g, "new", 0700);
    ground_put(g, "new/x", "new", 0);
    assert_int_equal(mode_of(g, 1, "to"), 0750);
    assert_int_equal(cow_volume_keep(g->v, 1, &info), 0);
    make_folder(g, "newer", 0700);
    ground_kill_owner(g);
    ground_assert_lost(g, 1, false);
    assert_int_equal(mode_of(g, 1, "to"), 0750);
    assert_int_equal(mode_of(g, 1, "to/x"), 0);
    assert_int_equal(mode_of(g, 1, "new"), 0);
    ground_assert_content(g, 1, "from/f", "one");
    ground_assert_content(g, VOLUME_ORIGIN, "to/f", "one");
    assert_int_equal(mode_of(g, VOLUME_ORIGIN, "new"), 0700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUND_TEST(it_is_not_lost_without_a_log),
        GROUND_TEST(it_is_not_lost_with_one),
        GROUND_TEST(snapshot_that_is_kept_later_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* A volume with snapshots, over memory and over a directory of the host: every test here runs on
 * both. The random one is test_cow_oracle. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/host/host_store.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_store.h"
#include "provider_sim/cow/cow_volume.h"
#include "tests/support/cow_dump.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ground {
    bool is_host;
    char directory[64];
    struct store *store; /* of memory; keeps its files when the volume is freed */
    struct cow_volume *v;
};

static struct store *open_store(struct ground *g)
{
    struct store *store = g->store;

    if (g->is_host)
        assert_int_equal(host_store_open_frugal(g->directory, 4, &store), 0);
    return store;
}

static int begin(void **state, bool is_host)
{
    struct ground *g = mem_new(struct ground);

    g->is_host = is_host;
    strcpy(g->directory, "/tmp/vssemu-test-XXXXXX");
    if (is_host) {
        assert_non_null(mkdtemp(g->directory));
    } else {
        g->store = memstore_new(NULL);
        memstore_keep_on_free(g->store, true);
    }
    assert_int_equal(cow_volume_open(open_store(g), &g->v), 0);
    *state = g;
    return 0;
}

static int begin_memory(void **state)
{
    return begin(state, false);
}

static int begin_host(void **state)
{
    return begin(state, true);
}

static int end(void **state)
{
    struct ground *g = *state;

    cow_volume_free(g->v);
    if (g->is_host) {
        assert_int_equal(host_tree_remove(g->directory), 0);
    } else {
        memstore_keep_on_free(g->store, false);
        g->store->ops->free(g->store);
    }
    free(g);
    return 0;
}

static struct cow_node *make(struct ground *g, const char *path, mode_t mode)
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir, *node;

    assert_int_equal(cow_path_split(g->v, VOLUME_ORIGIN, path, &dir, name), 0);
    assert_int_equal(cow_volume_create(g->v, dir, name, mode, 0, (uid_t)-1, (gid_t)-1, &node), 0);
    cow_node_unref(g->v, dir);
    return node;
}

/* A file of n blocks, each filled with its own letter. */
static struct cow_node *make_blocks(struct ground *g, const char *path, size_t n)
{
    struct cow_node *node = make(g, path, S_IFREG | 0644);
    char *block = mem_alloc(COW_BLOCK_SIZE);

    for (size_t i = 0; i < n; i++) {
        memset(block, 'a' + (int)(i % 26), COW_BLOCK_SIZE);
        assert_int_equal(
            cow_volume_write(g->v, node, block, COW_BLOCK_SIZE, (off_t)(i * COW_BLOCK_SIZE)),
            COW_BLOCK_SIZE);
    }
    free(block);
    return node;
}

static struct cow_node *find(struct ground *g, unsigned view, const char *path)
{
    struct cow_node *node = NULL;

    assert_int_equal(cow_path_find(g->v, view, path, true, &node), 0);
    return node;
}

static void unlink_path(struct ground *g, const char *path)
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir;

    assert_int_equal(cow_path_split(g->v, VOLUME_ORIGIN, path, &dir, name), 0);
    assert_int_equal(cow_volume_unlink(g->v, dir, name), 0);
    cow_node_unref(g->v, dir);
}

static void snapshot_reads_across_blocks_some_of_which_have_changed(void **state)
{
    struct ground *g = *state;
    struct cow_node *node = make_blocks(g, "f", 5);
    char buffer[5 * COW_BLOCK_SIZE];

    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    assert_int_equal(cow_volume_write(g->v, node, "XX", 2, COW_BLOCK_SIZE), 2);
    assert_int_equal(cow_volume_write(g->v, node, "YY", 2, 3 * COW_BLOCK_SIZE - 1), 2);
    assert_int_equal(cow_volume_diff_bytes(g->v), 3 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_read(g->v, 1, node, buffer, sizeof(buffer), 100),
                     sizeof(buffer) - 100);
    for (size_t i = 0; i < sizeof(buffer) - 100; i++)
        assert_int_equal(buffer[i], 'a' + (int)((i + 100) / COW_BLOCK_SIZE));
    cow_node_unref(g->v, node);
}

static void truncated_file_keeps_its_length_and_end_in_the_snapshot(void **state)
{
    struct ground *g = *state;
    struct cow_node *node = make_blocks(g, "f", 3);
    struct stat st;
    char byte;

    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    assert_int_equal(cow_volume_truncate(g->v, node, 10), 0);
    assert_int_equal(cow_volume_truncate(g->v, node, 4 * COW_BLOCK_SIZE), 0);
    assert_int_equal(cow_volume_stat(g->v, 1, node, &st), 0);
    assert_int_equal(st.st_size, 3 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_read(g->v, 1, node, &byte, 1, 3 * COW_BLOCK_SIZE - 1), 1);
    assert_int_equal(byte, 'c');
    assert_int_equal(cow_volume_read(g->v, VOLUME_ORIGIN, node, &byte, 1, COW_BLOCK_SIZE), 1);
    assert_int_equal(byte, 0);
    cow_node_unref(g->v, node);
}

static void deleted_file_is_kept_without_copying_and_freed_with_the_snapshot(void **state)
{
    struct ground *g = *state;
    char byte;

    cow_node_unref(g->v, make_blocks(g, "f", 4));
    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    unlink_path(g, "f");
    assert_int_equal(cow_volume_diff_bytes(g->v), 0);
    struct cow_node *node = find(g, 1, "f");

    assert_int_equal(cow_volume_read(g->v, 1, node, &byte, 1, 2 * COW_BLOCK_SIZE), 1);
    assert_int_equal(byte, 'c');
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    assert_int_equal(cow_volume_read(g->v, 1, node, &byte, 1, 0), -ESTALE);
    cow_node_unref(g->v, node);
}

static void file_born_after_the_snapshot_costs_nothing(void **state)
{
    struct ground *g = *state;

    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    struct cow_node *node = make_blocks(g, "f", 4);

    assert_int_equal(cow_volume_write(g->v, node, "again", 5, 0), 5);
    assert_int_equal(cow_volume_diff_bytes(g->v), 0);
    cow_node_unref(g->v, node);
    assert_int_equal(cow_path_find(g->v, 1, "f", true, &node), -ENOENT);
}

static void every_change_is_refused_while_held_and_reading_is_not(void **state)
{
    struct ground *g = *state;
    struct cow_node *root = cow_volume_root(g->v), *node = make_blocks(g, "f", 1), *made;
    const struct timespec now[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };
    char byte;

    cow_volume_hold(g->v);
    assert_int_equal(cow_volume_write(g->v, node, "x", 1, 0), -EAGAIN);
    assert_int_equal(cow_volume_truncate(g->v, node, 0), -EAGAIN);
    assert_int_equal(cow_volume_create(g->v, root, "n", S_IFREG, 0, 0, 0, &made), -EAGAIN);
    assert_int_equal(cow_volume_symlink(g->v, root, "n", "t", 0, 0, &made), -EAGAIN);
    assert_int_equal(cow_volume_link(g->v, node, root, "n"), -EAGAIN);
    assert_int_equal(cow_volume_unlink(g->v, root, "f"), -EAGAIN);
    assert_int_equal(cow_volume_rmdir(g->v, root, "f"), -EAGAIN);
    assert_int_equal(cow_volume_rename(g->v, root, "f", root, "n", true), -EAGAIN);
    assert_int_equal(cow_volume_chmod(g->v, node, 0600), -EAGAIN);
    assert_int_equal(cow_volume_chown(g->v, node, 0, 0), -EAGAIN);
    assert_int_equal(cow_volume_set_times(g->v, node, now), -EAGAIN);
    assert_int_equal(cow_volume_set_xattr(g->v, node, "user.a", "v", 1, 0), -EAGAIN);
    assert_int_equal(cow_volume_remove_xattr(g->v, node, "user.a"), -EAGAIN);
    assert_int_equal(cow_volume_read(g->v, VOLUME_ORIGIN, node, &byte, 1, 0), 1);
    assert_int_equal(byte, 'a');
    cow_volume_release(g->v);
    assert_int_equal(cow_volume_write(g->v, node, "x", 1, 0), 1);
    cow_node_unref(g->v, node);
    cow_node_unref(g->v, root);
}

static void system_folder_cannot_be_reached(void **state)
{
    struct ground *g = *state;
    struct cow_node *root = cow_volume_root(g->v), *node;
    char *text = cow_dump(g->v, VOLUME_ORIGIN, 4096, false);

    assert_null(strstr(text, COW_SYSTEM_FOLDER));
    assert_int_equal(cow_volume_lookup(g->v, 0, root, COW_SYSTEM_FOLDER, &node), -ENOENT);
    assert_int_equal(cow_volume_create(g->v, root, COW_SYSTEM_FOLDER, S_IFREG, 0, 0, 0, &node),
                     -EACCES);
    assert_int_equal(cow_volume_rename(g->v, root, COW_SYSTEM_FOLDER, root, "x", true), -EACCES);
    free(text);
    cow_node_unref(g->v, root);
}

static void number_never_repeats_also_after_the_owner_has_died(void **state)
{
    struct ground *g = *state;

    assert_int_equal(cow_volume_next_number(g->v), 1);
    assert_int_equal(cow_volume_commit(g->v, 7), 0);
    assert_int_equal(cow_volume_commit(g->v, 7), -EINVAL);
    assert_int_equal(cow_volume_commit(g->v, 8), 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 8), 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 8), -ENOENT);
    cow_volume_free(g->v);
    assert_int_equal(cow_volume_open(open_store(g), &g->v), 0);
    assert_int_equal(cow_volume_next_number(g->v), 9);
    assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 0);
}

static void second_owner_is_refused(void **state)
{
    struct ground *g = *state;
    struct cow_volume *second;

    if (g->is_host)
        assert_int_equal(cow_volume_open(open_store(g), &second), -EBUSY);
}

#define TEST(f)                                    \
    { "memory: " #f, f, begin_memory, end, NULL }, \
    {                                              \
        "host: " #f, f, begin_host, end, NULL      \
    }

/* ENOSPC in the diff area: the write succeeds, the snapshot is lost and says so. */
static void origin_never_fails_because_of_a_snapshot(void **state)
{
    struct ground *g = *state;
    struct cow_node *node = make_blocks(g, "f", 2);
    bool is_lost = false;
    char byte;

    assert_int_equal(cow_volume_commit(g->v, 1), 0);
    memstore_fail_writes(g->store, COW_SYSTEM_FOLDER, 0, ENOSPC);
    assert_int_equal(cow_volume_write(g->v, node, "new", 3, 0), 3);
    assert_int_equal(cow_volume_read(g->v, VOLUME_ORIGIN, node, &byte, 1, 0), 1);
    assert_int_equal(byte, 'n');
    assert_int_equal(cow_volume_read(g->v, 1, node, &byte, 1, 0), -ENXIO);
    assert_int_equal(cow_volume_snapshot(g->v, 0, &is_lost), 1);
    assert_true(is_lost);
    unlink_path(g, "f");
    memstore_fail_writes(g->store, NULL, 0, 0);
    assert_int_equal(cow_volume_commit(g->v, 2), 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    cow_node_unref(g->v, node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(snapshot_reads_across_blocks_some_of_which_have_changed),
        TEST(truncated_file_keeps_its_length_and_end_in_the_snapshot),
        TEST(deleted_file_is_kept_without_copying_and_freed_with_the_snapshot),
        TEST(file_born_after_the_snapshot_costs_nothing),
        TEST(every_change_is_refused_while_held_and_reading_is_not),
        TEST(system_folder_cannot_be_reached),
        TEST(number_never_repeats_also_after_the_owner_has_died),
        TEST(second_owner_is_refused),
        cmocka_unit_test_setup_teardown(origin_never_fails_because_of_a_snapshot, begin_memory,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

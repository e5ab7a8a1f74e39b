/* SPDX-License-Identifier: MIT */
/* Nodes of a directory of the host that outnumber the descriptors: each stays the file that it was,
 * whatever happens to its names. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/host/host_store.h"
#include "emu/port/store.h"
#include "emu/host/host_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FEW 3u

struct ground {
    char directory[64];
    struct store *store;
    struct store_node *root;
    unsigned n_crowd; /* files made by crowd_out */
};

static int begin(void **state)
{
    struct ground *g = mem_new(struct ground);

    strcpy(g->directory, "/tmp/vssemu-test-XXXXXX");
    assert_non_null(mkdtemp(g->directory));
    assert_int_equal(host_store_open_frugal(g->directory, FEW, &g->store), 0);
    g->root = g->store->ops->root(g->store);
    *state = g;
    return 0;
}

static int end(void **state)
{
    struct ground *g = *state;

    g->store->ops->unref(g->store, g->root);
    g->store->ops->free(g->store);
    assert_int_equal(host_tree_remove(g->directory), 0);
    free(g);
    return 0;
}

static unsigned count_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    unsigned n = 0;

    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static struct store_node *make(struct ground *g, struct store_node *dir, const char *name,
                               mode_t type)
{
    struct store_node *node;
    mode_t mode = type | (type == S_IFDIR ? 0755 : 0644);

    assert_int_equal(
        g->store->ops->create(g->store, dir, name, mode, 0, (uid_t)-1, (gid_t)-1, &node), 0);
    if (type == S_IFREG) {
        assert_int_equal(g->store->ops->write(g->store, node, name, strlen(name), 0), strlen(name));
    }
    return node;
}

static void drop(struct ground *g, struct store_node *node)
{
    g->store->ops->unref(g->store, node);
}

/* Holds so many other files that no node keeps a descriptor it can do without. */
static void crowd_out(struct ground *g)
{
    enum { CROWD = 200 };
    struct store_node *crowd[CROWD];
    char name[32];

    for (int i = 0; i < CROWD; i++) {
        snprintf(name, sizeof(name), "crowd%u", g->n_crowd++);
        crowd[i] = make(g, g->root, name, S_IFREG);
    }
    for (int i = 0; i < CROWD; i++)
        drop(g, crowd[i]);
}

static void assert_holds(struct ground *g, struct store_node *node, const char *text)
{
    char buffer[64] = { 0 };
    struct stat st;

    assert_int_equal(g->store->ops->read(g->store, node, buffer, sizeof(buffer), 0), strlen(text));
    assert_string_equal(buffer, text);
    assert_int_equal(g->store->ops->stat(g->store, node, &st), 0);
    assert_int_equal(st.st_size, strlen(text));
}

static void many_nodes_need_few_descriptors(void **state)
{
    enum { MANY = 1000 };
    static struct store_node *nodes[MANY];
    struct ground *g = *state;
    char name[32];
    unsigned before = count_descriptors();

    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "f%d", i);
        nodes[i] = make(g, g->root, name, S_IFREG);
    }
    /* 128 files stay open for reading and writing, and a few paths. */
    assert_in_range(count_descriptors(), before, before + 128 + FEW + 2);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "f%d", i);
        assert_holds(g, nodes[i], name);
        drop(g, nodes[i]);
    }
}

/* Deeper than there are descriptors: the folders are opened again from the root on. */
static void node_in_a_deep_folder_is_found_again(void **state)
{
    struct ground *g = *state;
    struct store_node *folders[20], *folder = g->root;

    for (int i = 0; i < 20; i++)
        folder = folders[i] = make(g, folder, "d", S_IFDIR);
    struct store_node *file = make(g, folder, "deep", S_IFREG);

    for (int i = 0; i < 20; i++) /* the file holds its folders itself */
        drop(g, folders[i]);
    crowd_out(g);
    assert_holds(g, file, "deep");
    drop(g, file);
}

static void renamed_file_and_files_in_renamed_folders_are_found_again(void **state)
{
    struct ground *g = *state;
    const struct store_ops *ops = g->store->ops;
    struct store_node *folder = make(g, g->root, "folder", S_IFDIR);
    struct store_node *inside = make(g, folder, "inside", S_IFREG);
    struct store_node *file = make(g, g->root, "file", S_IFREG);

    crowd_out(g);
    assert_int_equal(ops->rename(g->store, g->root, "folder", g->root, "moved", true), 0);
    assert_int_equal(ops->rename(g->store, g->root, "file", folder, "new name", true), 0);
    crowd_out(g);
    assert_holds(g, inside, "inside");
    assert_holds(g, file, "file");
    drop(g, inside);
    drop(g, file);
    drop(g, folder);
}

static void removed_file_stays_with_who_holds_it(void **state)
{
    struct ground *g = *state;
    const struct store_ops *ops = g->store->ops;
    struct store_node *removed = make(g, g->root, "removed", S_IFREG);
    struct store_node *replaced = make(g, g->root, "replaced", S_IFREG);
    struct store_node *other = make(g, g->root, "other", S_IFREG);
    struct store_node *again; /* another holder of the same file */

    assert_int_equal(ops->lookup(g->store, g->root, "removed", &again), 0);
    crowd_out(g);
    assert_int_equal(ops->unlink(g->store, g->root, "removed"), 0);
    assert_int_equal(ops->rename(g->store, g->root, "other", g->root, "replaced", true), 0);
    drop(g, make(g, g->root, "removed", S_IFREG)); /* another file of that name */
    crowd_out(g);
    assert_holds(g, removed, "removed");
    assert_holds(g, again, "removed");
    assert_holds(g, replaced, "replaced");
    assert_holds(g, other, "other");
    drop(g, removed);
    drop(g, again);
    drop(g, replaced);
    drop(g, other);
}

/* A removal that fails leaves everybody where he was. */
static void folder_that_is_not_empty_stays_known(void **state)
{
    struct ground *g = *state;
    struct store_node *folder = make(g, g->root, "folder", S_IFDIR);
    struct store_node *inside = make(g, folder, "inside", S_IFREG);

    assert_int_equal(g->store->ops->rmdir(g->store, g->root, "folder"), -ENOTEMPTY);
    crowd_out(g);
    assert_holds(g, inside, "inside");
    drop(g, inside);
    drop(g, folder);
}

/* What somebody else did to the directory meanwhile is told, never taken for the file. */
static void file_replaced_from_outside_is_stale(void **state)
{
    struct ground *g = *state;
    struct store_node *file = make(g, g->root, "file", S_IFREG);
    char path[128];
    struct stat st;

    crowd_out(g);
    snprintf(path, sizeof(path), "%s/%s", g->directory, "second");
    close(open(path, O_CREAT | O_WRONLY, 0600));
    char target[128];
    snprintf(target, sizeof(target), "%s/%s", g->directory, "file");
    assert_int_equal(rename(path, target), 0);
    assert_int_equal(g->store->ops->stat(g->store, file, &st), -ESTALE);
    drop(g, file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_nodes_need_few_descriptors, begin, end),
        cmocka_unit_test_setup_teardown(node_in_a_deep_folder_is_found_again, begin, end),
        cmocka_unit_test_setup_teardown(renamed_file_and_files_in_renamed_folders_are_found_again,
                                        begin, end),
        cmocka_unit_test_setup_teardown(removed_file_stays_with_who_holds_it, begin, end),
        cmocka_unit_test_setup_teardown(folder_that_is_not_empty_stays_known, begin, end),
        cmocka_unit_test_setup_teardown(file_replaced_from_outside_is_stale, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

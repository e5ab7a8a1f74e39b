/* SPDX-License-Identifier: MIT */
/* What a host takes from a file when it is written, gets another owner or another mode: bits that
 * lend rights, capabilities, entries of access lists. Snapshots keep it, and a revert brings it
 * back. */
#include "tests/support/cmocka_vss.h"

#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/cow/ground.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define OTHER_UID 1000

#define CAPABILITY "security.capability"
#define LIST       "system.posix_acl_access"

/* Of version 2: CAP_NET_BIND_SERVICE, permitted. */
static const unsigned char capability[20] = { 0, 0, 0, 2, 0, 4 };

struct entry {
    uint16_t tag, permissions;
    uint32_t id;
};

static const struct {
    uint32_t version;
    struct entry entries[5];
} list = { 2,
           { { 0x01, 7, UINT32_MAX }, /* the owner */
             { 0x02, 7, OTHER_UID },
             { 0x04, 5, UINT32_MAX },     /* the group */
             { 0x10, 7, UINT32_MAX },     /* the mask */
             { 0x20, 5, UINT32_MAX } } }; /* others */

static struct cow_node *find(struct ground *g, const char *name)
{
    struct cow_node *node;

    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, name, true, &node), 0);
    return node;
}

static mode_t mode_of(struct ground *g, unsigned view, struct cow_node *node)
{
    struct stat st;

    assert_int_equal(cow_volume_stat(g->v, view, node, &st), 0);
    return st.st_mode & 07777;
}

static bool has(struct ground *g, unsigned view, struct cow_node *node, const char *name,
                const void *value, size_t size)
{
    char there[256];
    ssize_t n = cow_volume_get_xattr(g->v, view, node, name, there, sizeof(there));

    return n == (ssize_t)size && memcmp(there, value, size) == 0;
}

static bool has_capability(struct ground *g, unsigned view, struct cow_node *node)
{
    return has(g, view, node, CAPABILITY, capability, sizeof(capability));
}

static bool has_list(struct ground *g, unsigned view, struct cow_node *node)
{
    return has(g, view, node, LIST, &list, sizeof(list));
}

/* Only an administrator gives files away; and not every file system has such attributes. */
static void give(struct ground *g, const char *path, const char *name, const void *value,
                 size_t size)
{
    struct cow_node *node;

    ground_put(g, path, "contents", 0);
    node = find(g, path);
    int error = cow_volume_set_xattr(g->v, node, name, value, size, 0);
    cow_node_unref(g->v, node);
    if (error)
        skip();
}

static void revert_brings_back_bits_that_lend_rights(void **state)
{
    static const mode_t modes[] = { 04755, 02755, 06711, 0755 };
    struct ground *g = *state;
    struct stat before, after;

    if (geteuid() != 0)
        skip();
    for (unsigned i = 0; i < 4; i++) {
        ground_put(g, "su", "contents", 0);
        struct cow_node *node = find(g, "su");
        assert_int_equal(cow_volume_chown(g->v, node, 0, 0), 0);
        assert_int_equal(cow_volume_chmod(g->v, node, modes[i]), 0);
        ground_snapshot(g, i + 1);
        assert_int_equal(cow_volume_stat(g->v, VOLUME_ORIGIN, node, &before), 0);
        assert_int_equal(cow_volume_chown(g->v, node, OTHER_UID, OTHER_UID), 0);
        assert_int_equal(cow_volume_chmod(g->v, node, modes[i]), 0);
        ground_put(g, "su", "other", 0);
        assert_int_equal(cow_volume_revert(g->v, i + 1), 0);
        assert_int_equal(cow_volume_stat(g->v, VOLUME_ORIGIN, node, &after), 0);
        assert_int_equal(after.st_mode & 07777, modes[i]);
        assert_int_equal(after.st_uid, 0);
        assert_int_equal(after.st_gid, 0);
        assert_memory_equal(&after.st_mtim, &before.st_mtim, sizeof(after.st_mtim));
        cow_node_unref(g->v, node);
    }
}

static void write_it(struct ground *g, struct cow_node *node)
{
    assert_int_equal(cow_volume_write(g->v, node, "x", 1, 0), 1);
}

static void cut_it(struct ground *g, struct cow_node *node)
{
    assert_int_equal(cow_volume_truncate(g->v, node, 3), 0);
}

static void give_it_away(struct ground *g, struct cow_node *node)
{
    assert_int_equal(cow_volume_chown(g->v, node, OTHER_UID, OTHER_UID), 0);
}

static void make_holes(struct ground *g, struct cow_node *node)
{
    int error = cow_volume_fallocate(g->v, node, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4);

    if (error)
        skip();
}

static void snapshot_keeps_capabilities(void **state)
{
    static void (*const changes[])(
        struct ground * g, struct cow_node * node) = { write_it, cut_it, give_it_away, make_holes };
    struct ground *g = *state;

    if (geteuid() != 0)
        skip();
    for (unsigned i = 0; i < 4; i++) {
        give(g, "cap", CAPABILITY, capability, sizeof(capability));
        ground_snapshot(g, i + 1);
        struct cow_node *node = find(g, "cap");
        changes[i](g, node);
        assert_false(has_capability(g, VOLUME_ORIGIN, node));
        assert_true(has_capability(g, i + 1, node));
        cow_node_unref(g->v, node);
        ground_kill_owner(g);
        node = find(g, "cap");
        assert_true(has_capability(g, i + 1, node));
        assert_int_equal(cow_volume_revert(g->v, i + 1), 0);
        assert_true(has_capability(g, VOLUME_ORIGIN, node));
        cow_node_unref(g->v, node);
    }
}

static void snapshot_keeps_access_lists(void **state)
{
    struct ground *g = *state;

    give(g, "list", LIST, &list, sizeof(list));
    ground_snapshot(g, 1);
    struct cow_node *node = find(g, "list");
    assert_int_equal(mode_of(g, 1, node), 0775);
    assert_int_equal(cow_volume_chmod(g->v, node, 0700), 0);
    assert_false(has_list(g, VOLUME_ORIGIN, node));
    assert_true(has_list(g, 1, node));
    assert_int_equal(mode_of(g, 1, node), 0775);
    assert_int_equal(cow_volume_revert(g->v, 1), 0);
    assert_true(has_list(g, VOLUME_ORIGIN, node));
    assert_int_equal(mode_of(g, VOLUME_ORIGIN, node), 0775);
    ground_snapshot(g, 2);
    assert_int_equal(cow_volume_remove_xattr(g->v, node, LIST), 0);
    assert_int_equal(cow_volume_revert(g->v, 2), 0);
    assert_true(has_list(g, VOLUME_ORIGIN, node));
    cow_node_unref(g->v, node);
}

/* What got such an attribute after the snapshot has none in it. */
static void revert_takes_away_what_was_given_later(void **state)
{
    struct ground *g = *state;

    ground_put(g, "list", "contents", 0);
    struct cow_node *node = find(g, "list");
    assert_int_equal(cow_volume_chmod(g->v, node, 0641), 0);
    ground_snapshot(g, 1);
    write_it(g, node); /* it has been looked at */
    give(g, "list", LIST, &list, sizeof(list));
    assert_int_equal(cow_volume_chmod(g->v, node, 0700), 0);
    assert_int_equal(cow_volume_get_xattr(g->v, 1, node, LIST, NULL, 0), -ENODATA);
    assert_int_equal(cow_volume_revert(g->v, 1), 0);
    assert_int_equal(cow_volume_get_xattr(g->v, VOLUME_ORIGIN, node, LIST, NULL, 0), -ENODATA);
    assert_int_equal(mode_of(g, VOLUME_ORIGIN, node), 0641);
    cow_node_unref(g->v, node);
}

#define HOST_TEST(f) cmocka_unit_test_setup_teardown(f, ground_begin_host, ground_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOST_TEST(revert_brings_back_bits_that_lend_rights),
        HOST_TEST(snapshot_keeps_capabilities),
        HOST_TEST(snapshot_keeps_access_lists),
        HOST_TEST(revert_takes_away_what_was_given_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

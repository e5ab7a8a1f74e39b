/* SPDX-License-Identifier: MIT */
/* One owner of a volume after the other, over memory and over a directory of the host: what the
 * next one finds after an orderly end, a kill, changes by somebody else, and damage. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/checksum.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/host/host_store.h"
#include "emu/port/clock.h"
#include "emu/port/store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "tests/support/cow_dump.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ground {
    bool is_host;
    char directory[64];
    struct clock clock;
    int64_t now_ns;
    struct store *memory;
    struct cow_volume *v;
};

static int64_t ground_time(struct clock *clock)
{
    return container_of(clock, struct ground, clock)->now_ns;
}

static struct store *open_store(struct ground *g)
{
    struct store *store = g->memory;

    if (g->is_host)
        assert_int_equal(host_store_open(g->directory, &store), 0);
    return store;
}

static void open_volume(struct ground *g)
{
    g->now_ns += INT64_C(3000000000);
    assert_int_equal(cow_volume_open(open_store(g), &g->v), 0);
}

static int begin(void **state, bool is_host)
{
    struct ground *g = mem_new(struct ground);

    g->is_host = is_host;
    g->clock.unix_ns = ground_time;
    g->now_ns = INT64_C(1700000000000000000);
    strcpy(g->directory, "/tmp/vssemu-test-XXXXXX");
    if (is_host) {
        assert_non_null(mkdtemp(g->directory));
    } else {
        g->memory = memstore_new(&g->clock);
        memstore_keep_on_free(g->memory, true);
    }
    open_volume(g);
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

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int end(void **state)
{
    struct ground *g = *state;

    cow_volume_free(g->v);
    if (g->is_host) {
        assert_int_equal(nftw(g->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    } else {
        memstore_keep_on_free(g->memory, false);
        g->memory->ops->free(g->memory);
    }
    free(g);
    return 0;
}

static void next_owner(struct ground *g)
{
    cow_volume_free(g->v);
    open_volume(g);
}

static void kill_owner(struct ground *g)
{
    g->v->is_closing = true; /* whatever is only in memory is gone */
    next_owner(g);
}

/* ---- through the volume ---- */

static void put(struct ground *g, const char *path, const char *text, off_t offset)
{
    char name[COW_NAME_SIZE];
    struct cow_node *node, *dir;
    int error = cow_path_find(g->v, VOLUME_ORIGIN, path, true, &node);

    if (error == -ENOENT) {
        assert_int_equal(cow_path_split(g->v, VOLUME_ORIGIN, path, &dir, name), 0);
        error = cow_volume_create(g->v, dir, name, S_IFREG | 0644, 0, (uid_t)-1, (gid_t)-1, &node);
        cow_node_unref(g->v, dir);
    }
    assert_int_equal(error, 0);
    assert_int_equal(cow_volume_write(g->v, node, text, strlen(text), offset), strlen(text));
    cow_node_unref(g->v, node);
}

static void snapshot(struct ground *g, unsigned number)
{
    const struct cow_snapshot_info info = { .is_persistent = true,
                                            .id = "0123456789abcde",
                                            .created = 42,
                                            .properties = "what the maker knows",
                                            .properties_size = 20 };

    assert_int_equal(cow_volume_commit_as(g->v, number, &info), 0);
}

static void assert_content(struct ground *g, unsigned view, const char *path, const char *text)
{
    char buffer[64] = { 0 };
    struct cow_node *node;

    assert_int_equal(cow_path_find(g->v, view, path, true, &node), 0);
    assert_true(cow_volume_read(g->v, view, node, buffer, sizeof(buffer) - 1, 0) >= 0);
    assert_string_equal(buffer, text);
    cow_node_unref(g->v, node);
}

static void assert_lost(struct ground *g, unsigned number, bool wanted)
{
    bool is_lost = false;
    unsigned there = 0;

    for (size_t i = 0; there != number; i++) {
        there = cow_volume_snapshot(g->v, i, &is_lost);
        assert_int_not_equal(there, 0);
    }
    assert_int_equal(is_lost, wanted);
}

/* ---- behind its back ---- */

/* `name` lies in the folder, which lies in the root; folder NULL: in the root. */
static void change_behind(struct ground *g, const char *folder, const char *name, off_t offset,
                          const char *bytes)
{
    struct store *s = open_store(g);
    struct store_node *dir = s->ops->root(s), *below, *file;

    g->now_ns += INT64_C(3000000000);
    if (folder) {
        assert_int_equal(s->ops->lookup(s, dir, folder, &below), 0);
        s->ops->unref(s, dir);
        dir = below;
    }
    int error = s->ops->lookup(s, dir, name, &file);
    if (error == -ENOENT)
        error = s->ops->create(s, dir, name, S_IFREG | 0644, 0, (uid_t)-1, (gid_t)-1, &file);
    assert_int_equal(error, 0);
    assert_int_equal(s->ops->write(s, file, bytes, strlen(bytes), offset), strlen(bytes));
    s->ops->unref(s, file);
    s->ops->unref(s, dir);
    s->ops->free(s);
}

/* ---- orderly ends ---- */

static void snapshot_outlives_its_process(void **state)
{
    struct ground *g = *state;

    put(g, "f", "before", 0);
    put(g, "gone", "kept", 0);
    snapshot(g, 1);
    put(g, "f", "after!", 0);
    next_owner(g);
    assert_content(g, 1, "f", "before");
    assert_content(g, VOLUME_ORIGIN, "f", "after!");
    const struct cow_snapshot_info *info = cow_volume_snapshot_info(g->v, 1);
    assert_non_null(info);
    assert_true(info->is_persistent);
    assert_int_equal(info->created, 42);
    assert_string_equal((const char *)info->id, "0123456789abcde");
    assert_int_equal(info->properties_size, 20);
    assert_memory_equal(info->properties, "what the maker knows", 20);
    assert_null(cow_volume_snapshot_info(g->v, 2));
}

static void snapshot_that_is_not_persistent_ends_with_its_process(void **state)
{
    struct ground *g = *state;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "f", "two", 0);
    assert_int_equal(cow_volume_commit(g->v, 2), 0);
    put(g, "f", "six", 0);
    next_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 1, NULL), 0);
    assert_content(g, 1, "f", "one");
    assert_int_equal(cow_volume_next_number(g->v), 3);
}

static void deleted_snapshot_stays_deleted_and_its_room_is_used_again(void **state)
{
    struct ground *g = *state;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "f", "two", 0);
    snapshot(g, 2);
    put(g, "f", "six", 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    kill_owner(g);
    assert_int_equal(cow_volume_snapshot(g->v, 0, NULL), 2);
    assert_int_equal(cow_volume_diff_bytes(g->v), COW_BLOCK_SIZE);
    snapshot(g, 3);
    put(g, "f", "ten", 0);
    kill_owner(g);
    assert_content(g, 2, "f", "two");
    assert_content(g, 3, "f", "six");
    assert_int_equal(g->v->cs.slots.count, 2);
}

static void directory_without_snapshots_has_no_log(void **state)
{
    struct ground *g = *state;
    struct store_node *node;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "f", "two", 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    for (int i = 0; i < 2; i++) {
        struct store *s = g->v->cs.store;

        assert_int_equal(s->ops->lookup(s, g->v->cs.system, "vssemu.log.0", &node), -ENOENT);
        assert_int_equal(s->ops->lookup(s, g->v->cs.system, "vssemu.log.1", &node), -ENOENT);
        next_owner(g);
    }
    assert_int_equal(cow_volume_next_number(g->v), 2);
}

/* ---- changes by others ---- */

static void foreign_change_loses_the_snapshots_that_may_see_it(void **state)
{
    struct ground *g = *state;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "f", "two", 0);
    snapshot(g, 2);
    cow_volume_free(g->v);
    change_behind(g, NULL, "f", 0, "not");
    open_volume(g);
    assert_lost(g, 1, true);
    assert_lost(g, 2, true);
    assert_content(g, VOLUME_ORIGIN, "f", "not");
    next_owner(g);
    assert_lost(g, 1, true);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    assert_lost(g, 2, true);
}

static void foreign_change_to_what_no_snapshot_sees_loses_none(void **state)
{
    struct ground *g = *state;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "new", "one", 0);
    cow_volume_free(g->v);
    change_behind(g, NULL, "new", 0, "not");
    open_volume(g);
    assert_lost(g, 1, false);
    assert_content(g, 1, "f", "one");
    put(g, "f", "two", 0);
    kill_owner(g);
    assert_lost(g, 1, false);
    assert_content(g, 1, "f", "one");
}

static void foreign_name_loses_the_snapshots(void **state)
{
    struct ground *g = *state;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    cow_volume_free(g->v);
    change_behind(g, NULL, "stranger", 0, "hello");
    open_volume(g);
    assert_lost(g, 1, true);
}

/* A host's clock moves in ticks of some milliseconds: one may not be enough to tell two changes
 * apart. */
static void foreign_change_right_after_the_end_is_noticed(void **state)
{
    struct ground *g = *state;

    for (unsigned number = 1; number < 8; number++) {
        put(g, "f", "one", 0);
        snapshot(g, number);
        put(g, "f", "two", 5);
        cow_volume_free(g->v);
        change_behind(g, NULL, "f", 0, "not");
        open_volume(g);
        assert_lost(g, number, true);
    }
}

/* ---- damage ---- */

static void damage_log(struct ground *g, off_t offset)
{
    uint64_t generation = g->v->cs.catalogue.header.generation;

    g->v->is_closing = true;
    cow_volume_free(g->v);
    change_behind(g, COW_SYSTEM_FOLDER, generation & 1 ? "vssemu.log.1" : "vssemu.log.0", offset,
                  "X");
    open_volume(g);
}

static void damaged_log_loses_all_snapshots(void **state)
{
    struct ground *g = *state;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "f", "two", 0);
    snapshot(g, 2);
    put(g, "f", "six", 0);
    damage_log(g, 200);
    assert_lost(g, 1, true);
    assert_content(g, VOLUME_ORIGIN, "f", "six");
    snapshot(g, 9);
    put(g, "f", "ten", 0);
    kill_owner(g);
    assert_lost(g, 1, true);
    assert_lost(g, 9, false);
    assert_content(g, 9, "f", "six");
}

static void torn_tail_is_a_change_that_was_never_made(void **state)
{
    struct ground *g = *state;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "f", "two", 0);
    damage_log(g, (off_t)g->v->log.end + 3);
    assert_lost(g, 1, false);
    assert_content(g, 1, "f", "one");
}

static void damaged_block_loses_the_snapshot_that_sees_it(void **state)
{
    struct ground *g = *state;
    struct cow_node *node;
    char byte;

    put(g, "f", "one", 0);
    snapshot(g, 1);
    put(g, "f", "two", 0);
    cow_volume_free(g->v);
    change_behind(g, COW_SYSTEM_FOLDER, "vssemu.diff", 1000, "X");
    open_volume(g);
    assert_int_equal(cow_path_find(g->v, 1, "f", true, &node), 0);
    assert_int_equal(cow_volume_read(g->v, 1, node, &byte, 1, 0), -ENXIO);
    assert_lost(g, 1, true);
    cow_node_unref(g->v, node);
    kill_owner(g);
    assert_lost(g, 1, true);
}

static void catalogue_of_a_later_version_is_refused_and_left_alone(void **state)
{
    struct ground *g = *state;
    struct cow_volume *v;

    snapshot(g, 1);
    struct area_catalogue *c = &g->v->cs.catalogue;
    unsigned char place[512];
    off_t at = (off_t)(c->header.turn & 1) * 512;
    struct store *s = g->v->cs.store;

    assert_int_equal(s->ops->read(s, c->file, place, 88, at), 88);
    place[8]++; /* the version; then the checksum again */
    uint64_t sum = checksum_of(place, 80, 0);
    memcpy(place + 80, &sum, sizeof(sum));
    assert_int_equal(s->ops->write(s, c->file, place, 88, at), 88);
    g->v->is_closing = true;
    cow_volume_free(g->v);
    assert_int_equal(cow_volume_open(open_store(g), &v), -EPROTONOSUPPORT);
    place[8]--;
    sum = checksum_of(place, 80, 0);
    memcpy(place + 80, &sum, sizeof(sum));
    g->v = NULL;
    s = open_store(g);
    struct store_node *root = s->ops->root(s), *folder, *file;
    assert_int_equal(s->ops->lookup(s, root, COW_SYSTEM_FOLDER, &folder), 0);
    assert_int_equal(s->ops->lookup(s, folder, "vssemu.catalogue", &file), 0);
    assert_int_equal(s->ops->write(s, file, place, 88, at), 88);
    s->ops->unref(s, file);
    s->ops->unref(s, folder);
    s->ops->unref(s, root);
    s->ops->free(s);
    open_volume(g);
    assert_lost(g, 1, false);
}

/* ---- room ---- */

static void room_at_the_end_is_given_back(void **state)
{
    struct ground *g = *state;
    char *block = mem_alloc(200 * COW_BLOCK_SIZE);
    struct cow_node *node;
    struct stat st;

    put(g, "f", "one", 0);
    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, "f", true, &node), 0);
    memset(block, 'x', 200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_write(g->v, node, block, 200 * COW_BLOCK_SIZE, 0),
                     200 * COW_BLOCK_SIZE);
    snapshot(g, 1);
    assert_int_equal(cow_volume_write(g->v, node, "kept", 4, 0), 4);
    snapshot(g, 2);
    memset(block, 'y', 200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_write(g->v, node, block, 200 * COW_BLOCK_SIZE, 0),
                     200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 1), 0);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 2), 0);
    snapshot(g, 3);
    assert_int_equal(cow_volume_write(g->v, node, "kept", 4, 0), 4);
    snapshot(g, 4);
    memset(block, 'z', 200 * COW_BLOCK_SIZE);
    assert_int_equal(cow_volume_write(g->v, node, block, 200 * COW_BLOCK_SIZE, 0),
                     200 * COW_BLOCK_SIZE);
    snapshot(g, 5);
    assert_int_equal(cow_volume_delete_snapshot(g->v, 3), 0);
    struct store *s = g->v->cs.store;
    assert_int_equal(s->ops->stat(s, g->v->cs.diff, &st), 0);
    assert_int_equal(st.st_size, 201 * COW_BLOCK_SIZE);
    cow_node_unref(g->v, node);
    free(block);
    kill_owner(g);
    assert_content(g, 4, "f", "keptyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
    assert_int_equal(cow_volume_delete_snapshot(g->v, 4), 0);
    s = g->v->cs.store;
    assert_true(!g->v->cs.diff || (s->ops->stat(s, g->v->cs.diff, &st) == 0 && st.st_size == 0));
}

/* The change fails rather than the snapshot is given up. */
static void protected_volume_goes_offline_when_its_log_cannot_be_written(void **state)
{
    struct ground *g = *state;
    const struct diff_area_limits limits = { .maximum = DIFF_AREA_UNBOUNDED,
                                             .protects_snapshots = true };
    struct cow_node *node;

    if (g->is_host)
        skip();
    put(g, "f", "one", 0);
    snapshot(g, 1);
    cow_volume_limit_area(g->v, &limits);
    assert_int_equal(cow_path_find(g->v, VOLUME_ORIGIN, "f", true, &node), 0);
    memstore_fail_writes(g->memory, COW_SYSTEM_FOLDER, 0, EIO);
    assert_int_equal(cow_volume_chmod(g->v, node, 0600), -ENXIO);
    assert_true(cow_volume_is_offline(g->v));
    memstore_fail_writes(g->memory, NULL, 0, 0);
    cow_volume_put_online(g->v);
    assert_int_equal(cow_volume_chmod(g->v, node, 0600), 0);
    cow_node_unref(g->v, node);
    kill_owner(g);
    assert_lost(g, 1, false);
    assert_content(g, 1, "f", "one");
}

/* ---- many ---- */

static void log_is_written_anew_when_it_is_mostly_dead(void **state)
{
    struct ground *g = *state;
    char name[16];

    for (unsigned number = 1; number <= 30; number++) {
        snapshot(g, number);
        for (int i = 0; i < 400; i++) {
            sprintf(name, "%d", i);
            put(g, name, "content", 0);
        }
        if (number > 2)
            assert_int_equal(cow_volume_delete_snapshot(g->v, number - 2), 0);
    }
    assert_true(g->v->log.generation > 1);
    assert_true(g->v->log.end < 3 << 20);
    char *before = cow_dump(g->v, 30, 4096, true);
    kill_owner(g);
    char *after = cow_dump(g->v, 30, 4096, true);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

#define TEST(f)                                    \
    { "memory: " #f, f, begin_memory, end, NULL }, \
    {                                              \
        "host: " #f, f, begin_host, end, NULL      \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(snapshot_outlives_its_process),
        TEST(snapshot_that_is_not_persistent_ends_with_its_process),
        TEST(deleted_snapshot_stays_deleted_and_its_room_is_used_again),
        TEST(directory_without_snapshots_has_no_log),
        TEST(foreign_change_loses_the_snapshots_that_may_see_it),
        TEST(foreign_change_to_what_no_snapshot_sees_loses_none),
        TEST(foreign_name_loses_the_snapshots),
        TEST(foreign_change_right_after_the_end_is_noticed),
        TEST(damaged_log_loses_all_snapshots),
        TEST(torn_tail_is_a_change_that_was_never_made),
        TEST(damaged_block_loses_the_snapshot_that_sees_it),
        TEST(catalogue_of_a_later_version_is_refused_and_left_alone),
        TEST(room_at_the_end_is_given_back),
        TEST(protected_volume_goes_offline_when_its_log_cannot_be_written),
        TEST(log_is_written_anew_when_it_is_mostly_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* See ground.h. */
#include "tests/cow/ground.h"

#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/host/host_store.h"
#include "fakes/world/memstore.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_state.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t ground_time(struct clock *clock)
{
    return container_of(clock, struct ground, clock)->now_ns;
}

struct store *ground_store(struct ground *g)
{
    struct store *store = g->memory;

    if (g->is_host)
        assert_int_equal(host_store_open(g->directory, &store), 0);
    return store;
}

void ground_open(struct ground *g)
{
    g->now_ns += INT64_C(3000000000);
    assert_int_equal(cow_volume_open(ground_store(g), &g->v), 0);
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
    ground_open(g);
    *state = g;
    return 0;
}

int ground_begin_memory(void **state)
{
    return begin(state, false);
}

int ground_begin_host(void **state)
{
    return begin(state, true);
}

int ground_end(void **state)
{
    struct ground *g = *state;

    cow_volume_free(g->v);
    if (g->is_host) {
        assert_int_equal(host_tree_remove(g->directory), 0);
    } else {
        memstore_keep_on_free(g->memory, false);
        g->memory->ops->free(g->memory);
    }
    free(g);
    return 0;
}

void ground_next_owner(struct ground *g)
{
    cow_volume_free(g->v);
    ground_open(g);
}

void ground_kill_owner(struct ground *g)
{
    g->v->is_closing = true; /* whatever is only in memory is gone */
    ground_next_owner(g);
}

/* ---- through the volume ---- */

void ground_put(struct ground *g, const char *path, const char *text, off_t offset)
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

void ground_snapshot(struct ground *g, unsigned number)
{
    const struct cow_snapshot_info info = { .is_persistent = true,
                                            .id = "0123456789abcde",
                                            .created = 42,
                                            .properties = "what the maker knows",
                                            .properties_size = 20 };

    assert_int_equal(cow_volume_commit_as(g->v, number, &info), 0);
}

void ground_assert_content(struct ground *g, unsigned view, const char *path, const char *text)
{
    char buffer[64] = { 0 };
    struct cow_node *node;

    assert_int_equal(cow_path_find(g->v, view, path, true, &node), 0);
    assert_true(cow_volume_read(g->v, view, node, buffer, sizeof(buffer) - 1, 0) >= 0);
    assert_string_equal(buffer, text);
    cow_node_unref(g->v, node);
}

void ground_assert_lost(struct ground *g, unsigned number, bool wanted)
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
void ground_change_behind(struct ground *g, const char *folder, const char *name, off_t offset,
                          const char *bytes)
{
    struct store *s = ground_store(g);
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

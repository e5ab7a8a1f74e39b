/* SPDX-License-Identifier: MIT */
/* The catalogue has two places written in turn, each with a checksum: a process that dies while
 * writing leaves the other one. It says nothing yet but the next number; later records follow
 * behind CATALOGUE_LOG. Orphans and diff area need no order among themselves: they are dropped
 * when the volume is opened. */
#include "provider_sim/cow/cow_store.h"

#include "emu/base/mem.h"
#include "emu/port/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CATALOGUE_NAME "vssemu.catalogue"
#define DIFF_NAME      "vssemu.diff"
#define ORPHANS_NAME   "vssemu.orphans"

#define CATALOGUE_MAGIC   "vssemu-c"
#define CATALOGUE_VERSION 1u
#define CATALOGUE_PLACE   512  /* bytes between the two places */
#define CATALOGUE_LOG     4096 /* where records of later versions begin */

struct catalogue {
    char magic[8];
    uint32_t version;
    uint32_t next_number;
    uint64_t turn;     /* the higher one is the current one */
    uint64_t checksum; /* of everything before */
};

static uint64_t checksum_of(const struct catalogue *c)
{
    const unsigned char *bytes = (const unsigned char *)c;
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < offsetof(struct catalogue, checksum); i++)
        h = (h ^ bytes[i]) * UINT64_C(0x100000001B3);
    return h;
}

static void catalogue_read(struct cow_store *cs)
{
    struct store *s = cs->store;

    for (unsigned place = 0; place < 2; place++) {
        struct catalogue c;
        ssize_t n = s->ops->read(s, cs->catalogue, &c, sizeof(c), (off_t)place * CATALOGUE_PLACE);

        if (n != (ssize_t)sizeof(c) || memcmp(c.magic, CATALOGUE_MAGIC, sizeof(c.magic)) != 0 ||
            c.version != CATALOGUE_VERSION || c.checksum != checksum_of(&c))
            continue;
        if (c.turn >= cs->catalogue_turn) {
            cs->catalogue_turn = c.turn;
            cs->next_number = c.next_number;
        }
    }
}

int cow_store_use_number(struct cow_store *cs, unsigned number)
{
    struct catalogue c = {
        .magic = CATALOGUE_MAGIC,
        .version = CATALOGUE_VERSION,
        .next_number = number + 1,
        .turn = cs->catalogue_turn + 1,
    };
    struct store *s = cs->store;

    if (number < cs->next_number)
        return -EINVAL;
    c.checksum = checksum_of(&c);
    ssize_t n =
        s->ops->write(s, cs->catalogue, &c, sizeof(c), (off_t)(c.turn & 1) * CATALOGUE_PLACE);
    if (n != (ssize_t)sizeof(c))
        return n < 0 ? (int)n : -EIO;
    cs->catalogue_turn = c.turn;
    cs->next_number = number + 1;
    return 0;
}

/* ---- opening ---- */

static int get_or_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                         struct store_node **ret_node)
{
    int error = s->ops->lookup(s, dir, name, ret_node);

    if (error == -ENOENT)
        error = s->ops->create(s, dir, name, mode, (uid_t)-1, (gid_t)-1, ret_node);
    return error;
}

struct leftovers {
    ARRAY(char *) names;
};

static int remember_leftover(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct leftovers *all = arg;

    (void)ino;
    (void)type;
    array_add(&all->names, mem_strdup(name));
    return 0;
}

static int remove_leftovers(struct cow_store *cs)
{
    struct store *s = cs->store;
    struct leftovers all = { 0 };
    int error = s->ops->list(s, cs->orphans, remember_leftover, &all);

    for (size_t i = 0; i < all.names.count; i++) {
        int gone = s->ops->unlink(s, cs->orphans, all.names.items[i]);

        if (gone)
            gone = s->ops->rmdir(s, cs->orphans, all.names.items[i]);
        if (!error)
            error = gone;
        free(all.names.items[i]);
    }
    array_free(&all.names);
    int gone = s->ops->unlink(s, cs->system, DIFF_NAME);
    return error ? error : gone == -ENOENT ? 0 : gone;
}

static int open_folder(struct cow_store *cs)
{
    struct store *s = cs->store;
    int error = s->ops->lock(s, NULL);

    if (error)
        return error;
    cs->root = s->ops->root(s);
    error = get_or_create(s, cs->root, COW_SYSTEM_FOLDER, S_IFDIR | 0700, &cs->system);
    if (!error)
        error = get_or_create(s, cs->system, ORPHANS_NAME, S_IFDIR | 0700, &cs->orphans);
    if (!error)
        error = get_or_create(s, cs->system, CATALOGUE_NAME, S_IFREG | 0600, &cs->catalogue);
    if (error)
        return error;
    catalogue_read(cs);
    return remove_leftovers(cs);
}

int cow_store_open(struct store *take_store, struct cow_store *ret_store)
{
    *ret_store = (struct cow_store){ .store = take_store, .next_number = 1 };
    int error = open_folder(ret_store);

    if (error)
        cow_store_close(ret_store);
    return error;
}

static void drop_node(struct cow_store *cs, struct store_node **node)
{
    if (*node)
        cs->store->ops->unref(cs->store, *node);
    *node = NULL;
}

void cow_store_close(struct cow_store *cs)
{
    if (!cs->store)
        return;
    if (cs->diff) {
        drop_node(cs, &cs->diff);
        cs->store->ops->unlink(cs->store, cs->system, DIFF_NAME);
    }
    drop_node(cs, &cs->catalogue);
    drop_node(cs, &cs->orphans);
    drop_node(cs, &cs->system);
    drop_node(cs, &cs->root);
    cs->store->ops->free(cs->store);
    array_free(&cs->free_slots);
    *cs = (struct cow_store){ 0 };
}

/* ---- the diff area ---- */

static bool is_zero(const char *block)
{
    return block[0] == 0 && memcmp(block, block + 1, COW_BLOCK_SIZE - 1) == 0;
}

static uint32_t take_slot(struct cow_store *cs)
{
    return cs->free_slots.count ? cs->free_slots.items[--cs->free_slots.count] : cs->n_slots++;
}

/* The first n slots stand next to each other: one write. */
static int write_run(struct cow_store *cs, const char *blocks, size_t n, uint32_t slot)
{
    struct store *s = cs->store;
    size_t size = n * COW_BLOCK_SIZE, done = 0;

    while (done < size) {
        ssize_t written = s->ops->write(s, cs->diff, blocks + done, size - done,
                                        (off_t)slot * COW_BLOCK_SIZE + (off_t)done);

        if (written <= 0)
            return written < 0 ? (int)written : -EIO;
        done += (size_t)written;
    }
    return 0;
}

static int write_slots(struct cow_store *cs, const char *blocks, size_t n, const uint32_t *slots)
{
    int error = 0;

    for (size_t i = 0, run; i < n && !error; i += run) {
        run = 1;
        if (slots[i] == COW_SLOT_ZERO)
            continue;
        while (i + run < n && slots[i + run] == slots[i] + run)
            run++;
        error = write_run(cs, blocks + i * COW_BLOCK_SIZE, run, slots[i]);
    }
    return error;
}

int cow_store_put(struct cow_store *cs, const void *blocks, size_t n, uint32_t *ret_slots)
{
    struct store *s = cs->store;

    if (!cs->diff) {
        int error = get_or_create(s, cs->system, DIFF_NAME, S_IFREG | 0600, &cs->diff);
        if (error)
            return error;
    }
    for (size_t i = 0; i < n; i++)
        ret_slots[i] =
            is_zero((const char *)blocks + i * COW_BLOCK_SIZE) ? COW_SLOT_ZERO : take_slot(cs);
    int error = write_slots(cs, blocks, n, ret_slots);
    for (size_t i = 0; error && i < n; i++)
        cow_store_release(cs, ret_slots[i]);
    return error;
}

int cow_store_get(struct cow_store *cs, uint32_t slot, void *buffer, size_t size, size_t offset)
{
    struct store *s = cs->store;
    size_t done = 0;

    if (slot == COW_SLOT_ZERO) {
        memset(buffer, 0, size);
        return 0;
    }
    while (done < size) {
        ssize_t n = s->ops->read(s, cs->diff, (char *)buffer + done, size - done,
                                 (off_t)slot * COW_BLOCK_SIZE + (off_t)(offset + done));

        if (n <= 0)
            return n < 0 ? (int)n : -EIO;
        done += (size_t)n;
    }
    return 0;
}

void cow_store_release(struct cow_store *cs, uint32_t slot)
{
    if (slot != COW_SLOT_ZERO)
        array_add(&cs->free_slots, slot);
}

void cow_store_empty(struct cow_store *cs)
{
    if (!cs->diff)
        return;
    cs->store->ops->truncate(cs->store, cs->diff, 0);
    cs->n_slots = 0;
    array_free(&cs->free_slots);
}

/* ---- orphans ---- */

#define ORPHAN_NAME_SIZE 24

static const char *orphan_name(uint64_t object, char buffer[ORPHAN_NAME_SIZE])
{
    snprintf(buffer, ORPHAN_NAME_SIZE, "%" PRIu64, object);
    return buffer;
}

int cow_store_orphan_move(struct cow_store *cs, struct store_node *dir, const char *name,
                          uint64_t object)
{
    char orphan[ORPHAN_NAME_SIZE];

    return cs->store->ops->rename(cs->store, dir, name, cs->orphans, orphan_name(object, orphan),
                                  false);
}

int cow_store_orphan_link(struct cow_store *cs, struct store_node *node, uint64_t object)
{
    char orphan[ORPHAN_NAME_SIZE];

    return cs->store->ops->link(cs->store, node, cs->orphans, orphan_name(object, orphan));
}

int cow_store_orphan_restore(struct cow_store *cs, uint64_t object, struct store_node *dir,
                             const char *name)
{
    char orphan[ORPHAN_NAME_SIZE];

    return cs->store->ops->rename(cs->store, cs->orphans, orphan_name(object, orphan), dir, name,
                                  false);
}

int cow_store_orphan_open(struct cow_store *cs, uint64_t object, struct store_node **ret_node)
{
    char orphan[ORPHAN_NAME_SIZE];

    return cs->store->ops->lookup(cs->store, cs->orphans, orphan_name(object, orphan), ret_node);
}

void cow_store_orphan_remove(struct cow_store *cs, uint64_t object, bool is_dir)
{
    char name[ORPHAN_NAME_SIZE];

    orphan_name(object, name);
    if (is_dir)
        cs->store->ops->rmdir(cs->store, cs->orphans, name);
    else
        cs->store->ops->unlink(cs->store, cs->orphans, name);
}

/* SPDX-License-Identifier: MIT */
/* See cow_store.h. Orphans are cow_orphans.c. */
#include "provider_sim/cow/cow_store.h"

#include "provider_sim/cow/cow_salvage.h"

#include "emu/base/check.h"
#include "emu/base/checksum.h"
#include "emu/base/mem.h"
#include "emu/port/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define DIFF_NAME    "vssemu.diff"
#define ORPHANS_NAME "vssemu.orphans"

/* Room is asked for in pieces of so many slots. */
#define PIECE_SLOTS 64u

/* Given back at a time. */
#define TRIM_SLOTS 2048u

int cow_store_use_number(struct cow_store *cs, unsigned number)
{
    struct area_header header = cs->catalogue.header;

    if (number < header.next_number)
        return -EINVAL;
    header.next_number = number + 1;
    return area_catalogue_put(&cs->catalogue, &header);
}

/* ---- opening ---- */

static int get_or_create(struct store *s, struct store_node *dir, const char *name, mode_t mode,
                         struct store_node **ret_node)
{
    int error = s->ops->lookup(s, dir, name, ret_node);

    if (error == -ENOENT)
        error = s->ops->create(s, dir, name, mode, 0, (uid_t)-1, (gid_t)-1, ret_node);
    return error;
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
        error = area_catalogue_open(s, cs->system, &cs->catalogue);
    if (!error && cs->catalogue.is_fresh)
        error = area_catalogue_create(&cs->catalogue, cs->system,
                                      !cow_salvage_has_leavings(s, cs->system));
    return error;
}

/* One that is not there is NULL. */
static int get(struct store *s, struct store_node *dir, const char *name,
               struct store_node **ret_node)
{
    int error = dir ? s->ops->lookup(s, dir, name, ret_node) : 0;

    return error == -ENOENT ? 0 : error;
}

static int find_folder(struct cow_store *cs)
{
    struct store *s = cs->store;
    int error = s->ops->lock_to_read ? s->ops->lock_to_read(s, NULL) : 0;

    if (error)
        return error;
    cs->root = s->ops->root(s);
    error = get(s, cs->root, COW_SYSTEM_FOLDER, &cs->system);
    if (!error)
        error = get(s, cs->system, ORPHANS_NAME, &cs->orphans);
    cs->catalogue.header.next_number = 1;
    return error || !cs->system ? error : area_catalogue_open(s, cs->system, &cs->catalogue);
}

static int open_by(struct store *take_store, struct cow_store *ret_store,
                   int (*begin)(struct cow_store *cs))
{
    *ret_store = (struct cow_store){ .store = take_store };
    int error = begin(ret_store);

    if (error)
        cow_store_close(ret_store, true);
    return error;
}

int cow_store_open(struct store *take_store, struct cow_store *ret_store)
{
    return open_by(take_store, ret_store, open_folder);
}

int cow_store_open_to_read(struct store *take_store, struct cow_store *ret_store)
{
    return open_by(take_store, ret_store, find_folder);
}

static void drop_node(struct cow_store *cs, struct store_node **node)
{
    if (*node)
        cs->store->ops->unref(cs->store, *node);
    *node = NULL;
}

static void free_lists(struct cow_store *cs)
{
    array_free(&cs->free_slots);
    array_free(&cs->holes);
    array_free(&cs->released);
}

void cow_store_remove_diff(struct cow_store *cs)
{
    drop_node(cs, &cs->diff);
    cs->store->ops->unlink(cs->store, cs->system, DIFF_NAME);
    array_free(&cs->slots);
    free_lists(cs);
    cs->n_allocated = 0;
}

void cow_store_close(struct cow_store *cs, bool keep)
{
    if (!cs->store)
        return;
    if (cs->diff && !keep)
        cow_store_remove_diff(cs);
    drop_node(cs, &cs->diff);
    area_catalogue_close(&cs->catalogue);
    drop_node(cs, &cs->orphans);
    drop_node(cs, &cs->system);
    drop_node(cs, &cs->root);
    cs->store->ops->free(cs->store);
    array_free(&cs->slots);
    free_lists(cs);
    *cs = (struct cow_store){ 0 };
}

/* ---- the diff area ---- */

static bool is_zero(const char *block)
{
    return block[0] == 0 && memcmp(block, block + 1, COW_BLOCK_SIZE - 1) == 0;
}

static uint32_t check_of(const void *block)
{
    return (uint32_t)checksum_of(block, COW_BLOCK_SIZE, 0);
}

static void put_back(struct cow_store *cs, uint32_t slot)
{
    if (slot == COW_SLOT_ZERO)
        return;
    cs->slots.items[slot].is_used = false;
    array_add(&cs->free_slots, slot);
}

static uint32_t take_slot(struct cow_store *cs, const char *block)
{
    uint32_t slot;

    if (cs->free_slots.count) {
        slot = cs->free_slots.items[--cs->free_slots.count];
    } else if (cs->holes.count) {
        slot = cs->holes.items[--cs->holes.count];
    } else {
        slot = (uint32_t)cs->slots.count;
        array_add(&cs->slots, ((struct cow_slot){ 0 }));
    }
    cs->slots.items[slot] = (struct cow_slot){ check_of(block), true, true };
    return slot;
}

/* Room for all slots. A store that cannot say so before will say so when it is written. */
static int reserve(struct cow_store *cs)
{
    struct store *s = cs->store;

    if (cs->slots.count <= cs->n_allocated || !s->ops->allocate)
        return 0;
    uint32_t n =
        (uint32_t)(cs->slots.count - cs->n_allocated + PIECE_SLOTS - 1) / PIECE_SLOTS * PIECE_SLOTS;
    int error = s->ops->allocate(s, cs->diff, (off_t)cs->n_allocated * COW_BLOCK_SIZE,
                                 (off_t)n * COW_BLOCK_SIZE);

    if (!error || error == -EOPNOTSUPP)
        cs->n_allocated += n;
    return error == -EOPNOTSUPP ? 0 : error;
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
    for (size_t i = 0; i < n; i++) {
        const char *block = (const char *)blocks + i * COW_BLOCK_SIZE;

        ret_slots[i] = is_zero(block) ? COW_SLOT_ZERO : take_slot(cs, block);
    }
    int error = reserve(cs);
    if (!error)
        error = write_slots(cs, blocks, n, ret_slots);
    for (size_t i = n; error && i; i--)
        put_back(cs, ret_slots[i - 1]);
    return error;
}

static int read_slot(struct cow_store *cs, uint32_t slot, void *buffer, size_t size, size_t offset)
{
    struct store *s = cs->store;

    for (size_t done = 0; done < size;) {
        ssize_t n = s->ops->read(s, cs->diff, (char *)buffer + done, size - done,
                                 (off_t)slot * COW_BLOCK_SIZE + (off_t)(offset + done));

        if (n <= 0)
            return n < 0 ? (int)n : -EBADMSG;
        done += (size_t)n;
    }
    return 0;
}

int cow_store_get(struct cow_store *cs, uint32_t slot, void *buffer, size_t size, size_t offset)
{
    if (slot == COW_SLOT_ZERO) {
        memset(buffer, 0, size);
        return 0;
    }
    if (slot >= cs->slots.count || !cs->diff)
        return -EBADMSG;
    if (cs->slots.items[slot].is_checked)
        return read_slot(cs, slot, buffer, size, offset);
    char *block = mem_alloc(COW_BLOCK_SIZE);
    int error = read_slot(cs, slot, block, COW_BLOCK_SIZE, 0);

    if (!error && check_of(block) != cs->slots.items[slot].check)
        error = -EBADMSG;
    if (!error) {
        cs->slots.items[slot].is_checked = true;
        memcpy(buffer, block + offset, size);
    }
    free(block);
    return error;
}

void cow_store_release(struct cow_store *cs, uint32_t slot)
{
    if (slot == COW_SLOT_ZERO)
        return;
    check(cs->slots.items[slot].is_used);
    cs->slots.items[slot].is_used = false;
    array_add(&cs->released, slot);
}

void cow_store_reuse(struct cow_store *cs)
{
    for (size_t i = 0; i < cs->released.count; i++)
        array_add(&cs->free_slots, cs->released.items[i]);
    cs->released.count = 0;
}

void cow_store_empty(struct cow_store *cs)
{
    if (!cs->diff)
        return;
    cs->store->ops->truncate(cs->store, cs->diff, 0);
    array_free(&cs->slots);
    free_lists(cs);
    cs->n_allocated = 0;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* Neighbours at once, from the end. False: the store cannot give them back. */
static bool punch_some(struct cow_store *cs)
{
    struct store *s = cs->store;

    for (size_t done = 0, n; done < TRIM_SLOTS && cs->free_slots.count; done += n) {
        uint32_t *end = cs->free_slots.items + cs->free_slots.count;

        for (n = 1;
             n < cs->free_slots.count && n < TRIM_SLOTS && end[-1 - (ssize_t)n] + n == end[-1]; n++)
            ;
        uint32_t first = end[-(ssize_t)n];
        int error = s->ops->fallocate(s, cs->diff, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                      (off_t)first * COW_BLOCK_SIZE, (off_t)n * COW_BLOCK_SIZE);

        if (error)
            return false;
        for (size_t i = 0; i < n; i++)
            array_add(&cs->holes, first + (uint32_t)i);
        cs->free_slots.count -= n;
    }
    return true;
}

/* A quarter of all slots at least, so that each is looked at a few times in its life at most. */
static void cut(struct cow_store *cs)
{
    size_t n = cs->slots.count;

    if (cs->holes.count + cs->free_slots.count < n / 4)
        return;
    while (n && !cs->slots.items[n - 1].is_used)
        n--;
    if (cs->slots.count - n < PIECE_SLOTS || cs->slots.count - n < cs->slots.count / 4 ||
        cs->store->ops->truncate(cs->store, cs->diff, (off_t)n * COW_BLOCK_SIZE) < 0)
        return;
    cs->slots.count = n;
    cow_store_found(cs);
}

bool cow_store_begin_trim(struct cow_store *cs)
{
    cow_store_reuse(cs);
    if (!cs->diff || cs->free_slots.count < PIECE_SLOTS)
        return false;
    qsort(cs->free_slots.items, cs->free_slots.count, sizeof(uint32_t), by_number);
    return true;
}

bool cow_store_trim_some(struct cow_store *cs)
{
    if (cs->diff && cs->free_slots.count && cs->store->ops->fallocate && punch_some(cs) &&
        cs->free_slots.count)
        return true;
    if (cs->diff)
        cut(cs);
    return false;
}

void cow_store_trim(struct cow_store *cs)
{
    if (cow_store_begin_trim(cs)) {
        while (cow_store_trim_some(cs))
            ;
    }
}

int cow_store_sync(struct cow_store *cs)
{
    return cs->diff ? cs->store->ops->sync(cs->store, cs->diff) : 0;
}

uint32_t cow_store_used(const struct cow_store *cs)
{
    return (uint32_t)(cs->slots.count - cs->free_slots.count - cs->holes.count -
                      cs->released.count);
}

uint32_t cow_store_room(const struct cow_store *cs)
{
    return (uint32_t)(cs->slots.count - cs->holes.count);
}

/* ---- finding again ---- */

int cow_store_find(struct cow_store *cs)
{
    int error = cs->store->ops->lookup(cs->store, cs->system, DIFF_NAME, &cs->diff);

    array_free(&cs->slots);
    free_lists(cs);
    return error == -ENOENT ? 0 : error;
}

void cow_store_find_slot(struct cow_store *cs, uint32_t slot, uint32_t check)
{
    if (slot == COW_SLOT_ZERO)
        return;
    while (cs->slots.count <= slot)
        array_add(&cs->slots, ((struct cow_slot){ 0 }));
    cs->slots.items[slot] = (struct cow_slot){ check, true, false };
}

/* From the end, so that the first ones are used first. */
void cow_store_found(struct cow_store *cs)
{
    cs->free_slots.count = cs->holes.count = cs->released.count = 0;
    for (size_t i = cs->slots.count; i; i--) {
        if (!cs->slots.items[i - 1].is_used)
            array_add(&cs->free_slots, (uint32_t)(i - 1));
    }
    cs->n_allocated = (uint32_t)cs->slots.count;
}

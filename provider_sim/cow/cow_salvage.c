/* SPDX-License-Identifier: MIT */
/* See cow_salvage.h. Of two logs the older one is read first: what the newer one says of a snapshot
 * came later. */
#include "provider_sim/cow/cow_salvage.h"

#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "provider_sim/cow/area_log.h"
#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/first_from.h"

#include <errno.h>
#include <string.h>

static size_t index_of(const struct cow_salvage *s, unsigned number)
{
    return FIRST_FROM(s->names.count, number, i, s->names.items[i].number);
}

const struct cow_announced *cow_salvage_find(const struct cow_salvage *s, unsigned number)
{
    size_t i = index_of(s, number);

    return i < s->names.count && s->names.items[i].number == number ? &s->names.items[i] : NULL;
}

static void drop(struct cow_salvage *s, unsigned number)
{
    size_t i = index_of(s, number);

    if (i == s->names.count || s->names.items[i].number != number)
        return;
    free((void *)s->names.items[i].info.properties);
    array_remove(&s->names, i);
}

static void announce(struct cow_salvage *s, struct area_reader *r)
{
    struct cow_announced name;
    uint32_t number, flags;

    if (!cow_replay_get_info(r, &number, &flags, &name.info))
        return;
    drop(s, number);
    if (!name.info.is_persistent || s->names.count >= COW_SNAPSHOTS_MAX)
        return;
    name.number = number;
    const void *properties = name.info.properties;

    if (properties)
        name.info.properties = mem_copy(properties, name.info.properties_size);
    size_t i = index_of(s, number);

    array_add(&s->names, name);
    memmove(s->names.items + i + 1, s->names.items + i, (s->names.count - 1 - i) * sizeof(name));
    s->names.items[i] = name;
}

/* Where a record has the number of a snapshot, or the epoch; 0: nowhere. */
static size_t place_of_number(enum area_kind kind)
{
    static const unsigned char places[AREA_KINDS] = {
        [AREA_OBJECT] = 20, [AREA_STAT] = 8,    [AREA_XATTRS] = 8,
        [AREA_ENTRY] = 16,  [AREA_BLOCKS] = 16,
    };

    return places[kind];
}

static bool has_number(enum area_kind kind)
{
    return kind == AREA_SNAPSHOT || kind == AREA_KEPT || kind == AREA_DELETED ||
           kind == AREA_LOST || kind == AREA_OPENED || kind == AREA_SEALED || place_of_number(kind);
}

static bool look_at_record(void *arg, struct area_record *record)
{
    struct cow_salvage *s = arg;
    struct area_reader r = record->body;

    if (!has_number(record->kind))
        return true;
    area_get(&r, place_of_number(record->kind));
    unsigned number = area_get_u32(&r);

    if (!r.is_bad && number <= COW_NUMBER_MAX && number > s->highest)
        s->highest = number;
    if (record->kind == AREA_SNAPSHOT || record->kind == AREA_KEPT)
        announce(s, &record->body);
    else if (record->kind == AREA_DELETED)
        drop(s, number);
    return true;
}

/* ---- the logs ---- */

static int read_log(struct area_log *log, struct cow_salvage *s)
{
    if (!log->file)
        return 0;
    if (log->generation > s->generation)
        s->generation = log->generation;
    return area_log_scan(log, look_at_record, s);
}

/* A new one takes no place of the only one there is. */
static uint64_t next_generation(const struct cow_salvage *s, const struct area_log logs[2])
{
    uint64_t next = s->generation + 1;
    bool is_alone = logs[next & 1].file && !logs[~next & 1].file;

    return is_alone ? next + 1 : next;
}

int cow_salvage_read(struct store *store, struct store_node *folder,
                     const struct area_catalogue *catalogue, struct cow_salvage *ret_salvage)
{
    struct area_log logs[2] = { 0 };
    int error = 0;

    *ret_salvage = (struct cow_salvage){ .highest = catalogue->header.next_number - 1,
                                         .generation = catalogue->header.generation };
    for (unsigned i = 0; i < 2 && !error; i++) {
        error = area_log_open_any(store, folder, i, catalogue->header.generation, &logs[i]);
        if (error == -ENOENT || error == -EBADMSG)
            error = 0;
    }
    unsigned older = logs[0].generation > logs[1].generation;
    if (!error)
        error = read_log(&logs[older], ret_salvage);
    if (!error)
        error = read_log(&logs[!older], ret_salvage);
    ret_salvage->next_generation = next_generation(ret_salvage, logs);
    area_log_close(&logs[0]);
    area_log_close(&logs[1]);
    return error;
}

void cow_salvage_free(struct cow_salvage *s)
{
    for (size_t i = 0; i < s->names.count; i++)
        free((void *)s->names.items[i].info.properties);
    array_free(&s->names);
}

unsigned cow_salvage_next_number(const struct cow_salvage *s, const struct area_catalogue *c)
{
    unsigned skipped = c->is_blank ? COW_NUMBERS_SKIPPED : c->n_bad_headers ? COW_NUMBERS_AHEAD : 0;

    return s->highest + skipped + 1;
}

/* ---- what lies there ---- */

static int note_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)name;
    (void)ino;
    (void)type;
    *(bool *)arg = true;
    return 1;
}

bool cow_salvage_has_leavings(struct store *store, struct store_node *folder)
{
    static const char *const names[] = { "vssemu.log.0", "vssemu.log.1", "vssemu.diff" };
    struct store_node *node;
    bool is_any = false;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (store->ops->lookup(store, folder, names[i], &node) == 0) {
            store->ops->unref(store, node);
            return true;
        }
    }
    if (store->ops->lookup(store, folder, "vssemu.orphans", &node) == 0) {
        store->ops->list(store, node, note_name, &is_any);
        store->ops->unref(store, node);
    }
    return is_any;
}

/* SPDX-License-Identifier: MIT */
/* Events become records: docs/diff-area-format.md, "The log", has their fields. cow_replay.c reads
 * them in the same order. */
#include "provider_sim/cow/cow_journal.h"

#include <string.h>

#define FLAG_PERSISTENT 1u
#define FLAG_LOST       2u

/* ---- snapshots ---- */

static void put_snapshot(struct cow_volume *v, const struct cow_snapshot *s, enum area_kind kind)
{
    struct area_bytes *b = area_log_begin(&v->log, kind);

    area_put_u32(b, s->number);
    area_put_u32(b, (s->info.is_persistent ? FLAG_PERSISTENT : 0) | (s->is_lost ? FLAG_LOST : 0));
    area_put_u64(b, (uint64_t)s->info.created);
    area_put(b, s->info.id, sizeof(s->info.id));
    area_put_u32(b, (uint32_t)s->info.properties_size);
    area_put(b, s->info.properties, s->info.properties_size);
    area_log_finish(&v->log);
}

void cow_journal_snapshot(struct cow_volume *v, struct cow_snapshot *s)
{
    if (!cow_journal_is_on(v))
        return;
    put_snapshot(v, s, AREA_SNAPSHOT);
    s->is_logged = true;
    if (s->is_open)
        cow_journal_open(v, s);
}

void cow_journal_kept(struct cow_volume *v, const struct cow_snapshot *s)
{
    if (cow_journal_is_on(v) && s->is_logged)
        put_snapshot(v, s, AREA_KEPT);
}

void cow_journal_gone(struct cow_volume *v, const struct cow_snapshot *s, enum area_kind how)
{
    if (!cow_journal_is_on(v) || !s->is_logged)
        return;
    area_put_u32(area_log_begin(&v->log, how), s->number);
    area_log_finish(&v->log);
}

void cow_journal_open(struct cow_volume *v, const struct cow_snapshot *s)
{
    cow_journal_gone(v, s, AREA_OPENED);
}

void cow_journal_sealed(struct cow_volume *v, const struct cow_snapshot *s)
{
    cow_journal_gone(v, s, AREA_SEALED);
}

/* ---- objects ---- */

static void need_object(struct cow_volume *v, struct cow_node *node)
{
    if (!node || node->logged == (uint32_t)v->log.generation)
        return;
    struct area_bytes *b = area_log_begin(&v->log, AREA_OBJECT);

    area_put_u64(b, node->id);
    area_put_u64(b, node->ino);
    area_put_u32(b, node->type);
    area_put_u32(b, node->born);
    area_log_finish(&v->log);
    node->logged = (uint32_t)v->log.generation;
}

void cow_journal_forgotten(struct cow_volume *v, const struct cow_node *node)
{
    if (!cow_journal_is_on(v) || node->logged != (uint32_t)v->log.generation)
        return;
    area_put_u64(area_log_begin(&v->log, AREA_FORGOTTEN), node->id);
    area_log_finish(&v->log);
}

/* ---- what was preserved ---- */

static void put_stat(struct area_bytes *b, const struct cow_record *record)
{
    const struct stat *st = &record->attributes.stat;

    area_put_u32(b, st->st_mode);
    area_put_u64(b, st->st_ino);
    area_put_u64(b, st->st_nlink);
    area_put_u32(b, st->st_uid);
    area_put_u32(b, st->st_gid);
    area_put_u64(b, st->st_rdev);
    area_put_u64(b, (uint64_t)st->st_size);
    area_put_u64(b, (uint64_t)st->st_blocks);
    area_put_u64(b, (uint64_t)st->st_blksize);
    area_put_time(b, st->st_atim);
    area_put_time(b, st->st_mtim);
    area_put_time(b, st->st_ctim);
}

static void put_xattrs(struct area_bytes *b, const struct cow_xattrs *xattrs)
{
    area_put_u32(b, (uint32_t)xattrs->list.count);
    for (size_t i = 0; i < xattrs->list.count; i++) {
        const struct cow_xattr *x = &xattrs->list.items[i];
        size_t length = strlen(x->name);

        area_put_u32(b, (uint32_t)length);
        area_put_u32(b, (uint32_t)x->size);
        area_put(b, x->name, length);
        area_put(b, x->value, x->size);
    }
}

static void put_name(struct area_bytes *b, const char *name)
{
    area_put_u32(b, (uint32_t)strlen(name));
    area_put(b, name, strlen(name));
}

static void journal_entry(struct cow_volume *v, const struct cow_record *record)
{
    const struct cow_name *name = container_of(record->history, struct cow_name, history);

    need_object(v, record->target);
    struct area_bytes *b = area_log_begin(&v->log, AREA_ENTRY);

    area_put_u64(b, record->node->id);
    area_put_u64(b, record->target ? record->target->id : 0);
    area_put_u32(b, cow_record_epoch(v, record));
    put_name(b, name->name);
}

/* A snapshot that is not persistent and older than the log needs nothing there. */
static bool is_epoch_logged(const struct cow_volume *v, unsigned epoch)
{
    const struct cow_snapshot *s = cow_snapshot_find(v, epoch);

    return s && s->is_logged;
}

void cow_journal_record(struct cow_volume *v, const struct cow_record *record)
{
    if (!cow_journal_is_on(v) || !is_epoch_logged(v, cow_record_epoch(v, record)))
        return;
    need_object(v, record->node);
    if (record->kind == COW_RECORD_ENTRY) {
        journal_entry(v, record);
    } else {
        bool is_stat = record->kind == COW_RECORD_STAT;
        struct area_bytes *b = area_log_begin(&v->log, is_stat ? AREA_STAT : AREA_XATTRS);

        area_put_u64(b, record->node->id);
        area_put_u32(b, cow_record_epoch(v, record));
        if (is_stat)
            put_stat(b, record);
        else
            put_xattrs(b, &record->xattrs);
    }
    area_log_finish(&v->log);
}

void cow_journal_blocks_of(struct cow_volume *v, struct cow_node *node, uint64_t first,
                           unsigned epoch, size_t n, const uint32_t *slots)
{
    need_object(v, node);
    struct area_bytes *b = area_log_begin(&v->log, AREA_BLOCKS);

    area_put_u64(b, node->id);
    area_put_u64(b, first);
    area_put_u32(b, epoch);
    area_put_u32(b, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        area_put_u32(b, slots[i]);
        area_put_u32(b, slots[i] == COW_SLOT_ZERO ? 0 : v->cs.slots.items[slots[i]].check);
    }
    area_log_finish(&v->log);
}

void cow_journal_blocks(struct cow_volume *v, struct cow_node *node, unsigned epoch, uint64_t first,
                        size_t n, const uint32_t *slots)
{
    if (cow_journal_is_on(v) && is_epoch_logged(v, epoch))
        cow_journal_blocks_of(v, node, first, epoch, n, slots);
}

/* ---- a directory that steps aside ---- */

void cow_journal_replacing(struct cow_volume *v, struct cow_node *dir, struct cow_node *target,
                           const char *name)
{
    if (!cow_journal_is_on(v))
        return;
    need_object(v, dir);
    need_object(v, target);
    struct area_bytes *b = area_log_begin(&v->log, AREA_REPLACING);

    area_put_u64(b, dir->id);
    area_put_u64(b, target->id);
    put_name(b, name);
    area_log_finish(&v->log);
}

void cow_journal_replaced(struct cow_volume *v, const struct cow_node *target)
{
    if (!cow_journal_is_on(v))
        return;
    area_put_u64(area_log_begin(&v->log, AREA_REPLACED), target->id);
    area_log_finish(&v->log);
}

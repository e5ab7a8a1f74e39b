/* SPDX-License-Identifier: MIT */
/* The log is played into the structures by the functions that filled them when its events happened.
 * A record that contradicts those before it is refused: the log is damaged then. */
#include "provider_sim/cow/cow_ids.h"
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>
#include <string.h>

#define FLAG_PERSISTENT 1u
#define FLAG_LOST       2u

/* More slots than any diff area has: 1 TiB. */
#define MAX_SLOTS (UINT32_C(1) << 26)

struct replay {
    struct cow_volume *v;
    struct cow_ids ids;
    struct cow_found *found;
    struct area_reader *r; /* the record's body */
    bool has_begun;
};

/* ---- snapshots ---- */

static bool play_begin(struct replay *p)
{
    uint32_t version = area_get_u32(p->r), block_size = area_get_u32(p->r);
    uint64_t generation = area_get_u64(p->r);

    p->has_begun = true;
    return version >= AREA_OLDEST && version <= AREA_VERSION && block_size == COW_BLOCK_SIZE &&
           generation == p->v->log.generation;
}

bool cow_replay_get_info(struct area_reader *r, uint32_t *ret_number, uint32_t *ret_flags,
                         struct cow_snapshot_info *ret_info)
{
    *ret_info = (struct cow_snapshot_info){ 0 };
    *ret_number = area_get_u32(r);
    *ret_flags = area_get_u32(r);
    ret_info->is_persistent = *ret_flags & FLAG_PERSISTENT;
    ret_info->created = (int64_t)area_get_u64(r);
    const void *id = area_get(r, sizeof(ret_info->id));
    ret_info->properties_size = area_get_u32(r);
    ret_info->properties = area_get(r, ret_info->properties_size);
    if (r->is_bad || ret_info->properties_size > COW_PROPERTIES_MAX || !*ret_number ||
        *ret_number > COW_NUMBER_MAX)
        return false;
    memcpy(ret_info->id, id, sizeof(ret_info->id));
    return true;
}

static bool play_kept(struct replay *p)
{
    struct cow_snapshot_info info;
    uint32_t number, flags;
    bool is_good = cow_replay_get_info(p->r, &number, &flags, &info);
    struct cow_snapshot *s = is_good ? cow_snapshot_find(p->v, number) : NULL;

    if (!s || !info.is_persistent)
        return false;
    cow_snapshot_describe(s, &info);
    return true;
}

static bool play_snapshot(struct replay *p)
{
    struct cow_volume *v = p->v;
    struct cow_snapshot_info info;
    uint32_t number, flags;
    size_t n = v->snapshots.count;

    if (!cow_replay_get_info(p->r, &number, &flags, &info) ||
        (n && v->snapshots.items[n - 1]->number >= number))
        return false;
    struct cow_snapshot *s = cow_snapshot_add(v, number, &info);

    s->is_logged = true;
    if (flags & FLAG_LOST)
        cow_snapshot_lose(v, s);
    if (number >= v->cs.catalogue.header.next_number)
        v->cs.catalogue.header.next_number = number + 1;
    return true;
}

static bool play_gone(struct replay *p, bool is_deleted)
{
    struct cow_snapshot *s = cow_snapshot_find(p->v, area_get_u32(p->r));

    if (!s || (!is_deleted && s->is_lost))
        return false;
    if (is_deleted)
        cow_snapshot_remove(p->v, s);
    else
        cow_snapshot_lose(p->v, s);
    return true;
}

static bool play_open(struct replay *p, bool is_open)
{
    struct cow_snapshot *s = cow_snapshot_find(p->v, area_get_u32(p->r));

    if (!s || s->is_open == is_open)
        return false;
    s->is_open = is_open;
    return true;
}

/* Whether this epoch may be amended: its snapshot is open for recovery, or the next newer one. */
static bool may_amend(const struct replay *p, uint32_t epoch)
{
    const struct cow_volume *v = p->v;
    const struct cow_snapshot *s = epoch ? cow_snapshot_find(v, epoch) : NULL;

    if (!s || s->is_lost || s->is_open)
        return s && !s->is_lost;
    for (size_t i = 0; i < v->snapshots.count; i++) {
        const struct cow_snapshot *open = v->snapshots.items[i];

        if (open->is_open && !open->is_lost && cow_snapshot_older(v, open->number) == epoch)
            return true;
    }
    return false;
}

/* ---- objects ---- */

/* Whoever was stepping aside is not there any more: its REPLACED could not be written. */
static void drop_node(struct replay *p, struct cow_node *node)
{
    struct cow_found *f = p->found;

    if (node == f->replacing || node == f->replacing_in)
        f->replacing = NULL;
    cow_ids_remove(&p->ids, node->id);
    cow_node_delete(p->v, node);
}

static bool is_bare(const struct cow_node *node)
{
    return !node->pins && !node->stats.records.count && !node->xattrs.records.count &&
           !node->names.count;
}

static bool play_object(struct replay *p)
{
    struct cow_volume *v = p->v;
    uint64_t id = area_get_u64(p->r), ino = area_get_u64(p->r);
    uint32_t type = area_get_u32(p->r), born = area_get_u32(p->r);
    struct cow_node *node = cow_node_find(v, (ino_t)ino), *same = cow_ids_find(&p->ids, id);

    if (p->r->is_bad || !id || (same && same != node) || (type & ~(uint32_t)S_IFMT))
        return false;
    if (same)
        return same->type == type;
    if (node == v->root) { /* it was there before the log was read */
        node->id = id;
        node->born = born;
        if (id > v->last_id)
            v->last_id = id;
    } else {
        if (node && !is_bare(node))
            return false;
        if (node)
            drop_node(p, node);
        node = cow_node_new(v, (ino_t)ino, id, type);
        node->born = born;
    }
    node->logged = (uint32_t)v->log.generation;
    cow_ids_add(&p->ids, node);
    return true;
}

static struct cow_node *get_object(struct replay *p)
{
    return cow_ids_find(&p->ids, area_get_u64(p->r));
}

static bool play_forgotten(struct replay *p)
{
    struct cow_node *node = get_object(p);

    if (!node || node->pins || node == p->v->root)
        return false;
    cow_node_free_records(p->v, node);
    drop_node(p, node);
    return true;
}

/* ---- what was preserved ---- */

static struct stat get_stat(struct replay *p)
{
    struct stat st = { .st_dev = p->v->device };

    st.st_mode = area_get_u32(p->r);
    st.st_ino = area_get_u64(p->r);
    st.st_nlink = area_get_u64(p->r);
    st.st_uid = area_get_u32(p->r);
    st.st_gid = area_get_u32(p->r);
    st.st_rdev = area_get_u64(p->r);
    st.st_size = (off_t)area_get_u64(p->r);
    st.st_blocks = (blkcnt_t)area_get_u64(p->r);
    st.st_blksize = (blksize_t)area_get_u64(p->r);
    st.st_atim = area_get_time(p->r);
    st.st_mtim = area_get_time(p->r);
    st.st_ctim = area_get_time(p->r);
    return st;
}

static struct cow_xattrs get_xattrs(struct replay *p)
{
    struct cow_xattrs xattrs = { 0 };
    uint32_t n = area_get_u32(p->r);

    for (uint32_t i = 0; i < n && !p->r->is_bad; i++) {
        uint32_t length = area_get_u32(p->r), size = area_get_u32(p->r);
        const char *name = area_get(p->r, length);
        const void *value = area_get(p->r, size);

        if (p->r->is_bad)
            break;
        char *copy = mem_alloc((size_t)length + 1);

        memcpy(copy, name, length);
        array_add(&xattrs.list, ((struct cow_xattr){ copy, mem_copy(value, size), size }));
    }
    return xattrs;
}

/* Every record is made for the newest snapshot, once. */
static bool is_next(const struct replay *p, const struct cow_history *h, uint32_t epoch)
{
    return epoch && epoch == p->v->epoch && cow_history_newest(p->v, h) < epoch;
}

/* The record of this epoch, a new one or one that was amended. */
static struct cow_record *get_record(struct replay *p, struct cow_node *node, struct cow_history *h,
                                     enum cow_record_kind kind, uint32_t epoch)
{
    struct cow_record *record = cow_history_find(p->v, h, epoch);

    if (record && cow_record_epoch(p->v, record) == epoch)
        return record;
    return cow_record_new_at(p->v, node, h, kind, epoch);
}

static bool play_attributes(struct replay *p, enum area_kind kind)
{
    struct cow_node *node = get_object(p);
    uint32_t epoch = area_get_u32(p->r);
    bool is_stat = kind == AREA_STAT;
    struct cow_history *h = !node ? NULL : is_stat ? &node->stats : &node->xattrs;

    if (!h || !(is_next(p, h, epoch) || may_amend(p, epoch)))
        return false;
    struct cow_record *record =
        get_record(p, node, h, is_stat ? COW_RECORD_STAT : COW_RECORD_XATTRS, epoch);

    if (is_stat) {
        const struct stat st = get_stat(p);

        cow_record_set_stat(record, &st);
    } else {
        cow_xattrs_free(&record->xattrs);
        record->xattrs = get_xattrs(p);
    }
    return !p->r->is_bad;
}

/* A name of a directory: not empty, no slash, no zero byte. */
static bool get_name(struct replay *p, char ret_name[256])
{
    uint32_t length = area_get_u32(p->r);
    const char *name = area_get(p->r, length);

    if (!name || !length || length > 255 || memchr(name, 0, length) || memchr(name, '/', length))
        return false;
    memcpy(ret_name, name, length);
    ret_name[length] = 0;
    return true;
}

static bool play_entry(struct replay *p)
{
    char name[256];
    struct cow_node *dir = get_object(p);
    uint64_t target_id = area_get_u64(p->r);
    struct cow_node *target = cow_ids_find(&p->ids, target_id);
    uint32_t epoch = area_get_u32(p->r);

    if (!dir || (target_id && !target) || !S_ISDIR(dir->type) || !get_name(p, name))
        return false;
    struct cow_history *h = cow_names_find(dir, name);
    if ((h ? !is_next(p, h, epoch) : !epoch || epoch != p->v->epoch) && !may_amend(p, epoch))
        return false;
    struct cow_record *record =
        get_record(p, dir, cow_names_get(dir, name), COW_RECORD_ENTRY, epoch);
    struct cow_node *replaced = record->target;

    record->target = target;
    if (target)
        target->pins++;
    if (replaced)
        cow_node_unpin(p->v, replaced);
    return true;
}

static bool play_block(struct replay *p, struct cow_record *record, uint64_t block,
                       bool may_replace)
{
    struct cow_volume *v = p->v;
    struct cow_node *node = record->node;
    uint32_t slot = area_get_u32(p->r), check = area_get_u32(p->r), replaced;

    if (p->r->is_bad || (!may_replace && extent_map_has(v->extents, node->id, block, v->epoch)))
        return false;
    if (slot != COW_SLOT_ZERO) {
        if (slot >= MAX_SLOTS || (slot < v->cs.slots.count && v->cs.slots.items[slot].is_used))
            return false;
        cow_store_find_slot(&v->cs, slot, check);
    }
    if (cow_blocks_put(v, record, block, slot, &replaced))
        cow_store_release(&v->cs, replaced);
    return true;
}

static bool play_blocks(struct replay *p)
{
    struct cow_node *node = get_object(p);
    uint64_t first = area_get_u64(p->r);
    uint32_t epoch = area_get_u32(p->r), n = area_get_u32(p->r);
    bool may_replace = may_amend(p, epoch);
    bool is_good = node && epoch && (epoch == p->v->epoch || may_replace);
    struct cow_record *record = is_good ? cow_history_find(p->v, &node->stats, epoch) : NULL;

    /* Without a record of attributes no snapshot reaches them. */
    if (record && cow_record_epoch(p->v, record) != epoch)
        record = NULL;
    for (uint32_t i = 0; i < n && is_good && record; i++)
        is_good = play_block(p, record, first + i, may_replace);
    return is_good;
}

/* ---- a directory that steps aside ---- */

static bool play_replacing(struct replay *p)
{
    struct cow_found *f = p->found;

    f->replacing_in = get_object(p);
    f->replacing = get_object(p);
    return f->replacing_in && f->replacing && get_name(p, f->replacing_name);
}

/* One that has been forgotten meanwhile, or whose place another object has, steps aside no more. */
static bool play_replaced(struct replay *p)
{
    uint64_t id = area_get_u64(p->r);
    const struct cow_node *node = cow_ids_find(&p->ids, id), *replacing = p->found->replacing;

    p->found->replacing = NULL;
    return replacing ? node == replacing : id && id <= p->v->last_id;
}

static bool play(void *arg, struct area_record *record)
{
    struct replay *p = arg;

    p->r = &record->body;
    if (!p->has_begun && record->kind != AREA_BEGIN)
        return false;
    switch (record->kind) {
    case AREA_BEGIN:
        return !p->has_begun && play_begin(p);
    case AREA_SNAPSHOT:
        return play_snapshot(p);
    case AREA_DELETED:
    case AREA_LOST:
        return play_gone(p, record->kind == AREA_DELETED);
    case AREA_OBJECT:
        return play_object(p);
    case AREA_FORGOTTEN:
        return play_forgotten(p);
    case AREA_STAT:
    case AREA_XATTRS:
        return play_attributes(p, record->kind);
    case AREA_ENTRY:
        return play_entry(p);
    case AREA_BLOCKS:
        return play_blocks(p);
    case AREA_REPLACING:
        return play_replacing(p);
    case AREA_REPLACED:
        return play_replaced(p);
    case AREA_OPENED:
    case AREA_SEALED:
        return play_open(p, record->kind == AREA_OPENED);
    case AREA_KEPT:
        return play_kept(p);
    default:
        return false;
    }
}

int cow_replay(struct cow_volume *v, struct cow_found *ret_found)
{
    const struct area_header *h = &v->cs.catalogue.header;
    struct replay p = { .v = v, .found = ret_found };
    enum area_log_end end = AREA_LOG_WHOLE;
    bool is_whole = h->state == AREA_WHOLE;
    int error = area_log_open(v->cs.store, v->cs.system, h->generation, &v->log);

    *ret_found = (struct cow_found){ 0 };
    if (error) {
        ret_found->is_damaged = true;
        return error == -ENOENT ? 0 : error;
    }
    v->is_replaying = true;
    error = area_log_read(&v->log, is_whole ? h->log_end : UINT64_MAX, play, &p, &end);
    v->is_replaying = false;
    cow_ids_free(&p.ids);
    ret_found->is_torn = end == AREA_LOG_TORN;
    ret_found->is_damaged = end == AREA_LOG_DAMAGED || (is_whole && v->log.end != h->log_end);
    if (ret_found->is_damaged)
        ret_found->replacing = NULL;
    return error;
}

/* SPDX-License-Identifier: MIT */
/* Opening a volume: how did the last owner end, what does its log say, has anybody else changed
 * anything since? docs/diff-area-format.md, "Recovery". While the tree is walked nothing is
 * changed; what was found out is done afterwards, at once, so that a process that dies here
 * changes nothing for the next one. */
#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_ids.h"
#include "provider_sim/cow/cow_recover.h"

#include "emu/base/name_list.h"

#include <errno.h>
#include <string.h>

static void unref(struct cow_volume *v, struct store_node *node)
{
    v->cs.store->ops->unref(v->cs.store, node);
}

/* ---- orphans ---- */

struct orphans {
    struct recovery *r;
    struct cow_ids ids;
    struct name_list unneeded;
};

static bool is_orphan_of(struct recovery *r, struct cow_node *node)
{
    struct store *s = r->v->cs.store;
    struct store_node *found;
    struct stat st;

    if (!node || !node->pins || cow_store_orphan_open(&r->v->cs, node->id, &found) < 0)
        return false;
    int error = s->ops->stat(s, found, &st);

    unref(r->v, found);
    if (error || st.st_ino != node->ino || (!S_ISDIR(st.st_mode) && st.st_nlink > 1))
        return false;
    if (cow_recovery_is_foreign(r, &st))
        cow_recovery_lose(r, node->born);
    return true;
}

static void look_at_orphan(void *arg, const char *name, uint64_t object)
{
    struct orphans *o = arg;
    struct cow_node *node = object ? cow_ids_find(&o->ids, object) : NULL;

    if (is_orphan_of(o->r, node))
        node->is_orphan = node->is_seen = true;
    else
        name_list_add(&o->unneeded, name);
}

/* What is not found any more was forgotten, or is missed by a snapshot. */
static void look_for_missing(struct recovery *r)
{
    struct cow_volume *v = r->v;

    for (size_t i = 0; i < v->nodes.n_buckets; i++) {
        for (struct hash_link *link = v->nodes.buckets[i]; link; link = link->next) {
            struct cow_node *node = container_of(link, struct cow_node, link);

            if (node->is_seen)
                continue;
            if (node->pins)
                cow_recovery_lose(r, node->born);
            node->is_unlinked = true;
        }
    }
}

/* ---- what has to be done ---- */

/* From here on it is this process that changes. */
static int take_over(struct recovery *r)
{
    struct cow_volume *v = r->v;
    struct area_catalogue *c = &v->cs.catalogue;
    struct area_header header = c->header;

    header.state = AREA_OPEN;
    header.settled = r->settled;
    area_life(v->cs.store, header.life);
    return area_catalogue_put(c, &header);
}

/* A directory that a rename was about to replace comes back if its name is free. */
static void put_back(struct recovery *r)
{
    struct cow_volume *v = r->v;
    struct store *s = v->cs.store;
    struct cow_node *node = r->found.replacing, *dir = r->found.replacing_in;
    const char *name = r->found.replacing_name;
    struct store_node *there;

    if (!node->is_orphan || !dir->store)
        return;
    if (s->ops->lookup(s, dir->store, name, &there) == 0) {
        unref(v, there);
        return;
    }
    cow_journal_before(v, dir, node, NULL, NULL);
    if (cow_store_orphan_restore(&v->cs, node->id, dir->store, name) < 0)
        return;
    node->is_orphan = false;
    if (!node->store)
        s->ops->lookup(s, dir->store, name, &node->store);
}

static void end_replacing(struct recovery *r)
{
    struct cow_found *f = &r->found;

    if (!f->replacing)
        return;
    put_back(r);
    cow_journal_replaced(r->v, f->replacing);
    cow_node_unref(r->v, f->replacing_in);
    cow_node_unref(r->v, f->replacing);
}

static void drop_orphans(struct cow_volume *v, const struct name_list *names)
{
    for (size_t i = 0; i < names->names.count; i++)
        cow_store_orphan_drop(&v->cs, names->names.items[i]);
}

/* The mark of loss is of this log and names a snapshot that the log does not call lost. */
static bool is_marked(const struct cow_volume *v, const struct cow_snapshot *s)
{
    const struct area_catalogue *c = &v->cs.catalogue;

    return !s->is_lost && c->lost_generation == c->header.generation && s->number <= c->lost_number;
}

static bool has_marked(const struct cow_volume *v)
{
    return v->snapshots.count && is_marked(v, v->snapshots.items[0]);
}

/* Its owner ended while it was open: neither the instant nor what its writers wanted. */
static bool is_half_recovered(const struct cow_snapshot *s)
{
    return s->is_open && !s->is_lost;
}

static bool has_half_recovered(const struct cow_volume *v)
{
    for (size_t i = 0; i < v->snapshots.count; i++) {
        if (is_half_recovered(v->snapshots.items[i]))
            return true;
    }
    return false;
}

static void lose_what_is_lost(struct recovery *r)
{
    struct cow_volume *v = r->v;

    if (r->lose_after != COW_NOBODY)
        cow_lose_snapshots(v, r->lose_after);
    for (size_t i = 0; i < v->snapshots.count; i++) {
        if (is_marked(v, v->snapshots.items[i]) || is_half_recovered(v->snapshots.items[i]))
            cow_lose_snapshot(v, v->snapshots.items[i]);
    }
}

/* After a loss of power what was synced is there; whether it is all that was written, the blocks
 * themselves say. */
static void lose_what_is_bad(struct cow_volume *v)
{
    struct cow_block_report report;

    cow_check_blocks(v, &report);
}

static void delete_passing(struct cow_volume *v)
{
    for (size_t i = v->snapshots.count; i; i--) {
        if (!v->snapshots.items[i - 1]->info.is_persistent)
            cow_volume_delete_snapshot(v, v->snapshots.items[i - 1]->number);
    }
}

static bool has_passing(const struct cow_volume *v)
{
    for (size_t i = 0; i < v->snapshots.count; i++) {
        if (!v->snapshots.items[i]->info.is_persistent)
            return true;
    }
    return false;
}

static bool needs_work(const struct recovery *r, const struct orphans *o)
{
    const struct cow_volume *v = r->v;

    return v->cs.catalogue.header.state != AREA_WHOLE || r->lose_after != COW_NOBODY ||
           o->unneeded.names.count || r->found.is_damaged || has_marked(v) || has_passing(v) ||
           has_half_recovered(v) || v->cs.catalogue.n_bad_headers;
}

/* ---- opening ---- */

static void decide(struct recovery *r)
{
    struct cow_volume *v = r->v;
    const struct area_header *h = &v->cs.catalogue.header;
    unsigned char life[16];
    struct timespec began = area_life(v->cs.store, life);
    bool is_this_life = memcmp(life, h->life, sizeof(life)) == 0;

    r->settled = h->settled;
    r->lose_after = COW_NOBODY;
    if (h->state == AREA_OPEN && is_this_life)
        r->is_by_witness = v->cs.catalogue.witness.generation == h->generation;
    else if (h->state == AREA_OPEN)
        r->settled = began;
    if (r->found.is_damaged || (h->state == AREA_OPEN && !is_this_life && !h->is_durable))
        cow_recovery_lose(r, 0);
}

static bool is_power_lost(const struct cow_volume *v)
{
    unsigned char life[16];

    area_life(v->cs.store, life);
    return v->cs.catalogue.header.state == AREA_OPEN &&
           memcmp(life, v->cs.catalogue.header.life, sizeof(life)) != 0;
}

static int look_around(struct recovery *r, struct orphans *o)
{
    struct cow_volume *v = r->v;
    int error = cow_recovery_walk(r);

    cow_ids_fill(&o->ids, v);
    if (!error)
        error = cow_store_orphans(&v->cs, look_at_orphan, o);
    cow_ids_free(&o->ids);
    if (!error)
        look_for_missing(r);
    return error;
}

/* What stands behind the last record must not be read as one later. */
static int cut_tail(struct cow_volume *v)
{
    struct store *s = v->cs.store;
    struct stat st;
    int error = v->log.file ? s->ops->stat(s, v->log.file, &st) : 0;

    if (error || !v->log.file || (uint64_t)st.st_size <= v->log.end)
        return error;
    return s->ops->truncate(s, v->log.file, (off_t)v->log.end);
}

static int act(struct recovery *r, struct orphans *o)
{
    struct cow_volume *v = r->v;
    bool was_power_lost = is_power_lost(v);
    int error = take_over(r);

    if (error)
        return error;
    if (r->found.replacing) { /* losing snapshots must not free them */
        cow_node_ref(r->found.replacing);
        cow_node_ref(r->found.replacing_in);
    }
    if (r->found.is_damaged) /* nothing may be appended to it */
        cow_journal_fail(v);
    lose_what_is_lost(r);
    cow_recovery_tell_names(r);
    if (was_power_lost)
        lose_what_is_bad(v);
    area_catalogue_witness_from(&v->cs.catalogue, v->cs.store->ops->now(v->cs.store));
    end_replacing(r);
    drop_orphans(v, &o->unneeded);
    cow_nodes_settle(v);
    delete_passing(v);
    cow_journal_trim(v);
    cow_journal_compact(v);
    return v->log.file ? cow_journal_settle(v, NULL) : 0;
}

/* The same in memory. */
static void act_to_read(struct recovery *r)
{
    struct cow_volume *v = r->v;
    bool was_power_lost = is_power_lost(v);

    lose_what_is_lost(r);
    cow_recovery_tell_names(r);
    if (was_power_lost)
        lose_what_is_bad(v);
    cow_nodes_settle(v);
    delete_passing(v);
}

static void drop_orphan(void *arg, const char *name, uint64_t object)
{
    (void)object;
    cow_store_orphan_drop(arg, name);
}

/* No log: whatever is there belongs to nobody. */
static int clean_up(struct cow_volume *v)
{
    area_log_remove(v->cs.store, v->cs.system, 0);
    area_log_remove(v->cs.store, v->cs.system, 1);
    cow_store_remove_diff(&v->cs);
    return cow_store_orphans(&v->cs, drop_orphan, &v->cs);
}

/* Whether the log that the catalogue names is all there is. */
static bool is_certain(const struct area_catalogue *c)
{
    return !c->n_bad_headers && !c->is_blank;
}

static int recover_logged(struct recovery *r, struct orphans *o)
{
    struct cow_volume *v = r->v;
    int error = cow_store_find(&v->cs);

    if (!error)
        error = cow_replay(v, &r->found);
    if (!error)
        error = cow_recovery_look_for_names(r);
    if (!error && !r->found.is_damaged && !v->is_reading)
        error = cut_tail(v);
    if (!error && !r->found.is_damaged && !v->is_reading && is_certain(&v->cs.catalogue))
        area_log_remove(v->cs.store, v->cs.system, v->cs.catalogue.header.generation + 1);
    if (error)
        return error;
    cow_store_found(&v->cs);
    decide(r);
    v->is_replaying = true;
    error = look_around(r, o);
    v->is_replaying = false;
    if (error)
        return error;
    if (v->is_reading)
        act_to_read(r);
    else if (needs_work(r, o))
        return act(r, o);
    cow_nodes_settle(v);
    return 0;
}

static int recover(struct recovery *r)
{
    struct cow_volume *v = r->v;
    struct area_header header = v->cs.catalogue.header;
    struct orphans o = { .r = r };
    bool is_done = false;
    int error = 0;

    if (header.state == AREA_EMPTY && !is_certain(&v->cs.catalogue))
        error = cow_recover_unknown(r, &is_done);
    if (error || is_done)
        return error;
    if (header.state == AREA_EMPTY)
        return v->is_reading ? 0 : clean_up(v);
    error = recover_logged(r, &o);
    name_list_free(&o.unneeded);
    if (error || v->snapshots.count || v->is_reading)
        return error;
    header = v->cs.catalogue.header;
    header.state = AREA_EMPTY;
    error = area_catalogue_put(&v->cs.catalogue, &header);
    area_log_close(&v->log);
    return error ? error : clean_up(v);
}

int cow_recover(struct cow_volume *v)
{
    struct recovery r = { .v = v };
    int error = v->cs.system ? recover(&r) : 0;

    cow_salvage_free(&r.salvage);
    return error;
}

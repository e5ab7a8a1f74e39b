/* SPDX-License-Identifier: MIT */
/* When the log is written, and what the catalogue says about it: docs/diff-area-format.md, "Order
 * of writing". */
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>

/* A log is written anew when it is so much longer than what is alive. The sizes of records are
 * those of usual ones: it is a guess that costs nothing. */
#define DEAD_BYTES   (UINT64_C(1) << 20)
#define RECORD_BYTES 160u
#define BLOCK_BYTES  16u

static struct area_catalogue *catalogue_of(struct cow_volume *v)
{
    return &v->cs.catalogue;
}

/* ---- writing ---- */

/* State open, synced, before anything changes that state whole does not know. */
static int open_state(struct cow_volume *v)
{
    struct area_catalogue *c = catalogue_of(v);
    struct area_header header = c->header;

    if (header.state == AREA_OPEN && !c->is_uncertain)
        return 0;
    header.state = AREA_OPEN;
    area_life(v->cs.store, header.life);
    return area_catalogue_put(c, &header);
}

static int write_pending(struct cow_volume *v)
{
    bool is_durable = catalogue_of(v)->header.is_durable;
    int error = is_durable ? cow_store_sync(&v->cs) : 0;

    if (!error)
        error = area_log_flush(&v->log);
    return error || !is_durable ? error : area_log_sync(&v->log);
}

int cow_volume_set_durable(struct cow_volume *v, bool is_durable)
{
    int error = cow_journal_is_on(v) ? cow_journal_settle(v, NULL) : 0;
    struct area_header header = catalogue_of(v)->header;

    header.is_durable = is_durable;
    return error ? error : area_catalogue_put(catalogue_of(v), &header);
}

bool cow_volume_is_durable(const struct cow_volume *v)
{
    return v->cs.catalogue.header.is_durable;
}

int cow_journal_flush(struct cow_volume *v)
{
    bool is_written = !cow_journal_is_on(v) || !v->log.pending.bytes.count;
    int error = is_written ? 0 : open_state(v);

    if (!error && !is_written)
        error = write_pending(v);
    if (!error && v->cs.released.count)
        cow_store_reuse(&v->cs);
    return error;
}

void cow_journal_trim(struct cow_volume *v)
{
    if (!v->is_closing && !v->is_replaying && cow_journal_flush(v) == 0)
        cow_store_trim(&v->cs);
}

int cow_journal_before(struct cow_volume *v, const struct cow_node *a, const struct cow_node *b,
                       const struct cow_node *c, const struct cow_node *d)
{
    const struct cow_node *nodes[] = { a, b, c, d };
    ino_t inodes[4];
    size_t n = 0;

    v->is_at_rest = false;
    if (!cow_journal_is_on(v) || !v->epoch) {
        cow_store_reuse(&v->cs);
        return 0;
    }
    int error = open_state(v);
    if (!error)
        error = cow_journal_flush(v);
    if (error) {
        cow_area_failed(v, 0, error);
        return v->is_offline ? -ENXIO : 0;
    }
    for (size_t i = 0; i < 4; i++) {
        if (nodes[i])
            inodes[n++] = nodes[i]->ino;
    }
    area_catalogue_witness(catalogue_of(v), inodes, n);
    return 0;
}

/* Something new is the owner's because no snapshot knows it: the next one will. */
void cow_journal_before_commit(struct cow_volume *v)
{
    v->is_at_rest = false;
    if (cow_journal_is_on(v) && catalogue_of(v)->header.state == AREA_OPEN)
        area_catalogue_witness_from(catalogue_of(v), v->cs.store->ops->now(v->cs.store));
}

/* Nothing of ours may happen until the last witness is too old to speak for it. */
static void outwait_witness(struct cow_volume *v)
{
    struct area_catalogue *c = catalogue_of(v);
    struct timespec until = c->witness.since;

    c->is_mute = true;
    until.tv_sec += AREA_GRACE_S;
    for (int i = 0; i < 1000 && !area_is_later(v->cs.store->ops->settle(v->cs.store), until); i++)
        ;
}

/* Whatever the disk says from now on, the next owner must not believe the log: the mark of loss
 * needs no room; without its contents there is no log; and without a witness changes are
 * foreign. */
void cow_journal_fail(struct cow_volume *v)
{
    cow_deletion_finish(v);
    struct store *s = v->cs.store;
    unsigned newest = v->snapshots.count ? v->snapshots.items[v->snapshots.count - 1]->number : 0;

    if (!v->log.file)
        return;
    if (area_catalogue_mark_lost(catalogue_of(v), newest) < 0 &&
        s->ops->truncate(s, v->log.file, 0) < 0)
        outwait_witness(v);
    area_log_close(&v->log);
    for (size_t i = v->snapshots.count; i; i--) {
        struct cow_snapshot *snapshot = v->snapshots.items[i - 1];

        snapshot->is_logged = false;
        if (snapshot->info.is_persistent && !snapshot->is_lost)
            cow_snapshot_lose(v, snapshot);
    }
}

int cow_journal_settle(struct cow_volume *v, const struct timespec *settled)
{
    struct store *s = v->cs.store;
    struct area_header header = catalogue_of(v)->header;
    int error = area_log_flush(&v->log);

    if (!error)
        error = s->ops->sync(s, NULL);
    if (error)
        return error;
    header.state = AREA_WHOLE;
    header.generation = v->log.generation;
    header.log_end = v->log.end;
    header.settled = settled ? *settled : s->ops->now(s);
    area_life(s, header.life);
    return area_catalogue_put(catalogue_of(v), &header);
}

/* ---- which log ---- */

/* What has been lost before is still told about. */
int cow_journal_begin(struct cow_volume *v)
{
    if (v->log.file)
        return 0;
    int error =
        area_log_create(v->cs.store, v->cs.system, catalogue_of(v)->header.generation + 1, &v->log);

    for (size_t i = 0; i < v->snapshots.count && !error; i++) {
        struct cow_snapshot *s = v->snapshots.items[i];

        if (s->info.is_persistent && s->is_lost)
            cow_journal_snapshot(v, s);
    }
    return error;
}

void cow_journal_end(struct cow_volume *v)
{
    uint64_t generation = v->log.generation;

    for (size_t i = 0; i < v->snapshots.count; i++)
        v->snapshots.items[i]->is_logged = false;

    area_log_close(&v->log);
    area_log_remove(v->cs.store, v->cs.system, generation);
}

/* Blocks on their way into a new log, as runs. */
struct run {
    struct cow_volume *v;
    unsigned epoch;
    struct cow_node *node;
    uint64_t first;
    size_t n;
    uint32_t slots[COW_COPY_BLOCKS];
};

static void end_run(struct run *run)
{
    if (run->n)
        cow_journal_blocks_of(run->v, run->node, run->first, run->epoch, run->n, run->slots);
    run->n = 0;
}

static void add_block(void *arg, struct cow_node *node, uint64_t block, uint32_t slot)
{
    struct run *run = arg;

    if (node != run->node || block != run->first + run->n || run->n == COW_COPY_BLOCKS)
        end_run(run);
    if (!run->n) {
        run->node = node;
        run->first = block;
    }
    run->slots[run->n++] = slot;
}

static void write_records(struct cow_volume *v, const struct cow_snapshot *s)
{
    for (size_t i = 0; i < s->births.count; i++) {
        list_each (struct cow_record, record, &s->births.items[i]->records, in_epoch)
            cow_journal_record(v, record);
    }
}

int cow_journal_write_state(struct cow_volume *v)
{
    struct run run = { .v = v };
    int error = 0;

    for (size_t i = 0; i < v->snapshots.count && !error; i++) {
        struct cow_snapshot *s = v->snapshots.items[i];

        if (!s->is_logged)
            continue;
        cow_journal_snapshot(v, s);
        write_records(v, s);
        run.epoch = s->number;
        cow_blocks_each(v, s, add_block, &run);
        end_run(&run);
        error = area_log_flush(&v->log);
    }
    return error ? error : area_log_flush(&v->log);
}

void cow_journal_unlog(struct cow_volume *v, uint64_t generation)
{
    for (size_t i = 0; i < v->nodes.n_buckets; i++) {
        for (struct hash_link *link = v->nodes.buckets[i]; link; link = link->next) {
            struct cow_node *node = container_of(link, struct cow_node, link);

            if (node->logged == (uint32_t)generation)
                node->logged = 0;
        }
    }
}

static bool is_mostly_dead(const struct cow_volume *v)
{
    uint64_t alive =
        v->n_records * RECORD_BYTES + extent_map_count(v->extents) * (uint64_t)BLOCK_BYTES;

    return area_log_size(&v->log) > 2 * alive + DEAD_BYTES;
}

/* On failure the old log stays in charge. */
void cow_journal_compact(struct cow_volume *v)
{
    struct area_log old = v->log;
    struct area_header header = catalogue_of(v)->header;

    if (!cow_journal_is_on(v) || !is_mostly_dead(v) || cow_journal_flush(v) < 0)
        return;
    old = v->log;
    v->log = (struct area_log){ 0 };
    int error = area_log_create(old.store, old.folder, old.generation + 1, &v->log);
    if (!error)
        error = cow_journal_write_state(v);
    if (!error)
        error = v->cs.store->ops->sync(v->cs.store, NULL);
    if (!error) {
        header = catalogue_of(v)->header;
        header.generation = v->log.generation;
        header.log_end = v->log.end;
        header.settled = v->cs.store->ops->now(v->cs.store);
        error = area_catalogue_put(catalogue_of(v), &header);
    }
    struct area_log gone = error ? v->log : old;

    if (error) {
        cow_journal_unlog(v, old.generation + 1);
        v->log = old;
    }
    if (gone.file) {
        uint64_t generation = gone.generation;

        area_log_close(&gone);
        area_log_remove(v->cs.store, v->cs.system, generation);
    }
}

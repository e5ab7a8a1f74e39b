/* SPDX-License-Identifier: MIT */
/* Whether the diff area still holds what was written there: slot by slot, as they lie on disk. Only
 * if one does not, it is found out whose it is. */
#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_journal.h"
#include "provider_sim/cow/cow_work.h"

#include "emu/base/check.h"

#define SLOTS_A_STEP 64u

struct checking {
    struct cow_work work;
    struct cow_block_report *report;
    uint32_t slot; /* the next one */
    bool is_any_bad;
    bool is_over;
    char *block;
    unsigned epoch; /* when it is looked for whose they are */
    unsigned newest_bad;
};

static bool is_bad(struct checking *c, uint32_t slot)
{
    struct cow_store *cs = &c->work.volume->cs;

    if (slot == COW_SLOT_ZERO)
        return false;
    cs->slots.items[slot].is_checked = false;
    return cow_store_get(cs, slot, c->block, COW_BLOCK_SIZE, 0) < 0;
}

static void look_at_block(void *arg, struct cow_node *node, uint64_t block, uint32_t slot)
{
    struct checking *c = arg;

    (void)node;
    (void)block;
    if (slot == COW_SLOT_ZERO || c->work.volume->cs.slots.items[slot].is_checked)
        return;
    if (!is_bad(c, slot))
        return;
    c->report->n_bad++;
    if (c->epoch > c->newest_bad)
        c->newest_bad = c->epoch;
}

/* The good ones are marked as checked, so that the others are read again only. */
static void lose_owners(struct checking *c)
{
    struct cow_volume *v = c->work.volume;

    cow_deletion_finish(v);
    for (size_t i = 0; i < v->snapshots.count; i++) {
        c->epoch = v->snapshots.items[i]->number;
        cow_blocks_each(v, v->snapshots.items[i], look_at_block, c);
    }
    for (size_t i = 0; i < v->snapshots.count && v->snapshots.items[i]->number <= c->newest_bad;
         i++) {
        if (!v->snapshots.items[i]->is_lost)
            cow_lose_snapshot(v, v->snapshots.items[i]);
    }
    cow_journal_trim(v);
}

static void finish(struct checking *c)
{
    struct cow_volume *v = c->work.volume;

    *c->report = (struct cow_block_report){ .n_blocks = extent_map_count(v->extents),
                                            .n_slots = v->cs.slots.count,
                                            .n_used = cow_store_used(&v->cs) };
    if (c->is_any_bad)
        lose_owners(c);
    cow_progress_end(v);
    c->is_over = true;
}

/* The area may become larger or smaller meanwhile. */
static bool step(struct cow_work *work)
{
    struct checking *c = container_of(work, struct checking, work);
    struct cow_store *cs = &work->volume->cs;

    for (unsigned i = 0; i < SLOTS_A_STEP && c->slot < cs->slots.count; i++, c->slot++) {
        if (cs->slots.items[c->slot].is_used && is_bad(c, c->slot))
            c->is_any_bad = true;
        cow_progress_step(work->volume, 1);
    }
    if (c->slot >= cs->slots.count && !c->is_over)
        finish(c);
    return !c->is_over;
}

static int end(struct cow_work *work)
{
    struct checking *c = container_of(work, struct checking, work);

    while (step(work))
        ;
    free(c->block);
    free(c);
    return 0;
}

int cow_volume_begin_check(struct cow_volume *v, struct cow_block_report *ret_report,
                           struct cow_work **ret_work)
{
    struct checking *c = mem_new(struct checking);

    c->work = (struct cow_work){ v, step, end };
    c->report = ret_report;
    c->block = mem_alloc(COW_BLOCK_SIZE);
    cow_progress_begin(v, v->cs.slots.count + 1);
    *ret_work = &c->work;
    return 0;
}

void cow_check_blocks(struct cow_volume *v, struct cow_block_report *ret_report)
{
    struct cow_work *work;

    if (cow_volume_begin_check(v, ret_report, &work) == 0)
        cow_work_do(work);
}

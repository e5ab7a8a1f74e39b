/* SPDX-License-Identifier: MIT */
/* Whether the diff area still holds what was written there. */
#include "provider_sim/cow/cow_journal.h"

#include "emu/base/mem.h"

#include <errno.h>

struct verification {
    struct cow_volume *v;
    char *block;
    size_t n_bad;
    unsigned epoch;
    unsigned newest_bad;
};

static void verify_block(void *arg, struct cow_node *node, uint64_t block, uint32_t slot)
{
    struct verification *x = arg;

    (void)node;
    (void)block;
    cow_progress_step(x->v, 1);
    if (slot != COW_SLOT_ZERO)
        x->v->cs.slots.items[slot].is_checked = false;
    if (cow_store_get(&x->v->cs, slot, x->block, COW_BLOCK_SIZE, 0) == 0)
        return;
    x->n_bad++;
    if (x->epoch > x->newest_bad)
        x->newest_bad = x->epoch;
}

size_t cow_verify_slots(struct cow_volume *v, unsigned *ret_newest_bad)
{
    struct verification x = { .v = v, .block = mem_alloc(COW_BLOCK_SIZE) };

    cow_progress_begin(v, extent_map_count(v->extents) + 1);
    for (size_t i = 0; i < v->snapshots.count; i++) {
        x.epoch = v->snapshots.items[i]->number;
        cow_blocks_each(v, v->snapshots.items[i], verify_block, &x);
    }
    cow_progress_end(v);
    free(x.block);
    *ret_newest_bad = x.newest_bad;
    return x.n_bad;
}

/* SPDX-License-Identifier: MIT */
/* See cow_blocks.h. */
#include "provider_sim/cow/cow_blocks.h"

#include "emu/base/check.h"
#include "provider_sim/cow/cow_state.h"

#include <string.h>

/* ---- runs ---- */

static struct cow_run *runs_of(struct cow_runs *runs)
{
    return runs->capacity ? runs->many : &runs->one;
}

static void add_run(struct cow_runs *runs, struct cow_run run)
{
    struct cow_run *last = runs->count ? &runs_of(runs)[runs->count - 1] : NULL;

    runs->n_blocks += run.n;
    if (last && last->first + last->n == run.first) {
        last->n += run.n;
        return;
    }
    if (runs->count && runs->count >= runs->capacity) {
        uint32_t capacity = runs->capacity ? runs->capacity * 2 : 4;
        struct cow_run *many = mem_alloc(capacity * sizeof(*many));

        memcpy(many, runs_of(runs), runs->count * sizeof(*many));
        if (runs->capacity)
            free(runs->many);
        runs->many = many;
        runs->capacity = capacity;
    }
    runs_of(runs)[runs->count++] = run;
}

static void free_runs(struct cow_runs *runs)
{
    if (runs->capacity)
        free(runs->many);
    *runs = (struct cow_runs){ 0 };
}

/* ---- blocks ---- */

void cow_blocks_add(struct cow_volume *v, struct cow_record *record, uint64_t first, size_t n,
                    const uint32_t *slots)
{
    for (size_t i = 0; i < n; i++)
        extent_map_add(v->extents, record->node->id, first + i, record->set, slots[i]);
    add_run(&record->attributes.runs, (struct cow_run){ first, n });
}

bool cow_blocks_put(struct cow_volume *v, struct cow_record *record, uint64_t block, uint32_t slot,
                    uint32_t *ret_replaced)
{
    if (extent_map_put(v->extents, record->node->id, block, record->set, slot, ret_replaced))
        return true;
    add_run(&record->attributes.runs, (struct cow_run){ block, 1 });
    return false;
}

static void release(struct cow_volume *v, uint64_t object, uint64_t block, unsigned epoch)
{
    uint32_t slot;

    /* While a snapshot goes, a file may be given up whose record has got blocks of it already. */
    check(extent_map_take(v->extents, object, block, epoch, &slot) ||
          (v->going && extent_map_take(v->extents, object, block, v->going, &slot)));
    cow_store_release(&v->cs, slot);
}

void cow_blocks_release(struct cow_volume *v, struct cow_record *record)
{
    struct cow_runs *runs = &record->attributes.runs;
    unsigned epoch = cow_record_epoch(v, record);

    for (uint32_t i = 0; i < runs->count; i++) {
        struct cow_run run = runs_of(runs)[i];

        for (uint64_t n = 0; n < run.n; n++)
            release(v, record->node->id, run.first + n, epoch);
    }
    free_runs(runs);
}

void cow_blocks_release_some(struct cow_volume *v, struct cow_record *record, uint64_t n)
{
    struct cow_runs *runs = &record->attributes.runs;
    unsigned epoch = cow_record_epoch(v, record);

    for (; n && runs->count; n--) {
        struct cow_run *last = &runs_of(runs)[runs->count - 1];

        release(v, record->node->id, last->first + --last->n, epoch);
        runs->n_blocks--;
        runs->count -= !last->n;
    }
}

void cow_blocks_hand_down(struct cow_volume *v, struct cow_record *from, struct cow_record *to)
{
    struct cow_runs *gone = &from->attributes.runs, *kept = &to->attributes.runs;
    unsigned epoch = cow_record_epoch(v, from), older = cow_record_epoch(v, to);
    bool is_older_small = kept->n_blocks < gone->n_blocks;
    struct cow_runs small = is_older_small ? *kept : *gone;
    struct cow_runs large = is_older_small ? *gone : *kept;
    uint64_t object = to->node->id;

    for (uint32_t i = 0; i < small.count; i++) {
        struct cow_run run = runs_of(&small)[i];

        v->n_looked += run.n;
        for (uint64_t block = run.first; block < run.first + run.n; block++) {
            if (extent_map_has_of(v->extents, object, block, epoch) &&
                extent_map_has_of(v->extents, object, block, older))
                release(v, object, block, epoch); /* it stands in the larger one already */
            else
                add_run(&large, (struct cow_run){ block, 1 });
        }
    }
    free_runs(&small);
    *gone = (struct cow_runs){ 0 };
    *kept = large;
}

static void each_of(const struct cow_volume *v, struct cow_record *record, unsigned epoch,
                    void (*each)(void *arg, struct cow_node *node, uint64_t block, uint32_t slot),
                    void *arg)
{
    struct cow_runs *runs = &record->attributes.runs;

    for (uint32_t i = 0; i < runs->count; i++) {
        struct cow_run run = runs_of(runs)[i];

        for (uint64_t block = run.first; block < run.first + run.n; block++) {
            uint32_t slot;

            check(extent_map_find(v->extents, record->node->id, block, epoch, &slot));
            each(arg, record->node, block, slot);
        }
    }
}

void cow_blocks_each(const struct cow_volume *v, const struct cow_snapshot *s,
                     void (*each)(void *arg, struct cow_node *node, uint64_t block, uint32_t slot),
                     void *arg)
{
    for (size_t i = 0; i < s->births.count; i++) {
        list_each (struct cow_record, record, &s->births.items[i]->records, in_epoch) {
            if (record->kind == COW_RECORD_STAT)
                each_of(v, record, s->number, each, arg);
        }
    }
}

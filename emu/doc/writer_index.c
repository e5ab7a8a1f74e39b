/* SPDX-License-Identifier: MIT */
/* See writer_index.h. Open addressing, at most half full. */
#include "emu/doc/writer_index.h"

#include "emu/base/mem.h"
#include "emu/com/guid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct writer_index_slot {
    bool is_used;
    bool is_class; /* the first writer of a class; instance_id means nothing */
    GUID class_id, instance_id;
    size_t place;
};

static uint64_t mix(uint64_t hash, const GUID *guid)
{
    uint64_t words[2];

    memcpy(words, guid, sizeof(words));
    for (int i = 0; i < 2; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return hash;
}

static struct writer_index_slot *slot_of(const struct writer_index *index, const GUID *class_id,
                                         const GUID *instance_id)
{
    uint64_t hash = mix(0, class_id);
    size_t i = (size_t)(instance_id ? mix(hash, instance_id) : hash) & (index->n_slots - 1);

    for (;; i = (i + 1) & (index->n_slots - 1)) {
        struct writer_index_slot *slot = &index->slots[i];

        if (!slot->is_used ||
            (slot->is_class == !instance_id && guid_is_equal(&slot->class_id, class_id) &&
             (!instance_id || guid_is_equal(&slot->instance_id, instance_id))))
            return slot;
    }
}

static void grow(struct writer_index *index)
{
    struct writer_index bigger = { .n_slots = index->n_slots ? index->n_slots * 2 : 16,
                                   .count = index->count };

    bigger.slots = mem_alloc(bigger.n_slots * sizeof(*bigger.slots));
    for (size_t i = 0; i < index->n_slots; i++) {
        const struct writer_index_slot *slot = &index->slots[i];

        if (slot->is_used)
            *slot_of(&bigger, &slot->class_id, slot->is_class ? NULL : &slot->instance_id) = *slot;
    }
    free(index->slots);
    *index = bigger;
}

static void add(struct writer_index *index, const GUID *class_id, const GUID *instance_id,
                size_t place)
{
    struct writer_index_slot *slot;

    if (index->count * 2 >= index->n_slots)
        grow(index);
    slot = slot_of(index, class_id, instance_id);
    if (slot->is_used)
        return;
    *slot = (struct writer_index_slot){ .is_used = true,
                                        .is_class = !instance_id,
                                        .class_id = *class_id,
                                        .instance_id = instance_id ? *instance_id : (GUID){ 0 },
                                        .place = place };
    index->count++;
}

void writer_index_add(struct writer_index *index, const GUID *class_id, const GUID *instance_id,
                      size_t place)
{
    add(index, class_id, instance_id, place);
    add(index, class_id, NULL, place);
}

bool writer_index_find(const struct writer_index *index, const GUID *class_id,
                       const GUID *instance_id, size_t *ret_place)
{
    if (!index->n_slots)
        return false;
    const struct writer_index_slot *slot = slot_of(index, class_id, instance_id);

    *ret_place = slot->place;
    return slot->is_used;
}

void writer_index_free(struct writer_index *index)
{
    free(index->slots);
    *index = (struct writer_index){ 0 };
}

/* SPDX-License-Identifier: MIT */
/* From a writer's ids to its place in a list of writers, in constant time: by class and instance,
 * and the first of a class. Zeroed is empty. */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>
#include <stddef.h>

struct writer_index {
    struct writer_index_slot *slots;
    size_t n_slots;
    size_t count;
};

/* Of two writers with the same ids the first stays. */
void writer_index_add(struct writer_index *index, const GUID *class_id, const GUID *instance_id,
                      size_t place);
/* instance_id NULL: the first of the class that was added. */
bool writer_index_find(const struct writer_index *index, const GUID *class_id,
                       const GUID *instance_id, size_t *ret_place);
void writer_index_free(struct writer_index *index);

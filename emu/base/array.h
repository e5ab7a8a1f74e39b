/* SPDX-License-Identifier: MIT */
/* A growing array. Declare `ARRAY(struct volume *) volumes;` (zeroed is empty), append with
 * array_add(&volumes, v), read volumes.items[i] below volumes.count, end with array_free. */
#pragma once

#include "emu/base/mem.h"

#include <stdlib.h>

#define ARRAY(type)      \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }

/* Makes room for one more item at the end and answers a pointer to it. */
#define array_push(array)                                                                 \
    ({                                                                                    \
        if ((array)->count == (array)->capacity) {                                        \
            (array)->capacity = (array)->capacity ? (array)->capacity * 2 : 8;            \
            (array)->items =                                                              \
                mem_realloc((array)->items, (array)->capacity * sizeof(*(array)->items)); \
        }                                                                                 \
        &(array)->items[(array)->count++];                                                \
    })

#define array_add(array, item) ((void)(*array_push(array) = (item)))

/* Takes item i out and closes the gap; the order of the others stays. */
#define array_remove(array, i)                                        \
    ({                                                                \
        size_t i_ = (i);                                              \
        memmove(&(array)->items[i_], &(array)->items[i_ + 1],         \
                ((array)->count - i_ - 1) * sizeof(*(array)->items)); \
        (array)->count--;                                             \
    })

#define array_free(array)                       \
    ({                                          \
        free((array)->items);                   \
        (array)->items = NULL;                  \
        (array)->count = (array)->capacity = 0; \
    })

/* SPDX-License-Identifier: MIT */
/* A queue of moments: what is due first stands first; equal times in the order of adding. A binary
 * heap of members that the caller embeds, so that adding and taking out cost a few comparisons and
 * no memory of their own. The schedulers keep their tasks and deadlines in it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Embed it; zero it before first use. All three are the queue's to write. */
struct due {
    int64_t at_ns;
    uint64_t sequence;
    size_t place; /* 1 for the first; 0: in no queue */
};

/* Zeroed is empty. */
struct due_queue {
    struct due **items;
    size_t count;
    size_t capacity;
    uint64_t next_sequence;
};

/* Adds it, or moves it behind those of the same time. */
void due_queue_add(struct due_queue *queue, struct due *due, int64_t at_ns);
/* Takes it out; one that is in no queue is left alone. */
void due_queue_remove(struct due_queue *queue, struct due *due);
void due_queue_free(struct due_queue *queue); /* what is still queued is forgotten */

/* The first, NULL if there is none. */
static inline struct due *due_queue_first(const struct due_queue *queue)
{
    return queue->count ? queue->items[0] : NULL;
}

static inline bool due_is_queued(const struct due *due)
{
    return due->place != 0;
}

/* SPDX-License-Identifier: MIT */
#include "emu/base/due_queue.h"

#include "emu/base/mem.h"

#include <stdlib.h>

static bool is_before(const struct due *a, const struct due *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->sequence < b->sequence;
}

static void put(struct due_queue *queue, size_t place, struct due *due)
{
    queue->items[place - 1] = due;
    due->place = place;
}

static void move_up(struct due_queue *queue, struct due *due)
{
    size_t place = due->place;

    while (place > 1 && is_before(due, queue->items[place / 2 - 1])) {
        put(queue, place, queue->items[place / 2 - 1]);
        place /= 2;
    }
    put(queue, place, due);
}

static void move_down(struct due_queue *queue, struct due *due)
{
    size_t place = due->place;

    for (size_t child = place * 2; child <= queue->count; child = place * 2) {
        if (child < queue->count && is_before(queue->items[child], queue->items[child - 1]))
            child++;
        if (!is_before(queue->items[child - 1], due))
            break;
        put(queue, place, queue->items[child - 1]);
        place = child;
    }
    put(queue, place, due);
}

void due_queue_add(struct due_queue *queue, struct due *due, int64_t at_ns)
{
    due_queue_remove(queue, due);
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity ? queue->capacity * 2 : 16;
        queue->items = mem_realloc(queue->items, queue->capacity * sizeof(struct due *));
    }
    due->at_ns = at_ns;
    due->sequence = queue->next_sequence++;
    put(queue, ++queue->count, due);
    move_up(queue, due);
}

void due_queue_remove(struct due_queue *queue, struct due *due)
{
    size_t place = due->place;

    if (!place)
        return;
    due->place = 0;
    struct due *last = queue->items[--queue->count];
    if (last == due)
        return;
    put(queue, place, last);
    move_up(queue, last);
    move_down(queue, last);
}

void due_queue_free(struct due_queue *queue)
{
    free(queue->items);
    *queue = (struct due_queue){ 0 };
}

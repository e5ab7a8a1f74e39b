/* SPDX-License-Identifier: MIT */
/* Epochs of records, so that the epoch of a great many changes at once: a record names a set, and
 * the set has a number, that of the snapshot that its records were preserved for. When a snapshot
 * goes, its set is joined to that of the next older one, whatever the number of records. The root
 * of a tree of sets has the number; the higher tree takes the lower one, so that a root is never
 * far. Finding changes nothing. Pure. */
#pragma once

#include "emu/base/array.h"

#include <stdint.h>

#define EPOCH_SET_NONE UINT32_MAX

struct epoch_set {
    uint32_t parent; /* itself: it is a root */
    uint32_t number;
    uint32_t n_uses; /* records and sets that name it, and one for who has made a root */
    uint32_t height;
};

/* Zeroed is empty. */
struct epoch_sets {
    ARRAY(struct epoch_set) sets;
    ARRAY(uint32_t) unused;
};

static inline uint32_t epoch_sets_root(const struct epoch_sets *s, uint32_t set)
{
    while (s->sets.items[set].parent != set)
        set = s->sets.items[set].parent;
    return set;
}

static inline uint32_t epoch_sets_number(const struct epoch_sets *s, uint32_t set)
{
    return s->sets.items[epoch_sets_root(s, set)].number;
}

/* A set of its own, which the caller uses until epoch_sets_unuse. */
static inline uint32_t epoch_sets_new(struct epoch_sets *s, uint32_t number)
{
    uint32_t set = (uint32_t)s->sets.count;

    if (s->unused.count)
        set = s->unused.items[--s->unused.count];
    else
        array_push(&s->sets);
    s->sets.items[set] = (struct epoch_set){ set, number, 1, 0 };
    return set;
}

static inline void epoch_sets_use(struct epoch_sets *s, uint32_t set)
{
    s->sets.items[set].n_uses++;
}

/* A set that nobody uses any more makes room for another one. */
static inline void epoch_sets_unuse(struct epoch_sets *s, uint32_t set)
{
    while (--s->sets.items[set].n_uses == 0) {
        uint32_t parent = s->sets.items[set].parent;

        array_add(&s->unused, set);
        if (parent == set)
            return;
        set = parent;
    }
}

/* Two roots become one of the number that `heir` had: whose uses by their makers become the one
 * of what is answered. */
static inline uint32_t epoch_sets_join(struct epoch_sets *s, uint32_t gone, uint32_t heir)
{
    struct epoch_set *a = &s->sets.items[gone], *b = &s->sets.items[heir];
    uint32_t number = b->number;
    uint32_t root = a->height > b->height ? gone : heir, below = root == gone ? heir : gone;

    if (a->height == b->height)
        s->sets.items[root].height++;
    s->sets.items[root].number = number;
    s->sets.items[below].parent = root;
    epoch_sets_use(s, root);
    epoch_sets_unuse(s, below);
    return root;
}

static inline void epoch_sets_free(struct epoch_sets *s)
{
    array_free(&s->sets);
    array_free(&s->unused);
}

/* SPDX-License-Identifier: MIT */
/* Putting back one object: used by cow_revert.c, which walks the tree. */
#pragma once

#include "provider_sim/cow/cow_state.h"

#define COW_REVERT_CHUNK ((size_t)COW_COPY_BLOCKS * COW_BLOCK_SIZE)

/* A file whose contents are being put back, chunk by chunk. Zeroed: none is. */
struct cow_copying {
    struct cow_volume *v;
    unsigned view;
    struct cow_node *from, *to; /* references; the same object as the snapshot and as the origin
                                   have it, or two */
    off_t offset, told, size;
    char *wanted; /* two chunks */
};

/* The file has its size first, so that nothing is written where both have holes. On failure there
 * is nothing to end. */
int cow_copying_begin(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *to, struct cow_copying *c);
int cow_copying_step(struct cow_copying *c, bool *ret_is_over);
void cow_copying_end(struct cow_copying *c);

int cow_copy_attributes(struct cow_volume *v, unsigned view, struct cow_node *from,
                        struct cow_node *to);

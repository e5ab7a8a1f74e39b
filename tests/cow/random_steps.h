/* SPDX-License-Identifier: MIT */
/* Operations on a volume, drawn from a seed: names of few letters three deep, so that they meet
 * each other often. The same step may be done on several volumes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct cow_node;
struct cow_volume;

#define STEPS_HELD 4

enum {
    STEP_CREATE,
    STEP_MKDIR,
    STEP_MKNOD,
    STEP_WRITE,
    STEP_WRITE2,
    STEP_APPEND,
    STEP_TRUNCATE,
    STEP_FALLOCATE,
    STEP_UNLINK,
    STEP_RMDIR,
    STEP_RENAME,
    STEP_LINK,
    STEP_SYMLINK,
    STEP_CHMOD,
    STEP_SET_XATTR,
    STEP_REMOVE_XATTR,
    STEP_KEEP,
    STEP_WRITE_KEPT,
    STEP_TIMES,
    STEP_N_OPERATIONS
};

struct step {
    unsigned what;
    char path[32];
    char other[32];
    unsigned number;
    off_t offset;
    size_t size;
    unsigned char fill;
    unsigned view; /* what is changed: the origin, or a snapshot that is open for recovery */
};

uint64_t steps_draw(uint64_t *random, uint64_t below);
struct step steps_draw_step(uint64_t *random);
/* Of a rename: whether the two names change places. */
bool steps_exchanges(const struct step *s);
/* What the operation answered. held: nodes kept open over their unlinking, NULL at first. */
int steps_do(struct cow_volume *v, struct cow_node **held, const struct step *s);
void steps_let_go(struct cow_volume *v, struct cow_node **held);

/* What the environment says of a test's size, else the usual; or, where tests are slow, small. */
uint64_t steps_setting(const char *variable, uint64_t usual, uint64_t small);

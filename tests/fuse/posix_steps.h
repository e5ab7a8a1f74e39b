/* SPDX-License-Identifier: MIT */
/* Operations of POSIX on the files below a directory, drawn from a seed: names of few letters three
 * deep, so that they meet each other often. The same step may be done in several directories. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#define ACTOR_HELD 4

/* Who does them: in a directory, with some files open. */
struct actor {
    int root;             /* the directory; owned */
    int held[ACTOR_HELD]; /* files that stay open, also when their names go; -1: none */
};

struct posix_step {
    unsigned what;
    char path[32];
    char other[32];
    unsigned number;
    off_t offset;
    size_t size;
    unsigned char fill;
};

void actor_begin(struct actor *a, const char *directory);
void actor_end(struct actor *a);

struct posix_step posix_step_draw(uint64_t *random);
/* 0 or an errno value. */
int posix_step_do(struct actor *a, const struct posix_step *s);
const char *posix_step_name(const struct posix_step *s);

/* SPDX-License-Identifier: MIT */
/* A recorded run: what the origin and each snapshot had to be after every step, and how long the
 * tape was then. Shared by the tests that end it early. */
#pragma once

#include "emu/base/array.h"
#include "tests/cow/random_steps.h"

#include <stdbool.h>

struct tape;
struct cow_volume;
struct cow_work;

struct recorded_snapshot {
    unsigned number;
    size_t begun, made; /* length of the tape before and after its commit */
    size_t deleting;    /* and before its deletion; SIZE_MAX: never */
    size_t deleted;     /* SIZE_MAX: never, or it failed */
    char *text;
};

struct recording {
    uint64_t random, pace; /* of steps; of long work between them */
    struct tape *tape;
    struct cow_volume *v;  /* NULL once it has ended */
    struct cow_work *work; /* a deletion that goes on, or NULL */
    struct cow_node *held[STEPS_HELD];
    ARRAY(struct recorded_snapshot) snapshots;
    bool has_pending;      /* the last one is not kept yet */
    ARRAY(char *) origins; /* before the first step and after each */
    ARRAY(size_t) lengths; /* of the tape, likewise */
    bool has_reverts;
    ARRAY(size_t) reverts; /* which of the steps put the origin back to a snapshot, from 1 */
};

/* A call of the diff area that fails. */
struct planned_fault {
    uint64_t at; /* the so many-th once the volume is open, 0: none */
    bool is_for_ever;
    int error;
};

/* Runs so many steps of the seed, snapshots among them, all persistent; every other one becomes so
 * some steps after its commit, and most of those that are deleted go piece by piece while steps go
 * on. With a fault, commits and deletions may fail; the steps are the same. Every third seed puts
 * the origin back to a snapshot now and then, unless it has a fault or is durable. */
struct recording *recording_make(uint64_t seed, int n_steps, bool is_durable,
                                 const struct planned_fault *fault);
/* The owner ends in order. */
void recording_end(struct recording *r);
void recording_free(struct recording *r);

/* What a volume shows that was opened again after the first n changes: fails the test if a snapshot
 * that must be there is not, or is not right; counts those reported lost, and fails for one if none
 * may be. `what` tells the reader which case it was. */
size_t recording_check_snapshots(struct recording *r, struct cow_volume *v, size_t n,
                                 bool may_be_lost, const char *what);
/* The origin is what it was before or after the step that was under way. */
void recording_check_origin(struct recording *r, struct cow_volume *v, size_t n, const char *what);

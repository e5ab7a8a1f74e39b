/* SPDX-License-Identifier: MIT */
/* What the parts of putting back share: betest_place_back.c (the plan) and betest_place_copy.c
 * (carrying it out). */
#pragma once

#include "fakes/requester/betest_files.h"
#include "fakes/requester/betest_place_back.h"
#include "fakes/requester/betest_store.h"

struct placing {
    struct session *session;
    size_t owner_index;
    struct chosen_component *owner;
    const struct wmd *wmd;
    char *name;
    struct file_list files;
    const struct filespec *
        *used; /* where each file goes: a mapping or new target; NULL: in place */
    struct filespecs new_targets;
    struct text_index named; /* partial files by key: their number; ranges files: SIZE_MAX */
    enum place_plan plan;
    bool is_continued; /* an earlier pass of the chain has put files there */
};

/* Copies every file as planned; answers how many entries came back. */
size_t place_copy(struct placing *p);
/* The same for a set whose writer directs it elsewhere. */
size_t place_copy_directed(struct placing *p);

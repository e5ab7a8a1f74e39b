/* SPDX-License-Identifier: MIT */
/* Watches the objects that the API hands out: operations whose result nobody reads, objects and
 * texts that nobody gives back. */
#pragma once

#include "emu/lint/lint.h"

/* Embedded in the object behind an IVssAsync. */
struct lint_async {
    struct lint *lint; /* NULL: nobody watches */
    const char *call;  /* "DoSnapshotSet"; static */
    bool is_result_read;
};

/* QueryStatus: what it answers, and its second parameter. S_OK, or what strictness answers. */
HRESULT lint_async_queried(struct lint_async *async, HRESULT status, const void *reserved);
/* The last Release. */
void lint_async_released(struct lint_async *async);

/* A component object is used whose lease has ended: a requester's, or a writer's whose handler has
 * returned. lint NULL: nobody watches. */
void lint_components_dead(struct lint *lint, bool is_writers);

/* What the program of the calling thread's world, which is lint's, still holds, as findings.
 * Answers how many. */
unsigned lint_leaks(struct lint *lint);

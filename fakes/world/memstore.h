/* SPDX-License-Identifier: MIT */
/* Port store in memory: a file system of nodes and nothing else, the same for the same calls. For
 * worlds without an outside, and for tests, which may also make it fail. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct clock;
struct store;

/* File times come from the clock; without one (NULL) every change is 1 s after the one before. */
struct store *memstore_new(struct clock *clock);

/* From now on each change whose turn is `after` or later fails with -error (an errno value such
 * as ENOSPC); error 0 ends that. For files below the first path element `below` only, unless it
 * is NULL. */
void memstore_fail_writes(struct store *store, const char *below, uint64_t after, int error);

/* The disk is full: what is there can be read, written and removed; nothing grows or comes to be
 * (-ENOSPC). */
void memstore_fill(struct store *store, bool is_full);

/* The lock of the next owner: a store that a test gives back as a process that died would. Keeps
 * all files. The store is then freed through the port by its next owner. */
void memstore_keep_on_free(struct store *store, bool keep);

/* The machine has been started again (`life` of the port). */
void memstore_next_life(struct store *store);

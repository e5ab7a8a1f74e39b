/* SPDX-License-Identifier: MIT */
/* How far long work on a volume is, for who waits at a terminal: one line on standard error that is
 * written over, and taken away at the end. Where standard error is no terminal: nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cow_volume;

struct progress {
    const char *what; /* "checking" */
    unsigned percent; /* that is shown */
    int64_t begun_ms; /* work that is soon done shows nothing */
};

/* From now on, until progress_end, what the volume does is shown. It stays the caller's. v NULL:
 * another process does it, whose progress comes to progress_show. */
void progress_begin(struct progress *p, struct cow_volume *v, const char *what);
/* arg: the progress. For a terminal alone (progress_wanted). */
void progress_show(void *arg, uint64_t done, uint64_t total);
bool progress_wanted(void);
void progress_end(struct progress *p, struct cow_volume *v);

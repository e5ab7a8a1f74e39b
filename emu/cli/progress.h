/* SPDX-License-Identifier: MIT */
/* How far long work on a volume is, for who waits at a terminal: one line on standard error that is
 * written over, and taken away at the end. Where standard error is no terminal: nothing. */
#pragma once

#include <stdint.h>

struct cow_volume;

struct progress {
    const char *what; /* "checking" */
    unsigned percent; /* that is shown */
    int64_t begun_ms; /* work that is soon done shows nothing */
};

/* From now on, until progress_end, what the volume does is shown. It stays the caller's. */
void progress_begin(struct progress *p, struct cow_volume *v, const char *what);
void progress_end(struct progress *p, struct cow_volume *v);

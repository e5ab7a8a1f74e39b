/* SPDX-License-Identifier: MIT */
/* One planned fault, and how it is written:
 *
 *   writer=SqlServerWriter event=Freeze nth=2 do=hang
 *   writer="Registry Writer" event=Identify do=fail code=VSS_E_WRITERERROR_RETRYABLE
 *   provider=* call=CommitSnapshots do=delay for=11s
 *   volume=C: op=write nth=100 do=fail code=EIO
 *   requester call=DoSnapshotSet do=die
 *   machine at=90s do=clock-jump by=-2h
 *
 * Actor first, then the rest in any order. A name may hold * and ?; a value with spaces stands in
 * quotes. nth: the nth time that the place is met (1), or every. emu/proto/fault_rules has the
 * words. call=* (event=*, op=*) means each place at which that can happen:
 *
 *   machine call=* nth=40 do=low-memory */
#pragma once

#include "emu/port/faults.h"

/* Of size=: far above what a document of Windows has, and still made in a moment. */
#define FAULT_MAX_SIZE  (16u << 20)
#define FAULT_EVERY     UINT32_MAX
#define FAULT_ANY_POINT UINT32_MAX

struct fault {
    enum fault_actor actor;
    char *name; /* a pattern, any case; NULL: whoever. Owned */
    bool is_timed;
    int64_t at_ns;  /* is_timed: since the world began */
    unsigned point; /* otherwise the place, or FAULT_ANY_POINT */
    uint32_t nth;   /* from 1, or FAULT_EVERY */
    struct fault_hit hit;
};

/* False: *ret_error gets a sentence (the caller frees); *ret_fault is untouched. */
bool fault_parse(const char *text, struct fault *ret_fault, char **ret_error);
/* The text that fault_parse makes the same fault of; the caller frees. */
char *fault_text(const struct fault *fault);
/* The same for one with a name of its own. */
void fault_copy(const struct fault *fault, struct fault *ret_copy);
void fault_fini(struct fault *fault);

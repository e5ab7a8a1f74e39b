/* SPDX-License-Identifier: MIT */
/* What the faults of a run explain. A failure is excused by the fault that leads to it, and by no
 * other: docs/search.md says which explains what. */
#pragma once

#include "emu/proto/api_rules.h"

#include <stdbool.h>
#include <stdint.h>

struct fault;

/* All zero: nothing has gone wrong yet. */
struct excuses {
    bool methods[N_API_METHODS]; /* the machine has answered in their place */
    bool has_restart;            /* every session is cut off */
    bool is_everywhere;          /* the machine answers for any call */
    int64_t late_until_ns; /* till then something between Freeze and Thaw is late; 0: nothing */
    bool has_late_partner; /* somebody was late at all */
    bool has_lost_files;   /* a volume has failed: what a program opens again may be gone */
    bool has_lost_program; /* a process that seems to have ended hears nothing any more */
    bool has_lost_writer;  /* one that has gone, in whose place nobody answers */
    bool has_long_call;    /* one that only answers, hours later: nobody can give it up */
    bool has_killed_writer, has_killed_requester; /* the program's process was ended */
    bool has_odd_requester; /* it died or left, or did what no requester does */
    bool has_bad_deletion;  /* snapshots could not be deleted, or were lost */
};

/* At this moment of the world. is_of_program: the writer that it befell is the program's, not one
 * of the cast. */
void excuses_take(struct excuses *excuses, const struct fault *fault, int64_t at_ns,
                  bool is_of_program);
/* A broken rule (its name, docs/findings.md) that is the consequence of a call that was answered
 * for: what the call should have done is missing, and a program can do no more than to say so. */
bool excuses_finding(const struct excuses *excuses, const char *rule);
/* Some call of the API was answered by the machine. */
bool excuses_call(const struct excuses *excuses);
/* A snapshot left behind. */
bool excuses_leftover(const struct excuses *excuses);

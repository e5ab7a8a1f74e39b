/* SPDX-License-Identifier: MIT */
/* What a run of a user's program was: its records before the judge, and then the way in which it
 * ended. The same for a program in a process of its own and for one that is a function of this
 * process. */
#pragma once

#include <stdbool.h>

struct judge;
struct plan;
struct trace_record;

/* What the program under test is. */
enum seek_role { SEEK_UNKNOWN, SEEK_REQUESTER, SEEK_WRITER };

/* What was wrong; rule NULL: nothing. */
struct seek_verdict {
    const char *rule; /* "crash", "exit-code", "check" or the name of a judge's rule */
    char *what;       /* owned */
};

struct trial {
    struct judge *judge;
    const struct plan *plan; /* of the run; borrowed */
    enum seek_role role;
    unsigned n_requesters;
    bool is_cut_off; /* ended by the search, a day later */
    bool has_fault;
    bool is_told_to_leave; /* a writer, once our requester is done */
};

/* counts_findings: see judge_new. */
void trial_init(struct trial *trial, bool counts_findings);
void trial_fini(struct trial *trial);

/* A run begins; what was told of the one before is forgotten. */
void trial_begin(struct trial *trial, const struct plan *plan, enum seek_role role);
/* A record of it, in their order. */
void trial_record(struct trial *trial, const struct trace_record *record);
/* The run is over, with a status as waitpid gives it: what its records say. */
void trial_end(struct trial *trial, int status, struct seek_verdict *verdict);
/* Then what the status itself says: a signal, a code, a success that is none. */
void trial_judge_status(const struct trial *trial, int status, struct seek_verdict *verdict);

/* The first word counts: it is nearest to the cause. */
void verdict_say(struct seek_verdict *verdict, const char *rule, char *take_what);

/* SPDX-License-Identifier: MIT */
/* Runs plans one after the other, in a program of a user's or in casts that are simulated
 * altogether, and says of each what was wrong with it. One at a time; a search has one for each of
 * its jobs. */
#pragma once

#include "emu/search/coverage.h"
#include "emu/search/plan.h"
#include "emu/search/trial.h"

#include <stdbool.h>

struct seeker;

struct seeker_setup {
    enum seek_role role;
    char *const *argv; /* the user's program; NULL: none */
    const char *world; /* absolute path of a world file that every run begins with; NULL: none */
    int cpu;           /* the core that runs stay on; -1: any */
    int limit_ms;      /* of real time; a run that stands so long is stuck */
    bool is_quiet;     /* what programs print goes nowhere */
    const char *check; /* a command that what is laid out of some runs has to pass; NULL: none */
    int64_t check_limit_ms; /* of real time, for each */
    uint64_t check_every;   /* so many runs, from the first on */
    /* Asked now and then while a run goes on: true gives it up. NULL: never. */
    bool (*gives_up)(void *arg);
    void *gives_up_arg;
};

/* NULL: no worker can be started; *ret_error gets a sentence, which the caller frees. */
struct seeker *seeker_new(const struct seeker_setup *setup, struct coverage *coverage,
                          char **ret_error);
void seeker_free(struct seeker *seeker);

/* Runs the plan. False: vssemu or the program cannot run at all (*ret_error, the caller frees). */
bool seeker_run(struct seeker *seeker, const struct plan *plan, struct seek_verdict *ret_verdict,
                char **ret_error);
/* Every run is checked from now on, or each check_every-th again. */
void seeker_check_all(struct seeker *seeker, bool all);
/* The records of the last run, for a timeline. */
void seeker_each_record(const struct seeker *seeker,
                        void (*each)(void *arg, const struct trace_record *record), void *arg);
/* What the program turned out to be in its runs so far, none of which had a simulated writer or
 * steps; and what it is judged as from now on. */
enum seek_role seeker_learned_role(const struct seeker *seeker);
void seeker_set_role(struct seeker *seeker, enum seek_role role);
/* Runs that had twice the limit without anything being wrong; how they would have ended nobody
 * knows. */
uint64_t seeker_n_given_up(const struct seeker *seeker);

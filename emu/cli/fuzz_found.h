/* SPDX-License-Identifier: MIT */
/* What a search has found, as a folder: a scenario file for each failure, its timeline beside it,
 * what was covered, and how many runs that took.
 *
 *   RULE-HASH.yaml   the shortest scenario that fails so
 *   RULE-HASH.txt    what happened in it
 *   coverage.txt     emu/search/coverage.h
 *   summary.json     {"runs": N, "failures": ["RULE-HASH"], "met": N, "possible": N,
 *                     "met_late": N, "seconds": S}
 *
 * Folders of shards are joined into one: failures of one name are one failure, of which the
 * shorter file stays. */
#pragma once

#include "emu/scenario/scenario.h"
#include "emu/search/coverage.h"

struct found {
    char *directory;
    struct scenario_texts names; /* in the order of their finding */
    uint64_t n_runs;
    unsigned n_late; /* situations that a job met first in the last tenth of its time */
    double seconds;
};

/* Makes the folder where it is missing. 0 or a negative errno. */
int found_open(struct found *found, const char *directory);
void found_close(struct found *found);

/* The name of a failure: its rule and a hash of what was wrong without times and numbers, so that
 * one defect met by two seeds has one name. The caller frees. */
char *found_name(const char *rule, const char *what);
bool found_has(const struct found *found, const char *name);
/* Whether what is kept of it does not repeat by itself (fuzz_repeat.h). */
bool found_doubts(const struct found *found, const char *name);
/* Writes its two files, over those that there are. 0 or a negative errno. */
int found_add(struct found *found, const char *name, const struct scenario *scenario,
              const char *timeline);
/* Writes coverage and summary. 0 or a negative errno. */
int found_finish(struct found *found, const struct coverage *coverage);

/* Adds what another folder holds. False: *ret_error says what is wrong; the caller frees. */
bool found_merge(struct found *found, struct coverage *coverage, const char *directory,
                 char **ret_error);

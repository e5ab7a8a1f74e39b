/* SPDX-License-Identifier: MIT */
/* One job of a search: every n-th seed, in a process and a folder of its own, so that jobs on one
 * machine are what shards are on many. */
#pragma once

#include "emu/search/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct fuzz_options {
    char *const *argv; /* the user's program; NULL: casts that are simulated altogether */
    const char *world; /* NULL: none */
    const char *out;   /* the folder */
    uint64_t first_seed;
    uint64_t n_runs;   /* of all jobs together; 0: no limit */
    int64_t budget_ms; /* of real time, shrinking included; 0: no limit */
    unsigned shard, n_shards;
    unsigned n_jobs;
    unsigned max_failures; /* then it stops; 0: no limit */
    int limit_ms;
    bool shows_output;      /* of the program */
    const char *check;      /* see host_check.h; NULL: none */
    int64_t check_limit_ms; /* of real time, for each */
    uint64_t check_every;
    struct plan_wishes wishes;
};

/* What a job tells, once a while and at its end, through a pipe. */
struct fuzz_progress {
    uint32_t job;
    uint32_t is_over;
    uint64_t n_runs;
    uint32_t n_failures, n_met; /* cells met */
    int32_t exit_code;          /* of is_over: 0, 1 found, 120 to 123 */
    char text[160];             /* of a failure that was just found, or what is wrong */
};

/* Never comes back: the calling process is the job. Writes to progress_fd. */
_Noreturn void fuzz_job_run(const struct fuzz_options *options, unsigned job, int progress_fd);

/* The folder of a job; the caller frees. */
char *fuzz_job_directory(const struct fuzz_options *options, unsigned job);

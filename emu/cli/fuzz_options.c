/* SPDX-License-Identifier: MIT */
#include "emu/cli/fuzz_options.h"

#include "emu/base/duration.h"
#include "emu/base/utf.h"
#include "emu/cli/input_files.h"
#include "emu/cli/run_check.h"
#include "emu/cli/say.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool number_of(const char *name, const char *value, uint64_t *ret_number)
{
    char *end;

    errno = 0;
    *ret_number = strtoull(value, &end, 0);
    if (!errno && !*end && end != value && *value != '-')
        return true;
    say("--%s takes a number, not %s", name, value);
    return false;
}

static bool set_budget(void *target, const char *value)
{
    int64_t ns;

    if (!duration_parse(value, &ns) || ns <= 0) {
        say("--budget takes a time such as 30s, 10m or 2h, not %s", value);
        return false;
    }
    ((struct fuzz_command *)target)->options.budget_ms = ns / 1000000;
    return true;
}

static bool set_runs(void *target, const char *value)
{
    uint64_t *n_runs = &((struct fuzz_command *)target)->options.n_runs;

    if (!number_of("runs", value, n_runs))
        return false;
    if (!*n_runs)
        say("--runs takes a number from 1 on");
    return *n_runs;
}

static bool set_seed(void *target, const char *value)
{
    return number_of("seed", value, &((struct fuzz_command *)target)->options.first_seed);
}

static bool set_jobs(void *target, const char *value)
{
    uint64_t n;

    if (!number_of("jobs", value, &n))
        return false;
    if (!n || n > FUZZ_MAX_JOBS) {
        say("--jobs takes a number from 1 to %d, not %s", FUZZ_MAX_JOBS, value);
        return false;
    }
    ((struct fuzz_command *)target)->options.n_jobs = (unsigned)n;
    return true;
}

static bool set_shard(void *target, const char *value)
{
    struct fuzz_options *options = &((struct fuzz_command *)target)->options;
    char end;

    if (sscanf(value, "%u/%u%c", &options->shard, &options->n_shards, &end) == 2 &&
        options->shard < options->n_shards)
        return true;
    say("--shard takes I/N, I from 0 to N - 1, as in --shard 3/10; not %s", value);
    return false;
}

static bool set_out(void *target, const char *value)
{
    ((struct fuzz_command *)target)->options.out = value;
    return true;
}

static bool set_world(void *target, const char *value)
{
    struct fuzz_command *command = target;

    free(command->world);
    command->world = input_absolute_path(value);
    if (!command->world)
        say("--world: there is no file %s", value);
    else if (!utf8_is_valid(command->world))
        say("--world: the path of the file is not UTF-8, which all that a run is made of has to "
            "be");
    return command->world && utf8_is_valid(command->world);
}

static bool set_first(void *target, const char *value)
{
    uint64_t n;

    if (!number_of("failures", value, &n))
        return false;
    ((struct fuzz_command *)target)->options.max_failures = (unsigned)n;
    return true;
}

static bool set_limit(void *target, const char *value)
{
    int64_t ns;

    if (!duration_parse(value, &ns) || ns < 1000000 || ns / 1000000 > INT32_MAX) {
        say("--stuck takes a time such as 2s, not %s", value);
        return false;
    }
    ((struct fuzz_command *)target)->options.limit_ms = (int)(ns / 1000000);
    return true;
}

static bool set_no_faults(void *target, const char *value)
{
    (void)value;
    ((struct fuzz_command *)target)->options.wishes.no_faults = true;
    return true;
}

static bool set_output(void *target, const char *value)
{
    (void)value;
    return ((struct fuzz_command *)target)->options.shows_output = true;
}

static bool set_never_met(void *target, const char *value)
{
    (void)value;
    return ((struct fuzz_command *)target)->shows_never_met = true;
}

static bool set_check(void *target, const char *value)
{
    ((struct fuzz_command *)target)->options.check = value;
    return true;
}

static bool set_check_limit(void *target, const char *value)
{
    return run_check_limit(value, &((struct fuzz_command *)target)->options.check_limit_ms);
}

static bool set_check_every(void *target, const char *value)
{
    uint64_t *every = &((struct fuzz_command *)target)->options.check_every;

    if (!number_of("check-every", value, every))
        return false;
    if (!*every)
        say("--check-every takes a number from 1 on");
    return *every;
}

const struct option_row fuzz_option_rows[] = {
    { "budget", "TIME", "search so long, shrinking included (1m, unless --runs is given)",
      set_budget },
    { "runs", "N", "make so many runs", set_runs },
    { "jobs", "N", "at the same time (one a core)", set_jobs },
    { "shard", "I/N", "every N-th run from I on (docs/fuzzing-at-scale.md)", set_shard },
    { "seed", "N", "the first seed (0)", set_seed },
    { "failures", "N", "stop a job at its N-th failure", set_first },
    { "no-faults", NULL, "nothing goes wrong but what the program does itself", set_no_faults },
    { "world", "FILE.yaml", "what every run begins with (docs/world-file.md)", set_world },
    { "out", "DIR", "where failures go (vssemu-found)", set_out },
    { "stuck", "TIME", "a run that stands or computes so long is stuck (10s)", set_limit },
    { "check", "COMMAND",
      "what snapshots and restored volumes must pass, run by sh; {}: where they are", set_check },
    { "check-limit", "TIME", "how long a check may take, in real time (60s)", set_check_limit },
    { "check-every", "N", "check each N-th run (20)", set_check_every },
    { "show-output", NULL, "let the program print", set_output },
    { "never-met", NULL, "list what no run has met", set_never_met },
    { NULL, NULL, NULL, NULL },
};

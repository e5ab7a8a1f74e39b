/* SPDX-License-Identifier: MIT */
/* Simulated casts as the search runs them, in this process: plans with exactly so many writers are
 * drawn, played and judged. Says on one line, in JSON, what of the thread's time went where.
 *
 *   plans WRITERS RUNS [no-faults]
 *   plans bytes RUNS       writes those that a search draws for a requester, without faults, each
 *                          behind its length, for in_process.c */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/scenario/scenario.h"
#include "emu/search/coverage.h"
#include "emu/search/judge.h"
#include "emu/search/plan.h"
#include "emu/setup/scenario_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum phase { DRAW, PLAY, JUDGE, TEARDOWN, N_PHASES };
static const char *const phase_names[] = { "draw", "world and run", "judge", "teardown" };

struct bench {
    int64_t ns[N_PHASES], at_ns;
    uint64_t seed;
    unsigned n_writers;
    struct plan_wishes wishes;
    struct judge *judge;
    struct coverage *coverage;
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void end_phase(struct bench *b, enum phase phase)
{
    int64_t now = now_ns();

    b->ns[phase] += now - b->at_ns;
    b->at_ns = now;
}

/* Plans with another number of writers are drawn in vain and cost nothing here. */
static void draw(struct bench *b, struct plan *plan)
{
    do {
        b->at_ns = now_ns();
        plan_draw(b->seed++, &b->wishes, plan);
    } while (plan->n_writers != b->n_writers);
}

static bool one_run(struct bench *b)
{
    auto_scenario struct scenario scenario = { 0 };
    auto_free char *error = NULL;
    struct scenario_run run;
    struct plan plan;

    draw(b, &plan);
    end_phase(b, DRAW);
    plan_to_scenario(&plan, &scenario);
    if (!scenario_run_begin(&scenario, &run, &error)) {
        fprintf(stderr, "plans: %s\n", error);
        return false;
    }
    end_phase(b, PLAY);
    judge_reset(b->judge);
    coverage_begin_run(b->coverage);
    for (size_t i = 0; i < scenario_run_count(&run); i++) {
        judge_record(b->judge, scenario_run_record(&run, i));
        coverage_record(b->coverage, scenario_run_record(&run, i));
    }
    judge_end(b->judge);
    end_phase(b, JUDGE);
    scenario_run_end(&run);
    end_phase(b, TEARDOWN);
    return true;
}

static int write_bytes(uint64_t n_runs)
{
    const struct plan_wishes wishes = { .no_requester = true, .no_faults = true };

    for (uint64_t seed = 0; seed < n_runs; seed++) {
        struct plan_bytes bytes = { 0 };
        struct plan plan;

        plan_draw(seed, &wishes, &plan);
        plan_to_bytes(&plan, &bytes);
        const uint32_t length = (uint32_t)bytes.count;
        fwrite(&length, sizeof(length), 1, stdout);
        fwrite(bytes.items, 1, length, stdout);
        array_free(&bytes);
    }
    return fflush(stdout) ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct bench b = { .wishes.no_faults = argc > 3 && strcmp(argv[3], "no-faults") == 0 };
    unsigned n_runs;

    if (argc < 3)
        return 2;
    if (strcmp(argv[1], "bytes") == 0)
        return write_bytes(strtoull(argv[2], NULL, 10));
    b.n_writers = (unsigned)strtoul(argv[1], NULL, 10);
    n_runs = (unsigned)strtoul(argv[2], NULL, 10);
    b.wishes.max_writers = (uint8_t)b.n_writers;
    b.judge = judge_new(false);
    b.coverage = coverage_new();
    for (unsigned i = 0; i < n_runs; i++) {
        if (!one_run(&b))
            return 1;
    }
    printf("{\"runs\": %u", n_runs);
    for (unsigned i = 0; i < N_PHASES; i++)
        printf(", \"%s\": %lld", phase_names[i], (long long)b.ns[i]);
    printf("}\n");
    judge_free(b.judge);
    coverage_free(b.coverage);
    return 0;
}

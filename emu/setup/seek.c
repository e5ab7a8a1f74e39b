/* SPDX-License-Identifier: MIT */
#include "emu/setup/seek.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/host/fork_server.h"
#include "emu/include/vssemu.h"
#include "emu/port/trace.h"
#include "emu/scenario/scenario.h"
#include "emu/search/judge.h"
#include "emu/setup/description.h"
#include "emu/setup/scenario_run.h"
#include "emu/trace/trace_block.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

bool seek_run(const struct plan *plan, struct judge *judge, struct trace *trace, char **ret_error)
{
    return seek_run_looked(plan, NULL, judge, trace, ret_error);
}

bool seek_run_looked(const struct plan *plan, const char *look_into, struct judge *judge,
                     struct trace *trace, char **ret_error)
{
    auto_scenario struct scenario scenario = { 0 };
    struct scenario_run run;

    plan_to_scenario(plan, &scenario);
    if (!scenario_run_begin_looked(&scenario, look_into, &run, ret_error))
        return false;
    for (size_t i = 0; i < scenario_run_count(&run); i++) {
        const struct trace_record *record = scenario_run_record(&run, i);

        trace_write(trace, record);
        if (judge)
            judge_record(judge, record);
    }
    scenario_run_end(&run);
    if (judge)
        judge_end(judge);
    return true;
}

/* ---- a worker ---- */

struct worker {
    struct trace_block block;
    bool has_block, is_ready;
    char *look_into; /* NULL: nobody checks the next runs */
};

static bool open_block(struct worker *worker, const struct description *d)
{
    if (worker->has_block)
        return true;
    void *memory =
        mmap(NULL, d->trace_block_size, PROT_READ | PROT_WRITE, MAP_SHARED, d->trace_block_fd, 0);

    if (memory == MAP_FAILED)
        return false;
    trace_block_init(&worker->block, memory, d->trace_block_size);
    return worker->has_block = true;
}

static void learn(void *arg, const char *text)
{
    struct worker *worker = arg;
    struct description description;
    auto_free char *error = NULL;

    worker->is_ready = description_parse(text, &description, &error) && description.is_searched &&
                       open_block(worker, &description);
    free(worker->look_into);
    worker->look_into = worker->is_ready ? mem_strdup(description.check_into) : NULL;
    if (worker->is_ready)
        description_fini(&description);
    else
        fprintf(stderr, "vssemu-play: %s\n", error ? error : "no description of a search");
}

static int run_plan(void *arg, const uint8_t *bytes, size_t size)
{
    struct worker *worker = arg;
    auto_free char *error = NULL;
    struct plan plan;

    if (!worker->is_ready)
        return 121;
    plan_from_bytes(bytes, size, &plan);
    if (seek_run_looked(&plan, worker->look_into, NULL, &worker->block.trace, &error))
        return 0;
    fprintf(stderr, "vssemu-play: %s\n", error);
    return 121;
}

int seek_serve(void)
{
    struct worker worker = { 0 };

    return fork_server_work(learn, run_plan, &worker) ? 0 : 120;
}

/* ---- for other fuzzers ---- */

int vssemu_fuzz_one(const uint8_t *data, size_t size)
{
    struct judge *judge = judge_new(false);
    auto_free char *error = NULL;
    struct plan plan;

    plan_from_bytes(data, size, &plan);
    if (!seek_run(&plan, judge, NULL, &error)) {
        judge_free(judge);
        return -1;
    }
    if (judge_count(judge)) {
        const struct judge_failure *failure = judge_get(judge, 0);

        fprintf(stderr, "vssemu: %s: %s\n", judge_rule_name(failure->rule), failure->what);
        abort();
    }
    judge_free(judge);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* What the program vssemu-play does. Started by vssemu run, it is the requester of the process's
 * world and plays the steps of its world file. Started by vssemu test it is a worker: each line on
 * standard input is the path of a scenario, each answer on file descriptor 3 is
 *
 *   "RESULT N_REPORT N_TIMELINE\n", then so many bytes of each
 *
 * RESULT: pass, fail, or error (no world can be made of it). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/host/host_check.h"
#include "emu/host/host_tree.h"
#include "emu/include/vssemu.h"
#include "emu/scenario/expect.h"
#include "emu/scenario/scenario_read.h"
#include "emu/setup/process_world.h"
#include "emu/setup/scenario_run.h"
#include "emu/setup/seek.h"
#include "emu/setup/world.h"
#include "emu/trace/trace_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESULTS_FD 3
#define EXIT_STEP  1

int vssemu_play_main(int argc, char **argv);

/* ---- a worker ---- */

static const struct trace_record *get_record(const void *run, size_t i)
{
    return scenario_run_record(run, i);
}

/* Whether it went as expected; the report gets what did not, the timeline everything. */
static bool judge(const struct scenario *s, const struct scenario_run *run, struct str *report,
                  struct str *timeline)
{
    struct expect_run trace = { .get = get_record, .arg = run, .count = scenario_run_count(run) };
    struct trace_text_style style = { 0 };
    unsigned n_failed = run->failure ? 1 : 0;

    if (run->failure)
        str_addf(report, "%s\n", run->failure);
    n_failed += expect_judge(s, &trace, report);
    for (size_t i = 0; n_failed && i < trace.count; i++)
        trace_text_add_record(timeline, scenario_run_record(run, i), &style);
    return !n_failed;
}

/* What `expect: check` asks, of all that was laid out. */
static bool passes_checks(const struct scenario *s, const char *directory, struct str *report)
{
    size_t n_commands;
    const char *const *commands = scenario_checks(s, &n_commands);
    unsigned n;
    unsigned n_bad =
        host_check_all(commands, n_commands, directory, true, HOST_CHECK_LIMIT_MS, report, &n);

    if (!n)
        str_add(report, "check: no set with all volumes of the world was made, and nothing was "
                        "restored\n");
    return n && !n_bad;
}

static const char *play_into(const struct scenario *s, const char *directory, struct str *report,
                             struct str *timeline)
{
    auto_free char *error = NULL;
    struct scenario_run run;

    if (!scenario_run_begin_looked(s, directory, &run, &error)) {
        str_addf(report, "%s\n", error);
        return "error";
    }
    bool is_good = judge(s, &run, report, timeline);

    scenario_run_end(&run);
    if (run.n_leaked) {
        str_addf(report, "%u COM objects were never released\n", run.n_leaked);
        is_good = false;
    }
    if (directory)
        is_good = passes_checks(s, directory, report) && is_good;
    return is_good ? "pass" : "fail";
}

static const char *play(const char *path, struct str *report, struct str *timeline)
{
    auto_scenario struct scenario s = { 0 };
    auto_free char *error = NULL;
    size_t n_checks;

    if (!scenario_read_file(path, &s, &error)) {
        str_addf(report, "%s\n", error);
        return "error";
    }
    auto_free char *directory = scenario_checks(&s, &n_checks) ? host_check_directory() : NULL;
    if (n_checks && !directory) {
        str_addf(report, "no directory for what is checked: %s\n", strerror(errno));
        return "error";
    }
    const char *result = play_into(&s, directory, report, timeline);
    if (directory)
        host_tree_remove(directory);
    return result;
}

static int work(void)
{
    auto_free char *line = NULL;
    size_t capacity = 0;
    ssize_t n;

    while ((n = getline(&line, &capacity, stdin)) > 0) {
        auto_str struct str report = { 0 }, timeline = { 0 };

        line[n - (line[n - 1] == '\n')] = 0;
        const char *result = play(line, &report, &timeline);

        dprintf(RESULTS_FD, "%s %zu %zu\n%s%s", result, report.length, timeline.length,
                report.text ? report.text : "", timeline.text ? timeline.text : "");
    }
    return 0;
}

/* ---- how fast it is ---- */

/* The same scenario again and again, its structure as it is: what a search does. */
static int measure(const char *path, unsigned n)
{
    auto_scenario struct scenario s = { 0 };
    auto_free char *error = NULL;
    unsigned n_bad = 0;

    if (!scenario_read_file(path, &s, &error)) {
        fprintf(stderr, "vssemu-play: %s\n", error);
        return 120;
    }
    for (unsigned i = 0; i < n; i++) {
        auto_str struct str report = { 0 }, timeline = { 0 };
        struct scenario_run run;

        s.has_seed = true;
        s.seed = i + 1;
        if (!scenario_run_begin(&s, &run, &error))
            return 120;
        n_bad += !judge(&s, &run, &report, &timeline);
        scenario_run_end(&run);
    }
    printf("%u runs, %u not as expected\n", n, n_bad);
    return n_bad ? EXIT_STEP : 0;
}

/* ---- in the process's world ---- */

static int play_alone(void)
{
    const struct scenario *s = process_world_scenario();
    auto_free char *error = NULL;

    if (!s) {
        fprintf(stderr, "vssemu-play: vssemu run --world FILE.yaml starts this program\n");
        return 120;
    }
    world_lift_faults_in_need(process_world());
    if (scenario_play_steps(process_world(), s, &error))
        return 0;
    fprintf(stderr, "vssemu-play: %s: %s\n", s->path, error);
    return EXIT_STEP;
}

int vssemu_play_main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--worker") == 0)
        return work();
    if (argc == 2 && strcmp(argv[1], "--seek") == 0)
        return seek_serve();
    if (argc == 4 && strcmp(argv[1], "--measure") == 0)
        return measure(argv[2], (unsigned)strtoul(argv[3], NULL, 10));
    if (argc == 2 && strcmp(argv[1], "--no-security") == 0)
        scenario_lack_security();
    return play_alone();
}

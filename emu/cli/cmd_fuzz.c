/* SPDX-License-Identifier: MIT */
/* vssemu fuzz: starts the jobs of a search, shows how far they are, joins what they found. Also
 * `vssemu fuzz merge`, which joins what searches on many machines found. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/command.h"
#include "emu/cli/fuzz_found.h"
#include "emu/cli/fuzz_job.h"
#include "emu/cli/fuzz_options.h"
#include "emu/cli/fuzz_repeat.h"
#include "emu/cli/program_path.h"
#include "emu/cli/say.h"
#include "emu/host/host_check.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_FOUND 1

/* ---- jobs ---- */

struct jobs {
    pid_t pids[FUZZ_MAX_JOBS];
    struct fuzz_progress last[FUZZ_MAX_JOBS];
    unsigned n, n_running;
    int exit_code;
    bool has_terminal;
};

static volatile sig_atomic_t interrupted_by;

static void interrupt(int number)
{
    interrupted_by = number;
}

static void show_line(const struct jobs *jobs)
{
    uint64_t n_runs = 0;
    unsigned n_failures = 0, n_met = 0;

    for (unsigned i = 0; i < jobs->n; i++) {
        n_runs += jobs->last[i].n_runs;
        n_failures += jobs->last[i].n_failures;
        n_met = jobs->last[i].n_met > n_met ? jobs->last[i].n_met : n_met;
    }
    if (jobs->has_terminal)
        fprintf(stderr, "\r\033[K%" PRIu64 " runs, %u failures, %u situations met", n_runs,
                n_failures, n_met);
}

/* What stops one job stops all of them. */
static bool is_said(const struct jobs *jobs, const struct fuzz_progress *progress)
{
    for (unsigned i = 0; progress->is_over && i < jobs->n; i++) {
        if (i != progress->job && jobs->last[i].is_over &&
            strcmp(jobs->last[i].text, progress->text) == 0)
            return true;
    }
    return false;
}

static void take_progress(struct jobs *jobs, const struct fuzz_progress *progress)
{
    jobs->last[progress->job] = *progress;
    if (*progress->text && !is_said(jobs, progress)) {
        if (jobs->has_terminal)
            fprintf(stderr, "\r\033[K");
        say("%s", progress->text);
    }
    if (progress->is_over) {
        jobs->n_running--;
        if (progress->exit_code > jobs->exit_code)
            jobs->exit_code = progress->exit_code;
    }
    show_line(jobs);
}

static bool start_jobs(const struct fuzz_options *options, struct jobs *jobs, int *ret_fd)
{
    int fds[2];

    if (pipe(fds) < 0)
        return false;
    fflush(NULL);
    for (; jobs->n < options->n_jobs; jobs->n++) {
        pid_t pid = fork();

        if (pid == 0) {
            close(fds[0]);
            fuzz_job_run(options, jobs->n, fds[1]);
        }
        if (pid < 0)
            break;
        jobs->pids[jobs->n] = pid;
    }
    close(fds[1]);
    *ret_fd = fds[0];
    jobs->n_running = jobs->n;
    return jobs->n > 0;
}

/* They keep what they have found, and end. */
static void stop_jobs(const struct jobs *jobs)
{
    for (unsigned i = 0; i < jobs->n; i++)
        kill(jobs->pids[i], SIGTERM);
}

/* Until every job has said its last, or is gone without a word. */
static void watch_jobs(struct jobs *jobs, int fd)
{
    struct fuzz_progress progress;
    bool is_told = false;

    for (;;) {
        if (interrupted_by && !is_told)
            stop_jobs(jobs);
        is_told = interrupted_by;
        ssize_t n = read(fd, &progress, sizeof(progress));

        if (n == (ssize_t)sizeof(progress) && progress.job < jobs->n)
            take_progress(jobs, &progress);
        else if (n == 0)
            break;
        else if (n < 0 && errno != EINTR)
            break;
    }
    close(fd);
    for (unsigned i = 0; i < jobs->n; i++) {
        while (waitpid(jobs->pids[i], NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (jobs->n_running) {
        say("a job of the search has ended without a word");
        jobs->exit_code = EXIT_HARNESS_FAILED;
    }
    if (jobs->has_terminal)
        fprintf(stderr, "\r\033[K");
}

/* ---- results ---- */

static void print_never_met(void *arg, const struct coverage_cell *cell, uint32_t count)
{
    auto_str struct str text = { 0 };

    (void)arg;
    if (count)
        return;
    coverage_cell_text(cell, &text);
    printf("never met: %s\n", text.text);
}

static void print_results(const struct found *found, const struct coverage *coverage,
                          bool shows_never_met)
{
    unsigned met, possible;

    coverage_count(coverage, &met, &possible);
    printf("%" PRIu64 " runs", found->n_runs);
    if (found->seconds > 0)
        printf(" in %.1f s of one core (%.0f a second)", found->seconds,
               (double)found->n_runs / found->seconds);
    printf(", %u of %u situations met, %u of them first in the last tenth of a job's time\n", met,
           possible, found->n_late);
    for (size_t i = 0; i < found->names.count; i++)
        printf("failure %s: %s/%s.yaml%s\n", found->names.items[i], found->directory,
               found->names.items[i],
               found_doubts(found, found->names.items[i]) ? " " FUZZ_REPEATS_NOT : "");
    if (shows_never_met)
        coverage_each(coverage, print_never_met, NULL);
}

static bool holds_search(const char *directory)
{
    auto_free char *summary = str_printf("%s/summary.json", directory);

    return access(summary, F_OK) == 0;
}

/* A folder whose search was killed has what its jobs kept. */
static bool merge_part(struct found *found, struct coverage *coverage, const char *directory,
                       char **ret_error)
{
    unsigned n = 0;

    for (; !holds_search(directory); n++) {
        auto_free char *job = str_printf("%s/job%u", directory, n);

        if (!holds_search(job))
            break;
        if (!found_merge(found, coverage, job, ret_error))
            return false;
    }
    return n || found_merge(found, coverage, directory, ret_error);
}

static int join(const char *out, const char *const *parts, size_t n, bool shows_never_met)
{
    struct coverage *coverage = coverage_new();
    struct found found;
    auto_free char *error = NULL;
    int result = found_open(&found, out);
    int code = result < 0 ? EXIT_NO_WORLD : 0;

    if (result < 0)
        say("%s: %s", out, strerror(-result));
    for (size_t i = 0; i < n && !code; i++) {
        if (!merge_part(&found, coverage, parts[i], &error)) {
            say("%s", error);
            code = EXIT_BAD_USAGE;
        }
    }
    if (!code && found_finish(&found, coverage) < 0) {
        say("%s: the results cannot be written", out);
        code = EXIT_NO_WORLD;
    }
    if (!code) {
        print_results(&found, coverage, shows_never_met);
        code = found.names.count ? EXIT_FOUND : 0;
    }
    if (result == 0)
        found_close(&found);
    coverage_free(coverage);
    return code;
}

/* With those above it. */
static bool make_directories(const char *path)
{
    auto_free char *part = mem_strdup(path);

    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(part, 0777) < 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(part, 0777) == 0 || errno == EEXIST;
}

static int search(struct fuzz_command *command)
{
    struct fuzz_options *options = &command->options;
    struct jobs jobs = { .has_terminal = isatty(STDERR_FILENO) };
    struct sigaction on_interrupt = { .sa_handler = interrupt };
    char *parts[FUZZ_MAX_JOBS] = { 0 };
    int fd;

    if (!make_directories(options->out)) {
        say("%s: %s", options->out, strerror(errno));
        return EXIT_NO_WORLD;
    }
    sigaction(SIGINT, &on_interrupt, NULL);
    sigaction(SIGTERM, &on_interrupt, NULL);
    if (!start_jobs(options, &jobs, &fd)) {
        say("no process can be started: %s", strerror(errno));
        return EXIT_HARNESS_FAILED;
    }
    watch_jobs(&jobs, fd);
    if (jobs.exit_code > EXIT_FOUND)
        return jobs.exit_code;
    for (unsigned i = 0; i < jobs.n; i++)
        parts[i] = fuzz_job_directory(options, i);
    int code = join(options->out, (const char *const *)parts, jobs.n, command->shows_never_met);

    for (unsigned i = 0; i < jobs.n; i++)
        free(parts[i]);
    if (interrupted_by) {
        say("interrupted; what was found until then is in %s", options->out);
        return 128 + interrupted_by;
    }
    return code;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct fuzz_command fuzz = { .options = { .out = "vssemu-found",
                                              .n_shards = 1,
                                              .limit_ms = 10000,
                                              .check_every = 20,
                                              .check_limit_ms = HOST_CHECK_LIMIT_MS,
                                              .n_jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN) } };
    bool is_merge = argc > 1 && strcmp(argv[1], "merge") == 0;
    int first = is_merge ? command_parse(command, argc - 1, argv + 1, &fuzz) + 1
                         : command_parse(command, argc, argv, &fuzz);
    int code = EXIT_BAD_USAGE;

    if (first < is_merge + 1) {
        free(fuzz.world);
        return code;
    }
    if (is_merge && first == argc)
        say("which folders? vssemu fuzz merge --out DIR FOLDER...");
    else if (is_merge)
        code = join(fuzz.options.out, (const char *const *)argv + first, (size_t)(argc - first),
                    fuzz.shows_never_met);
    else {
        auto_free char *program = first < argc ? program_find(argv[first]) : NULL;

        if (first < argc && !program)
            say("there is no program %s", argv[first]);
        if (!fuzz.options.n_runs && !fuzz.options.budget_ms)
            fuzz.options.budget_ms = 60000;
        if (fuzz.options.n_jobs > FUZZ_MAX_JOBS)
            fuzz.options.n_jobs = FUZZ_MAX_JOBS;
        fuzz.options.world = fuzz.world;
        if (program) {
            argv[first] = program;
            fuzz.options.argv = argv + first;
        }
        code = first < argc && !program ? EXIT_NO_PROGRAM : search(&fuzz);
    }
    free(fuzz.world);
    return code;
}

const struct command cmd_fuzz = {
    .name = "fuzz",
    .summary = "searches for casts, schedules and faults that a program does not bear",
    .usage = "[OPTIONS] [-- PROGRAM [ARGUMENTS]]\n       vssemu fuzz merge --out DIR FOLDER...",
    .options = fuzz_option_rows,
    .more = "Each seed gives a cast, a schedule of threads and faults; the program is run in that "
            "world "
            "on\n"
            "the virtual clock, and what happened is judged (docs/search.md). A writer meets a "
            "requester\n"
            "that the search makes up, a requester meets writers. Without a program both are made "
            "up. A\n"
            "failure is made as short as it can be and kept as a scenario file with its timeline;\n"
            "`vssemu run --world FILE -- PROGRAM` repeats it.\n"
            "\n"
            "Examples:\n"
            "  vssemu fuzz --budget 10m -- ./my-writer\n"
            "  vssemu fuzz --runs 5000 --world cast.yaml -- ./my-requester C:\n"
            "  vssemu fuzz --check 'sqlite3 {}/C/shop.db .tables' -- ./my-writer\n"
            "  vssemu fuzz --shard 3/100 --budget 1h --out found/3 -- ./my-writer\n"
            "  vssemu fuzz merge --out all found/*\n"
            "\n"
            "Exit codes: 0 nothing found, 1 found, 120 to 123 vssemu failed.\n",
    .run = run,
};

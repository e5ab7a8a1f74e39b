/* SPDX-License-Identifier: MIT */
#include "emu/cli/fuzz_job.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/fuzz_found.h"
#include "emu/cli/fuzz_repeat.h"
#include "emu/cli/say.h"
#include "emu/cli/seeker.h"
#include "emu/search/shrink.h"
#include "emu/trace/trace_text.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TELL_EVERY_MS 250
#define SHRINK_RUNS   400
#define PROBE_RUNS    3
#define MAX_RETRIES   20
#define EXIT_FOUND    1

struct job {
    const struct fuzz_options *options;
    unsigned number;
    int progress_fd;
    int64_t began_ms, told_ms;
    struct found found;
    struct coverage *coverage;
    struct seeker *seeker;
    struct plan_wishes wishes;
    ARRAY(int64_t) met_ms; /* when each situation was met first */
    /* The failure that is being shrunk. */
    const char *name;
    const struct seek_verdict
        *repeated; /* it also has to repeat so; NULL: the search's run is enough */
    unsigned n_retries;
    bool is_kept;   /* it is small enough: this run is for its timeline */
    bool is_orphan; /* nobody reads what the job says */
};

static volatile sig_atomic_t is_stopped;

static void stop(int number)
{
    (void)number;
    is_stopped = 1;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell(struct job *job, const char *text, int exit_code, bool is_over)
{
    unsigned met, possible;
    struct fuzz_progress progress = { .job = job->number,
                                      .is_over = is_over,
                                      .n_runs = job->found.n_runs,
                                      .n_failures = (uint32_t)job->found.names.count,
                                      .exit_code = exit_code };

    coverage_count(job->coverage, &met, &possible);
    progress.n_met = met;
    snprintf(progress.text, sizeof(progress.text), "%s", text);
    job->told_ms = now_ms();
    /* Who reads is gone: what was found is kept all the same. */
    job->is_orphan |= write(job->progress_fd, &progress, sizeof(progress)) != sizeof(progress);
}

/* "": none. */
static char *given_up_words(const struct job *job)
{
    uint64_t n = job->seeker ? seeker_n_given_up(job->seeker) : 0;

    if (!n)
        return mem_strdup("");
    return str_printf("%" PRIu64 " runs of job %u were given up, for they took more than twice "
                      "--stuck (%.1f s); nothing is known of them",
                      n, job->number, (double)job->options->limit_ms / 1000);
}

static _Noreturn void end(struct job *job, int exit_code, const char *text)
{
    auto_free char *given_up = given_up_words(job);
    int64_t took_ms = now_ms() - job->began_ms;

    job->found.seconds = (double)took_ms / 1000;
    for (size_t i = 0; i < job->met_ms.count; i++)
        job->found.n_late += job->met_ms.items[i] >= job->began_ms + took_ms - took_ms / 10;
    if (job->coverage && job->found.directory && found_finish(&job->found, job->coverage) < 0) {
        text = "the results cannot be written";
        exit_code = EXIT_NO_WORLD;
    }
    tell(job, *text ? text : given_up, exit_code, true);
    seeker_free(job->seeker);
    _exit(exit_code);
}

static bool is_time_up(const struct job *job)
{
    return is_stopped || job->is_orphan ||
           (job->options->budget_ms && now_ms() - job->began_ms >= job->options->budget_ms);
}

static bool gives_up(void *arg)
{
    const struct job *job = arg;

    return !job->is_kept && is_time_up(job);
}

/* ---- a run ---- */

static void run(struct job *job, const struct plan *plan, struct seek_verdict *ret_verdict)
{
    auto_free char *error = NULL;

    if (!seeker_run(job->seeker, plan, ret_verdict, &error))
        end(job, EXIT_NO_PROGRAM, error);
    job->found.n_runs++;
    for (unsigned n = coverage_take_new(job->coverage); n; n--)
        array_add(&job->met_ms, now_ms());
    if (now_ms() - job->told_ms >= TELL_EVERY_MS)
        tell(job, "", 0, false);
}

/* ---- a failure ---- */

static bool still_fails(void *arg, const struct scenario *candidate)
{
    struct job *job = arg;
    struct seek_verdict verdict;
    struct plan plan;
    auto_free char *error = NULL;

    if (!plan_from_scenario(candidate, &plan, &error))
        return false;
    run(job, &plan, &verdict);
    auto_free char *name = verdict.rule ? found_name(verdict.rule, verdict.what) : NULL;

    free(verdict.what);
    if (!str_is_equal(name, job->name))
        return false;
    auto_free char *how = NULL;
    return !job->repeated || fuzz_repeats(job->options->argv, candidate, job->repeated, &how);
}

static bool go_on(void *arg, unsigned n_runs)
{
    return n_runs < SHRINK_RUNS && !is_time_up(arg);
}

static void add_line(void *arg, const struct trace_record *record)
{
    struct trace_text_style style = { 0 };

    trace_text_add_record(arg, record, &style);
}

/* What every plan has (the volume C:) stands in the file, too: `vssemu run` adds nothing to it. */
static void say_whole(struct scenario *scenario)
{
    auto_free char *error = NULL;
    struct plan plan;

    if (!plan_from_scenario(scenario, &plan, &error))
        return;
    scenario_fini(scenario);
    plan_to_scenario(&plan, scenario);
}

/* The shortest that fails in the search may not fail by itself; then the one that also does is
 * kept, if there is one. Else answers how a run of its own ends; the caller frees. */
static char *confirm(struct job *job, const struct plan *plan, const struct seek_verdict *verdict,
                     struct scenario *scenario)
{
    struct shrink_work work = { .still_fails = still_fails, .go_on = go_on, .arg = job };
    auto_scenario struct scenario whole = { 0 };
    char *how = NULL;

    if (!job->options->argv || job->options->world || !fuzz_can_repeat(verdict) ||
        fuzz_repeats(job->options->argv, scenario, verdict, &how))
        return NULL;
    auto_free char *whole_how = NULL;
    plan_to_scenario(plan, &whole);
    if (!fuzz_repeats(job->options->argv, &whole, verdict, &whole_how))
        return how;
    free(how);
    job->repeated = verdict;
    shrink(&whole, &work);
    job->repeated = NULL;
    struct scenario shorter = *scenario;
    *scenario = whole;
    whole = shorter;
    return NULL;
}

/* What is kept of it does not repeat by itself; perhaps this one does. */
static bool is_better(struct job *job, const struct plan *plan, const struct seek_verdict *verdict,
                      const char *name)
{
    auto_scenario struct scenario scenario = { 0 };
    auto_free char *how = NULL;

    if (job->n_retries == MAX_RETRIES || !found_doubts(&job->found, name))
        return false;
    job->n_retries++;
    plan_to_scenario(plan, &scenario);
    return fuzz_repeats(job->options->argv, &scenario, verdict, &how);
}

static void keep_failure(struct job *job, const struct plan *plan,
                         const struct seek_verdict *verdict, uint64_t seed)
{
    struct shrink_work work = { .still_fails = still_fails, .go_on = go_on, .arg = job };
    auto_free char *name = found_name(verdict->rule, verdict->what);
    auto_str struct str timeline = { 0 };
    auto_scenario struct scenario scenario = { 0 };

    if (found_has(&job->found, name) && !is_better(job, plan, verdict, name))
        return;
    job->name = name;
    seeker_check_all(job->seeker, str_is_equal(verdict->rule, "check"));
    plan_to_scenario(plan, &scenario);
    shrink(&scenario, &work);
    say_whole(&scenario);
    auto_free char *how = confirm(job, plan, verdict, &scenario);
    auto_free char *what =
        how ? str_printf("%s; " FUZZ_REPEATS_NOT ", vssemu run: %s", verdict->what, how)
            : mem_strdup(verdict->what);
    job->is_kept = true;
    still_fails(job, &scenario); /* its records are the last run's */
    job->is_kept = false;
    seeker_check_all(job->seeker, false);
    say_whole(&scenario);
    str_addf(&timeline, "%s: %s\nseed %lu of the search", verdict->rule, what, (unsigned long)seed);
    if (!job->options->world) /* which is no part of the scenario */
        fuzz_repeat_command(job->options->argv, name, &timeline);
    str_add(&timeline, "\n\n");
    seeker_each_record(job->seeker, add_line, &timeline);
    scenario.name = mem_strdup(name);
    scenario.about = mem_strdup(what);
    if (found_add(&job->found, name, &scenario, timeline.text) < 0)
        end(job, EXIT_NO_WORLD, "the results cannot be written");
    auto_free char *text = str_printf("%s: %s", name, what);

    tell(job, text, 0, false);
}

/* ---- the search ---- */

/* What the program is shows in its calls: a requester brings its own steps, a writer needs a
 * partner. */
static void learn_role(struct job *job)
{
    job->wishes = job->options->wishes;
    if (!job->options->argv)
        return;
    for (unsigned i = 0; i < PROBE_RUNS; i++) {
        struct plan_wishes plain = { .no_requester = true, .no_writers = true, .no_faults = true };
        struct seek_verdict verdict;
        struct plan plan;

        plan_draw(i, &plain, &plan);
        run(job, &plan, &verdict);
        free(verdict.what);
    }
    enum seek_role role = seeker_learned_role(job->seeker);

    if (role == SEEK_UNKNOWN && job->number == 0)
        tell(job,
             "in its first runs the program neither called VSS nor subscribed a writer: the "
             "search goes on, but it may lack an argument",
             0, false);
    seeker_set_role(job->seeker, role);
    job->wishes.no_requester |= role != SEEK_WRITER;
    job->wishes.takes_all |= role == SEEK_WRITER;
    job->wishes.is_brief = role == SEEK_WRITER;
    if (role == SEEK_WRITER)
        job->wishes.max_writers = 2;
}

static void one_seed(struct job *job, uint64_t seed)
{
    struct seek_verdict verdict;
    struct plan plan;

    plan_draw(seed, &job->wishes, &plan);
    run(job, &plan, &verdict);
    if (verdict.rule)
        keep_failure(job, &plan, &verdict, seed);
    free(verdict.what);
}

static bool is_enough(const struct job *job, uint64_t n)
{
    const struct fuzz_options *o = job->options;
    unsigned n_parts = o->n_jobs * o->n_shards;

    return (o->n_runs && n * n_parts + o->shard * o->n_jobs + job->number >= o->n_runs) ||
           (o->max_failures && job->found.names.count >= o->max_failures) || is_time_up(job);
}

char *fuzz_job_directory(const struct fuzz_options *options, unsigned job)
{
    return str_printf("%s/job%u", options->out, job);
}

_Noreturn void fuzz_job_run(const struct fuzz_options *o, unsigned number, int progress_fd)
{
    struct job job = { .options = o, .number = number, .progress_fd = progress_fd };
    struct seeker_setup setup = { .argv = o->argv,
                                  .world = o->world,
                                  .cpu = (int)(number % (unsigned)sysconf(_SC_NPROCESSORS_ONLN)),
                                  .limit_ms = o->limit_ms,
                                  .check = o->check,
                                  .check_limit_ms = o->check_limit_ms,
                                  .check_every = o->check_every,
                                  .is_quiet = !o->shows_output,
                                  .gives_up = gives_up,
                                  .gives_up_arg = &job };
    auto_free char *directory = fuzz_job_directory(o, number);
    auto_free char *error = NULL;
    unsigned n_parts = o->n_jobs * o->n_shards;

    signal(SIGINT, SIG_IGN); /* whoever hears of it says so by SIGTERM */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, stop);
    job.began_ms = now_ms();
    job.coverage = coverage_new();
    if (found_open(&job.found, directory) < 0)
        end(&job, EXIT_NO_WORLD, "the folder of the results cannot be made");
    job.seeker = seeker_new(&setup, job.coverage, &error);
    if (!job.seeker)
        end(&job, EXIT_HARNESS_FAILED, error);
    learn_role(&job);
    for (uint64_t n = 0; !is_enough(&job, n); n++)
        one_seed(&job, o->first_seed + n * n_parts + o->shard * o->n_jobs + number);
    end(&job, job.found.names.count ? EXIT_FOUND : 0, "");
}

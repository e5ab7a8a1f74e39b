/* SPDX-License-Identifier: MIT */
/* A run: the plan's bytes go to the worker, the worker's records come back
 * in shared memory, and they are judged here, so that a crash of the program loses neither. */
#include "emu/cli/seeker.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/fork_client.h"
#include "emu/cli/input_files.h"
#include "emu/cli/program_path.h"
#include "emu/cli/tree_copy.h"
#include "emu/port/fork_wire.h"
#include "emu/search/judge.h"
#include "emu/search/trial.h"
#include "emu/trace/trace_block.h"
#include "emu/host/host_check.h"
#include "emu/host/host_tree.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define BLOCK_SIZE (4u << 20)

struct seeker {
    struct seeker_setup setup;
    struct coverage *coverage;
    struct trial trial;
    struct fork_client client;
    char *player; /* of casts without a program */
    int block_fd;
    struct trace_block block;
    char *check_directory; /* NULL: nothing is checked */
    uint64_t n_runs;
    bool checks_all, lays_out; /* every run; this one, as its server has been told */
    bool has_begun, saw_requester, saw_writer;
};

/* What all runs have in common; the rest is in their plans. */
static char *describe(const struct seeker *s)
{
    json_t *world = json_pack("{s:s, s:[], s:{s:i, s:I}, s:b, s:I}", "clock", "virtual", "volumes",
                              "trace_block", "fd", s->block_fd, "size", (json_int_t)BLOCK_SIZE,
                              "search", 1, "watchdog_ns", (json_int_t)s->setup.limit_ms * 1000000);

    if (s->setup.world)
        json_object_set_new(world, "world", json_string(s->setup.world));
    if (s->lays_out)
        json_object_set_new(world, "check_into", json_string(s->check_directory));
    char *text = json_dumps(world, JSON_COMPACT);
    json_decref(world);
    return text;
}

static bool start(struct seeker *s, char **ret_error)
{
    char *const player[] = { s->player, "--seek", NULL };
    int error = fork_client_start(&s->client, s->player ? player : s->setup.argv,
                                  s->player ? FORK_SEEK_VARIABLE : FORK_SERVER_VARIABLE,
                                  s->block_fd, s->setup.cpu, s->setup.is_quiet);

    if (error) {
        *ret_error = str_printf("no process can be started: %s", strerror(-error));
        return false;
    }
    auto_free char *description = describe(s);

    fork_client_describe(&s->client, description);
    return true;
}

struct seeker *seeker_new(const struct seeker_setup *setup, struct coverage *coverage,
                          char **ret_error)
{
    struct seeker *s = mem_new(struct seeker);
    void *memory = MAP_FAILED;

    s->setup = *setup;
    s->coverage = coverage;
    trial_init(&s->trial, setup->argv != NULL);
    s->client.binds_now = true;
    s->client.gives_up = setup->gives_up;
    s->client.gives_up_arg = setup->gives_up_arg;
    s->player = setup->argv ? NULL : program_find("vssemu-play");
    s->block_fd = memfd_create("vssemu trace", MFD_CLOEXEC);
    if (s->block_fd >= 0 && ftruncate(s->block_fd, BLOCK_SIZE) == 0)
        memory = mmap(NULL, BLOCK_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, s->block_fd, 0);
    if (setup->check)
        s->check_directory = mkdtemp(input_temporary(NULL, "check"));
    if (setup->check && !s->check_directory)
        *ret_error = str_printf("no directory for what is checked: %s", strerror(errno));
    else if (memory == MAP_FAILED)
        *ret_error = str_printf("no memory for traces: %s", strerror(errno));
    else
        trace_block_init(&s->block, memory, BLOCK_SIZE);
    if (!*ret_error && start(s, ret_error))
        return s;
    seeker_free(s);
    return NULL;
}

void seeker_free(struct seeker *s)
{
    if (!s)
        return;
    fork_client_stop(&s->client);
    trial_fini(&s->trial);
    if (s->check_directory)
        host_tree_remove(s->check_directory);
    free(s->check_directory);
    free(s->player);
    if (s->block.head)
        munmap(s->block.head, BLOCK_SIZE);
    if (s->block_fd >= 0)
        close(s->block_fd);
    free(s);
}

/* ---- a run ---- */

static void take_record(void *arg, const struct trace_record *record)
{
    struct seeker *s = arg;

    trial_record(&s->trial, record);
    coverage_record(s->coverage, record);
    if (record->kind == TRACE_CALL && str_is_equal(record->who, "requester"))
        s->saw_requester = true;
    s->has_begun |= record->kind == TRACE_NOTE && str_is_equal(record->what, JUDGE_NOTE_BEGINS);
    if (record->kind == TRACE_NOTE && str_is_equal(record->what, "Subscribe"))
        s->saw_writer |= s->has_begun; /* those of the world file are there before */
}

/* The library's own words, from before the program had its turn. */
static bool is_harness(const struct seeker *s, int status)
{
    return !s->has_begun && WIFEXITED(status) && WEXITSTATUS(status) >= 120 &&
           WEXITSTATUS(status) <= 123;
}

static void judge_run(struct seeker *s, const struct plan *plan, int status,
                      struct seek_verdict *verdict)
{
    s->has_begun = false;
    trial_begin(&s->trial, plan, s->setup.role);
    coverage_begin_run(s->coverage);
    trace_block_each(&s->block, take_record, s);
    trial_end(&s->trial, status, verdict);
}

/* ---- the check command ---- */

void seeker_check_all(struct seeker *s, bool all)
{
    s->checks_all = all;
}

/* Laying files out costs more than most runs do: a run is told whether it is to. */
static void choose_check(struct seeker *s)
{
    bool was = s->lays_out;

    if (!s->check_directory)
        return;
    s->lays_out = s->checks_all || s->n_runs % s->setup.check_every == 0;
    if (s->lays_out == was)
        return;
    auto_free char *description = describe(s);

    fork_client_describe(&s->client, description);
}

static void check_look(const struct seeker *s, const char *number, bool is_restored,
                       struct seek_verdict *verdict)
{
    auto_free char *directory = str_printf("%s/%s", s->check_directory, number);
    int code = host_check(s->setup.check, directory, s->setup.is_quiet, s->setup.check_limit_ms);
    auto_free char *words = host_check_words(code, s->setup.check_limit_ms);

    if (code)
        verdict_say(verdict, "check",
                    str_printf("%s not pass the check, which %s",
                               is_restored ? "the restored volumes do" : "the snapshot does",
                               words));
}

/* What is wrong already needs no check. */
static void check_run(const struct seeker *s, struct seek_verdict *verdict)
{
    const char *number;
    bool is_restored;

    if (!s->lays_out)
        return;
    for (size_t i = 0; !verdict->rule && (number = judge_look(s->trial.judge, i, &is_restored));
         i++)
        check_look(s, number, is_restored, verdict);
    host_tree_remove(s->check_directory);
}

bool seeker_run(struct seeker *s, const struct plan *plan, struct seek_verdict *ret_verdict,
                char **ret_error)
{
    struct plan_bytes bytes;
    int status = 0;

    *ret_verdict = (struct seek_verdict){ 0 };
    trace_block_clear(&s->block);
    choose_check(s);
    s->n_runs++;
    plan_to_bytes(plan, &bytes);
    enum fork_end end =
        fork_client_run(&s->client, bytes.items, bytes.count, 2 * s->setup.limit_ms, &status);

    array_free(&bytes);
    if (end == FORK_NO_SERVER && s->setup.argv && s->client.binds_now) {
        s->client.binds_now = false;
        fork_client_stop(&s->client);
        return start(s, ret_error) && seeker_run(s, plan, ret_verdict, ret_error);
    }
    if (end == FORK_STUCK) { /* slow: what it owed it might have paid later */
        coverage_begin_run(s->coverage);
        return true;
    }
    judge_run(s, plan, status, ret_verdict);
    switch (end) {
    case FORK_STUCK:
        return true;
    case FORK_ENDED:
        if (is_harness(s, status)) {
            *ret_error = str_printf("a run cannot begin (code %d)", WEXITSTATUS(status));
            return false;
        }
        trial_judge_status(&s->trial, status, ret_verdict);
        check_run(s, ret_verdict);
        return true;
    case FORK_NO_SERVER:
        break;
    }
    if (s->setup.argv && !s->block.head->n_records) {
        *ret_error = str_printf("%s cannot be run: it is no program linked with libvssapi",
                                s->setup.argv[0]);
        return false;
    }
    /* The worker of simulated casts is ours: its end is a defect of vssemu. */
    verdict_say(ret_verdict, "crash",
                mem_strdup("the process that plays simulated casts has ended"));
    fork_client_stop(&s->client);
    return start(s, ret_error);
}

void seeker_each_record(const struct seeker *s,
                        void (*each)(void *arg, const struct trace_record *record), void *arg)
{
    trace_block_each(&s->block, each, arg);
}

void seeker_set_role(struct seeker *s, enum seek_role role)
{
    s->setup.role = role;
}

/* The built-in requester makes calls as well, for a writer. */
enum seek_role seeker_learned_role(const struct seeker *s)
{
    return s->saw_writer ? SEEK_WRITER : s->saw_requester ? SEEK_REQUESTER : SEEK_UNKNOWN;
}

uint64_t seeker_n_given_up(const struct seeker *s)
{
    return s->client.n_stuck;
}

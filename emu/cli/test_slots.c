/* SPDX-License-Identifier: MIT */
/* See test_slots.h. A slot is a process with two pipes; the protocol of a worker stands in
 * emu/setup/play.c, a program's process is `vssemu run --world` with its trace in a file. */
#include "emu/cli/test_slots.h"
#include "emu/cli/input_files.h"
#include "emu/cli/interrupt.h"

#include "emu/base/cleanup.h"
#include "emu/cli/command.h"
#include "emu/cli/launch_process.h"
#include "emu/cli/program_path.h"
#include "emu/cli/say.h"
#include "emu/cli/test_judge.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_US (120 * INT64_C(1000000)) /* of the host, for one scenario */
#define STOP_US     (5 * INT64_C(1000000))   /* what CTRL_CLOSE_EVENT gives a program to leave */
#define WORKER_FD   3

struct slot {
    pid_t pid; /* 0: no process */
    bool is_worker;
    int to, from;           /* a worker's input and results; a program's output is `from` */
    struct test_file *file; /* what it plays, or NULL */
    int64_t began_us;
    struct str got;
    char *trace_path; /* of a program */
};

struct slots {
    struct test_files *files;
    struct slot *slots;
    unsigned n_slots;
    char *own_directory;
};

/* ---- processes ---- */

static void close_slot(struct slot *slot)
{
    if (slot->to >= 0)
        close(slot->to);
    if (slot->from >= 0)
        close(slot->from);
    slot->to = slot->from = -1;
    str_free(&slot->got);
    if (slot->trace_path)
        unlink(slot->trace_path);
    free(slot->trace_path);
    slot->trace_path = NULL;
    slot->pid = 0;
    slot->file = NULL;
}

/* fds: what becomes descriptor 0, 1, 2 and 3 of the child; -1: /dev/null. It leads a group of its
 * own, which ends with it whatever stands in it, and does not outlive us. */
static pid_t start(const char *path, char *const *argv, const int fds[4])
{
    pid_t parent = getpid(), pid = fork();

    if (pid > 0)
        setpgid(pid, pid); /* as the child does: whoever comes first */
    if (pid)
        return pid;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    int nothing = open("/dev/null", O_RDWR);

    /* Out of the way of the numbers that are given away. */
    int kept[4];
    for (int i = 0; i < 4; i++)
        kept[i] = fcntl(fds[i] >= 0 ? fds[i] : nothing, F_DUPFD, 10);
    for (int i = 0; i < 4; i++) {
        dup2(kept[i], i);
        close(kept[i]);
    }
    execv(path, argv);
    _exit(EXIT_NO_PROGRAM);
}

static bool start_worker(struct slots *s, struct slot *slot)
{
    auto_free char *path = str_printf("%s/vssemu-play", s->own_directory);
    char *argv[] = { path, (char[]){ "--worker" }, NULL };
    int in[2], out[2];

    if (pipe2(in, O_CLOEXEC) != 0)
        return false;
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(in[0]);
        close(in[1]);
        return false;
    }
    slot->pid = start(path, argv, (int[]){ in[0], -1, STDERR_FILENO, out[1] });
    close(in[0]);
    close(out[1]);
    slot->to = in[1];
    slot->from = out[0];
    slot->is_worker = true;
    return slot->pid > 0;
}

/* Texts are others'. The checks of the scenario are the run's, which says what did not pass. */
static char **run_words(char *path, struct test_file *file, char *trace)
{
    static char run[] = "run", world[] = "--world", trace_word[] = "--trace", check[] = "--check";
    size_t n_checks, n = 0;
    const char *const *checks = scenario_checks(&file->scenario, &n_checks);
    char **argv = mem_alloc((7 + 2 * n_checks) * sizeof(*argv));

    argv[n++] = path;
    argv[n++] = run;
    argv[n++] = world;
    argv[n++] = file->path;
    argv[n++] = trace_word;
    argv[n++] = trace;
    for (size_t i = 0; i < n_checks; i++) {
        argv[n++] = check;
        argv[n++] = (char *)checks[i];
    }
    return argv;
}

static bool start_program(struct slots *s, struct slot *slot, struct test_file *file)
{
    auto_free char *path = str_printf("%s/vssemu", s->own_directory);
    auto_free char *trace = input_temporary(NULL, "test");
    auto_close int fd = mkstemp(trace);
    int out[2];

    if (fd < 0)
        return false;
    if (pipe2(out, O_CLOEXEC) != 0) {
        unlink(trace);
        return false;
    }
    char **argv = run_words(path, file, trace);

    slot->trace_path = mem_strdup(trace);
    slot->pid = start(path, argv, (int[]){ -1, out[1], out[1], -1 });
    free(argv);
    close(out[1]);
    slot->to = -1;
    slot->from = out[0];
    slot->is_worker = false;
    return slot->pid > 0;
}

/* ---- results ---- */

static void finish(struct slot *slot, enum test_result result)
{
    slot->file->result = result;
    slot->file->took_us = test_now_us() - slot->began_us;
    slot->file = NULL;
}

/* "pass 0 0\n" and so many bytes of report and timeline; false: more has to come. */
static bool take_answer(struct slot *slot)
{
    char word[8] = { 0 };
    size_t n_report, n_timeline;
    const char *end = slot->got.text ? memchr(slot->got.text, '\n', slot->got.length) : NULL;

    if (!end || sscanf(slot->got.text, "%7s %zu %zu", word, &n_report, &n_timeline) != 3)
        return false;
    size_t head = (size_t)(end + 1 - slot->got.text);

    if (slot->got.length < head + n_report + n_timeline)
        return false;
    str_add_bytes(&slot->file->report, end + 1, n_report);
    str_add_bytes(&slot->file->timeline, end + 1 + n_report, n_timeline);
    str_free(&slot->got);
    finish(slot, strcmp(word, "pass") == 0    ? TEST_PASSED
                 : strcmp(word, "error") == 0 ? TEST_NO_SENSE
                                              : TEST_FAILED);
    return true;
}

static void tell_bad_end(struct test_file *file, int status)
{
    if (WIFSIGNALED(status)) {
        auto_free char *name = launched_signal_name(WTERMSIG(status));

        str_addf(&file->report, "the process was ended by %s (%s)\n", name,
                 strsignal(WTERMSIG(status)));
    } else {
        str_addf(&file->report, "the process ended with %d\n", WEXITSTATUS(status));
    }
}

/* A process has closed its output: its end is its result. */
static void take_end(struct slot *slot)
{
    struct test_file *file = slot->file;
    int status = 0;

    while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (file && slot->is_worker) {
        tell_bad_end(file, status);
        finish(slot, WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_PROGRAM ? TEST_BROKEN
                                                                                 : TEST_FAILED);
    } else if (file) {
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);

        finish(slot, test_judge_program(file, slot->trace_path, code, &slot->got));
    }
    close_slot(slot);
}

static void read_from(struct slot *slot)
{
    char buffer[65536];
    ssize_t n = read(slot->from, buffer, sizeof(buffer));

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n > 0) {
        str_add_bytes(&slot->got, buffer, (size_t)n);
        if (slot->is_worker && slot->file)
            take_answer(slot);
        return;
    }
    take_end(slot);
}

/* One that takes too long never ends: then its process has to. */
static void tend(struct slot *slot, int64_t now_us)
{
    if (!slot->file || now_us - slot->began_us < PATIENCE_US)
        return;
    str_addf(&slot->file->report, "it has not ended after %d s and was killed\n",
             (int)(PATIENCE_US / 1000000));
    kill(-slot->pid, SIGKILL);
    take_end(slot);
}

/* ---- work ---- */

static void give(struct slots *s, struct slot *slot, struct test_file *file)
{
    bool is_inline = scenario_is_inline(&file->scenario);
    bool is_started = true;

    slot->began_us = test_now_us();
    file->result = TEST_RUNNING;
    slot->file = file;
    if (!is_inline) {
        if (slot->pid) { /* a worker makes room */
            struct slot worker = *slot;

            close(worker.to);
            close(worker.from);
            while (waitpid(worker.pid, NULL, 0) < 0 && errno == EINTR)
                ;
            slot->pid = 0;
        }
        is_started = start_program(s, slot, file);
    } else if (!slot->pid) {
        is_started = start_worker(s, slot);
    }
    if (is_started && is_inline)
        is_started = dprintf(slot->to, "%s\n", file->path) > 0;
    if (is_started)
        return;
    str_addf(&file->report, "no process can be started: %s\n", strerror(errno));
    finish(slot, TEST_BROKEN);
}

static struct test_file *next(struct test_files *files, size_t *at)
{
    while (*at < files->count && files->items[*at].result != TEST_WAITING)
        (*at)++;
    return *at < files->count ? &files->items[*at] : NULL;
}

static bool wait_for_some(struct slots *s)
{
    struct pollfd *fds = mem_alloc(s->n_slots * sizeof(*fds));
    bool is_busy = false;

    for (unsigned i = 0; i < s->n_slots; i++) {
        fds[i] =
            (struct pollfd){ .fd = s->slots[i].file ? s->slots[i].from : -1, .events = POLLIN };
        is_busy = is_busy || s->slots[i].file;
    }
    if (is_busy && poll(fds, s->n_slots, 1000) >= 0) {
        for (unsigned i = 0; i < s->n_slots; i++) {
            if (fds[i].revents)
                read_from(&s->slots[i]);
            tend(&s->slots[i], test_now_us());
        }
    }
    free(fds);
    return is_busy;
}

/* Somebody interrupts: what runs has to end, so that nothing of it is left. A program that does
 * not leave when it is told to is ended with its launcher. */
static void stop(struct slots *s)
{
    int64_t began_us = test_now_us();

    for (unsigned i = 0; i < s->n_slots; i++) {
        struct slot *slot = &s->slots[i];

        if (!slot->pid)
            continue;
        /* Again and again: one that comes between fork and exec is lost. */
        while (waitpid(slot->pid, NULL, WNOHANG) == 0) {
            if (test_now_us() - began_us < STOP_US)
                kill(slot->pid, SIGTERM);
            else
                kill(-slot->pid, SIGKILL);
            poll(NULL, 0, 20);
        }
        close_slot(slot);
    }
}

void test_slots_run(struct test_files *files, unsigned n_slots, struct test_report *report)
{
    struct slots s = { .files = files, .n_slots = n_slots };
    size_t at = 0;

    signal(SIGPIPE, SIG_IGN);
    interrupt_begin();
    s.own_directory = program_own_directory();
    s.slots = mem_alloc(n_slots * sizeof(*s.slots));
    for (unsigned i = 0; i < n_slots; i++)
        s.slots[i].to = s.slots[i].from = -1;
    do {
        for (unsigned i = 0; i < n_slots; i++) {
            struct test_file *file = s.slots[i].file ? NULL : next(files, &at);

            if (file)
                give(&s, &s.slots[i], file);
        }
        test_report_go_on(report);
    } while (!interrupt_came() && (wait_for_some(&s) || next(files, &at)));
    if (interrupt_came())
        stop(&s);
    for (unsigned i = 0; i < n_slots; i++) {
        if (!s.slots[i].pid)
            continue;
        close(s.slots[i].to);
        s.slots[i].to = -1;
        take_end(&s.slots[i]);
    }
    free(s.slots);
    free(s.own_directory);
    interrupt_end();
}

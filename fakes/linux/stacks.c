/* SPDX-License-Identifier: MIT */
/* Where the world's threads are, on standard error: each gets a signal and writes down its own
 * stack, one after the other. For reports after which the process ends. */
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <linux/futex.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_FRAMES   48
#define PATIENCE   INT64_C(1000000000) /* real time for one thread to answer */
#define SIGNAL     (SIGRTMAX - 1)
#define OWN_FRAMES 2 /* of the handler and of what the kernel put below it */

static void *frames[N_FRAMES];
static int n_frames;
static uint32_t has_answered;

static void write_stack_down(int signal_number)
{
    int saved_errno = errno;

    (void)signal_number;
    n_frames = backtrace(frames, N_FRAMES);
    __atomic_store_n(&has_answered, 1, __ATOMIC_RELEASE);
    vthread_raw_futex(&has_answered, FUTEX_WAKE, 1);
    errno = saved_errno;
}

static bool wait_for_answer(void)
{
    const struct timespec patience = { .tv_sec = PATIENCE / SCHED_SECOND };
    int operation = FUTEX_WAIT | FUTEX_PRIVATE_FLAG;

    while (!__atomic_load_n(&has_answered, __ATOMIC_ACQUIRE)) {
        if (REAL(syscall)(SYS_futex, &has_answered, operation, 0, &patience, NULL, 0) < 0 &&
            errno == ETIMEDOUT)
            return false;
    }
    return true;
}

/* Linked into a program whole: then all is its own. */
static bool own_is_program(void)
{
    static Dl_info program, own;

    return dladdr((const void *)getauxval(AT_ENTRY), &program) &&
           dladdr((const void *)(uintptr_t)own_is_program, &own) &&
           program.dli_fbase == own.dli_fbase;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Asks addr2line, whose answer goes to standard error: "main at prog.c:12". Without fork, for
 * another thread may be in the middle of anything. False: there is no such program. */
static bool show_line_of(const char *module, uintptr_t offset)
{
    char address[32];
    char option[] = "-fCps", e[] = "-e", program[] = "addr2line", path[] = "PATH=/usr/bin:/bin";
    char *argv[] = { program, option, e, (char *)(uintptr_t)module, address, NULL };
    char *environment[] = { path, NULL };
    posix_spawn_file_actions_t actions;
    int status = 0;
    pid_t pid;

    snprintf(address, sizeof(address), "%#lx", (unsigned long)offset);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    int error = posix_spawnp(&pid, program, &actions, NULL, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    return !error && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* Calls of ours that have no public name say nothing to whoever reads this. */
static void show_frame(const void *frame, const Dl_info *own)
{
    uintptr_t at = (uintptr_t)frame - 1; /* the call, not where it returns to */
    Dl_info where = { 0 };

    if (!dladdr((const void *)at, &where) || !where.dli_fname) {
        fprintf(stderr, "    ?\n");
        return;
    }
    uintptr_t offset = at - (uintptr_t)where.dli_fbase;
    bool is_in_own_library = where.dli_fbase == own->dli_fbase && !own_is_program();
    if (is_in_own_library && !where.dli_sname)
        return;
    fprintf(stderr, "    ");
    fflush(stderr);
    if (!is_in_own_library && strstr(where.dli_fname, "/libc.so") == NULL &&
        show_line_of(where.dli_fname, offset))
        return;
    fprintf(stderr, "%s (%s+%#lx)\n", where.dli_sname ? where.dli_sname : "?",
            base_name(where.dli_fname), (unsigned long)offset);
}

static void show(const char *name, int first)
{
    Dl_info own = { 0 };

    dladdr((const void *)(uintptr_t)show_frame, &own);
    fprintf(stderr, "stack of thread %s:\n", name);
    for (int i = first; i < n_frames; i++)
        show_frame(frames[i], &own);
}

static void write_own_stack_down(void)
{
    write_stack_down(SIGNAL);
}

static void show_stack(struct vthread *vt)
{
    const char *name = vsched_thread_name(vt->record);
    int own_frames = OWN_FRAMES;

    if (vt == vthread_self) {
        n_frames = backtrace(frames, N_FRAMES);
        show(name, 1);
        return;
    }
    __atomic_store_n(&has_answered, 0, __ATOMIC_RELEASE);
    if (ride_show(vt, write_own_stack_down))
        own_frames = 1;
    else if (REAL(syscall)(SYS_tgkill, getpid(), ride_tid(vt), SIGNAL) != 0)
        return;
    if (wait_for_answer())
        show(name, own_frames);
    else
        fprintf(stderr, "stack of thread %s: it blocks signals and does not answer\n", name);
}

void vthread_show_stacks(struct vsched *vs)
{
    struct sigaction action = { .sa_handler = write_stack_down, .sa_flags = SA_RESTART };

    n_frames = backtrace(frames, N_FRAMES); /* loads what it needs before a handler may need it */
    REAL(sigaction)(SIGNAL, &action, NULL);
    for (size_t i = 0; i < vsched_n_threads(vs); i++) {
        struct vthread *vt = vsched_thread_os_data(vsched_thread_at(vs, i));

        if (vt && vt != vt->world->carrier && !vt->has_ended)
            show_stack(vt);
    }
}

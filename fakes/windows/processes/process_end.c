/* SPDX-License-Identifier: MIT */
/* How processes end. A child's end is noticed by a thread that polls for it, which is a thread of
 * the world; while a child runs, a virtual clock goes no faster than the real one
 * (emu/port/sched.h, "outside"). */
#include "emu/base/cleanup.h"
#include "emu/port/clock.h"
#include "emu/port/sched.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* How it ended, as Windows would have it. */
static DWORD exit_code_of(const siginfo_t *info)
{
    if (info->si_code == CLD_EXITED)
        return (DWORD)info->si_status;
    switch (info->si_status) {
    case SIGSEGV:
    case SIGBUS:
        return (DWORD)STATUS_ACCESS_VIOLATION;
    case SIGFPE:
        return (DWORD)STATUS_INTEGER_DIVIDE_BY_ZERO;
    case SIGILL:
        return (DWORD)STATUS_ILLEGAL_INSTRUCTION;
    case SIGABRT:
        return 3; /* what abort() of Microsoft's CRT ends with */
    case SIGINT:
        return (DWORD)STATUS_CONTROL_C_EXIT;
    default:
        return 128u + (DWORD)info->si_status;
    }
}

static bool has_exited(pid_t pid)
{
    siginfo_t info = { 0 };

    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == pid;
}

/* Where there is no pidfd_open (Valgrind 3.19 does not know it) the child is asked about, as often
 * as a person would not notice: a virtual clock goes no faster than the real one meanwhile. */
static void poll_until_end(const struct process *child)
{
    struct pollfd fd = { .fd = child->pidfd, .events = POLLIN };

    while (child->pidfd < 0 && !has_exited(child->object.state->pid))
        poll(NULL, 0, 5);
    while (child->pidfd >= 0 && poll(&fd, 1, -1) < 0 && errno == EINTR)
        ;
}

static void *await_end(void *argument)
{
    struct process *child = argument;
    siginfo_t info = { 0 };
    pid_t pid = child->object.state->pid;

    world_inherit(child->world);
    poll_until_end(child);
    while (waitid(P_PID, (id_t)pid, &info, WEXITED) < 0 && errno == EINTR)
        ;
    sched_outside(world_current()->sched, -1);
    int64_t now_ticks = clock_filetime(world_current()->clock);
    objects_lock();
    child->ended_ticks = now_ticks;
    struct object_state *state = child->object.state;
    state->is_set = true;
    if (!state->is_killed)
        state->exit_code = exit_code_of(&info);
    wait_satisfy(&child->object);
    objects_unlock();
    object_unref(&child->object);
    return NULL;
}

void process_await_end(struct process *child)
{
    pthread_t thread;

    object_ref(&child->object); /* the waiting thread's */
    sched_outside(world_current()->sched, 1);
    if (pthread_create(&thread, NULL, await_end, child) == 0)
        pthread_detach(thread);
}

BOOL WINAPI GetExitCodeProcess(HANDLE handle, LPDWORD ret_code)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    if (!object)
        return FALSE;
    objects_lock();
    *ret_code = object->state->is_set ? object->state->exit_code : STILL_ACTIVE;
    objects_unlock();
    return TRUE;
}

VOID WINAPI ExitProcess(DWORD code)
{
    exit((int)code);
}

DWORD process_terminate(struct process *process, DWORD code)
{
    objects_lock();
    struct object_state *state = process->object.state;
    bool has_ended = state->is_set;
    if (!has_ended) {
        state->is_killed = true;
        state->exit_code = code;
        kill(state->pid, SIGKILL); /* who has not been waited for keeps its number */
    }
    objects_unlock();
    return has_ended ? ERROR_ACCESS_DENIED : ERROR_SUCCESS; /* Learn: one that has ended */
}

BOOL WINAPI TerminateProcess(HANDLE handle, DWORD code)
{
    auto_object struct object *object = handle_get(handle, &process_class, PROCESS_TERMINATE);

    if (!object)
        return FALSE;
    if (!process_is_current((struct process *)object)) {
        DWORD error = process_terminate((struct process *)object, code);
        return error ? win_fail(error) : TRUE;
    }
    objects_lock();
    object->state->is_killed = true;
    object->state->exit_code = code;
    objects_unlock();
    _Exit((int)code);
}

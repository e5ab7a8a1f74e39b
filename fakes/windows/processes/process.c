/* SPDX-License-Identifier: MIT */
/* See process.h: handles, numbers and ends of processes. A child's end is noticed by a thread that
 * polls for it, which is a thread of the world; while a child runs, a virtual clock goes no faster
 * than the real one (emu/port/sched.h, "outside"). */
#include "fakes/windows/process.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/sched.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"
#include "fakes/windows/wide.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESS_ID 4096u /* the same in every run */

static bool process_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return ((struct process *)object)->has_ended;
}

static void process_destroy(struct object *object)
{
    struct process *process = (struct process *)object;

    objects_lock();
    list_remove(&process->link);
    objects_unlock();
    if (process->pidfd >= 0)
        close(process->pidfd);
    free(process->image);
    free(process);
}

const struct object_class process_class = {
    .name = "process",
    .is_signaled = process_is_signaled,
    .destroy = process_destroy,
};

static struct process this_process = {
    .object = { .class = &process_class,
                .count = 1,
                .waits = { &this_process.object.waits, &this_process.object.waits },
                .named = { &this_process.object.named, &this_process.object.named } },
    .id = PROCESS_ID,
    .exit_code = STILL_ACTIVE,
};
static struct list children = { &children, &children };
static DWORD n_children;

struct object *process_current(void)
{
    return &this_process.object;
}

HANDLE WINAPI GetCurrentProcess(void)
{
    return (HANDLE) ~(ULONG_PTR)0;
}

DWORD WINAPI GetCurrentProcessId(void)
{
    return PROCESS_ID;
}

DWORD WINAPI GetProcessId(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    return object ? ((struct process *)object)->id : 0;
}

/* A new reference; NULL: none of that number. */
static struct object *process_of_id(DWORD id)
{
    struct object *found = NULL;

    if (id == PROCESS_ID)
        return object_ref(process_current());
    objects_lock();
    list_each (struct process, child, &children, link) {
        if (child->id == id && child->object.count) {
            found = &child->object;
            found->count++;
            break;
        }
    }
    objects_unlock();
    return found;
}

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD id)
{
    struct object *object = process_of_id(id);

    (void)inherit;
    if (!object) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return handle_new(object, access);
}

/* ---- the end of a child ---- */

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

    while (child->pidfd < 0 && !has_exited(child->pid))
        poll(NULL, 0, 5);
    while (child->pidfd >= 0 && poll(&fd, 1, -1) < 0 && errno == EINTR)
        ;
}

static void *await_end(void *argument)
{
    struct process *child = argument;
    siginfo_t info = { 0 };

    world_inherit(child->world);
    poll_until_end(child);
    while (waitid(P_PID, (id_t)child->pid, &info, WEXITED) < 0 && errno == EINTR)
        ;
    sched_outside(world_current()->sched, -1);
    objects_lock();
    child->has_ended = true;
    if (!child->is_killed)
        child->exit_code = exit_code_of(&info);
    wait_satisfy(&child->object);
    objects_unlock();
    object_unref(&child->object);
    return NULL;
}

struct process *process_new_child(pid_t pid, int pidfd, const char *image)
{
    struct process *child = mem_new(struct process);
    pthread_t thread;

    object_init(&child->object, &process_class);
    child->pid = pid;
    child->pidfd = pidfd;
    child->image = mem_strdup(image);
    child->exit_code = STILL_ACTIVE;
    child->world = world_inherited();
    object_ref(&child->object); /* the waiting thread's */
    objects_lock();
    child->id = PROCESS_ID + ++n_children * 4;
    list_append(&children, &child->link);
    objects_unlock();
    sched_outside(world_current()->sched, 1);
    if (pthread_create(&thread, NULL, await_end, child) == 0)
        pthread_detach(thread);
    return child;
}

BOOL WINAPI GetExitCodeProcess(HANDLE handle, LPDWORD ret_code)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);
    struct process *process = (struct process *)object;

    if (!object)
        return FALSE;
    objects_lock();
    *ret_code = process->has_ended ? process->exit_code : STILL_ACTIVE;
    objects_unlock();
    return TRUE;
}

VOID WINAPI ExitProcess(DWORD code)
{
    exit((int)code);
}

BOOL WINAPI TerminateProcess(HANDLE handle, DWORD code)
{
    auto_object struct object *object = handle_get(handle, &process_class, PROCESS_TERMINATE);
    struct process *process = (struct process *)object;

    if (!object)
        return FALSE;
    if (!process->pid)
        _Exit((int)code);
    objects_lock();
    bool has_ended = process->has_ended;
    if (!has_ended) {
        process->is_killed = true;
        process->exit_code = code;
        kill(process->pid, SIGKILL); /* not yet waited for: the number is still its own */
    }
    objects_unlock();
    return has_ended ? win_fail(ERROR_ACCESS_DENIED) : TRUE; /* Learn: one that has ended */
}

/* ---- what is asked about processes ---- */

BOOL WINAPI QueryFullProcessImageNameW(HANDLE handle, DWORD flags, LPWSTR buffer, PDWORD size)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);
    struct process *process = (struct process *)object;
    WCHAR own[MAX_PATH];

    (void)flags;
    if (!object)
        return FALSE;
    if (!process->pid && !GetModuleFileNameW(NULL, own, MAX_PATH))
        return FALSE;
    auto_free char *image = process->pid ? mem_strdup(process->image) : NULL;
    DWORD length = process->pid ? wide_fill(image, buffer, *size) : (DWORD)lstrlenW(own);
    if (length >= *size)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    if (!process->pid)
        memcpy(buffer, own, (length + 1) * sizeof(WCHAR));
    *size = length;
    return TRUE;
}

DWORD WINAPI GetPriorityClass(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    return object ? NORMAL_PRIORITY_CLASS : 0;
}

BOOL WINAPI SetPriorityClass(HANDLE handle, DWORD class)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    (void)class;
    return object != NULL;
}

UINT WINAPI GetErrorMode(void)
{
    return 0;
}

UINT WINAPI SetErrorMode(UINT mode)
{
    (void)mode; /* there are no message boxes to keep away */
    return 0;
}

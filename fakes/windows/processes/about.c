/* SPDX-License-Identifier: MIT */
/* What is asked about processes: image, times, priority (Learn: the pages of these names). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/clock.h"
#include "emu/port/sched.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"
#include "fakes/windows/wide.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICKS_1601_TO_1970 INT64_C(116444736000000000)

static int64_t loaded_ticks; /* real time, as FILETIME */

static __attribute__((constructor)) void note_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    loaded_ticks = TICKS_1601_TO_1970 + now.tv_sec * INT64_C(10000000) + now.tv_nsec / 100;
}

/* Of one that this process has not started: what the host says. The caller frees. */
static char *image_of(const struct process *process)
{
    char path[4096];
    auto_free char *link = str_printf("/proc/%d/exe", process->object.state->pid);
    ssize_t n = process->image ? 0 : readlink(link, path, sizeof(path) - 1);

    path[n > 0 ? n : 0] = 0;
    return mem_strdup(process->image ? process->image : path);
}

BOOL WINAPI QueryFullProcessImageNameW(HANDLE handle, DWORD flags, LPWSTR buffer, PDWORD size)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);
    struct process *process = (struct process *)object;
    WCHAR own[MAX_PATH];

    (void)flags;
    if (!object)
        return FALSE;
    bool is_own = process_is_current(process);
    if (is_own && !GetModuleFileNameW(NULL, own, MAX_PATH))
        return FALSE;
    auto_free char *image = is_own ? NULL : image_of(process);
    DWORD length = is_own ? (DWORD)lstrlenW(own) : wide_fill(image, buffer, *size);
    if (length >= *size)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    if (is_own)
        memcpy(buffer, own, (length + 1) * sizeof(WCHAR));
    *size = length;
    return TRUE;
}

/* When this process's world began, which is before its main(). */
static int64_t own_beginning(void)
{
    struct world_ports *world = world_current();

    return world->is_virtual ? clock_filetime(world->clock) - sched_now(world->sched) / 100
                             : loaded_ticks;
}

static FILETIME filetime_of(int64_t ticks)
{
    return (FILETIME){ .dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32) };
}

/* Deviation: no processor time that a run could repeat is used; both figures are 0. */
BOOL WINAPI GetProcessTimes(HANDLE handle, LPFILETIME ret_created, LPFILETIME ret_ended,
                            LPFILETIME ret_kernel, LPFILETIME ret_user)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);
    struct process *process = (struct process *)object;

    if (!object)
        return FALSE;
    int64_t created = process_is_current(process) ? own_beginning() : process->created_ticks;
    objects_lock();
    *ret_created = filetime_of(created);
    *ret_ended = filetime_of(process->ended_ticks);
    objects_unlock();
    *ret_kernel = *ret_user = filetime_of(0);
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

/* SPDX-License-Identifier: MIT */
/* The current process: its pseudo handle, number and end. */
#include "fakes/windows/process.h"

#include "fakes/windows/last_error.h"

#include <stdlib.h>

#define PROCESS_ID 4096u /* the same in every run */

static bool process_is_signaled(struct object *object, DWORD thread_id)
{
    (void)object;
    (void)thread_id;
    return false;
}

static void process_destroy(struct object *object)
{
    (void)object;
}

const struct object_class process_class = {
    .name = "process",
    .is_signaled = process_is_signaled,
    .destroy = process_destroy,
};

static struct object process = {
    .class = &process_class,
    .count = 1,
    .waits = { &process.waits, &process.waits },
    .named = { &process.named, &process.named },
};

struct object *process_current(void)
{
    return &process;
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

    return object ? PROCESS_ID : 0;
}

HANDLE WINAPI OpenProcess(DWORD access, BOOL inherit, DWORD id)
{
    (void)inherit;
    if (id != PROCESS_ID) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return handle_new(object_ref(&process), access);
}

BOOL WINAPI GetExitCodeProcess(HANDLE handle, LPDWORD ret_code)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    if (!object)
        return FALSE;
    *ret_code = STILL_ACTIVE;
    return TRUE;
}

VOID WINAPI ExitProcess(DWORD code)
{
    exit((int)code);
}

BOOL WINAPI TerminateProcess(HANDLE handle, DWORD code)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);

    if (!object)
        return FALSE;
    _Exit((int)code);
}

/* SPDX-License-Identifier: MIT */
/* What one thread may ask of another: its handle, times, name, and to stop (Learn: "Process and
 * Thread Functions"). A thread that runs cannot be stopped from outside here, where it may hold any
 * lock; both functions say so. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/port/clock.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/report.h"
#include "fakes/windows/thread.h"
#include "fakes/windows/wait.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD id)
{
    objects_lock();
    struct thread *thread = thread_find(id);
    if (thread)
        thread->object.count++;
    objects_unlock();
    if (thread)
        return handle_new_opened(&thread->object, access, inherit);
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

DWORD WINAPI GetProcessIdOfThread(HANDLE handle)
{
    auto_object struct object *object = thread_of_handle(handle, 0);

    return object ? GetCurrentProcessId() : 0;
}

static void say_unsupported(const char *function)
{
    fprintf(stderr,
            "vssemu: %s: a running thread cannot be stopped from outside here; it goes on\n",
            function);
}

/* The calling thread stops until ResumeThread; one that has not begun counts on. */
static DWORD suspend(struct thread *thread)
{
    DWORD previous = thread->n_suspended;

    if (previous >= MAXIMUM_SUSPEND_COUNT) {
        SetLastError(ERROR_SIGNAL_REFUSED);
        return (DWORD)-1;
    }
    thread->n_suspended++;
    while (thread == thread_current() && thread->n_suspended)
        objects_wait(&thread->resumed, WAIT_NEVER);
    return previous;
}

DWORD WINAPI SuspendThread(HANDLE handle)
{
    auto_object struct object *object = thread_of_handle(handle, THREAD_SUSPEND_RESUME);
    struct thread *thread = (struct thread *)object;
    DWORD previous = (DWORD)-1;

    if (!object)
        return previous;
    struct thread *self = thread_current();
    objects_lock();
    bool can_stop = thread == self || thread->n_suspended;
    if (can_stop)
        previous = suspend(thread);
    bool has_ended = thread->has_ended;
    objects_unlock();
    if (can_stop)
        return previous;
    if (!has_ended)
        say_unsupported(__func__);
    SetLastError(has_ended ? ERROR_ACCESS_DENIED : ERROR_CALL_NOT_IMPLEMENTED);
    return previous;
}

/* One that has not begun yet ends when it is to begin. */
BOOL WINAPI TerminateThread(HANDLE handle, DWORD code)
{
    auto_object struct object *object = thread_of_handle(handle, THREAD_TERMINATE);
    struct thread *thread = (struct thread *)object;

    if (!object)
        return FALSE;
    if (thread == thread_current()) {
        object_unref(object);
        ExitThread(code);
    }
    objects_lock();
    bool has_ended = thread->has_ended, has_begun = !thread->n_suspended;
    if (!has_ended && !has_begun) {
        thread->is_killed = true;
        thread->exit_code = code;
        thread->n_suspended = 0;
        pthread_cond_signal(&thread->resumed);
    }
    objects_unlock();
    if (has_ended || !has_begun)
        return TRUE;
    say_unsupported(__func__);
    return win_fail(ERROR_CALL_NOT_IMPLEMENTED);
}

static FILETIME filetime_of(int64_t ticks)
{
    return (FILETIME){ .dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32) };
}

/* Deviation: a thread uses no processor time that a run could repeat; both figures are 0. */
BOOL WINAPI GetThreadTimes(HANDLE handle, LPFILETIME ret_created, LPFILETIME ret_ended,
                           LPFILETIME ret_kernel, LPFILETIME ret_user)
{
    auto_object struct object *object = thread_of_handle(handle, 0);
    struct thread *thread = (struct thread *)object;

    if (!object)
        return FALSE;
    objects_lock();
    *ret_created = filetime_of(thread->created_ticks);
    *ret_ended = filetime_of(thread->ended_ticks);
    objects_unlock();
    *ret_kernel = *ret_user = filetime_of(0);
    return TRUE;
}

HRESULT WINAPI SetThreadDescription(HANDLE handle, PCWSTR text)
{
    auto_object struct object *object = thread_of_handle(handle, 0);
    struct thread *thread = (struct thread *)object;

    if (!object)
        return HRESULT_FROM_WIN32(GetLastError());
    WCHAR *copy = text ? mem_copy(text, (utf16_length(text) + 1) * sizeof(WCHAR)) : NULL;
    objects_lock();
    WCHAR *old = thread->description;
    thread->description = copy;
    objects_unlock();
    free(old);
    auto_free char *name = copy ? utf8_from_wide(copy) : NULL;
    if (name && !thread->has_ended)
        report_name_thread(thread->in_reports, name);
    return HRESULT_FROM_NT(0);
}

/* The caller frees with LocalFree; without a name it is empty. */
HRESULT WINAPI GetThreadDescription(HANDLE handle, PWSTR *ret_text)
{
    auto_object struct object *object = thread_of_handle(handle, 0);
    struct thread *thread = (struct thread *)object;

    *ret_text = NULL;
    if (!object)
        return HRESULT_FROM_WIN32(GetLastError());
    objects_lock();
    size_t size = thread->description ? (utf16_length(thread->description) + 1) * 2 : 2;
    auto_free WCHAR *copy = mem_alloc(size);
    if (thread->description)
        memcpy(copy, thread->description, size);
    objects_unlock();
    *ret_text = LocalAlloc(LPTR, size);
    if (*ret_text)
        memcpy(*ret_text, copy, size);
    return S_OK;
}

BOOL WINAPI GetThreadPriorityBoost(HANDLE handle, PBOOL ret_disabled)
{
    auto_object struct object *object = thread_of_handle(handle, 0);

    if (object)
        *ret_disabled = ((struct thread *)object)->has_no_boost;
    return object != NULL;
}

BOOL WINAPI SetThreadPriorityBoost(HANDLE handle, BOOL disable)
{
    auto_object struct object *object = thread_of_handle(handle, 0);

    if (object)
        ((struct thread *)object)->has_no_boost = disable;
    return object != NULL;
}

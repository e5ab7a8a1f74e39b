/* SPDX-License-Identifier: MIT */
/* Events, semaphores and mutexes: the objects that exist to be waited for
 * (Learn: "Synchronization Functions"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

struct event {
    struct object object;
    bool is_manual;
    bool is_set;
};

static bool event_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return ((struct event *)object)->is_set;
}

static bool event_consume(struct object *object, DWORD thread_id)
{
    struct event *event = (struct event *)object;

    (void)thread_id;
    if (!event->is_manual)
        event->is_set = false;
    return false;
}

static void event_destroy(struct object *object)
{
    free(object);
}

static DWORD event_signal(struct object *object)
{
    ((struct event *)object)->is_set = true;
    wait_satisfy(object);
    return ERROR_SUCCESS;
}

/* Learn: "Synchronization Object Security and Access Rights". */
#define QUERY_STATE 0x0001

static const struct object_class event_class = {
    .name = "event",
    .access = { STANDARD_RIGHTS_READ | QUERY_STATE, STANDARD_RIGHTS_WRITE | EVENT_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, EVENT_ALL_ACCESS },
    .is_signaled = event_is_signaled,
    .consume = event_consume,
    .destroy = event_destroy,
    .signal = event_signal,
};

static HANDLE create_event(SECURITY_ATTRIBUTES *security, const char *name, DWORD flags,
                           DWORD access)
{
    struct event *event = mem_new(struct event);
    bool existed;

    object_init(&event->object, &event_class);
    event->is_manual = flags & CREATE_EVENT_MANUAL_RESET;
    event->is_set = flags & CREATE_EVENT_INITIAL_SET;
    struct object *object = object_named(&event->object, name, &existed);
    if (!object)
        return NULL;
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new_for(object, access, security);
}

static DWORD event_flags(BOOL manual, BOOL set)
{
    return (manual ? CREATE_EVENT_MANUAL_RESET : 0u) | (set ? CREATE_EVENT_INITIAL_SET : 0u);
}

HANDLE WINAPI CreateEventExA(SECURITY_ATTRIBUTES *security, LPCSTR name, DWORD flags, DWORD access)
{
    return create_event(security, name, flags, access);
}

HANDLE WINAPI CreateEventExW(SECURITY_ATTRIBUTES *security, LPCWSTR name, DWORD flags, DWORD access)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return create_event(security, utf8, flags, access);
}

HANDLE WINAPI CreateEventA(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL set, LPCSTR name)
{
    return CreateEventExA(security, name, event_flags(manual, set), EVENT_ALL_ACCESS);
}

HANDLE WINAPI CreateEventW(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL set, LPCWSTR name)
{
    return CreateEventExW(security, name, event_flags(manual, set), EVENT_ALL_ACCESS);
}

HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object *object = object_find(name, &event_class);

    return object ? handle_new_opened(object, access, inherit) : NULL;
}

HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return OpenEventA(access, inherit, utf8);
}

/* Sets it, hands it over, and resets it again for a pulse. */
static BOOL signal_event(HANDLE handle, bool stays)
{
    auto_object struct object *object = handle_get(handle, &event_class, EVENT_MODIFY_STATE);
    struct event *event = (struct event *)object;

    if (!object)
        return FALSE;
    objects_lock();
    event_signal(object);
    if (!stays)
        event->is_set = false;
    objects_unlock();
    return TRUE;
}

BOOL WINAPI SetEvent(HANDLE handle)
{
    return signal_event(handle, true);
}

BOOL WINAPI PulseEvent(HANDLE handle)
{
    return signal_event(handle, false);
}

BOOL WINAPI ResetEvent(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &event_class, EVENT_MODIFY_STATE);

    if (!object)
        return FALSE;
    objects_lock();
    ((struct event *)object)->is_set = false;
    objects_unlock();
    return TRUE;
}

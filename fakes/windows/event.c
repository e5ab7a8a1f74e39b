/* SPDX-License-Identifier: MIT */
/* Events, semaphores and mutexes: the objects that exist to be waited for
 * (Learn: "Synchronization Functions"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

static bool event_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return object->state->is_set;
}

static bool event_give(struct object_state *state, uint32_t process, DWORD thread_id)
{
    (void)process;
    (void)thread_id;
    if (!state->is_manual)
        state->is_set = false;
    return false;
}

static bool event_consume(struct object *object, DWORD thread_id)
{
    return event_give(object->state, 0, thread_id);
}

static void event_destroy(struct object *object)
{
    free(object);
}

static DWORD event_signal(struct object *object)
{
    object->state->is_set = true;
    wait_satisfy(object);
    return ERROR_SUCCESS;
}

/* Learn: "Synchronization Object Security and Access Rights". */
#define QUERY_STATE 0x0001

static struct object *event_make(void);

const struct object_class event_class = {
    .name = "event",
    .kind = OBJECT_EVENT,
    .make = event_make,
    .give = event_give,
    .access = { STANDARD_RIGHTS_READ | QUERY_STATE, STANDARD_RIGHTS_WRITE | EVENT_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, EVENT_ALL_ACCESS },
    .is_signaled = event_is_signaled,
    .consume = event_consume,
    .destroy = event_destroy,
    .signal = event_signal,
};

static struct object *event_make(void)
{
    struct object *event = mem_new(struct object);

    object_init(event, &event_class);
    return event;
}

static HANDLE create_event(SECURITY_ATTRIBUTES *security, const char *name, DWORD flags,
                           DWORD access)
{
    struct object *event = event_make();
    bool existed;

    event->state->is_manual = flags & CREATE_EVENT_MANUAL_RESET;
    event->state->is_set = flags & CREATE_EVENT_INITIAL_SET;
    struct object *object = object_named(event, name, &existed);
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

    if (!object)
        return FALSE;
    objects_lock();
    event_signal(object);
    if (!stays)
        object->state->is_set = false;
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
    object->state->is_set = false;
    objects_unlock();
    return TRUE;
}

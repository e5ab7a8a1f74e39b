/* SPDX-License-Identifier: MIT */
/* Semaphores (Learn: "Semaphore Objects"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

static bool semaphore_is_signaled(struct object *object, DWORD thread_id)
{
    (void)thread_id;
    return object->state->count > 0;
}

static bool semaphore_give(struct object_state *state, uint32_t process, DWORD thread_id)
{
    (void)process;
    (void)thread_id;
    state->count--;
    return false;
}

static bool semaphore_consume(struct object *object, DWORD thread_id)
{
    return semaphore_give(object->state, 0, thread_id);
}

static void semaphore_destroy(struct object *object)
{
    free(object);
}

static DWORD release(struct object *object, LONG count)
{
    struct object_state *state = object->state;

    if (count > state->maximum - state->count)
        return ERROR_TOO_MANY_POSTS;
    state->count += count;
    wait_satisfy(object);
    return ERROR_SUCCESS;
}

static DWORD semaphore_signal(struct object *object)
{
    return release(object, 1);
}

/* Learn: "Synchronization Object Security and Access Rights". */
#define QUERY_STATE 0x0001

static struct object *semaphore_make(void);

const struct object_class semaphore_class = {
    .name = "semaphore",
    .kind = OBJECT_SEMAPHORE,
    .make = semaphore_make,
    .give = semaphore_give,
    .access = { STANDARD_RIGHTS_READ | QUERY_STATE, STANDARD_RIGHTS_WRITE | SEMAPHORE_MODIFY_STATE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, SEMAPHORE_ALL_ACCESS },
    .is_signaled = semaphore_is_signaled,
    .consume = semaphore_consume,
    .destroy = semaphore_destroy,
    .signal = semaphore_signal,
};

static struct object *semaphore_make(void)
{
    struct object *semaphore = mem_new(struct object);

    object_init(semaphore, &semaphore_class);
    return semaphore;
}

HANDLE WINAPI CreateSemaphoreExA(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                                 LPCSTR name, DWORD flags, DWORD access)
{
    bool existed;

    (void)flags; /* reserved */
    if (maximum <= 0 || initial < 0 || initial > maximum) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct object *semaphore = semaphore_make();
    semaphore->state->count = initial;
    semaphore->state->maximum = maximum;
    struct object *object = object_named(semaphore, name, &existed);
    if (!object)
        return NULL;
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new_for(object, access, security);
}

HANDLE WINAPI CreateSemaphoreExW(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                                 LPCWSTR name, DWORD flags, DWORD access)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return CreateSemaphoreExA(security, initial, maximum, utf8, flags, access);
}

HANDLE WINAPI CreateSemaphoreA(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                               LPCSTR name)
{
    return CreateSemaphoreExA(security, initial, maximum, name, 0, SEMAPHORE_ALL_ACCESS);
}

HANDLE WINAPI CreateSemaphoreW(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                               LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return CreateSemaphoreA(security, initial, maximum, utf8);
}

HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object *object = object_find(name, &semaphore_class);

    return object ? handle_new_opened(object, access, inherit) : NULL;
}

HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return OpenSemaphoreA(access, inherit, utf8);
}

BOOL WINAPI ReleaseSemaphore(HANDLE handle, LONG count, LONG *ret_previous)
{
    auto_object struct object *object =
        handle_get(handle, &semaphore_class, SEMAPHORE_MODIFY_STATE);

    if (!object)
        return FALSE;
    if (count <= 0)
        return win_fail(ERROR_INVALID_PARAMETER);
    objects_lock();
    LONG previous = object->state->count;
    DWORD error = release(object, count);
    objects_unlock();
    if (error)
        return win_fail(error);
    if (ret_previous)
        *ret_previous = previous;
    return TRUE;
}

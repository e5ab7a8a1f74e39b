/* SPDX-License-Identifier: MIT */
/* Mutex objects, recursive and owned by a thread (Learn: "Mutex Objects"). */
#include "fakes/windows/mutex.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/thread.h"
#include "fakes/windows/wait.h"

struct mutex {
    struct object object;
    struct thread *owner; /* NULL: free */
    struct list owned;    /* in owner->mutexes */
    unsigned depth;
    bool is_abandoned;
};

static bool mutex_is_signaled(struct object *object, DWORD thread_id)
{
    struct mutex *mutex = (struct mutex *)object;

    return !mutex->owner || mutex->owner->id == thread_id;
}

static bool mutex_consume(struct object *object, DWORD thread_id)
{
    struct mutex *mutex = (struct mutex *)object;
    bool was_abandoned = mutex->is_abandoned;

    mutex->is_abandoned = false;
    if (!mutex->owner) {
        mutex->owner = thread_find(thread_id);
        list_append(&mutex->owner->mutexes, &mutex->owned);
    }
    mutex->depth++;
    return was_abandoned;
}

static void mutex_destroy(struct object *object)
{
    struct mutex *mutex = (struct mutex *)object;

    objects_lock();
    if (mutex->owner)
        list_remove(&mutex->owned);
    objects_unlock();
    free(mutex);
}

static void give_up(struct mutex *mutex)
{
    list_remove(&mutex->owned);
    mutex->owner = NULL;
    mutex->depth = 0;
    wait_satisfy(&mutex->object);
}

/* The calling thread has its record already: it is made before the lock is taken. */
static DWORD mutex_signal(struct object *object)
{
    struct mutex *mutex = (struct mutex *)object;

    if (mutex->owner != thread_current())
        return ERROR_NOT_OWNER;
    if (--mutex->depth == 0)
        give_up(mutex);
    return ERROR_SUCCESS;
}

/* Learn: "Synchronization Object Security and Access Rights". */
#define QUERY_STATE 0x0001

static const struct object_class mutex_class = {
    .name = "mutex",
    .access = { STANDARD_RIGHTS_READ | QUERY_STATE, STANDARD_RIGHTS_WRITE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, MUTEX_ALL_ACCESS },
    .is_signaled = mutex_is_signaled,
    .consume = mutex_consume,
    .destroy = mutex_destroy,
    .signal = mutex_signal,
    .is_owned = true,
};

HANDLE WINAPI CreateMutexExA(SECURITY_ATTRIBUTES *security, LPCSTR name, DWORD flags, DWORD access)
{
    struct mutex *mutex = mem_new(struct mutex);
    DWORD self = GetCurrentThreadId();
    bool existed;

    object_init(&mutex->object, &mutex_class);
    list_init(&mutex->owned);
    if (flags & CREATE_MUTEX_INITIAL_OWNER) {
        objects_lock();
        mutex_consume(&mutex->object, self);
        objects_unlock();
    }
    struct object *object = object_named(&mutex->object, name, &existed);
    if (!object)
        return NULL;
    SetLastError(existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle_new_for(object, access, security);
}

HANDLE WINAPI CreateMutexExW(SECURITY_ATTRIBUTES *security, LPCWSTR name, DWORD flags, DWORD access)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return CreateMutexExA(security, utf8, flags, access);
}

HANDLE WINAPI CreateMutexA(SECURITY_ATTRIBUTES *security, BOOL owned, LPCSTR name)
{
    return CreateMutexExA(security, name, owned ? CREATE_MUTEX_INITIAL_OWNER : 0, MUTEX_ALL_ACCESS);
}

HANDLE WINAPI CreateMutexW(SECURITY_ATTRIBUTES *security, BOOL owned, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return CreateMutexA(security, owned, utf8);
}

HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR name)
{
    struct object *object = object_find(name, &mutex_class);

    return object ? handle_new_opened(object, access, inherit) : NULL;
}

HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_wide(name);

    return OpenMutexA(access, inherit, utf8);
}

BOOL WINAPI ReleaseMutex(HANDLE handle)
{
    auto_object struct object *object = handle_get(handle, &mutex_class, 0);

    if (!object)
        return FALSE;
    thread_current();
    objects_lock();
    DWORD error = mutex_signal(object);
    objects_unlock();
    return error ? win_fail(error) : TRUE;
}

void mutex_abandon_all(struct thread *thread)
{
    list_each_safe (struct mutex, mutex, &thread->mutexes, owned) {
        mutex->is_abandoned = true;
        give_up(mutex);
    }
}

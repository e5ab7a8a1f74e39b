/* SPDX-License-Identifier: MIT */
/* Mutex objects, recursive and owned by a thread (Learn: "Mutex Objects"). */
#include "fakes/windows/mutex.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/report.h"
#include "fakes/windows/shared/segment.h"
#include "fakes/windows/thread.h"
#include "fakes/windows/wait.h"

struct mutex {
    struct object object;
    struct list owned; /* in the mutexes of its owner, a thread of this process */
};

static uint32_t own_process(void)
{
    return shared_is_open() ? shared_self() : 1;
}

static bool mutex_is_signaled(struct object *object, DWORD thread_id)
{
    const struct object_state *state = object->state;

    return !state->owner_process ||
           (state->owner_process == own_process() && state->owner_thread == thread_id);
}

static bool mutex_give(struct object_state *state, uint32_t process, DWORD thread_id)
{
    bool was_abandoned = state->is_abandoned;

    state->is_abandoned = false;
    state->owner_process = process;
    state->owner_thread = thread_id;
    state->depth++;
    return was_abandoned;
}

/* The thread gives it up when it ends. */
static void mutex_taken(struct object *object, DWORD thread_id)
{
    struct mutex *mutex = (struct mutex *)object;

    if (list_is_linked(&mutex->owned))
        return;
    struct thread *owner = thread_find(thread_id);
    list_append(&owner->mutexes, &mutex->owned);
    if (owner->in_reports)
        report_hold(owner->in_reports, object, "mutex");
}

static bool mutex_consume(struct object *object, DWORD thread_id)
{
    mutex_taken(object, thread_id);
    return mutex_give(object->state, own_process(), thread_id);
}

static void mutex_destroy(struct object *object)
{
    struct mutex *mutex = (struct mutex *)object;

    objects_lock();
    if (list_is_linked(&mutex->owned))
        list_remove(&mutex->owned);
    objects_unlock();
    free(mutex);
}

static void give_up(struct mutex *mutex)
{
    struct object_state *state = mutex->object.state;

    list_remove(&mutex->owned);
    report_drop(mutex);
    state->owner_process = state->owner_thread = state->depth = 0;
    wait_satisfy(&mutex->object);
}

/* The calling thread has its record already: it is made before the lock is taken. */
static DWORD mutex_signal(struct object *object)
{
    struct object_state *state = object->state;

    if (state->owner_process != own_process() || state->owner_thread != thread_current()->id)
        return ERROR_NOT_OWNER;
    if (--state->depth == 0)
        give_up((struct mutex *)object);
    return ERROR_SUCCESS;
}

static struct object *mutex_make(void);

/* Learn: "Synchronization Object Security and Access Rights". */
#define QUERY_STATE 0x0001

const struct object_class mutex_class = {
    .name = "mutex",
    .kind = OBJECT_MUTEX,
    .make = mutex_make,
    .give = mutex_give,
    .taken = mutex_taken,
    .access = { STANDARD_RIGHTS_READ | QUERY_STATE, STANDARD_RIGHTS_WRITE,
                STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, MUTEX_ALL_ACCESS },
    .is_signaled = mutex_is_signaled,
    .consume = mutex_consume,
    .destroy = mutex_destroy,
    .signal = mutex_signal,
    .is_owned = true,
};

static struct object *mutex_make(void)
{
    struct mutex *mutex = mem_new(struct mutex);

    object_init(&mutex->object, &mutex_class);
    list_init(&mutex->owned);
    return &mutex->object;
}

/* It gets its name with its owner; who finds one of that name gets no ownership. */
HANDLE WINAPI CreateMutexExA(SECURITY_ATTRIBUTES *security, LPCSTR name, DWORD flags, DWORD access)
{
    struct object *mutex = mutex_make();
    DWORD self = GetCurrentThreadId();
    bool existed, is_owner = flags & CREATE_MUTEX_INITIAL_OWNER;

    if (is_owner)
        mutex_give(mutex->state, own_process(), self);
    struct object *object = object_named(mutex, name, &existed);
    if (!object)
        return NULL;
    if (is_owner && !existed) {
        objects_lock();
        mutex_taken(object, self);
        objects_unlock();
    }
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
        mutex->object.state->is_abandoned = true;
        give_up(mutex);
    }
}

/* SPDX-License-Identifier: MIT */
/* Locks that are no kernel objects: CRITICAL_SECTION, SRWLOCK, CONDITION_VARIABLE, INIT_ONCE
 * (Learn: "Synchronization Functions"). Behind each stands a real pthread lock, so that
 * checkers and the virtual clock see it. SRW locks and condition variables have no delete
 * function on Windows: what stands behind one lives until the program ends. */
#include "emu/base/check.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/report.h"
#include "fakes/windows/thread.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- critical sections ---- */

static pthread_mutex_t *mutex_of(CRITICAL_SECTION *section)
{
    pthread_mutex_t *mutex = section->LockSemaphore;

    if (!mutex) {
        fprintf(stderr, "vssemu: a CRITICAL_SECTION is used before InitializeCriticalSection or "
                        "after DeleteCriticalSection\n");
        abort();
    }
    return mutex;
}

BOOL WINAPI InitializeCriticalSectionEx(CRITICAL_SECTION *section, DWORD spin, DWORD flags)
{
    pthread_mutexattr_t attributes;

    (void)flags;
    *section = (CRITICAL_SECTION){ .LockCount = -1, .SpinCount = spin & 0x00FFFFFF };
    pthread_mutex_t *mutex = mem_new(pthread_mutex_t);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
    section->LockSemaphore = mutex;
    report_label(mutex, "critical section", NULL);
    return TRUE;
}

void WINAPI InitializeCriticalSection(CRITICAL_SECTION *section)
{
    InitializeCriticalSectionEx(section, 0, 0);
}

BOOL WINAPI InitializeCriticalSectionAndSpinCount(CRITICAL_SECTION *section, DWORD spin)
{
    return InitializeCriticalSectionEx(section, spin, 0);
}

DWORD WINAPI SetCriticalSectionSpinCount(CRITICAL_SECTION *section, DWORD spin)
{
    DWORD old = (DWORD)section->SpinCount;

    section->SpinCount = spin;
    return old;
}

static void mark_entered(CRITICAL_SECTION *section)
{
    if (section->RecursionCount++ == 0)
        section->OwningThread = (HANDLE)(uintptr_t)GetCurrentThreadId();
}

void WINAPI EnterCriticalSection(CRITICAL_SECTION *section)
{
    pthread_mutex_lock(mutex_of(section));
    mark_entered(section);
}

BOOL WINAPI TryEnterCriticalSection(CRITICAL_SECTION *section)
{
    if (pthread_mutex_trylock(mutex_of(section)) != 0)
        return FALSE;
    mark_entered(section);
    return TRUE;
}

void WINAPI LeaveCriticalSection(CRITICAL_SECTION *section)
{
    if (--section->RecursionCount == 0)
        section->OwningThread = NULL;
    pthread_mutex_unlock(mutex_of(section));
}

void WINAPI DeleteCriticalSection(CRITICAL_SECTION *section)
{
    pthread_mutex_t *mutex = section->LockSemaphore;

    if (!mutex)
        return;
    report_label(mutex, NULL, NULL);
    pthread_mutex_destroy(mutex);
    free(mutex);
    *section = (CRITICAL_SECTION){ .LockCount = -1 };
}

/* ---- what stands behind a pointer-sized lock ---- */

struct hidden {
    struct list link;      /* keeps it reachable until the end */
    pthread_rwlock_t lock; /* SRWLOCK */
    pthread_mutex_t mutex; /* CONDITION_VARIABLE: guards sleepers */
    struct list sleepers;
};

static pthread_mutex_t hidden_lock = PTHREAD_MUTEX_INITIALIZER;
static struct list hidden_things = { &hidden_things, &hidden_things };

static struct hidden *hidden_behind(void **pointer, bool is_lock)
{
    struct hidden *hidden = __atomic_load_n(pointer, __ATOMIC_ACQUIRE);

    if (hidden)
        return hidden;
    pthread_mutex_lock(&hidden_lock);
    hidden = *pointer;
    if (!hidden) {
        hidden = mem_new(struct hidden);
        pthread_rwlock_init(&hidden->lock, NULL);
        pthread_mutex_init(&hidden->mutex, NULL);
        list_init(&hidden->sleepers);
        list_append(&hidden_things, &hidden->link);
        if (is_lock)
            report_label(&hidden->lock, "SRW lock", NULL);
        else
            report_label(hidden, "condition variable", NULL);
        __atomic_store_n(pointer, hidden, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&hidden_lock);
    return hidden;
}

/* ---- SRW locks ---- */

VOID WINAPI InitializeSRWLock(PSRWLOCK lock)
{
    lock->Ptr = NULL;
}

/* Windows hangs here, and so do we, but with a word. */
static void must_not_be_held(int error, const char *function)
{
    if (error != EDEADLK)
        return;
    fprintf(stderr, "vssemu: %s on an SRW lock that this thread already holds: deadlock\n",
            function);
    Sleep(INFINITE);
}

VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK lock)
{
    must_not_be_held(pthread_rwlock_wrlock(&hidden_behind(&lock->Ptr, true)->lock), __func__);
}

VOID WINAPI AcquireSRWLockShared(PSRWLOCK lock)
{
    must_not_be_held(pthread_rwlock_rdlock(&hidden_behind(&lock->Ptr, true)->lock), __func__);
}

BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK lock)
{
    return pthread_rwlock_trywrlock(&hidden_behind(&lock->Ptr, true)->lock) == 0;
}

BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK lock)
{
    return pthread_rwlock_tryrdlock(&hidden_behind(&lock->Ptr, true)->lock) == 0;
}

VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK lock)
{
    pthread_rwlock_unlock(&hidden_behind(&lock->Ptr, true)->lock);
}

VOID WINAPI ReleaseSRWLockShared(PSRWLOCK lock)
{
    pthread_rwlock_unlock(&hidden_behind(&lock->Ptr, true)->lock);
}

/* ---- condition variables ---- */

struct sleeper {
    struct list link;
    pthread_cond_t woken;
    bool is_woken;
    const void *variable; /* for reports */
};

VOID WINAPI InitializeConditionVariable(PCONDITION_VARIABLE variable)
{
    variable->Ptr = NULL;
}

/* Queued before the caller's lock is given up, so that no wake-up is lost between. */
static void fall_asleep(struct hidden *hidden, struct sleeper *sleeper)
{
    sleeper->is_woken = false;
    wait_cond_init(&sleeper->woken);
    pthread_mutex_lock(&hidden->mutex);
    list_append(&hidden->sleepers, &sleeper->link);
    sleeper->variable = hidden;
    report_waits_for(&sleeper->variable, 1);
}

static BOOL sleep_until_woken(struct hidden *hidden, struct sleeper *sleeper, DWORD timeout_ms)
{
    struct timespec deadline = wait_deadline(timeout_ms == INFINITE ? 0 : timeout_ms);
    int error = 0;

    while (!sleeper->is_woken && error != ETIMEDOUT)
        error = timeout_ms == INFINITE
                    ? pthread_cond_wait(&sleeper->woken, &hidden->mutex)
                    : pthread_cond_timedwait(&sleeper->woken, &hidden->mutex, &deadline);
    bool is_woken = sleeper->is_woken;
    report_waits_for(NULL, 0);
    if (!is_woken)
        list_remove(&sleeper->link);
    pthread_mutex_unlock(&hidden->mutex);
    pthread_cond_destroy(&sleeper->woken);
    return is_woken ? TRUE : win_fail(ERROR_TIMEOUT);
}

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE variable, CRITICAL_SECTION *section,
                                     DWORD timeout_ms)
{
    struct hidden *hidden = hidden_behind(&variable->Ptr, false);
    struct sleeper sleeper;

    fall_asleep(hidden, &sleeper);
    LeaveCriticalSection(section);
    BOOL is_woken = sleep_until_woken(hidden, &sleeper, timeout_ms);
    EnterCriticalSection(section);
    return is_woken;
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE variable, PSRWLOCK lock, DWORD timeout_ms,
                                      ULONG flags)
{
    struct hidden *hidden = hidden_behind(&variable->Ptr, false);
    bool is_shared = flags & CONDITION_VARIABLE_LOCKMODE_SHARED;
    struct sleeper sleeper;

    fall_asleep(hidden, &sleeper);
    pthread_rwlock_unlock(&hidden_behind(&lock->Ptr, true)->lock);
    BOOL is_woken = sleep_until_woken(hidden, &sleeper, timeout_ms);
    if (is_shared)
        AcquireSRWLockShared(lock);
    else
        AcquireSRWLockExclusive(lock);
    return is_woken;
}

static void wake(PCONDITION_VARIABLE variable, bool all)
{
    struct hidden *hidden = hidden_behind(&variable->Ptr, false);

    pthread_mutex_lock(&hidden->mutex);
    while (!list_is_empty(&hidden->sleepers)) {
        struct sleeper *sleeper = container_of(hidden->sleepers.next, struct sleeper, link);
        list_remove(&sleeper->link);
        sleeper->is_woken = true;
        pthread_cond_signal(&sleeper->woken);
        if (!all)
            break;
    }
    pthread_mutex_unlock(&hidden->mutex);
}

VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE variable)
{
    wake(variable, false);
}

VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE variable)
{
    wake(variable, true);
}

/* ---- one-time initialisation ---- */

/* In the pointer's two low bits, which a context leaves free (Learn: "InitOnceExecuteOnce"). */
#define ONCE_RUNNING ((uintptr_t)1)
#define ONCE_DONE    ((uintptr_t)2)
#define ONCE_BITS    ((uintptr_t)3)

static pthread_mutex_t once_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t once_changed = PTHREAD_COND_INITIALIZER;

static uintptr_t once_state(PINIT_ONCE once)
{
    return (uintptr_t)__atomic_load_n(&once->Ptr, __ATOMIC_ACQUIRE);
}

static void once_set(PINIT_ONCE once, uintptr_t state)
{
    __atomic_store_n(&once->Ptr, (void *)state, __ATOMIC_RELEASE);
}

static void once_context(uintptr_t state, LPVOID *ret_context)
{
    if (ret_context)
        *ret_context = (LPVOID)(state & ~ONCE_BITS);
}

VOID WINAPI InitOnceInitialize(PINIT_ONCE once)
{
    once->Ptr = NULL;
}

BOOL WINAPI InitOnceBeginInitialize(PINIT_ONCE once, DWORD flags, BOOL *ret_pending,
                                    LPVOID *ret_context)
{
    if (flags & ~(DWORD)INIT_ONCE_CHECK_ONLY)
        return win_fail(ERROR_INVALID_PARAMETER);
    uintptr_t state = once_state(once);
    if (!(state & ONCE_DONE) && flags & INIT_ONCE_CHECK_ONLY)
        return win_fail(ERROR_GEN_FAILURE);
    if (!(state & ONCE_DONE)) {
        pthread_mutex_lock(&once_lock);
        while ((state = once_state(once)) & ONCE_RUNNING)
            pthread_cond_wait(&once_changed, &once_lock);
        if (!(state & ONCE_DONE))
            once_set(once, ONCE_RUNNING);
        pthread_mutex_unlock(&once_lock);
    }
    *ret_pending = !(state & ONCE_DONE);
    if (!*ret_pending)
        once_context(state, ret_context);
    return TRUE;
}

BOOL WINAPI InitOnceComplete(PINIT_ONCE once, DWORD flags, LPVOID context)
{
    if (flags & ~(DWORD)INIT_ONCE_INIT_FAILED || (uintptr_t)context & ONCE_BITS)
        return win_fail(ERROR_INVALID_PARAMETER);
    pthread_mutex_lock(&once_lock);
    bool was_running = once_state(once) & ONCE_RUNNING;
    if (was_running)
        once_set(once, flags & INIT_ONCE_INIT_FAILED ? 0 : (uintptr_t)context | ONCE_DONE);
    pthread_cond_broadcast(&once_changed);
    pthread_mutex_unlock(&once_lock);
    return was_running ? TRUE : win_fail(ERROR_GEN_FAILURE);
}

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter,
                                LPVOID *ret_context)
{
    void *context = NULL;
    BOOL pending;

    if (!InitOnceBeginInitialize(once, 0, &pending, ret_context))
        return FALSE;
    if (!pending)
        return TRUE;
    if (!function(once, parameter, &context)) {
        InitOnceComplete(once, INIT_ONCE_INIT_FAILED, NULL);
        return FALSE;
    }
    if (ret_context)
        *ret_context = context;
    return InitOnceComplete(once, 0, context);
}

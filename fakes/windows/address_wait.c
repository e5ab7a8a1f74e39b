/* SPDX-License-Identifier: MIT */
/* WaitOnAddress and barriers (Learn: "WaitOnAddress", "Synchronization Barriers"). Who sleeps
 * stands in one list, under one lock: comparing and falling asleep are one step. */
#include "emu/base/list.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <string.h>

struct sleeper {
    struct list link;
    const volatile void *address;
    pthread_cond_t woken;
    bool is_woken;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct list sleepers = { &sleepers, &sleepers };

/* With the lock held. False: the time is over. */
static bool sleep_on(const volatile void *address, int64_t deadline_ns)
{
    struct sleeper self = { .address = address };
    int error = 0;

    wait_cond_init(&self.woken);
    list_append(&sleepers, &self.link);
    while (!self.is_woken && error != ETIMEDOUT)
        error = wait_cond_until(&self.woken, &lock, deadline_ns);
    if (!self.is_woken)
        list_remove(&self.link);
    pthread_cond_destroy(&self.woken);
    return self.is_woken;
}

static void wake(const volatile void *address, bool all)
{
    list_each_safe (struct sleeper, sleeper, &sleepers, link) {
        if (sleeper->address != address)
            continue;
        list_remove(&sleeper->link);
        sleeper->is_woken = true;
        pthread_cond_signal(&sleeper->woken);
        if (!all)
            return;
    }
}

static bool is_equal(const volatile void *address, const void *compare, SIZE_T size)
{
    switch (size) {
    case 1:
        return __atomic_load_n((const volatile uint8_t *)address, __ATOMIC_SEQ_CST) ==
               *(const uint8_t *)compare;
    case 2:
        return __atomic_load_n((const volatile uint16_t *)address, __ATOMIC_SEQ_CST) ==
               *(const uint16_t *)compare;
    case 4:
        return __atomic_load_n((const volatile uint32_t *)address, __ATOMIC_SEQ_CST) ==
               *(const uint32_t *)compare;
    default:
        return __atomic_load_n((const volatile uint64_t *)address, __ATOMIC_SEQ_CST) ==
               *(const uint64_t *)compare;
    }
}

BOOL WINAPI WaitOnAddress(volatile void *address, void *compare, SIZE_T size, DWORD timeout_ms)
{
    if (size != 1 && size != 2 && size != 4 && size != 8)
        return win_fail(ERROR_INVALID_PARAMETER);
    pthread_mutex_lock(&lock);
    bool is_woken = !is_equal(address, compare, size) ||
                    (timeout_ms && sleep_on(address, wait_deadline_ns(timeout_ms)));
    pthread_mutex_unlock(&lock);
    return is_woken ? TRUE : win_fail(ERROR_TIMEOUT);
}

static void wake_by_address(const volatile void *address, bool all)
{
    pthread_mutex_lock(&lock);
    wake(address, all);
    pthread_mutex_unlock(&lock);
}

void WINAPI WakeByAddressSingle(void *address)
{
    wake_by_address(address, false);
}

void WINAPI WakeByAddressAll(void *address)
{
    wake_by_address(address, true);
}

/* ---- barriers ---- */

/* As Microsoft's headers have it; ours for programs are vssemu/synch.h. */
typedef struct _RTL_BARRIER {
    DWORD n_threads;
    DWORD n_missing; /* who has yet to come */
    ULONG_PTR round;
    ULONG_PTR n_inside; /* who has not left yet */
    DWORD reserved[2];
} SYNCHRONIZATION_BARRIER;

BOOL WINAPI InitializeSynchronizationBarrier(SYNCHRONIZATION_BARRIER *barrier, LONG n_threads,
                                             LONG n_spins);
BOOL WINAPI EnterSynchronizationBarrier(SYNCHRONIZATION_BARRIER *barrier, DWORD flags);
BOOL WINAPI DeleteSynchronizationBarrier(SYNCHRONIZATION_BARRIER *barrier);

BOOL WINAPI InitializeSynchronizationBarrier(SYNCHRONIZATION_BARRIER *barrier, LONG n_threads,
                                             LONG n_spins)
{
    if (!barrier || n_threads < 1 || n_spins < -1)
        return win_fail(ERROR_INVALID_PARAMETER);
    *barrier =
        (SYNCHRONIZATION_BARRIER){ .n_threads = (DWORD)n_threads, .n_missing = (DWORD)n_threads };
    return TRUE;
}

/* TRUE for the last who comes, and for nobody else. */
BOOL WINAPI EnterSynchronizationBarrier(SYNCHRONIZATION_BARRIER *barrier, DWORD flags)
{
    (void)flags; /* how to spin */
    pthread_mutex_lock(&lock);
    barrier->n_inside++;
    bool is_last = --barrier->n_missing == 0;
    ULONG_PTR round = barrier->round;
    if (is_last) {
        barrier->n_missing = barrier->n_threads;
        barrier->round++;
        wake(&barrier->round, true);
    }
    while (!is_last && barrier->round == round)
        sleep_on(&barrier->round, WAIT_NEVER);
    if (--barrier->n_inside == 0)
        wake(&barrier->n_inside, true);
    pthread_mutex_unlock(&lock);
    return is_last;
}

/* Waits until all have left. */
BOOL WINAPI DeleteSynchronizationBarrier(SYNCHRONIZATION_BARRIER *barrier)
{
    pthread_mutex_lock(&lock);
    while (barrier->n_inside && barrier->n_missing == barrier->n_threads)
        sleep_on(&barrier->n_inside, WAIT_NEVER);
    pthread_mutex_unlock(&lock);
    return TRUE;
}

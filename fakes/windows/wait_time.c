/* SPDX-License-Identifier: MIT */
/* The clock of waits, and sleeping. See wait.h. */
#include "fakes/windows/wait.h"

#include <errno.h>
#include <sched.h>

#define NS_PER_SECOND INT64_C(1000000000)

int64_t wait_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

int64_t wait_deadline_ns(DWORD ms)
{
    return ms == INFINITE ? WAIT_NEVER : wait_now() + ms * INT64_C(1000000);
}

static struct timespec to_timespec(int64_t ns)
{
    return (struct timespec){ .tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND };
}

struct timespec wait_deadline(DWORD ms)
{
    return to_timespec(wait_now() + ms * INT64_C(1000000));
}

int wait_cond_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_ns)
{
    const struct timespec deadline = to_timespec(deadline_ns);

    return deadline_ns == WAIT_NEVER ? pthread_cond_wait(cond, mutex)
                                     : pthread_cond_timedwait(cond, mutex, &deadline);
}

void wait_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void sleep_ns(int64_t ns)
{
    struct timespec left = to_timespec(ns);

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static void sleep_soundly(DWORD ms)
{
    if (!ms)
        sched_yield();
    while (ms == INFINITE) /* NOLINT(bugprone-infinite-loop) */
        sleep_ns(86400 * NS_PER_SECOND);
    if (ms)
        sleep_ns((int64_t)ms * 1000000);
}

DWORD WINAPI SleepEx(DWORD ms, BOOL alertable)
{
    if (alertable)
        return wait_alertably(ms) == WAIT_IO_COMPLETION ? WAIT_IO_COMPLETION : 0;
    sleep_soundly(ms);
    return 0;
}

VOID WINAPI Sleep(DWORD ms)
{
    SleepEx(ms, FALSE);
}

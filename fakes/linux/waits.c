/* SPDX-License-Identifier: MIT */
/* Condition variables, barriers, semaphores. Of these only the semaphore's count stays in the real
 * object; waiting and waking is the scheduler's. */
#include "fakes/linux/vthread_inside.h"

#include <errno.h>
#include <semaphore.h>

static int cond_wait_until(struct vsched *vs, pthread_cond_t *condition, pthread_mutex_t *mutex,
                           int64_t deadline_ns)
{
    int error = vthread_unlock_for_wait(vs, mutex);

    if (error)
        return error;
    bool is_woken = vthread_wait(vs, condition, "a condition variable", deadline_ns);
    error = vthread_lock_again(vs, mutex);
    pthread_testcancel(); /* POSIX: the mutex is held when the first cleanup handler runs */
    if (error)
        return error;
    return is_woken ? 0 : ETIMEDOUT;
}

int pthread_cond_wait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_cond_wait)(condition, mutex);
    return cond_wait_until(vs, condition, mutex, SCHED_NEVER);
}

int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           clockid_t clock, const struct timespec *restrict until)
{
    struct vsched *vs = vthread_vsched();
    int64_t deadline_ns;

    if (!vs)
        return REAL(pthread_cond_clockwait)(condition, mutex, clock, until);
    int error = vthread_deadline(vs, clock, until, &deadline_ns);
    return error ? error : cond_wait_until(vs, condition, mutex, deadline_ns);
}

/* The clock chosen by pthread_condattr_setclock: glibc keeps it in a bit beside the count of those
 * who destroy. */
static clockid_t clock_of(const pthread_cond_t *condition)
{
    return condition->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    if (!vthread_vsched())
        return REAL(pthread_cond_timedwait)(condition, mutex, until);
    return pthread_cond_clockwait(condition, mutex, clock_of(condition), until);
}

int pthread_cond_signal(pthread_cond_t *condition)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_cond_signal)(condition);
    vsched_wake(vs, condition, 1);
    vthread_step(vs);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *condition)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_cond_broadcast)(condition);
    vsched_wake(vs, condition, VSCHED_ALL);
    vthread_step(vs);
    return 0;
}

/* glibc's barrier begins with these four numbers. The first counts who has come; between rounds it
 * is 0 for us and for glibc, so that pthread_barrier_destroy works. */
struct barrier {
    unsigned came;
    unsigned round;
    unsigned count;
};

int pthread_barrier_wait(pthread_barrier_t *real_barrier)
{
    struct vsched *vs = vthread_vsched();
    struct barrier *barrier = (struct barrier *)(void *)real_barrier;

    if (!vs)
        return REAL(pthread_barrier_wait)(real_barrier);
    vthread_step(vs);
    if (++barrier->came == barrier->count) {
        barrier->came = 0;
        vsched_wake(vs, barrier, VSCHED_ALL);
        vthread_step(vs);
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    vsched_block(vs, barrier, "a barrier", SCHED_NEVER);
    return 0;
}

static int sem_wait_until(struct vsched *vs, sem_t *semaphore, int64_t deadline_ns)
{
    int saved_errno = errno;

    while (REAL(sem_trywait)(semaphore) != 0) {
        if (errno != EAGAIN)
            return -1;
        errno = saved_errno;
        enum vthread_end end = vthread_wait_or_signal(vs, semaphore, "a semaphore", deadline_ns);
        pthread_testcancel();
        if (end == VTHREAD_LATE || end == VTHREAD_INTERRUPTED) {
            errno = end == VTHREAD_LATE ? ETIMEDOUT : EINTR;
            return -1;
        }
    }
    return 0;
}

int sem_wait(sem_t *semaphore)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(sem_wait)(semaphore);
    vthread_begin_call();
    vthread_step(vs);
    return sem_wait_until(vs, semaphore, SCHED_NEVER);
}

int sem_trywait(sem_t *semaphore)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vthread_step(vs);
    return REAL(sem_trywait)(semaphore);
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until)
{
    struct vsched *vs = vthread_vsched();
    int64_t deadline_ns;

    if (!vs)
        return REAL(sem_clockwait)(semaphore, clock, until);
    vthread_begin_call();
    vthread_step(vs);
    if (REAL(sem_trywait)(semaphore) == 0)
        return 0;
    int error = vthread_deadline(vs, clock, until, &deadline_ns);
    if (error) {
        errno = error;
        return -1;
    }
    return sem_wait_until(vs, semaphore, deadline_ns);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    if (!vthread_vsched())
        return REAL(sem_timedwait)(semaphore, until);
    return sem_clockwait(semaphore, CLOCK_REALTIME, until);
}

int sem_post(sem_t *semaphore)
{
    struct vsched *vs = vthread_vsched();
    int result = REAL(sem_post)(semaphore);

    if (!vs)
        return result;
    vsched_wake(vs, semaphore, 1);
    vthread_step(vs);
    return result;
}

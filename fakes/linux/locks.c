/* SPDX-License-Identifier: MIT */
/* Mutexes, read-write locks and spin locks stay the real objects: we only ever try them, and wait
 * in the scheduler when they are taken. So initialisers, recursion and checkers see real calls. */
#include "fakes/linux/vthread_inside.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MUTEX     "mutex"
#define RWLOCK    "read-write lock"
#define SPIN_LOCK "spin lock"
#define A(thing)  "a " thing

/* Answers the error; without one, reports know from now on that the caller has it. */
static int had(struct vsched *vs, const volatile void *lock, const char *kind, int error)
{
    if (vs && (!error || error == EOWNERDEAD))
        vsched_hold(vs, (const void *)lock, kind);
    return error;
}

/* One mutex of the checking kind is asked by its owner: only the real call knows the answer. */
static bool is_own_checking_mutex(const pthread_mutex_t *mutex)
{
    return (mutex->__data.__kind & 3) == PTHREAD_MUTEX_ERRORCHECK_NP &&
           mutex->__data.__owner == vthread_self->tid;
}

static int lock_until(struct vsched *vs, pthread_mutex_t *mutex, int64_t deadline_ns)
{
    for (;;) {
        int error = REAL(pthread_mutex_trylock)(mutex);

        if (error != EBUSY)
            return had(vs, mutex, MUTEX, error);
        if (is_own_checking_mutex(mutex))
            return EDEADLK;
        if (vthread_is_outside(__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED)))
            return had(vs, mutex, MUTEX, REAL(pthread_mutex_lock)(mutex));
        if (!vsched_block(vs, mutex, A(MUTEX), deadline_ns))
            return ETIMEDOUT;
    }
}

int vthread_lock_again(struct vsched *vs, pthread_mutex_t *mutex)
{
    return lock_until(vs, mutex, SCHED_NEVER);
}

int vthread_unlock_for_wait(struct vsched *vs, pthread_mutex_t *mutex)
{
    int error = REAL(pthread_mutex_unlock)(mutex);

    if (!error) {
        vsched_drop(vs, mutex);
        vsched_wake(vs, mutex, 1);
    }
    return error;
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_mutex_lock)(mutex);
    vthread_step(vs);
    return lock_until(vs, mutex, SCHED_NEVER);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vthread_step(vs);
    return had(vs, mutex, MUTEX, REAL(pthread_mutex_trylock)(mutex));
}

int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock,
                            const struct timespec *restrict until)
{
    struct vsched *vs = vthread_vsched();
    int64_t deadline_ns;

    if (!vs)
        return REAL(pthread_mutex_clocklock)(mutex, clock, until);
    vthread_step(vs);
    int error = REAL(pthread_mutex_trylock)(mutex);
    if (error != EBUSY)
        return had(vs, mutex, MUTEX, error);
    error = vthread_deadline(vs, clock, until, &deadline_ns);
    return error ? error : lock_until(vs, mutex, deadline_ns);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
    if (!vthread_vsched())
        return REAL(pthread_mutex_timedlock)(mutex, until);
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, until);
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_mutex_unlock)(mutex);
    vthread_step(vs); /* while it is held: others fail to get it, or do without */
    int error = vthread_unlock_for_wait(vs, mutex);
    vthread_step(vs);
    return error;
}

/* Read-write locks. One function for both sides: the two differ in what is tried. */

static int rwlock_until(struct vsched *vs, pthread_rwlock_t *lock,
                        int (*try_lock)(pthread_rwlock_t *lock), int64_t deadline_ns)
{
    for (;;) {
        int error = try_lock(lock);

        if (error != EBUSY)
            return had(vs, lock, RWLOCK, error);
        int writer = lock->__data.__cur_writer;
        if (writer && vthread_is_outside(writer))
            vthread_wait_outside();
        else if (!vsched_block(vs, lock, A(RWLOCK), deadline_ns))
            return ETIMEDOUT;
    }
}

static int rwlock_clocklock(struct vsched *vs, pthread_rwlock_t *lock,
                            int (*try_lock)(pthread_rwlock_t *lock), clockid_t clock,
                            const struct timespec *until)
{
    int64_t deadline_ns;

    vthread_step(vs);
    int error = try_lock(lock);
    if (error != EBUSY)
        return had(vs, lock, RWLOCK, error);
    error = vthread_deadline(vs, clock, until, &deadline_ns);
    return error ? error : rwlock_until(vs, lock, try_lock, deadline_ns);
}

/* The real lock knows that the caller holds it for writing and says so; trying does not. */
static bool is_own_rwlock(const pthread_rwlock_t *lock)
{
    return lock->__data.__cur_writer == vthread_self->tid;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_rwlock_rdlock)(lock);
    vthread_step(vs);
    if (is_own_rwlock(lock))
        return EDEADLK;
    return rwlock_until(vs, lock, REAL(pthread_rwlock_tryrdlock), SCHED_NEVER);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_rwlock_wrlock)(lock);
    vthread_step(vs);
    if (is_own_rwlock(lock))
        return EDEADLK;
    return rwlock_until(vs, lock, REAL(pthread_rwlock_trywrlock), SCHED_NEVER);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vthread_step(vs);
    return had(vs, lock, RWLOCK, REAL(pthread_rwlock_tryrdlock)(lock));
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vthread_step(vs);
    return had(vs, lock, RWLOCK, REAL(pthread_rwlock_trywrlock)(lock));
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                               const struct timespec *restrict until)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_rwlock_clockrdlock)(lock, clock, until);
    return rwlock_clocklock(vs, lock, REAL(pthread_rwlock_tryrdlock), clock, until);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                               const struct timespec *restrict until)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_rwlock_clockwrlock)(lock, clock, until);
    return rwlock_clocklock(vs, lock, REAL(pthread_rwlock_trywrlock), clock, until);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    if (!vthread_vsched())
        return REAL(pthread_rwlock_timedrdlock)(lock, until);
    return pthread_rwlock_clockrdlock(lock, CLOCK_REALTIME, until);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until)
{
    if (!vthread_vsched())
        return REAL(pthread_rwlock_timedwrlock)(lock, until);
    return pthread_rwlock_clockwrlock(lock, CLOCK_REALTIME, until);
}

int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_rwlock_unlock)(lock);
    vthread_step(vs);
    int error = REAL(pthread_rwlock_unlock)(lock);
    vsched_drop(vs, lock);
    vsched_wake(vs, lock, VSCHED_ALL);
    vthread_step(vs);
    return error;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_spin_lock)(lock);
    vthread_step(vs);
    while (REAL(pthread_spin_trylock)(lock) == EBUSY)
        vsched_block(vs, (const void *)lock, A(SPIN_LOCK), SCHED_NEVER);
    return had(vs, lock, SPIN_LOCK, 0);
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vthread_step(vs);
    return had(vs, lock, SPIN_LOCK, REAL(pthread_spin_trylock)(lock));
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_spin_unlock)(lock);
    vthread_step(vs);
    int error = REAL(pthread_spin_unlock)(lock);
    vsched_drop(vs, (const void *)lock);
    vsched_wake(vs, (const void *)lock, 1);
    vthread_step(vs);
    return error;
}

/* SPDX-License-Identifier: MIT */
/* pthread_create and its relatives, and the threads of C11, which glibc makes without calling its
 * own pthread functions by name. */
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

#include "emu/base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <threads.h>

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
                   void *(*main)(void *), void *restrict arg)
{
    struct vsched *vs = vthread_vsched();

    if (!vs && !vthread_self)
        vs = vthread_enter_world();
    if (!vs)
        return REAL(pthread_create)(thread, attr, main, arg);
    kernel_threads_heed(attr);
    return vthread_create(thread, attr, main, arg);
}

int vthread_own_pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
                               void *(*main)(void *), void *restrict arg) __THROWNL
    __nonnull((1, 3)) __attribute__((alias("pthread_create"), visibility("hidden")));

bool vthread_is_alone(const struct vthread *vt)
{
    for (const struct vthread *other = vt->world->threads; other; other = other->next) {
        if (other != vt && other != vt->world->carrier && !other->has_ended)
            return false;
    }
    return true;
}

/* 0 once the thread has ended, ETIMEDOUT at the deadline. */
static int wait_for_end(struct vsched *vs, struct vthread *vt, int64_t deadline_ns)
{
    vsched_yield(vs, VSCHED_STEP_NS);
    while (!vt->has_ended) {
        bool is_woken = vthread_wait(vs, vt, "a thread to end", deadline_ns);
        pthread_testcancel();
        if (!is_woken)
            return ETIMEDOUT;
    }
    return 0;
}

static int join_until(struct vsched *vs, struct vthread *vt, void **result, int64_t deadline_ns)
{
    int error = vt == vthread_self ? EDEADLK : wait_for_end(vs, vt, deadline_ns);

    if (error)
        return error;
    error = REAL(pthread_join)(vt->pthread, result);
    if (!error)
        vthread_drop(vt);
    return error;
}

int pthread_join(pthread_t thread, void **result)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *vt = vs ? vthread_find(thread) : NULL;

    return vt ? join_until(vs, vt, result, SCHED_NEVER) : REAL(pthread_join)(thread, result);
}

int pthread_tryjoin_np(pthread_t thread, void **result)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *vt = vs ? vthread_find(thread) : NULL;

    if (!vt)
        return REAL(pthread_tryjoin_np)(thread, result);
    if (!vt->has_ended)
        vsched_yield(vs, VSCHED_LOOK_NS);
    return vt->has_ended ? join_until(vs, vt, result, SCHED_NEVER) : EBUSY;
}

int pthread_clockjoin_np(pthread_t thread, void **result, clockid_t clock,
                         const struct timespec *until)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *vt = vs ? vthread_find(thread) : NULL;
    int64_t deadline_ns = SCHED_NEVER;

    if (!vt)
        return REAL(pthread_clockjoin_np)(thread, result, clock, until);
    int error = until ? vthread_deadline(vs, clock, until, &deadline_ns) : 0;
    return error ? error : join_until(vs, vt, result, deadline_ns);
}

int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
    if (!vthread_vsched())
        return REAL(pthread_timedjoin_np)(thread, result, until);
    return pthread_clockjoin_np(thread, result, CLOCK_REALTIME, until);
}

int pthread_detach(pthread_t thread)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *vt = vs ? vthread_find(thread) : NULL;
    int error = REAL(pthread_detach)(thread);

    if (!vt || error)
        return error;
    if (vt->has_ended)
        vthread_drop(vt);
    else
        vt->is_detached = true;
    return 0;
}

/* Also the name in reports. */
int pthread_setname_np(pthread_t thread, const char *name)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *vt = vs ? vthread_find(thread) : NULL;

    ride_no_more_unless_alone();
    int error = REAL(pthread_setname_np)(thread, name);

    if (vt && !error)
        vsched_thread_rename(vt->record, name);
    return error;
}

struct c11_start {
    thrd_start_t main;
    void *arg;
};

static void *c11_main(void *arg)
{
    struct c11_start start = *(struct c11_start *)arg;

    free(arg);
    return (void *)(intptr_t)start.main(start.arg);
}

static int c11_result(int error)
{
    switch (error) {
    case 0:
        return thrd_success;
    case ENOMEM:
        return thrd_nomem;
    case ETIMEDOUT:
        return thrd_timedout;
    case EBUSY:
        return thrd_busy;
    default:
        return thrd_error;
    }
}

int thrd_create(thrd_t *thread, thrd_start_t main, void *arg)
{
    if (!vthread_vsched())
        return REAL(thrd_create)(thread, main, arg);
    struct c11_start *start = mem_new(struct c11_start);

    start->main = main;
    start->arg = arg;
    int error = pthread_create(thread, NULL, c11_main, start);
    if (error)
        free(start);
    return c11_result(error);
}

int thrd_join(thrd_t thread, int *result)
{
    void *value = NULL;

    if (!vthread_vsched())
        return REAL(thrd_join)(thread, result);
    int error = pthread_join(thread, &value);
    if (!error && result)
        *result = (int)(intptr_t)value;
    return c11_result(error);
}

int thrd_detach(thrd_t thread)
{
    return vthread_vsched() ? c11_result(pthread_detach(thread)) : REAL(thrd_detach)(thread);
}

int mtx_lock(mtx_t *mutex)
{
    if (!vthread_vsched())
        return REAL(mtx_lock)(mutex);
    return c11_result(pthread_mutex_lock((pthread_mutex_t *)(void *)mutex));
}

int mtx_trylock(mtx_t *mutex)
{
    if (!vthread_vsched())
        return REAL(mtx_trylock)(mutex);
    return c11_result(pthread_mutex_trylock((pthread_mutex_t *)(void *)mutex));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
    if (!vthread_vsched())
        return REAL(mtx_timedlock)(mutex, until);
    return c11_result(pthread_mutex_timedlock((pthread_mutex_t *)(void *)mutex, until));
}

int mtx_unlock(mtx_t *mutex)
{
    if (!vthread_vsched())
        return REAL(mtx_unlock)(mutex);
    return c11_result(pthread_mutex_unlock((pthread_mutex_t *)(void *)mutex));
}

int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    if (!vthread_vsched())
        return REAL(cnd_wait)(condition, mutex);
    return c11_result(
        pthread_cond_wait((pthread_cond_t *)(void *)condition, (pthread_mutex_t *)(void *)mutex));
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex,
                  const struct timespec *restrict until)
{
    if (!vthread_vsched())
        return REAL(cnd_timedwait)(condition, mutex, until);
    return c11_result(pthread_cond_timedwait((pthread_cond_t *)(void *)condition,
                                             (pthread_mutex_t *)(void *)mutex, until));
}

int cnd_signal(cnd_t *condition)
{
    if (!vthread_vsched())
        return REAL(cnd_signal)(condition);
    return c11_result(pthread_cond_signal((pthread_cond_t *)(void *)condition));
}

int cnd_broadcast(cnd_t *condition)
{
    if (!vthread_vsched())
        return REAL(cnd_broadcast)(condition);
    return c11_result(pthread_cond_broadcast((pthread_cond_t *)(void *)condition));
}

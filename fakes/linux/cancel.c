/* SPDX-License-Identifier: MIT */
/* Cancelling threads. libc keeps who is cancelled and unwinds; ours is that a virtual wait which is
 * a cancellation point ends at once. POSIX: "Thread Cancellation Overview", deferred
 * cancelability. */
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

static bool is_cancellation_enabled(void)
{
    int state, ignored;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_setcancelstate(state, &ignored);
    return state == PTHREAD_CANCEL_ENABLE;
}

bool vthread_is_cancelled(void)
{
    return vthread_self->is_cancelled && is_cancellation_enabled();
}

bool vthread_wait(struct vsched *vs, const void *key, const char *what, int64_t deadline_ns)
{
    if (vthread_is_cancelled())
        return false;
    vthread_self->is_cancellable = is_cancellation_enabled();
    bool is_woken = vsched_block(vs, key, what, deadline_ns);
    vthread_self->is_cancellable = false;
    return is_woken;
}

void vthread_begin_call(void)
{
    vthread_self->is_interrupted = vthread_self->must_fail = false;
}

static enum vthread_end interruption(struct vthread *self)
{
    enum vthread_end end = self->must_fail ? VTHREAD_INTERRUPTED : VTHREAD_RESTART;

    vthread_begin_call();
    return end;
}

enum vthread_end vthread_wait_or_signal(struct vsched *vs, const void *key, const char *what,
                                        int64_t deadline_ns)
{
    struct vthread *self = vthread_self;

    for (;;) {
        if (self->is_interrupted)
            return interruption(self);
        self->is_interruptible = true;
        bool is_woken = vthread_wait(vs, key, what, deadline_ns);
        self->is_interruptible = false;
        if (is_woken)
            return VTHREAD_WOKEN;
        if (vthread_is_cancelled() || sched_now(vsched_port(vs)) >= deadline_ns)
            return VTHREAD_LATE;
        if (self->awaited && !self->is_interrupted)
            return VTHREAD_RESTART;
        /* Else a signal that had no handler: it waits on. */
    }
}

int pthread_cancel(pthread_t thread)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *vt = vs ? vthread_find(thread) : NULL;

    if (!vt)
        return REAL(pthread_cancel)(thread);
    vthread_step(vs);
    ride_no_more(); /* libc may send a signal */
    int error = REAL(pthread_cancel)(thread);
    vt->is_cancelled = !error;
    if (vt->is_cancelled && vt->is_cancellable)
        vsched_interrupt(vt->record);
    vthread_step(vs);
    return error;
}

/* Cleanup handlers and destructors run next, and may wait. */
void pthread_testcancel(void)
{
    if (vthread_self && vthread_is_cancelled())
        vthread_self->is_cancelled = false;
    REAL(pthread_testcancel)();
}

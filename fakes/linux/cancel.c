/* SPDX-License-Identifier: MIT */
/* Cancelling threads. libc keeps who is cancelled and unwinds; ours is that a virtual wait which is
 * a cancellation point ends at once, and that nobody is ended without having the turn. POSIX:
 * "Thread Cancellation Overview". */
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

extern void __asan_handle_no_return(void) __attribute__((weak));

/* The thread's frames are about to be left without their ends. */
static void tell_sanitizer(void)
{
    if (__asan_handle_no_return)
        __asan_handle_no_return();
}

static bool is_cancellation_enabled(void)
{
    int state, ignored;

    REAL(pthread_setcancelstate)(PTHREAD_CANCEL_DISABLE, &state);
    REAL(pthread_setcancelstate)(state, &ignored);
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

/* A thread that may be ended anywhere ends at its next turn, in the middle of a wait, too: from
 * there on it has left the scheduler, and its cleanup handlers run with the turn. */
static int cancel_anywhere(struct vsched *vs, struct vthread *vt)
{
    vt->is_cancelled = vt->must_end = true;
    vsched_call(vt->record, true);
    vthread_step(vs);
    return 0;
}

void vthread_end_if_cancelled(struct vthread *self)
{
    if (!self->must_end)
        return;
    self->must_end = false;
    self->is_cancelled = self->is_cancel_disabled;
    tell_sanitizer();
    REAL(pthread_cancel)(self->pthread); /* returns only if it has become disabled */
}

int pthread_cancel(pthread_t thread)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *vt = vs ? vthread_find(thread) : NULL;

    if (!vt)
        return REAL(pthread_cancel)(thread);
    vthread_step(vs);
    if (vt != vthread_self && vt->is_cancelled_anywhere && !vt->is_cancel_disabled &&
        !vt->has_ended)
        return cancel_anywhere(vs, vt);
    int error = REAL(pthread_cancel)(thread);
    vt->is_cancelled = !error;
    if (vt->is_cancelled && vt->is_cancellable)
        vsched_interrupt(vt->record);
    vthread_step(vs);
    return error;
}

/* A cancellation that has come before acts when it is let: in libc's own function. */
static void act_if_let(struct vthread *self)
{
    if (!self->is_cancelled || !self->is_cancelled_anywhere || self->is_cancel_disabled)
        return;
    self->is_cancelled = false;
    tell_sanitizer();
}

int pthread_setcanceltype(int type, int *ret_old)
{
    struct vthread *self = vthread_vsched() ? vthread_self : NULL;

    if (self && (type == PTHREAD_CANCEL_DEFERRED || type == PTHREAD_CANCEL_ASYNCHRONOUS)) {
        self->is_cancelled_anywhere = type == PTHREAD_CANCEL_ASYNCHRONOUS;
        act_if_let(self);
    }
    return REAL(pthread_setcanceltype)(type, ret_old);
}

int pthread_setcancelstate(int state, int *ret_old)
{
    struct vthread *self = vthread_vsched() ? vthread_self : NULL;

    if (self && (state == PTHREAD_CANCEL_ENABLE || state == PTHREAD_CANCEL_DISABLE)) {
        self->is_cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
        act_if_let(self);
    }
    return REAL(pthread_setcancelstate)(state, ret_old);
}

/* Cleanup handlers and destructors run next, and may wait. */
void pthread_testcancel(void)
{
    if (vthread_self && vthread_is_cancelled()) {
        vthread_self->is_cancelled = false;
        tell_sanitizer();
    }
    REAL(pthread_testcancel)();
}

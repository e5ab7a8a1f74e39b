/* SPDX-License-Identifier: MIT */
/* Calls about signals: sending, blocking, waiting. POSIX pages of these names. */
#include "fakes/linux/ride.h"
#include "fakes/linux/signals.h"
#include "fakes/linux/vthread_inside.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int fail(int error)
{
    errno = error;
    return -1;
}

/* ---- masks ---- */

static sigset_t changed(const sigset_t *before, int how, const sigset_t *set)
{
    sigset_t mask = how == SIG_SETMASK ? *set : *before;

    for (int number = 1; number < _NSIG && how != SIG_SETMASK; number++) {
        if (sigismember(set, number) != 1)
            continue;
        if (how == SIG_BLOCK)
            sigaddset(&mask, number);
        else
            sigdelset(&mask, number);
    }
    return mask;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *ret_old)
{
    struct vsched *vs = vthread_vsched();

    if (!vs || !set)
        return REAL(pthread_sigmask)(how, set, ret_old);
    if (how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
        return EINVAL;
    ride_no_more();
    sigset_t before, mask;
    REAL(pthread_sigmask)(SIG_BLOCK, NULL, &before); /* as libc has left it, by siglongjmp too */
    mask = changed(&before, how, set);
    signals_set_mask(&mask, NULL);
    if (ret_old)
        *ret_old = before;
    return 0;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *ret_old)
{
    int error = pthread_sigmask(how, set, ret_old);

    return error ? fail(error) : 0;
}

int sigpending(sigset_t *ret_set)
{
    struct vthread *self = vthread_vsched() ? vthread_self : NULL;
    int result = REAL(sigpending)(ret_set);

    for (size_t i = 0; self && !result && i < self->signals.count; i++)
        sigaddset(ret_set, self->signals.items[i].si_signo);
    return result;
}

/* ---- sending ---- */

static siginfo_t message(int number, int code)
{
    siginfo_t info;

    memset(&info, 0, sizeof(info)); /* its padding, too */
    info.si_signo = number;
    info.si_code = code;
    info.si_pid = getpid();
    info.si_uid = getuid();
    return info;
}

/* Of a number that a thread can send in turns. */
static bool is_sendable(int number)
{
    return number > 0 && number < _NSIG && number != SIGKILL && number != SIGSTOP;
}

/* What goes to the caller itself has arrived before the call returns. */
static int send(struct vsched *vs, struct vthread *to, const siginfo_t *info)
{
    vthread_step(vs);
    signals_post(vthread_self->world, to, info);
    signals_deliver(vthread_self->record);
    vthread_step(vs);
    return 0;
}

int pthread_kill(pthread_t thread, int number)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *to = vs ? vthread_find(thread) : NULL;

    if (number && !pthread_equal(thread, pthread_self()))
        ride_no_more();
    if (!to || to->has_ended || !is_sendable(number))
        return REAL(pthread_kill)(thread, number);
    siginfo_t info = message(number, SI_TKILL);
    return send(vs, to, &info);
}

int pthread_sigqueue(pthread_t thread, int number, const union sigval value)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *to = vs ? vthread_find(thread) : NULL;

    ride_no_more();
    if (!to || to->has_ended || !is_sendable(number))
        return REAL(pthread_sigqueue)(thread, number, value);
    siginfo_t info = message(number, SI_QUEUE);
    info.si_value = value;
    return send(vs, to, &info);
}

static struct vthread *find_by_number(pid_t number)
{
    struct vthread *vt = vthread_self->world->threads;

    while (vt && (vt->tid != number || vt->has_ended))
        vt = vt->next;
    return vt;
}

int tgkill(pid_t process, pid_t thread, int number)
{
    struct vsched *vs = vthread_vsched();
    struct vthread *to = vs && process == getpid() ? find_by_number(thread) : NULL;

    if (number)
        ride_no_more();
    if (!to || !is_sendable(number))
        return REAL(tgkill)(process, thread, number);
    siginfo_t info = message(number, SI_TKILL);
    return send(vs, to, &info);
}

int kill(pid_t process, int number)
{
    struct vsched *vs = vthread_vsched();

    if (!vs || process != getpid() || !is_sendable(number))
        return REAL(kill)(process, number);
    siginfo_t info = message(number, SI_USER);
    return send(vs, NULL, &info);
}

int sigqueue(pid_t process, int number, const union sigval value)
{
    struct vsched *vs = vthread_vsched();

    if (!vs || process != getpid() || !is_sendable(number))
        return REAL(sigqueue)(process, number, value);
    siginfo_t info = message(number, SI_QUEUE);
    info.si_value = value;
    return send(vs, NULL, &info);
}

/* ---- waiting ---- */

struct signal_poller {
    struct poller poller;
    struct vthread *self;
    const sigset_t *set;
    siginfo_t info;
};

/* Asked by others, too: what was sent to the process anybody can take from the kernel. */
static int ask_signal(struct poller *poller)
{
    struct signal_poller *p = (struct signal_poller *)poller;
    static const struct timespec none;

    if (signals_take(p->self, p->set, &p->info))
        return p->info.si_signo;
    int number = REAL(sigtimedwait)(p->set, &p->info, &none);
    return number > 0 ? number : 0;
}

static int wait_for_signal(struct vsched *vs, const sigset_t *set, siginfo_t *ret_info,
                           int64_t deadline_ns)
{
    struct signal_poller p = { .poller = { .ask = ask_signal, .what = "a signal" },
                               .self = vthread_self,
                               .set = set };

    ride_no_more();
    vthread_begin_call();
    vthread_self->awaited = set;
    int number = vthread_poll_until(vs, &p.poller, deadline_ns);
    vthread_self->awaited = NULL;
    if (number > 0 && p.info.si_code == SI_TIMER)
        p.info.si_overrun = signal_timers_overrun(vthread_self->world, p.info.si_timerid);
    if (number > 0 && ret_info)
        *ret_info = p.info;
    return number ? number : fail(EAGAIN);
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict ret_info,
                 const struct timespec *restrict timeout)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(sigtimedwait)(set, ret_info, timeout);
    if (timeout && (!vthread_is_valid_time(timeout) || timeout->tv_sec < 0))
        return fail(EINVAL);
    return wait_for_signal(vs, set, ret_info,
                           timeout ? vthread_deadline_in(vs, timeout) : SCHED_NEVER);
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict ret_info)
{
    if (!vthread_vsched())
        return REAL(sigwaitinfo)(set, ret_info);
    return sigtimedwait(set, ret_info, NULL);
}

int sigwait(const sigset_t *restrict set, int *restrict ret_number)
{
    struct vsched *vs = vthread_vsched();
    int saved_errno = errno, number;

    if (!vs)
        return REAL(sigwait)(set, ret_number);
    do {
        number = wait_for_signal(vs, set, NULL, SCHED_NEVER);
    } while (number < 0 && errno == EINTR);
    if (number < 0)
        return errno;
    errno = saved_errno;
    *ret_number = number;
    return 0;
}

static int ask_nothing(struct poller *poller)
{
    (void)poller;
    return 0;
}

/* A poller, so that signals from outside are waited for as well. */
static int wait_for_handler(struct vsched *vs)
{
    struct poller poller = { .ask = ask_nothing, .what = "a signal" };

    return vthread_poll_until(vs, &poller, SCHED_NEVER);
}

int pause(void)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pause)();
    ride_no_more();
    vthread_begin_call();
    return wait_for_handler(vs);
}

int sigsuspend(const sigset_t *mask)
{
    struct vsched *vs = vthread_vsched();
    sigset_t before;

    if (!vs)
        return REAL(sigsuspend)(mask);
    ride_no_more();
    vthread_step(vs);
    vthread_begin_call();
    signals_set_mask(mask, &before);
    wait_for_handler(vs);
    signals_set_mask(&before, NULL);
    return fail(EINTR);
}

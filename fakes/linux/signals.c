/* SPDX-License-Identifier: MIT */
/* See signals.h. The kernel runs the handlers: the thread sends itself the signal when it may. So
 * frames, alternative stacks, masks during handlers and default actions are the kernel's. */
#include "fakes/linux/signals.h"

#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

#include <errno.h>
#include <string.h> /* array_remove */
#include <sys/syscall.h>
#include <unistd.h>

void signals_begin(struct vthread *vt)
{
    REAL(pthread_sigmask)(SIG_BLOCK, NULL, &vt->mask);
}

void signals_inherit(struct vthread *vt, const pthread_attr_t *attr)
{
    if (!attr || pthread_attr_getsigmask_np(attr, &vt->mask) != 0)
        vt->mask = vthread_self->mask;
}

static bool is_blocked(const struct vthread *vt, int number)
{
    return sigismember(&vt->mask, number) == 1;
}

enum disposition { IGNORED, DEFAULT, HANDLED };

/* POSIX: "Signal Concepts", default actions. */
static enum disposition disposition_of(int number)
{
    struct sigaction action;

    if (REAL(sigaction)(number, NULL, &action) != 0 || action.sa_handler == SIG_IGN)
        return IGNORED;
    if (action.sa_handler != SIG_DFL)
        return HANDLED;
    return number == SIGCHLD || number == SIGURG || number == SIGWINCH || number == SIGCONT
               ? IGNORED
               : DEFAULT;
}

/* As Linux: the first thread, unless it blocks the signal. */
static struct vthread *choose(struct vthread_world *world, int number)
{
    struct vthread *first = NULL, *chosen = NULL;
    unsigned n = 0;

    for (struct vthread *vt = world->threads; vt; vt = vt->next) {
        bool may = !vt->has_ended && vt != world->carrier && !is_blocked(vt, number);
        n += may;
        first = may && !vt->next ? vt : first; /* the list begins with the newest */
    }
    if (first || !n)
        return first;
    uint64_t nth = n > 1 ? random_below(&world->random.port, n) : 0;
    for (struct vthread *vt = world->threads; vt && !chosen; vt = vt->next) {
        if (!vt->has_ended && vt != world->carrier && !is_blocked(vt, number) && nth-- == 0)
            chosen = vt;
    }
    return chosen;
}

/* A signal that is already on its way is not sent twice, unless it is one that queues. */
static void add(struct vthread *to, const siginfo_t *info)
{
    for (size_t i = 0; i < to->signals.count; i++) {
        if (to->signals.items[i].si_signo == info->si_signo && info->si_signo < SIGRTMIN)
            return;
    }
    array_add(&to->signals, *info);
}

/* Blocked by everybody: waits in the kernel, as all that was sent to a process does. */
static void leave_to_kernel(const siginfo_t *info)
{
    siginfo_t copy = *info;
    int saved_errno = errno;

    /* Only the process's first thread may say that the kernel or a user was it. */
    if (info->si_code >= 0 || info->si_code == SI_TKILL)
        REAL(kill)(getpid(), info->si_signo);
    else
        REAL(syscall)(SYS_rt_sigqueueinfo, getpid(), info->si_signo, &copy);
    errno = saved_errno;
}

void signals_post(struct vthread_world *world, struct vthread *to, const siginfo_t *info)
{
    struct vthread *target = to ? to : choose(world, info->si_signo);

    ride_no_more();
    if (!target) {
        leave_to_kernel(info);
        return;
    }
    bool is_held = is_blocked(target, info->si_signo);
    bool is_awaited = target->awaited && sigismember(target->awaited, info->si_signo) == 1;
    enum disposition disposition = disposition_of(info->si_signo);
    if (!is_held && !is_awaited && disposition == IGNORED)
        return;
    if (!is_held && !is_awaited && disposition == DEFAULT) {
        leave_to_kernel(info); /* the process ends here, or stops */
        return;
    }
    add(target, info);
    if (!is_held || is_awaited)
        vsched_call(target->record, target->is_interruptible);
}

/* The kernel runs the handler before the call returns. */
static void raise_here(struct vthread *self, siginfo_t *info)
{
    sigset_t before = self->mask;
    bool was_in_handler = self->is_in_handler;
    struct sigaction action;
    int saved_errno = errno;

    if (REAL(sigaction)(info->si_signo, NULL, &action) == 0) {
        sigorset(&self->mask, &self->mask, &action.sa_mask);
        if (!(action.sa_flags & SA_NODEFER))
            sigaddset(&self->mask, info->si_signo);
    }
    self->is_in_handler = true;
    REAL(syscall)(SYS_rt_tgsigqueueinfo, getpid(), self->tid, info->si_signo, info);
    REAL(syscall)(SYS_tgkill, getpid(), self->tid, 0); /* behind which Valgrind delivers it */
    self->is_in_handler = was_in_handler;
    self->mask = before;
    errno = saved_errno;
}

static bool take_unblocked(struct vthread *self, siginfo_t *ret_info)
{
    for (size_t i = 0; i < self->signals.count; i++) {
        if (!is_blocked(self, self->signals.items[i].si_signo)) {
            *ret_info = self->signals.items[i];
            array_remove(&self->signals, i);
            return true;
        }
    }
    return false;
}

void signals_deliver(struct vsched_thread *record)
{
    struct vthread *self = vsched_thread_os_data(record);
    siginfo_t info;

    vthread_end_if_cancelled(self);
    /* Who has left a handler by siglongjmp has its old mask again. */
    if (self->is_in_handler)
        REAL(pthread_sigmask)(SIG_BLOCK, NULL, &self->mask);
    while (take_unblocked(self, &info))
        raise_here(self, &info);
}

void signals_set_mask(const sigset_t *mask, sigset_t *ret_old)
{
    struct vthread *self = vthread_self;

    if (ret_old)
        *ret_old = self->mask;
    /* What the kernel lets through arrives in the midst of this, and finds the new mask. */
    self->mask = *mask;
    REAL(pthread_sigmask)(SIG_SETMASK, mask, NULL);
    if (self->record && !vsched_thread_is_inside(self->record))
        signals_deliver(self->record);
}

bool signals_take(struct vthread *self, const sigset_t *set, siginfo_t *ret_info)
{
    for (size_t i = 0; i < self->signals.count; i++) {
        if (sigismember(set, self->signals.items[i].si_signo) == 1) {
            *ret_info = self->signals.items[i];
            array_remove(&self->signals, i);
            return true;
        }
    }
    return false;
}

bool signals_has(const struct vthread_world *world, int number)
{
    sigset_t pending;

    for (const struct vthread *vt = world->threads; vt; vt = vt->next) {
        for (size_t i = 0; i < vt->signals.count; i++) {
            if (vt->signals.items[i].si_signo == number)
                return true;
        }
    }
    sigemptyset(&pending);
    REAL(sigpending)(&pending);
    return sigismember(&pending, number) == 1;
}

/* Others' turns are not to be disturbed: whoever looks outside next sends it on. One of each number
 * is kept. */
static void put_off(struct vthread_world *world, int number, const siginfo_t *info)
{
    world->outside[number] = *info;
    __atomic_fetch_or(&world->outside_signals, UINT64_C(1) << (number - 1), __ATOMIC_RELEASE);
}

void signals_look_outside(struct vthread_world *world)
{
    if (!__atomic_load_n(&world->outside_signals, __ATOMIC_RELAXED))
        return;
    uint64_t came = __atomic_exchange_n(&world->outside_signals, 0, __ATOMIC_ACQUIRE);
    for (int number = 1; number < _NSIG; number++) {
        if (came & UINT64_C(1) << (number - 1))
            signals_post(world, NULL, &world->outside[number]);
    }
}

bool signals_enter(int number, const siginfo_t *info, bool is_restarting)
{
    struct vthread *self = vthread_self;

    if (!self)
        return true;
    if (self->record != vsched_running(self->vs) || vsched_thread_is_inside(self->record)) {
        put_off(self->world, number, info);
        return false;
    }
    self->is_interrupted = true;
    self->must_fail |= !is_restarting;
    return true;
}

/* SPDX-License-Identifier: MIT */
/* Waiting for file descriptors: poll, select, epoll and their variants. The real call is made with
 * time-out 0, again at each change of turns while somebody waits. When nobody can run and nothing
 * is due, the process waits for the outside in steps of a millisecond; that is the one place where
 * a virtual world depends on the machine. */
#include "fakes/linux/signals.h"
#include "fakes/linux/timer_files.h"
#include "fakes/linux/vthread_inside.h"
#include "fakes/linux/watchdog.h"

#include "emu/base/check.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>

/* The real calls are cancellation points, but not of whoever asks, perhaps for somebody else. */
static bool has_answer(struct poller *poller)
{
    int state, ignored;

    REAL(pthread_setcancelstate)(PTHREAD_CANCEL_DISABLE, &state);
    poller->result = poller->ask(poller);
    poller->error = errno;
    REAL(pthread_setcancelstate)(state, &ignored);
    return poller->result != 0;
}

static void remove_poller(struct poller *poller)
{
    struct poller **at = vthread_pollers();

    while (*at != poller)
        at = &(*at)->next;
    *at = poller->next;
}

bool vthread_look_outside(struct vsched *vs, bool idle)
{
    static const struct timespec moment = { .tv_nsec = 1000000 };
    struct poller *first = vthread_self ? *vthread_pollers() : NULL;
    int saved_errno = errno, state, ignored;

    if (watchdog_is_due())
        watchdog_start_awaited();
    if (vthread_self)
        signals_look_outside(vthread_self->world);
    if (!first)
        return false;
    timer_files_expire(vs);
    for (struct poller *poller = first; poller; poller = poller->next) {
        if (!poller->result && has_answer(poller)) /* an answer can be the only one */
            vsched_wake(vs, poller, VSCHED_ALL);
    }
    if (idle) {
        REAL(pthread_setcancelstate)(PTHREAD_CANCEL_DISABLE, &state);
        REAL(nanosleep)(&moment, NULL);
        REAL(pthread_setcancelstate)(state, &ignored);
    }
    errno = saved_errno;
    return true;
}

void vthread_wake_pollers(struct vsched *vs)
{
    for (struct poller *poller = *vthread_pollers(); poller; poller = poller->next)
        vsched_wake(vs, poller, VSCHED_ALL);
}

static int64_t real_ns(void)
{
    struct timespec now;

    REAL(clock_gettime)(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SCHED_SECOND + now.tv_nsec;
}

/* Virtual time since the process outside began must not be ahead of real time. */
bool vthread_keep_pace(struct vsched *vs, int64_t next_ns)
{
    struct vthread_world *world = vthread_self ? vthread_self->world : NULL;

    if (!world)
        return false;
    if (next_ns < 0) {
        world->pace_real_ns = real_ns();
        world->pace_virtual_ns = sched_now(vsched_port(vs));
        return false;
    }
    if (next_ns - world->pace_virtual_ns <= real_ns() - world->pace_real_ns)
        return false;
    return vthread_look_outside(vs, true);
}

/* Waits once more for the poller's answer. */
static void wait_for_answer(struct vsched *vs, struct poller *poller, int64_t deadline_ns)
{
    int64_t due_ns = timer_files_due();
    enum vthread_end end =
        vthread_wait_or_signal(vs, poller, poller->what ? poller->what : "a file descriptor",
                               due_ns < deadline_ns ? due_ns : deadline_ns);

    timer_files_expire(vs);
    if (poller->result || has_answer(poller))
        return;
    if (end == VTHREAD_INTERRUPTED || (end == VTHREAD_RESTART && !poller->is_restarted)) {
        poller->result = -1;
        poller->error = EINTR;
    }
}

int vthread_poll_until(struct vsched *vs, struct poller *poller, int64_t deadline_ns)
{
    int saved_errno = errno;

    vsched_yield(vs, VSCHED_LOOK_NS);
    timer_files_expire(vs);
    if (!has_answer(poller)) {
        poller->next = *vthread_pollers();
        *vthread_pollers() = poller;
        while (!poller->result && !vthread_is_cancelled() &&
               sched_now(vsched_port(vs)) < deadline_ns)
            wait_for_answer(vs, poller, deadline_ns);
        remove_poller(poller);
        pthread_testcancel();
    }
    errno = poller->result < 0 ? poller->error : saved_errno;
    return poller->result;
}

/* The same with another signal mask (NULL: none), as ppoll and its like. */
static int poll_masked(struct vsched *vs, struct poller *poller, int64_t deadline_ns,
                       const sigset_t *mask)
{
    sigset_t before;

    vthread_begin_call();
    if (!mask)
        return vthread_poll_until(vs, poller, deadline_ns);
    signals_set_mask(mask, &before);
    int result = vthread_poll_until(vs, poller, deadline_ns), error = errno;
    signals_set_mask(&before, NULL);
    errno = error;
    return result;
}

static int64_t deadline_in_ms(struct vsched *vs, int timeout_ms)
{
    return timeout_ms < 0 ? SCHED_NEVER : sched_now(vsched_port(vs)) + timeout_ms * SCHED_MS;
}

struct poll_poller {
    struct poller poller;
    struct pollfd *fds;
    nfds_t n;
};

static int ask_poll(struct poller *poller)
{
    struct poll_poller *p = (struct poll_poller *)poller;

    return REAL(poll)(p->fds, p->n, 0);
}

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(poll)(fds, n, timeout_ms);
    struct poll_poller p = { { .ask = ask_poll }, fds, n };
    return poll_masked(vs, &p.poller, deadline_in_ms(vs, timeout_ms), NULL);
}

int vthread_poll_one(struct vsched *vs, struct pollfd *fd, bool may_wait)
{
    struct poll_poller p = { { .ask = ask_poll, .is_restarted = true }, fd, 1 };

    return poll_masked(vs, &p.poller, may_wait ? SCHED_NEVER : 0, NULL);
}

/* What poll becomes with _FORTIFY_SOURCE. */
int __poll_chk(struct pollfd *fds, nfds_t n, int timeout_ms, size_t size);

int __poll_chk(struct pollfd *fds, nfds_t n, int timeout_ms, size_t size)
{
    if (!vthread_vsched())
        return REAL(__poll_chk)(fds, n, timeout_ms, size);
    check(size / sizeof(*fds) >= n);
    return poll(fds, n, timeout_ms);
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(ppoll)(fds, n, timeout, mask);
    struct poll_poller p = { { .ask = ask_poll }, fds, n };
    return poll_masked(vs, &p.poller, timeout ? vthread_deadline_in(vs, timeout) : SCHED_NEVER,
                       mask);
}

int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask,
                size_t size);

int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout, const sigset_t *mask,
                size_t size)
{
    if (!vthread_vsched())
        return REAL(__ppoll_chk)(fds, n, timeout, mask, size);
    check(size / sizeof(*fds) >= n);
    return ppoll(fds, n, timeout, mask);
}

struct select_poller {
    struct poller poller;
    int n;
    fd_set *sets[3]; /* the caller's */
    fd_set wanted[3];
};

static int ask_select(struct poller *poller)
{
    struct select_poller *p = (struct select_poller *)poller;
    struct timeval none = { 0 };

    for (int i = 0; i < 3; i++) {
        if (p->sets[i])
            *p->sets[i] = p->wanted[i];
    }
    return REAL(select)(p->n, p->sets[0], p->sets[1], p->sets[2], &none);
}

static int select_until(struct vsched *vs, int n, fd_set *sets[3], int64_t deadline_ns,
                        const sigset_t *mask)
{
    struct select_poller p = { .poller = { .ask = ask_select }, .n = n };

    for (int i = 0; i < 3; i++) {
        p.sets[i] = sets[i];
        if (sets[i])
            p.wanted[i] = *sets[i];
    }
    return poll_masked(vs, &p.poller, deadline_ns, mask);
}

int select(int n, fd_set *restrict readable, fd_set *restrict writable,
           fd_set *restrict exceptional, struct timeval *restrict timeout)
{
    struct vsched *vs = vthread_vsched();
    fd_set *sets[3] = { readable, writable, exceptional };
    int64_t deadline_ns = SCHED_NEVER;

    if (!vs)
        return REAL(select)(n, readable, writable, exceptional, timeout);
    if (timeout)
        deadline_ns =
            sched_now(vsched_port(vs)) + timeout->tv_sec * SCHED_SECOND + timeout->tv_usec * 1000;
    return select_until(vs, n, sets, deadline_ns, NULL);
}

int pselect(int n, fd_set *restrict readable, fd_set *restrict writable,
            fd_set *restrict exceptional, const struct timespec *restrict timeout,
            const sigset_t *restrict mask)
{
    struct vsched *vs = vthread_vsched();
    fd_set *sets[3] = { readable, writable, exceptional };

    if (!vs)
        return REAL(pselect)(n, readable, writable, exceptional, timeout, mask);
    return select_until(vs, n, sets, timeout ? vthread_deadline_in(vs, timeout) : SCHED_NEVER,
                        mask);
}

struct epoll_poller {
    struct poller poller;
    int fd;
    struct epoll_event *events;
    int n;
};

static int ask_epoll(struct poller *poller)
{
    struct epoll_poller *p = (struct epoll_poller *)poller;

    return REAL(epoll_wait)(p->fd, p->events, p->n, 0);
}

int epoll_wait(int fd, struct epoll_event *events, int n, int timeout_ms)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(epoll_wait)(fd, events, n, timeout_ms);
    struct epoll_poller p = { { .ask = ask_epoll }, fd, events, n };
    return poll_masked(vs, &p.poller, deadline_in_ms(vs, timeout_ms), NULL);
}

int epoll_pwait(int fd, struct epoll_event *events, int n, int timeout_ms, const sigset_t *mask)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(epoll_pwait)(fd, events, n, timeout_ms, mask);
    struct epoll_poller p = { { .ask = ask_epoll }, fd, events, n };
    return poll_masked(vs, &p.poller, deadline_in_ms(vs, timeout_ms), mask);
}

int epoll_pwait2(int fd, struct epoll_event *events, int n, const struct timespec *timeout,
                 const sigset_t *mask)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(epoll_pwait2)(fd, events, n, timeout, mask);
    struct epoll_poller p = { { .ask = ask_epoll }, fd, events, n };
    return poll_masked(vs, &p.poller, timeout ? vthread_deadline_in(vs, timeout) : SCHED_NEVER,
                       mask);
}

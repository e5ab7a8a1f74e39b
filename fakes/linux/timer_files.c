/* SPDX-License-Identifier: MIT */
/* Timers that are file descriptors (timerfd), on the world's clock. Behind each is an event counter
 * of the kernel's (eventfd), which reads and polls like a timer: 8 bytes, the number of
 * expirations, and nothing is readable while it is 0. Nobody sees a timer but through a read or a
 * poll of this folder, so it is enough to count what has expired before each of these looks, and to
 * let whoever waits for descriptors wake when the nearest one is due. */
#include "fakes/linux/timer_files.h"

#include "fakes/linux/vthread_inside.h"

#include "emu/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct timer_file {
    struct timer_file *next; /* of its world */
    int fd;
    clockid_t clock;
    int64_t due_ns;      /* on the scheduler's clock; SCHED_NEVER: disarmed */
    int64_t interval_ns; /* 0: it expires once */
};

static int fail(int error)
{
    errno = error;
    return -1;
}

static struct timer_file *find(int fd)
{
    struct timer_file *timer = vthread_self ? vthread_self->world->timer_files : NULL;

    while (timer && timer->fd != fd)
        timer = timer->next;
    return timer;
}

void timer_files_expire(struct vsched *vs)
{
    int64_t now = sched_now(vsched_port(vs));
    int saved_errno = errno;

    for (struct timer_file *t = vthread_self->world->timer_files; t; t = t->next) {
        if (t->due_ns > now)
            continue;
        uint64_t n = 1 + (t->interval_ns ? (uint64_t)((now - t->due_ns) / t->interval_ns) : 0);
        t->due_ns = t->interval_ns ? t->due_ns + (int64_t)n * t->interval_ns : SCHED_NEVER;
        (void)!write(t->fd, &n, sizeof(n));
    }
    errno = saved_errno;
}

int64_t timer_files_due(void)
{
    int64_t nearest = SCHED_NEVER;

    for (struct timer_file *t = vthread_self->world->timer_files; t; t = t->next) {
        if (t->due_ns < nearest)
            nearest = t->due_ns;
    }
    return nearest;
}

void timer_files_forget(struct vthread_world *world)
{
    while (world->timer_files) {
        struct timer_file *timer = world->timer_files;

        world->timer_files = timer->next;
        free(timer);
    }
}

int timerfd_create(clockid_t clock, int flags)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(timerfd_create)(clock, flags);
    if (clock == CLOCK_TAI || vthread_plain_clock(clock) < 0 ||
        flags & ~(TFD_NONBLOCK | TFD_CLOEXEC))
        return fail(EINVAL);
    int fd = eventfd(0, (flags & TFD_NONBLOCK ? EFD_NONBLOCK : 0) |
                            (flags & TFD_CLOEXEC ? EFD_CLOEXEC : 0));
    if (fd < 0)
        return -1;
    struct timer_file *timer = mem_new(struct timer_file);
    *timer = (struct timer_file){ vthread_self->world->timer_files, fd, vthread_plain_clock(clock),
                                  SCHED_NEVER, 0 };
    vthread_self->world->timer_files = timer;
    return fd;
}

static int64_t length_ns(const struct timespec *length)
{
    return length->tv_sec * SCHED_SECOND + length->tv_nsec;
}

static struct timespec length_of(int64_t ns)
{
    return (struct timespec){ .tv_sec = ns / SCHED_SECOND, .tv_nsec = ns % SCHED_SECOND };
}

static void describe(struct vsched *vs, const struct timer_file *timer, struct itimerspec *ret)
{
    int64_t left = timer->due_ns - sched_now(vsched_port(vs));

    *ret = (struct itimerspec){ .it_interval = length_of(timer->interval_ns) };
    if (timer->due_ns != SCHED_NEVER)
        ret->it_value = length_of(left > 0 ? left : 1);
}

int timerfd_gettime(int fd, struct itimerspec *ret)
{
    struct vsched *vs = vthread_vsched();
    struct timer_file *timer = vs ? find(fd) : NULL;

    if (!timer)
        return REAL(timerfd_gettime)(fd, ret);
    vsched_yield(vs, VSCHED_LOOK_NS);
    timer_files_expire(vs);
    describe(vs, timer, ret);
    return 0;
}

/* What has expired and was not read is forgotten when a timer is set. */
static void empty(int fd)
{
    struct pollfd is_readable = { .fd = fd, .events = POLLIN };
    uint64_t n;

    if (REAL(poll)(&is_readable, 1, 0) == 1)
        (void)!REAL(read)(fd, &n, sizeof(n));
}

int timerfd_settime(int fd, int flags, const struct itimerspec *wish, struct itimerspec *ret_old)
{
    struct vsched *vs = vthread_vsched();
    struct timer_file *timer = vs ? find(fd) : NULL;
    int64_t due_ns = SCHED_NEVER;

    if (!timer)
        return REAL(timerfd_settime)(fd, flags, wish, ret_old);
    if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET) ||
        !vthread_is_valid_time(&wish->it_value) || !vthread_is_valid_time(&wish->it_interval))
        return fail(EINVAL);
    vsched_yield(vs, VSCHED_STEP_NS);
    timer_files_expire(vs);
    if (ret_old)
        describe(vs, timer, ret_old);
    if (!wish->it_value.tv_sec && !wish->it_value.tv_nsec)
        due_ns = SCHED_NEVER; /* Linux: "timerfd_create(2)", zero disarms, absolute or not */
    else if (flags & TFD_TIMER_ABSTIME)
        vthread_deadline(vs, timer->clock, &wish->it_value, &due_ns);
    else
        due_ns = vthread_deadline_in(vs, &wish->it_value);
    empty(fd);
    timer->due_ns = due_ns;
    timer->interval_ns = length_ns(&wish->it_interval);
    vthread_wake_pollers(vs); /* one of them may wait for this timer, until a later time */
    return 0;
}

ssize_t read(int fd, void *buffer, size_t size)
{
    struct vsched *vs = vthread_self && vthread_self->world->timer_files ? vthread_vsched() : NULL;

    if (!vs || !find(fd))
        return REAL(read)(fd, buffer, size);
    struct pollfd is_readable = { .fd = fd, .events = POLLIN };
    bool may_wait = !(fcntl(fd, F_GETFL) & O_NONBLOCK);
    if (vthread_poll_one(vs, &is_readable, may_wait) < 0)
        return -1;
    return REAL(read)(fd, buffer, size);
}

/* What read becomes with _FORTIFY_SOURCE. */
ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);

ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room)
{
    if (size > room || !find(fd))
        return REAL(__read_chk)(fd, buffer, size, room);
    return read(fd, buffer, size);
}

int close(int fd)
{
    if (find(fd)) {
        struct timer_file **at = &vthread_self->world->timer_files;
        while ((*at)->fd != fd)
            at = &(*at)->next;
        struct timer_file *timer = *at;
        *at = timer->next;
        free(timer);
    }
    return REAL(close)(fd);
}

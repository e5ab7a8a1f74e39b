/* SPDX-License-Identifier: MIT */
/* Timers that send signals or start threads: timer_create and its relatives, alarm, setitimer. Each
 * is a task of the scheduler, so that it is drawn among all who can run when it is due. Those that
 * measure processor time (ITIMER_VIRTUAL, ITIMER_PROF, clocks of threads) are the machine's. */
#include "fakes/linux/ride.h"
#include "fakes/linux/signals.h"
#include "fakes/linux/vthread_inside.h"

#include "emu/base/list.h" /* container_of */
#include "emu/base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

struct signal_timer {
    struct sched_task task; /* queued while it is armed */
    struct signal_timer *next;
    struct vthread_world *world;
    int id;
    clockid_t clock;
    struct sigevent event;
    int code;            /* of the signal: SI_TIMER, SI_KERNEL */
    int64_t due_ns;      /* SCHED_NEVER: disarmed */
    int64_t interval_ns; /* 0: it expires once */
    bool is_sent;        /* at least once since it was set */
    int n_overrun;       /* expirations behind the one whose signal was sent last */
};

static int fail(int error)
{
    errno = error;
    return -1;
}

/* ---- expiring ---- */

struct notice {
    void (*call)(union sigval value);
    union sigval value;
};

static void *notify(void *arg)
{
    struct notice notice = *(struct notice *)arg;

    free(arg);
    notice.call(notice.value);
    return NULL;
}

/* As glibc: a thread for each expiration, with all signals blocked. */
static void start_thread(const struct signal_timer *timer)
{
    struct notice *notice = mem_new(struct notice);
    const pthread_attr_t *wish = timer->event.sigev_notify_attributes;
    pthread_attr_t attr;
    pthread_t thread;
    sigset_t all, before;
    size_t size;

    *notice = (struct notice){ timer->event.sigev_notify_function, timer->event.sigev_value };
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    if (wish && pthread_attr_getstacksize(wish, &size) == 0)
        pthread_attr_setstacksize(&attr, size);
    sigfillset(&all);
    bool rides = timer->world->rides;
    if (!rides) {
        before = vthread_self->mask;
        vthread_self->mask = all;
        REAL(pthread_sigmask)(SIG_SETMASK, &all, NULL);
    }
    if (pthread_create(&thread, &attr, notify, notice) != 0)
        free(notice);
    if (vthread_self->new_child)
        vthread_await_child(vthread_self);
    if (!rides) {
        vthread_self->mask = before;
        REAL(pthread_sigmask)(SIG_SETMASK, &before, NULL);
    }
    pthread_attr_destroy(&attr);
}

static struct vthread *find_thread(const struct vthread_world *world, int tid)
{
    struct vthread *vt = world->threads;

    while (vt && (vt->tid != tid || vt->has_ended))
        vt = vt->next;
    return vt;
}

static void send_signal(struct signal_timer *timer, int n)
{
    int number = timer->event.sigev_signo;
    bool is_for_thread = timer->event.sigev_notify == SIGEV_THREAD_ID;
    struct vthread *to =
        is_for_thread ? find_thread(timer->world, timer->event._sigev_un._tid) : NULL;
    siginfo_t info;

    if (timer->is_sent && signals_has(timer->world, number)) {
        timer->n_overrun += n; /* POSIX: "timer_getoverrun", one signal is queued at a time */
        return;
    }
    timer->n_overrun = n - 1;
    timer->is_sent = true;
    memset(&info, 0, sizeof(info));
    info.si_signo = number;
    info.si_code = timer->code;
    if (timer->code == SI_TIMER) {
        info.si_timerid = timer->id;
        info.si_overrun = timer->n_overrun;
        info.si_value = timer->event.sigev_value;
    }
    if (to || !is_for_thread)
        signals_post(timer->world, to, &info);
}

/* Runs as any task does: inside the service, on a thread that waits. */
static void expire(struct sched_task *task)
{
    struct signal_timer *timer = container_of(task, struct signal_timer, task);
    struct sched *sched = vsched_port(timer->world->vs);
    int64_t late_ns = sched_now(sched) - timer->due_ns;
    int64_t n = 1 + (timer->interval_ns ? late_ns / timer->interval_ns : 0);

    timer->due_ns = timer->interval_ns ? timer->due_ns + n * timer->interval_ns : SCHED_NEVER;
    if (timer->interval_ns)
        sched_post(sched, task, timer->due_ns);
    if (timer->event.sigev_notify == SIGEV_THREAD)
        start_thread(timer);
    else if (timer->event.sigev_notify != SIGEV_NONE)
        send_signal(timer, (int)n);
}

/* ---- setting ---- */

static struct signal_timer *timer_new(struct vthread_world *world, clockid_t clock,
                                      const struct sigevent *event, int code)
{
    struct signal_timer *timer = mem_new(struct signal_timer);

    timer->task.run = expire;
    timer->world = world;
    timer->clock = clock;
    timer->event = *event;
    timer->code = code;
    timer->due_ns = SCHED_NEVER;
    return timer;
}

static void disarm(struct signal_timer *timer)
{
    if (timer->due_ns != SCHED_NEVER)
        sched_cancel(vsched_port(timer->world->vs), &timer->task);
    timer->due_ns = SCHED_NEVER;
}

static void arm(struct signal_timer *timer, int64_t due_ns, int64_t interval_ns)
{
    disarm(timer);
    timer->is_sent = false;
    timer->n_overrun = 0;
    timer->due_ns = due_ns;
    timer->interval_ns = interval_ns;
    if (due_ns != SCHED_NEVER)
        sched_post(vsched_port(timer->world->vs), &timer->task, due_ns);
}

/* What is left; something, as long as it has not expired. */
static int64_t left_ns(const struct signal_timer *timer)
{
    int64_t left = 0;

    if (timer && timer->due_ns != SCHED_NEVER) {
        left = timer->due_ns - sched_now(vsched_port(timer->world->vs));
        left = left > 0 ? left : 1;
    }
    return left;
}

void signal_timers_forget(struct vthread_world *world)
{
    if (world->alarm)
        disarm(world->alarm);
    free(world->alarm);
    while (world->timers) {
        struct signal_timer *timer = world->timers;

        disarm(timer);
        world->timers = timer->next;
        free(timer);
    }
}

int signal_timers_overrun(const struct vthread_world *world, int id)
{
    const struct signal_timer *timer = world->timers;

    while (timer && timer->id != id)
        timer = timer->next;
    return timer ? timer->n_overrun : 0;
}

/* ---- timer_create and its relatives ---- */

static struct signal_timer *find(timer_t id)
{
    struct signal_timer *timer = vthread_vsched() ? vthread_self->world->timers : NULL;

    while (timer && (timer_t)timer != id)
        timer = timer->next;
    return timer;
}

clockid_t vthread_plain_clock(clockid_t clock)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_ALARM:
    case CLOCK_TAI:
        return CLOCK_REALTIME;
    case CLOCK_MONOTONIC:
    case CLOCK_BOOTTIME:
    case CLOCK_BOOTTIME_ALARM:
        return CLOCK_MONOTONIC;
    default:
        return -1;
    }
}

static bool is_valid_event(const struct sigevent *event)
{
    switch (event->sigev_notify) {
    case SIGEV_NONE:
    case SIGEV_THREAD:
        return true;
    case SIGEV_THREAD_ID:
        if (!find_thread(vthread_self->world, event->_sigev_un._tid))
            return false;
        return event->sigev_signo > 0 && event->sigev_signo < _NSIG;
    case SIGEV_SIGNAL:
        return event->sigev_signo > 0 && event->sigev_signo < _NSIG;
    default:
        return false;
    }
}

int timer_create(clockid_t clock, struct sigevent *event, timer_t *ret_timer)
{
    struct vsched *vs = vthread_vsched();

    if (!vs || vthread_plain_clock(clock) < 0)
        return REAL(timer_create)(clock, event, ret_timer);
    struct vthread_world *world = vthread_self->world;
    struct sigevent usual = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
    const struct sigevent *chosen = event ? event : &usual;

    if (!is_valid_event(chosen))
        return fail(EINVAL);
    if (chosen->sigev_notify != SIGEV_NONE && chosen->sigev_notify != SIGEV_THREAD)
        ride_no_more();
    vthread_step(vs);
    struct signal_timer *timer = timer_new(world, vthread_plain_clock(clock), chosen, SI_TIMER);
    timer->id = ++world->n_timers;
    if (!event)
        timer->event.sigev_value.sival_int = timer->id;
    timer->next = world->timers;
    world->timers = timer;
    *ret_timer = (timer_t)timer;
    return 0;
}

int timer_delete(timer_t id)
{
    struct signal_timer *timer = find(id), **at;

    if (!timer)
        return REAL(timer_delete)(id);
    vthread_step(timer->world->vs);
    disarm(timer);
    for (at = &timer->world->timers; *at != timer;)
        at = &(*at)->next;
    *at = timer->next;
    free(timer);
    return 0;
}

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){ .tv_sec = ns / SCHED_SECOND, .tv_nsec = ns % SCHED_SECOND };
}

static void describe(const struct signal_timer *timer, struct itimerspec *ret)
{
    ret->it_interval = timespec_of(timer->interval_ns);
    ret->it_value = timespec_of(left_ns(timer));
}

int timer_gettime(timer_t id, struct itimerspec *ret)
{
    struct signal_timer *timer = find(id);

    if (!timer)
        return REAL(timer_gettime)(id, ret);
    vsched_yield(timer->world->vs, VSCHED_LOOK_NS);
    describe(timer, ret);
    return 0;
}

int timer_settime(timer_t id, int flags, const struct itimerspec *restrict wish,
                  struct itimerspec *restrict ret_old)
{
    struct signal_timer *timer = find(id);
    int64_t due_ns = SCHED_NEVER;

    if (!timer)
        return REAL(timer_settime)(id, flags, wish, ret_old);
    if (!vthread_is_valid_time(&wish->it_value) || !vthread_is_valid_time(&wish->it_interval) ||
        wish->it_value.tv_sec < 0 || wish->it_interval.tv_sec < 0)
        return fail(EINVAL);
    struct vsched *vs = timer->world->vs;
    vthread_step(vs);
    if (ret_old)
        describe(timer, ret_old);
    if (!wish->it_value.tv_sec && !wish->it_value.tv_nsec)
        due_ns = SCHED_NEVER;
    else if (flags & TIMER_ABSTIME)
        vthread_deadline(vs, timer->clock, &wish->it_value, &due_ns);
    else
        due_ns = vthread_deadline_in(vs, &wish->it_value);
    arm(timer, due_ns, vthread_length_ns(&wish->it_interval));
    vthread_step(vs);
    return 0;
}

int timer_getoverrun(timer_t id)
{
    struct signal_timer *timer = find(id);

    if (!timer)
        return REAL(timer_getoverrun)(id);
    vthread_step(timer->world->vs);
    return timer->n_overrun;
}

/* ---- the one of the process: alarm and setitimer ---- */

static struct signal_timer *alarm_of(struct vthread_world *world)
{
    static const struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

    ride_no_more();
    if (!world->alarm)
        world->alarm = timer_new(world, CLOCK_MONOTONIC, &event, SI_KERNEL);
    return world->alarm;
}

static int64_t ns_of(const struct timeval *length)
{
    int64_t ns;

    if (__builtin_mul_overflow(length->tv_sec, SCHED_SECOND, &ns) ||
        __builtin_add_overflow(ns, length->tv_usec * 1000, &ns))
        return SCHED_NEVER;
    return ns;
}

/* Answers what was left before. */
static int64_t set_alarm(struct vsched *vs, int64_t length_ns, int64_t interval_ns)
{
    int64_t at_ns;

    vthread_step(vs);
    struct signal_timer *alarm_timer = alarm_of(vthread_self->world);
    int64_t before = left_ns(alarm_timer);

    if (__builtin_add_overflow(sched_now(vsched_port(vs)), length_ns, &at_ns))
        at_ns = SCHED_NEVER;
    arm(alarm_timer, length_ns ? at_ns : SCHED_NEVER, interval_ns);
    vthread_step(vs);
    return before;
}

/* Linux rounds: what is left is never told as 0. */
unsigned alarm(unsigned seconds)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(alarm)(seconds);
    int64_t left = set_alarm(vs, (int64_t)seconds * SCHED_SECOND, 0);
    return left && left < SCHED_SECOND ? 1 : (unsigned)((left + SCHED_SECOND / 2) / SCHED_SECOND);
}

useconds_t ualarm(useconds_t length, useconds_t interval)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(ualarm)(length, interval);
    return (useconds_t)(set_alarm(vs, (int64_t)length * 1000, (int64_t)interval * 1000) / 1000);
}

static struct timeval timeval_of(int64_t ns)
{
    int64_t us = (ns + 999) / 1000;

    return (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
}

int getitimer(__itimer_which_t which, struct itimerval *ret)
{
    struct vsched *vs = vthread_vsched();

    if (!vs || which != ITIMER_REAL)
        return REAL(getitimer)(which, ret);
    vsched_yield(vs, VSCHED_LOOK_NS);
    const struct signal_timer *timer = vthread_self->world->alarm;
    ret->it_value = timeval_of(left_ns(timer));
    ret->it_interval = timeval_of(timer ? timer->interval_ns : 0);
    return 0;
}

static bool is_valid(const struct timeval *length)
{
    return length->tv_sec >= 0 && length->tv_usec >= 0 && length->tv_usec < 1000000;
}

int setitimer(__itimer_which_t which, const struct itimerval *restrict wish,
              struct itimerval *restrict ret_old)
{
    static const struct itimerval none;
    struct vsched *vs = vthread_vsched();

    if (!vs || which != ITIMER_REAL)
        return REAL(setitimer)(which, wish, ret_old);
    wish = wish ? wish : &none; /* Linux takes it for a disarming one */
    if (!is_valid(&wish->it_value) || !is_valid(&wish->it_interval))
        return fail(EINVAL);
    int64_t interval_ns = vthread_self->world->alarm ? vthread_self->world->alarm->interval_ns : 0;
    int64_t left = set_alarm(vs, ns_of(&wish->it_value), ns_of(&wish->it_interval));
    if (ret_old)
        *ret_old = (struct itimerval){ timeval_of(interval_ns), timeval_of(left) };
    return 0;
}

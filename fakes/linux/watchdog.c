/* SPDX-License-Identifier: MIT */
/* A thread that keeps the turn and never comes back: it computes without end, or blocks in
 * something that is not ours, while others could run or a time is due. A thread of the process's
 * own looks at the world's pulse, in real time; when that stands still, the world is reported
 * like a deadlock, with the stack, and the process ends.
 *
 * Who computes is measured by the processor time it used, so that a loaded machine accuses nobody.
 * Under a debugger nothing is ever too long; under Valgrind and sanitizers all takes longer. */
#include "fakes/linux/watchdog.h"

#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOKS_A_LIMIT   8
#define UNDER_VALGRIND  10
#define UNDER_SANITIZER 5
#define TICK            (SIGRTMAX - 2)

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_acquire(void *address) __attribute__((weak));

static struct {
    pthread_mutex_t lock; /* the real one; guards world */
    struct vthread_world *world;
    int64_t limit_ns;
    /* Where a thread for this costs a run more than it is worth (ride.h), a timer looks first: */
    bool is_awaited, is_due;
    timer_t timer;
    uint64_t pulse; /* at its last tick */
} dog = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* A thread as the kernel sees it. */
struct sight {
    char state;     /* 'R': computes, 'S', 'D': waits */
    int64_t cpu_ns; /* used so far */
    long syscall;   /* in which it waits, -1: unknown */
    int fd;         /* the system call's first argument */
};

static bool read_file(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = 0;
    return n > 0;
}

static bool is_under_debugger(void)
{
    char text[2048];

    if (!read_file("/proc/self/status", text, sizeof(text)))
        return false;
    const char *tracer = strstr(text, "TracerPid:");
    return tracer && atoi(tracer + strlen("TracerPid:")) != 0;
}

bool watchdog_is_under_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "vgpreload");
}

static bool look_at(int tid, struct sight *ret)
{
    char path[64], text[1024];

    snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
    if (!read_file(path, text, sizeof(text)))
        return false;
    const char *at = strrchr(text, ')');
    if (!at || !at[1])
        return false;
    ret->state = at[2];
    snprintf(path, sizeof(path), "/proc/self/task/%d/schedstat", tid);
    ret->cpu_ns = read_file(path, text, sizeof(text)) ? atoll(text) : 0;
    snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", tid);
    unsigned long first = 0;
    if (!read_file(path, text, sizeof(text)) || sscanf(text, "%ld %lx", &ret->syscall, &first) < 1)
        ret->syscall = -1; /* "running" */
    ret->fd = (int)first;
    return true;
}

static void nap(int64_t ns)
{
    struct timespec length = { .tv_sec = ns / SCHED_SECOND, .tv_nsec = ns % SCHED_SECOND };

    REAL(clock_nanosleep)(CLOCK_MONOTONIC, 0, &length, NULL);
}

/* What has been seen of the thread that has the turn. */
struct watch {
    uint64_t pulse;
    int tid;
    int64_t cpu_ns;     /* when the pulse stopped */
    unsigned n_blocked; /* looks in a row at which it waited for something */
};

/* Another process, whoever reads what it writes, a disk, somebody at the terminal: all these are
 * allowed to take their time. */
static bool waits_for_the_outside(const struct sight *sight)
{
    switch (sight->syscall) {
    case SYS_wait4:
    case SYS_waitid:
    case SYS_write:
    case SYS_writev:
    case SYS_fsync:
    case SYS_fdatasync:
        return true;
    case SYS_read:
        return isatty(sight->fd);
    default:
        return sight->state == 'D';
    }
}

/* NULL: all is well. Else how it keeps the turn. */
static const char *judge(struct watch *watch, const struct vthread_world *world)
{
    struct vsched_thread *running = vsched_running(world->vs);
    const struct vthread *vt = running ? vsched_thread_os_data(running) : NULL;
    uint64_t pulse = vsched_pulse(world->vs);
    struct sight sight;

    int tid = vt ? ride_tid(vt) : 0;
    if (!vt || !look_at(tid, &sight))
        return NULL;
    if (pulse != watch->pulse || tid != watch->tid) {
        *watch = (struct watch){ .pulse = pulse, .tid = tid, .cpu_ns = sight.cpu_ns };
        return NULL;
    }
    if (sight.cpu_ns - watch->cpu_ns >= dog.limit_ns)
        return "computes without calling anything";
    watch->n_blocked =
        sight.state == 'R' || waits_for_the_outside(&sight) || !vsched_is_waited_for(world->vs)
            ? 0
            : watch->n_blocked + 1;
    return watch->n_blocked > LOOKS_A_LIMIT ? "waits in the kernel for something that is not ours"
                                            : NULL;
}

static void bark(const struct vthread_world *world, const char *how)
{
    auto_free char *why =
        str_printf("thread %s has the turn and %s, for more than %.1f s; --watchdog sets the limit",
                   vsched_thread_name(vsched_running(world->vs)), how, (double)dog.limit_ns / 1e9);

    vsched_report(world->vs, "watchdog", why);
    abort();
}

static void *watch_main(void *arg)
{
    struct watch watch = { 0 };

    (void)arg;
    for (;;) {
        nap(dog.limit_ns / LOOKS_A_LIMIT);
        REAL(pthread_mutex_lock)(&dog.lock);
        const char *how = dog.world ? judge(&watch, dog.world) : NULL;
        if (how && !is_under_debugger())
            bark(dog.world, how);
        REAL(pthread_mutex_unlock)(&dog.lock);
    }
    return NULL;
}

static void start(void)
{
    sigset_t all, before;
    pthread_t thread;

    sigfillset(&all);
    REAL(pthread_sigmask)(SIG_SETMASK, &all, &before);
    if (REAL(pthread_create)(&thread, NULL, watch_main, NULL) == 0)
        REAL(pthread_detach)(thread);
    REAL(pthread_sigmask)(SIG_SETMASK, &before, NULL);
}

void watchdog_start_awaited(void)
{
    if (!dog.is_awaited)
        return;
    dog.is_awaited = dog.is_due = false;
    timer_delete(dog.timer);
    start();
}

/* At the first tick the thread is due, and comes when somebody next calls the scheduler. Who does
 * not from one tick to the next stands still, most likely outside of malloc and the like. */
static void tick(int signal_number)
{
    int saved_errno = errno;
    uint64_t pulse = dog.world ? vsched_pulse(dog.world->vs) : 0;

    (void)signal_number;
    if (dog.is_due && pulse == dog.pulse)
        watchdog_start_awaited();
    else
        __atomic_store_n(&dog.is_due, dog.is_awaited, __ATOMIC_RELAXED);
    dog.pulse = pulse;
    errno = saved_errno;
}

bool watchdog_is_due(void)
{
    return __atomic_load_n(&dog.is_due, __ATOMIC_RELAXED);
}

static void start_later(void)
{
    struct sigaction action = { .sa_handler = tick, .sa_flags = SA_RESTART };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = TICK };
    int64_t ns = dog.limit_ns / LOOKS_A_LIMIT;
    const struct timespec length = { .tv_sec = ns / SCHED_SECOND, .tv_nsec = ns % SCHED_SECOND };
    const struct itimerspec each = { .it_interval = length, .it_value = length };

    sigaction(TICK, &action, NULL);
    dog.is_awaited = REAL(timer_create)(CLOCK_MONOTONIC, &event, &dog.timer) == 0;
    if (!dog.is_awaited || timer_settime(dog.timer, 0, &each, NULL) != 0)
        start();
}

void watchdog_begin(int64_t limit_ns)
{
    if (!vthread_self || limit_ns <= 0)
        return;
    if (watchdog_is_under_valgrind())
        limit_ns *= UNDER_VALGRIND;
    else if (__asan_init || __tsan_acquire)
        limit_ns *= UNDER_SANITIZER;
    dog.limit_ns = limit_ns;
    dog.world = vthread_self->world;
    if (dog.world->rides)
        start_later();
    else
        start();
}

void watchdog_forget(const struct vthread_world *world)
{
    REAL(pthread_mutex_lock)(&dog.lock);
    if (dog.world == world)
        dog.world = NULL;
    REAL(pthread_mutex_unlock)(&dog.lock);
}

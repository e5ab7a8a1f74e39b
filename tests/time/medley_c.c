/* SPDX-License-Identifier: MIT */
/* As medley.cpp, with what C and POSIX have: C11 threads, read-write locks, barriers, spin locks,
 * poll and select on pipes, timed joins. Usage: medley_c SEED [real]; the log goes to standard
 * output. With "real" it stays on the real clock, sleeps less, and shows that every call passes
 * through. */
#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define N 4

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static pthread_mutex_t recursive;
static pthread_cond_t condition;
static mtx_t c11_mutex;
static cnd_t c11_condition;
static once_flag c11_once = ONCE_FLAG_INIT;
static sem_t none;
static int pipes[2];
static int shared_number;
static int number_of_runs;
static long unit_us = 1000000; /* of the long sleeps */

static struct timespec now_plus(clockid_t which, long ms)
{
    struct timespec t;

    clock_gettime(which, &t);
    t.tv_nsec += ms % 1000 * 1000000;
    t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

__attribute__((format(printf, 2, 3))) static void say(int who, const char *format, ...)
{
    struct timespec t;
    va_list args;

    clock_gettime(CLOCK_REALTIME, &t);
    flockfile(stdout);
    printf("%lld.%09ld %d ", (long long)t.tv_sec, t.tv_nsec, who);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    funlockfile(stdout);
}

static void say_once(void)
{
    say(-1, "once");
}

static void use_read_write_lock(int who)
{
    struct timespec until = now_plus(CLOCK_MONOTONIC, 2);
    int error = who == 0 ? pthread_rwlock_clockwrlock(&rwlock, CLOCK_MONOTONIC, &until)
                         : pthread_rwlock_clockrdlock(&rwlock, CLOCK_MONOTONIC, &until);

    say(who, "read-write lock %s", error ? "timed out" : "held");
    usleep(1500);
    if (!error)
        pthread_rwlock_unlock(&rwlock);
}

static void use_mutexes(int who)
{
    struct timespec until = now_plus(CLOCK_REALTIME, 1);

    pthread_mutex_lock(&recursive);
    pthread_mutex_lock(&recursive);
    pthread_spin_lock(&spin);
    shared_number++;
    pthread_spin_unlock(&spin);
    pthread_mutex_unlock(&recursive);
    say(who, "number %d", shared_number);
    pthread_mutex_unlock(&recursive);
    int error = pthread_mutex_timedlock(&recursive, &until);
    if (!error) {
        until = now_plus(CLOCK_MONOTONIC, 3);
        error = pthread_cond_timedwait(&condition, &recursive, &until);
        say(who, "condition %s", error == ETIMEDOUT ? "timed out" : "signalled");
        pthread_mutex_unlock(&recursive);
    } else {
        say(who, "mutex timed out");
    }
    pthread_cond_signal(&condition);
}

static void use_files(int who)
{
    struct pollfd fd = { .fd = pipes[0], .events = POLLIN };
    fd_set readable;
    struct timeval length = { .tv_usec = 500 };
    char letter = 0;

    if (who == 0) {
        nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
        if (write(pipes[1], "abc", 3) != 3)
            abort();
        return;
    }
    FD_ZERO(&readable);
    FD_SET(pipes[0], &readable);
    say(who, "select %d", select(pipes[0] + 1, &readable, NULL, NULL, &length));
    say(who, "poll %d", poll(&fd, 1, who == 1 ? 1 : -1));
    int epoll = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN };
    epoll_ctl(epoll, EPOLL_CTL_ADD, pipes[0], &event);
    say(who, "epoll %d", epoll_wait(epoll, &event, 1, 5000));
    close(epoll);
    if (read(pipes[0], &letter, 1) == 1)
        say(who, "read %c", letter);
}

static void use_c11(int who)
{
    struct timespec until = now_plus(CLOCK_REALTIME, 1 + who);

    call_once(&c11_once, say_once);
    mtx_lock(&c11_mutex);
    int result = cnd_timedwait(&c11_condition, &c11_mutex, &until);
    say(who, "C11 condition %s", result == thrd_timedout ? "timed out" : "signalled");
    mtx_unlock(&c11_mutex);
    cnd_signal(&c11_condition);
    thrd_yield();
}

static int work(void *arg)
{
    int who = (int)(intptr_t)arg;
    struct timespec until;

    use_read_write_lock(who);
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
        say(who, "last at the barrier");
    use_mutexes(who);
    use_files(who);
    use_c11(who);
    until = now_plus(CLOCK_REALTIME, 40);
    say(who, "semaphore %d", sem_timedwait(&none, &until));
    return who * 2;
}

static void *leave_late(void *arg)
{
    usleep((useconds_t)(10 * unit_us));
    pthread_exit(arg);
}

static void join_in_time(void)
{
    struct timespec until = now_plus(CLOCK_REALTIME, unit_us / 10000);
    pthread_t late;
    void *result = NULL;

    pthread_create(&late, NULL, leave_late, &number_of_runs);
    say(-1, "tryjoin %s", pthread_tryjoin_np(late, &result) == EBUSY ? "busy" : "?");
    int answer = pthread_timedjoin_np(late, &result, &until);
    say(-1, "timedjoin %s", answer == ETIMEDOUT ? "late" : "?");
    pthread_join(late, &result);
    say(-1, "joined %d", result == &number_of_runs);
}

static void run(void)
{
    pthread_mutexattr_t mutex_kind;
    pthread_condattr_t condition_kind;
    thrd_t threads[N];
    int result;
    unsigned number;

    pthread_mutexattr_init(&mutex_kind);
    pthread_mutexattr_settype(&mutex_kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&recursive, &mutex_kind);
    pthread_condattr_init(&condition_kind);
    pthread_condattr_setclock(&condition_kind, CLOCK_MONOTONIC);
    pthread_cond_init(&condition, &condition_kind);
    pthread_barrier_init(&barrier, NULL, N);
    pthread_spin_init(&spin, 0);
    mtx_init(&c11_mutex, mtx_plain);
    cnd_init(&c11_condition);
    sem_init(&none, 0, 0);
    if (pipe(pipes) != 0 || getrandom(&number, sizeof(number), 0) != sizeof(number))
        abort();
    say(-1, "random %u", number);
    for (int i = 0; i < N; i++)
        thrd_create(&threads[i], work, (void *)(intptr_t)i);
    for (int i = 0; i < N; i++) {
        thrd_join(threads[i], &result);
        say(-1, "thread %d answers %d", i, result);
    }
    join_in_time();
    pthread_barrier_destroy(&barrier);
    pthread_mutex_destroy(&recursive);
    pthread_cond_destroy(&condition);
    sleep((unsigned)(unit_us * 70000 / 1000000));
    say(-1, "slept");
}

int main(int argc, char **argv)
{
    struct vsched *vs = vsched_new(argc > 1 ? strtoull(argv[1], NULL, 10) : 1, NULL);

    if (argc > 2 && strcmp(argv[2], "real") == 0)
        unit_us = 10;
    else
        vthread_activate(vs);
    run();
    vthread_deactivate();
    vsched_free(vs);
    return 0;
}

/* SPDX-License-Identifier: MIT */
#include "emu/host/host_sched.h"

#include "emu/base/check.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct host_sched {
    struct sched port;
    int64_t began_ns;           /* on CLOCK_MONOTONIC; moves on when the clock stood */
    int64_t stood_at_ns;        /* the world's time while it stands; -1: it goes */
    pthread_mutex_t service;    /* held by whoever is inside */
    pthread_cond_t changed;     /* for those in sched_wait */
    pthread_cond_t due_earlier; /* for the task thread: the first task is another one */
    pthread_t task_thread;
    struct due_queue tasks;
    bool is_running_task;
    bool is_ending;
};

struct sched_thread {
    pthread_t thread;
    char name[16];
    void (*main)(void *arg);
    void *arg;
};

static struct host_sched *from_port(struct sched *sched)
{
    return container_of(sched, struct host_sched, port);
}

static int64_t monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SCHED_SECOND + now.tv_nsec;
}

static int64_t host_sched_now(struct sched *sched)
{
    struct host_sched *hs = from_port(sched);
    int64_t stood_at_ns = __atomic_load_n(&hs->stood_at_ns, __ATOMIC_ACQUIRE);

    return stood_at_ns >= 0 ? stood_at_ns
                            : monotonic_ns() - __atomic_load_n(&hs->began_ns, __ATOMIC_RELAXED);
}

static void host_sched_enter(struct sched *sched)
{
    /* The mutex is of the checking kind: entering twice is an error of ours and is told. */
    check_equal(pthread_mutex_lock(&from_port(sched)->service), 0);
}

static void host_sched_leave(struct sched *sched)
{
    check_equal(pthread_mutex_unlock(&from_port(sched)->service), 0);
}

static void host_sched_post(struct sched *sched, struct sched_task *task, int64_t at_ns)
{
    struct host_sched *hs = from_port(sched);

    due_queue_add(&hs->tasks, &task->due, at_ns);
    if (due_queue_first(&hs->tasks) == &task->due)
        pthread_cond_signal(&hs->due_earlier);
}

static void host_sched_cancel(struct sched *sched, struct sched_task *task)
{
    due_queue_remove(&from_port(sched)->tasks, &task->due);
}

/* Waits on a condition until the deadline of the world's clock; true once that has passed. */
static bool wait_until(struct host_sched *hs, pthread_cond_t *condition, int64_t deadline_ns)
{
    if (deadline_ns == SCHED_NEVER) {
        pthread_cond_wait(condition, &hs->service);
        return false;
    }
    int64_t at = hs->began_ns + (deadline_ns > 0 ? deadline_ns : 0);
    if (at < hs->began_ns)
        at = INT64_MAX;
    struct timespec until = { .tv_sec = at / SCHED_SECOND, .tv_nsec = at % SCHED_SECOND };
    return pthread_cond_timedwait(condition, &hs->service, &until) != 0;
}

static bool host_sched_wait(struct sched *sched, bool (*done)(void *arg), void *arg,
                            int64_t deadline_ns)
{
    struct host_sched *hs = from_port(sched);

    check(!hs->is_running_task);
    for (;;) {
        bool is_done = done(arg);
        if (is_done || host_sched_now(sched) >= deadline_ns)
            return is_done;
        wait_until(hs, &hs->changed, deadline_ns);
    }
}

static void host_sched_notify(struct sched *sched)
{
    pthread_cond_broadcast(&from_port(sched)->changed);
}

static void *task_thread_main(void *arg)
{
    struct host_sched *hs = arg;

    pthread_mutex_lock(&hs->service);
    while (!hs->is_ending) {
        struct due *first = due_queue_first(&hs->tasks);
        if (!first) {
            wait_until(hs, &hs->due_earlier, SCHED_NEVER);
        } else if (host_sched_now(&hs->port) < first->at_ns) {
            wait_until(hs, &hs->due_earlier, first->at_ns);
        } else {
            struct sched_task *task = container_of(first, struct sched_task, due);

            due_queue_remove(&hs->tasks, first);
            hs->is_running_task = true;
            task->run(task);
            hs->is_running_task = false;
        }
    }
    pthread_mutex_unlock(&hs->service);
    return NULL;
}

static void *thread_main(void *arg)
{
    struct sched_thread *thread = arg;

    pthread_setname_np(pthread_self(), thread->name);
    thread->main(thread->arg);
    return NULL;
}

static struct sched_thread *host_sched_start(struct sched *sched, const char *name,
                                             void (*main)(void *arg), void *arg)
{
    struct sched_thread *thread = mem_new(struct sched_thread);

    (void)sched;
    for (size_t i = 0; i + 1 < sizeof(thread->name) && name[i]; i++)
        thread->name[i] = name[i];
    thread->main = main;
    thread->arg = arg;
    check_equal(pthread_create(&thread->thread, NULL, thread_main, thread), 0);
    return thread;
}

static void host_sched_join(struct sched *sched, struct sched_thread *thread)
{
    (void)sched;
    check_equal(pthread_join(thread->thread, NULL), 0);
    free(thread);
}

static const struct sched_ops host_sched_ops = {
    .now = host_sched_now,
    .enter = host_sched_enter,
    .leave = host_sched_leave,
    .post = host_sched_post,
    .cancel = host_sched_cancel,
    .wait = host_sched_wait,
    .notify = host_sched_notify,
    .start = host_sched_start,
    .join = host_sched_join,
};

struct host_sched *host_sched_new(void)
{
    struct host_sched *hs = mem_new(struct host_sched);
    pthread_mutexattr_t checking;
    pthread_condattr_t monotonic;

    hs->port.ops = &host_sched_ops;
    hs->began_ns = monotonic_ns();
    hs->stood_at_ns = -1;
    pthread_mutexattr_init(&checking);
    pthread_mutexattr_settype(&checking, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&hs->service, &checking);
    pthread_mutexattr_destroy(&checking);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&hs->changed, &monotonic);
    pthread_cond_init(&hs->due_earlier, &monotonic);
    pthread_condattr_destroy(&monotonic);
    check_equal(pthread_create(&hs->task_thread, NULL, task_thread_main, hs), 0);
    return hs;
}

void host_sched_free(struct host_sched *hs)
{
    if (!hs)
        return;
    pthread_mutex_lock(&hs->service);
    hs->is_ending = true;
    pthread_cond_signal(&hs->due_earlier);
    pthread_mutex_unlock(&hs->service);
    pthread_join(hs->task_thread, NULL);
    due_queue_free(&hs->tasks);
    pthread_cond_destroy(&hs->due_earlier);
    pthread_cond_destroy(&hs->changed);
    pthread_mutex_destroy(&hs->service);
    free(hs);
}

void host_sched_set(struct host_sched *hs, int64_t now_ns)
{
    __atomic_store_n(&hs->began_ns, monotonic_ns() - now_ns, __ATOMIC_RELAXED);
}

void host_sched_stand_still(struct host_sched *hs, bool stands)
{
    int64_t now = host_sched_now(&hs->port);

    if (!stands)
        __atomic_store_n(&hs->began_ns, monotonic_ns() - now, __ATOMIC_RELAXED);
    __atomic_store_n(&hs->stood_at_ns, stands ? now : -1, __ATOMIC_RELEASE);
}

struct sched *host_sched_port(struct host_sched *hs)
{
    return &hs->port;
}

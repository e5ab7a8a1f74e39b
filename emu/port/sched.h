/* SPDX-License-Identifier: MIT */
/* Port: time and turns. The service is one thread in effect: whoever calls into it enters, does
 * its work and leaves, and work that is due later is a task. Two implementations fill this port:
 * fakes/world/vsched (virtual clock, seeded, deterministic) and emu/host/host_sched (real clock).
 *
 * Times are nanoseconds on the world's clock, which starts at 0 with the world. */
#pragma once

#include "emu/base/due_queue.h"
#include "emu/base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCHED_NEVER  INT64_MAX
#define SCHED_MS     INT64_C(1000000)
#define SCHED_SECOND INT64_C(1000000000)

struct sched;
struct sched_thread;

/* Work that is to be done at a time. Embed it; zero it before first use. */
struct sched_task {
    struct due due;                       /* the scheduler's: when, and its place in the queue */
    void (*run)(struct sched_task *task); /* called inside the service; may post, must not wait */
};

/* What a report says when nobody can go on: who holds what, and waits for what. A thing is known by
 * its address, of which nothing is shown. Like the calls that they tell of, all these are made by a
 * thread whose turn it is. Texts are static where nothing else is said. */
struct sched_report_ops {
    /* The calling thread; NULL: one that the world does not know. */
    void *(*self)(struct sched *sched);
    /* There is a thing of that kind ("event"), with the name that code gave it (copied; NULL:
     * none). kind NULL: it has gone. */
    void (*label)(struct sched *sched, const void *thing, const char *kind, const char *name);
    /* The thread (as self; NULL: the calling one) has the thing from now on, once more; gives it
     * back. */
    void (*hold)(struct sched *sched, void *thread, const void *thing, const char *kind);
    void (*drop)(struct sched *sched, const void *thing);
    /* What the calling thread really waits for in the waits that follow: things, or threads as
     * self. n 0: that was all. The array is the caller's and stays. */
    void (*waits_for)(struct sched *sched, const void *const *things, size_t n);
    /* Code has given the thread (as self) a name; copied. */
    void (*name_thread)(struct sched *sched, void *thread, const char *name);
    /* What the calling thread is about ("Freeze"); NULL: nothing in particular. */
    void (*is_about)(struct sched *sched, const char *what);
};

struct sched_ops {
    /* Time since the world began. Callable from anywhere. */
    int64_t (*now)(struct sched *sched);

    /* The one hand-over into the service. Not recursive. Tasks run inside. */
    void (*enter)(struct sched *sched);
    void (*leave)(struct sched *sched);

    /* Queues a task for at_ns (a time in the past means: as soon as possible). Tasks of one time
     * run in the order of their posting. Inside the service only. A queued task is moved. */
    void (*post)(struct sched *sched, struct sched_task *task, int64_t at_ns);
    /* Takes it out of the queue; one that is not queued is left alone. Inside the service only. */
    void (*cancel)(struct sched *sched, struct sched_task *task);

    /* Called inside the service: leaves it, blocks until done(arg) answers true or the deadline
     * has come, enters again. done() is called inside the service, after each notify. Answers
     * what done() said last. deadline_ns SCHED_NEVER: no limit. May run tasks meanwhile. Must not
     * be called from a task. */
    bool (*wait)(struct sched *sched, bool (*done)(void *arg), void *arg, int64_t deadline_ns);
    /* Something changed that a waiter may wait for. Inside the service only. */
    void (*notify)(struct sched *sched);

    /* A place where another thread may have its turn. Outside the service. NULL: the clock is the
     * real one. */
    void (*step)(struct sched *sched);
    /* The same for who looks at the time: takes a moment, so that loops on a clock end. */
    void (*look)(struct sched *sched);

    /* Starts a thread of the service's own (a writer's dispatcher, a requester). Inside the
     * service or outside. main runs outside the service. The thread is joined with join, which
     * must be called outside the service, from another thread. */
    struct sched_thread *(*start)(struct sched *sched, const char *name, void (*main)(void *arg),
                                  void *arg);
    void (*join)(struct sched *sched, struct sched_thread *thread);

    /* A process outside the world has begun (1) or ended (-1) on which the world may wait: as long
     * as there is one, a virtual clock goes no faster than the real one. Outside the service. NULL:
     * the clock is the real one. */
    void (*outside)(struct sched *sched, int change);

    /* NULL: nobody reports. */
    const struct sched_report_ops *reports;
};

struct sched {
    const struct sched_ops *ops;
};

static inline int64_t sched_now(struct sched *s)
{
    return s->ops->now(s);
}
static inline void sched_enter(struct sched *s)
{
    s->ops->enter(s);
}
static inline void sched_leave(struct sched *s)
{
    s->ops->leave(s);
}
static inline void sched_post(struct sched *s, struct sched_task *t, int64_t at_ns)
{
    s->ops->post(s, t, at_ns);
}
static inline void sched_cancel(struct sched *s, struct sched_task *t)
{
    s->ops->cancel(s, t);
}
static inline bool sched_wait(struct sched *s, bool (*done)(void *), void *arg, int64_t deadline_ns)
{
    return s->ops->wait(s, done, arg, deadline_ns);
}
static inline void sched_step(struct sched *s)
{
    if (s->ops->step)
        s->ops->step(s);
}
static inline void sched_outside(struct sched *s, int change)
{
    if (s->ops->outside)
        s->ops->outside(s, change);
}
static inline void sched_look(struct sched *s)
{
    if (s->ops->look)
        s->ops->look(s);
}
static inline void sched_is_about(struct sched *s, const char *what)
{
    if (s->ops->reports)
        s->ops->reports->is_about(s, what);
}
static inline void sched_notify(struct sched *s)
{
    s->ops->notify(s);
}

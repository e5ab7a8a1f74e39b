/* SPDX-License-Identifier: MIT */
/* The port: the service is entered by one at a time, tasks are queued, waiting is vsched_turn's. */
#include "fakes/world/vsched_inside.h"

#include "emu/base/check.h"

#include <stdlib.h>

static const struct sched_ops vsched_ops;

static struct vsched *from_port(struct sched *sched)
{
    return container_of(sched, struct vsched, port);
}

static int64_t vsched_port_now(struct sched *sched)
{
    return vsched_now(from_port(sched));
}

/* Takes the service when it is free; somebody inside may be waiting for a lock. */
static void take_service(struct vsched *vs)
{
    check(vs->in_service != vs->running);
    while (vs->in_service)
        vsched_block(vs, &vs->in_service, "its turn in the service", SCHED_NEVER);
    vs->in_service = vs->running;
    vsched_acquire(vs);
}

static void give_service_back(struct vsched *vs)
{
    check(vs->in_service == vs->running && !vs->is_running_task);
    vsched_release(vs);
    vs->in_service = NULL;
    vsched_wake(vs, &vs->in_service, VSCHED_ALL);
}

static void vsched_enter(struct sched *sched)
{
    struct vsched *vs = from_port(sched);

    check(!vs->os || vs->os->has_turn(vs)); /* a thread unknown to the world calls */
    /* Somebody who asks again and again whether an operation has finished must get an answer. */
    vsched_yield_to_service(vs, VSCHED_LOOK_NS);
    take_service(vs);
}

static void vsched_leave(struct sched *sched)
{
    struct vsched *vs = from_port(sched);

    give_service_back(vs);
    vsched_yield(vs, 0);
}

/* Also called inside the service, where it does nothing, and by threads unknown to the world. */
static void vsched_step(struct sched *sched)
{
    struct vsched *vs = from_port(sched);

    if (!vs->os || vs->os->has_turn(vs))
        vsched_yield(vs, 0);
}

static void vsched_look(struct sched *sched)
{
    struct vsched *vs = from_port(sched);

    if (!vs->os || vs->os->has_turn(vs))
        vsched_yield(vs, VSCHED_LOOK_NS);
}

static void vsched_post(struct sched *sched, struct sched_task *task, int64_t at_ns)
{
    struct vsched *vs = from_port(sched);

    due_queue_add(&vs->tasks, &task->due, at_ns > vsched_now(vs) ? at_ns : vsched_now(vs));
}

static void vsched_cancel(struct sched *sched, struct sched_task *task)
{
    due_queue_remove(&from_port(sched)->tasks, &task->due);
}

static bool vsched_wait(struct sched *sched, bool (*done)(void *arg), void *arg,
                        int64_t deadline_ns)
{
    struct vsched *vs = from_port(sched);

    check(vs->in_service == vs->running);
    check(!vs->is_running_task);
    for (;;) {
        bool is_done = done(arg);
        if (is_done || vsched_now(vs) >= deadline_ns)
            return is_done;
        give_service_back(vs);
        vsched_block_for(vs, done, arg, deadline_ns);
        take_service(vs);
    }
}

static void vsched_notify(struct sched *sched)
{
    from_port(sched)->is_notified = true;
}

static struct sched_thread *vsched_start(struct sched *sched, const char *name,
                                         void (*main)(void *arg), void *arg)
{
    struct vsched *vs = from_port(sched);

    check(vs->os != NULL); /* a world with threads needs vthread_prepare */
    return vs->os->start(vs, name, main, arg);
}

static void vsched_join(struct sched *sched, struct sched_thread *thread)
{
    struct vsched *vs = from_port(sched);

    vs->os->join(vs, thread);
}

static void vsched_outside(struct sched *sched, int change)
{
    struct vsched *vs = from_port(sched);

    if (!vs->n_outside && vs->os && vs->os->keep_pace)
        vs->os->keep_pace(vs, -1);
    vs->n_outside += change;
}

static const struct sched_ops vsched_ops = {
    .now = vsched_port_now,
    .enter = vsched_enter,
    .leave = vsched_leave,
    .step = vsched_step,
    .look = vsched_look,
    .post = vsched_post,
    .cancel = vsched_cancel,
    .wait = vsched_wait,
    .notify = vsched_notify,
    .start = vsched_start,
    .join = vsched_join,
    .outside = vsched_outside,
    .reports = &vsched_report_ops,
};

struct vsched *vsched_new(uint64_t seed, struct trace *trace)
{
    struct vsched *vs = mem_new(struct vsched);

    vs->port.ops = &vsched_ops;
    vs->seed = seed;
    vs->trace = trace;
    prng_init(&vs->choices, seed, "schedule");
    vs->next_point = UINT64_MAX;
    vs->spin_limit = VSCHED_SPIN_LIMIT;
    for (int i = 0; i < VSCHED_N_BUCKETS; i++)
        list_init(&vs->buckets[i]);
    vs->running = vsched_thread_new_running(vs, "main");
    return vs;
}

void vsched_free(struct vsched *vs)
{
    if (!vs)
        return;
    for (size_t i = 0; i < vs->threads.count; i++) {
        array_free(&vs->threads.items[i]->holds);
        free(vs->threads.items[i]);
    }
    vsched_labels_free(vs);
    array_free(&vs->threads);
    array_free(&vs->runnable);
    due_queue_free(&vs->tasks);
    due_queue_free(&vs->deadlines);
    free(vs);
}

struct sched *vsched_port(struct vsched *vs)
{
    return &vs->port;
}

struct vsched *vsched_from_port(struct sched *sched)
{
    return sched->ops == &vsched_ops ? from_port(sched) : NULL;
}

uint64_t vsched_seed(const struct vsched *vs)
{
    return vs->seed;
}

void vsched_set_schedule(struct vsched *vs, const struct vsched_schedule *schedule)
{
    check(vs->threads.count == 1);
    vsched_strategy_begin(vs, schedule);
}

void vsched_set_fine(struct vsched *vs, bool is_fine)
{
    vs->is_fine = is_fine;
}

bool vsched_is_fine(const struct vsched *vs)
{
    return vs->is_fine;
}

uint64_t vsched_switch_points(const struct vsched *vs)
{
    return vs->n_steps;
}

struct vsched_moment vsched_mark(const struct vsched *vs)
{
    return vs ? (struct vsched_moment){ vsched_now(vs), vs->n_steps } : (struct vsched_moment){ 0 };
}

void vsched_back_to(struct vsched *vs, struct vsched_moment moment)
{
    if (vs && vs->n_steps == moment.n_steps)
        vsched_let_pass(vs, moment.now_ns - vsched_now(vs));
}

void vsched_set_on(struct vsched *vs, int64_t ns)
{
    vsched_let_pass(vs, ns);
}

void vsched_set_spin_limit(struct vsched *vs, uint64_t limit)
{
    vs->spin_limit = limit;
}

void vsched_set_deadlock_hook(struct vsched *vs, bool (*hook)(void *arg), void *arg)
{
    vs->deadlock_hook = hook;
    vs->deadlock_arg = arg;
}

void vsched_set_neighbours(struct vsched *vs, const struct vsched_neighbours *neighbours)
{
    vs->neighbours = *neighbours;
}

void vsched_set_os(struct vsched *vs, const struct vsched_os *os)
{
    vs->os = os;
}

/* SPDX-License-Identifier: MIT */
/* Whose turn it is. A thread that waits or yields stays in take_turns: it draws who is next among
 * those that can run and the tasks that are due. A task runs right here; another thread is given
 * the turn and this one parks. When nobody can run, time jumps. */
#include "fakes/world/vsched_inside.h"

#include "emu/base/check.h"

#include <errno.h>

static struct list *bucket_of(struct vsched *vs, const void *key)
{
    uint64_t hash = (uint64_t)(uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15);

    return &vs->buckets[hash >> 58];
}

void vsched_add_runnable(struct vsched *vs, struct vsched_thread *thread)
{
    array_add(&vs->runnable, thread);
    thread->runnable_place = vs->runnable.count;
}

void vsched_remove_runnable(struct vsched *vs, struct vsched_thread *thread)
{
    struct vsched_thread *last = vs->runnable.items[vs->runnable.count - 1];

    vs->runnable.items[thread->runnable_place - 1] = last;
    last->runnable_place = thread->runnable_place;
    vs->runnable.count--;
    thread->runnable_place = 0;
}

/* The wait has its answer; its thread can run, unless a task on it waits further inside. */
static void end_wait(struct vsched *vs, struct vsched_wait *wait, bool is_woken)
{
    wait->is_over = true;
    wait->is_woken = is_woken;
    list_remove(&wait->link);
    due_queue_remove(&vs->deadlines, &wait->deadline);
    if (wait->thread->wait == wait && !wait->thread->runnable_place)
        vsched_add_runnable(vs, wait->thread);
}

static void begin_wait(struct vsched *vs, struct vsched_wait *wait)
{
    struct vsched_thread *self = vs->running;

    if (self->runnable_place)
        vsched_remove_runnable(vs, self);
    wait->thread = self;
    wait->outer = self->wait;
    wait->since_ns = vsched_now(vs);
    self->wait = wait;
}

static void leave_wait(struct vsched *vs, struct vsched_wait *wait)
{
    struct vsched_thread *self = vs->running;

    self->wait = wait->outer;
    if (self->wait && self->wait->is_over)
        vsched_add_runnable(vs, self);
}

static void end_expired_waits(struct vsched *vs)
{
    for (;;) {
        struct due *first = due_queue_first(&vs->deadlines);
        if (!first || first->at_ns > vsched_now(vs))
            return;
        end_wait(vs, container_of(first, struct vsched_wait, deadline), false);
    }
}

/* Whoever waits and was called has a turn in the middle of its wait, unless it is deeper inside:
 * then it answers when it comes out. */
static void put_up_called(struct vsched *vs, struct vsched_thread *thread)
{
    if (thread->is_called && thread->inside == 1 && thread != vs->in_service && thread->wait &&
        !thread->wait->is_over && !thread->runnable_place)
        vsched_add_runnable(vs, thread);
}

void vsched_call(struct vsched_thread *thread, bool ends_wait)
{
    struct vsched_wait *wait = thread->wait;

    thread->is_called = true;
    if (!wait || wait->is_over)
        return; /* its turn comes anyway */
    if (ends_wait && thread->inside == 1 && thread != thread->vs->in_service)
        end_wait(thread->vs, wait, false);
    else
        put_up_called(thread->vs, thread);
}

static void answer_call(struct vsched *vs, struct vsched_thread *self)
{
    while (self->is_called && !self->inside && self != vs->in_service) {
        self->is_called = false;
        vs->os->called(self);
    }
}

/* Runs what belongs into the service, on a thread that waits outside it. */
static unsigned go_inside(struct vsched *vs)
{
    unsigned inside = vs->running->inside;

    vs->running->inside = 0;
    vs->in_service = vs->running;
    vs->is_running_task = true;
    vsched_acquire(vs);
    return inside;
}

static void come_out(struct vsched *vs, unsigned inside)
{
    vsched_release(vs);
    vs->is_running_task = false;
    vs->in_service = NULL;
    vs->running->inside = inside;
    vsched_wake(vs, &vs->in_service, VSCHED_ALL);
    put_up_called(vs, vs->running);
}

/* After a notify: asks for each thread in sched_wait whether it has what it waits for, so that only
 * those are woken. */
static void ask_waiters(struct vsched *vs)
{
    while (vs->is_notified && !vs->in_service) {
        unsigned inside = go_inside(vs);

        vs->is_notified = false;
        list_each_safe (struct vsched_wait, wait, bucket_of(vs, NULL), link) {
            if (wait->done && wait->done(wait->arg))
                end_wait(vs, wait, true);
        }
        come_out(vs, inside);
    }
}

static struct sched_task *due_task(struct vsched *vs)
{
    struct due *first = due_queue_first(&vs->tasks);

    if (!first || first->at_ns > vsched_now(vs) || vs->in_service)
        return NULL;
    return container_of(first, struct sched_task, due);
}

static void run_task(struct vsched *vs, struct sched_task *task)
{
    int saved_errno = errno;
    unsigned inside = go_inside(vs);

    due_queue_remove(&vs->tasks, &task->due);
    task->run(task);
    come_out(vs, inside);
    errno = saved_errno;
}

/* Who runs tasks: the caller if it waits for the service, else somebody who does. */
static struct vsched_thread *find_carrier(struct vsched *vs)
{
    struct vsched_thread *self = vs->running;

    if (self->wait->carries_tasks)
        return self;
    for (size_t i = 0; i < vs->threads.count; i++) {
        struct vsched_thread *thread = vs->threads.items[i];

        if (thread->wait && thread->wait->carries_tasks)
            return thread;
    }
    return self;
}

/* Whether other processes of the world come first. */
static bool must_wait_for_neighbours(struct vsched *vs, int64_t next)
{
    const struct vsched_neighbours *neighbours = &vs->neighbours;
    int64_t wait_ns = next == SCHED_NEVER ? next : next - vsched_now(vs), passed_ns = 0;

    if (!neighbours->look || vs->in_service)
        return false;
    unsigned inside = go_inside(vs);
    bool must_wait = neighbours->look(neighbours->arg, wait_ns > 0 ? wait_ns : 0, &passed_ns);
    come_out(vs, inside);
    vsched_let_pass(vs, passed_ns);
    if (must_wait && !passed_ns && !vs->runnable.count)
        neighbours->rest(neighbours->arg);
    return must_wait || vs->runnable.count;
}

/* Nobody can run now: on to the next moment at which somebody can. */
static void jump(struct vsched *vs)
{
    int64_t next = SCHED_NEVER;

    __atomic_store_n(&vs->n_idle, vs->n_idle + 1, __ATOMIC_RELAXED);
    if (due_queue_first(&vs->deadlines))
        next = due_queue_first(&vs->deadlines)->at_ns;
    if (due_queue_first(&vs->tasks) && !vs->in_service && due_queue_first(&vs->tasks)->at_ns < next)
        next = due_queue_first(&vs->tasks)->at_ns;
    if (must_wait_for_neighbours(vs, next))
        return;
    if (next != SCHED_NEVER) {
        if (vs->n_outside && vs->os && vs->os->keep_pace && vs->os->keep_pace(vs, next))
            return;
        if (next > vsched_now(vs))
            vsched_let_pass(vs, next - vsched_now(vs));
        vs->spin = 0;
        return;
    }
    if (vs->os && vs->os->look_outside(vs, true))
        return;
    if (!vs->deadlock_hook || !vs->deadlock_hook(vs->deadlock_arg))
        vsched_report_deadlock(vs);
}

/* Draws who is next: a thread that can run, or NULL for the task. */
static struct vsched_thread *draw(struct vsched *vs, bool has_task)
{
    size_t n = vs->runnable.count + (has_task ? 1 : 0);
    size_t i = n == 1 ? 0 : vsched_strategy_pick(vs, n);

    return i < vs->runnable.count ? vs->runnable.items[i] : NULL;
}

static void hand_over(struct vsched *vs, struct vsched_thread *next)
{
    vs->running = next;
    check(vs->os != NULL);
    vs->os->wake(next);
}

/* Until the calling thread's innermost wait is over and it has been drawn. */
static void take_turns(struct vsched *vs, struct vsched_thread *self)
{
    for (;;) {
        end_expired_waits(vs);
        ask_waiters(vs);
        if (vs->os)
            vs->os->look_outside(vs, false);
        struct sched_task *task = due_task(vs);
        struct vsched_thread *carrier = task ? find_carrier(vs) : NULL;
        struct vsched_thread *next;

        if (!vs->runnable.count && !carrier) {
            jump(vs);
            continue;
        }
        next = draw(vs, carrier != NULL);
        if (!next && carrier == self) {
            run_task(vs, task);
            continue;
        }
        if (next)
            vsched_remove_runnable(vs, next);
        if (next)
            vs->current = next;
        if (next == self)
            return;
        if (!next) {
            next = carrier;
            next->must_look = true;
        }
        hand_over(vs, next);
        vs->os->park(self);
        if (!self->must_look)
            return;
        self->must_look = false;
    }
}

static void count_step(struct vsched *vs)
{
    __atomic_store_n(&vs->n_steps, vs->n_steps + 1, __ATOMIC_RELAXED);
    if (vs->n_steps >= vs->next_point)
        vsched_strategy_step(vs);
}

static bool wait_here(struct vsched *vs, struct vsched_wait *wait, int64_t deadline_ns)
{
    struct vsched_thread *self = vs->running;

    self->inside++;
    count_step(vs);
    vsched_spin_ends(vs);
    begin_wait(vs, wait);
    list_append(bucket_of(vs, wait->key), &wait->link);
    if (deadline_ns != SCHED_NEVER)
        due_queue_add(&vs->deadlines, &wait->deadline, deadline_ns);
    else if (vs->trace && (wait->key || self->n_things))
        vsched_note_circle(vs);
    take_turns(vs, self);
    while (!wait->is_over) { /* called in the middle of it */
        self->inside--;
        answer_call(vs, self);
        self->inside++;
        take_turns(vs, self);
    }
    leave_wait(vs, wait);
    self->inside--;
    if (wait->is_woken && wait->key)
        vsched_acquire(wait->key);
    answer_call(vs, self);
    return wait->is_woken;
}

bool vsched_block(struct vsched *vs, const void *key, const char *what, int64_t deadline_ns)
{
    struct vsched_wait wait = { .key = key, .what = what };

    return wait_here(vs, &wait, deadline_ns);
}

void vsched_block_for(struct vsched *vs, bool (*done)(void *arg), void *arg, int64_t deadline_ns)
{
    struct vsched_wait wait = {
        .what = "the service", .done = done, .arg = arg, .carries_tasks = true
    };

    wait_here(vs, &wait, deadline_ns);
}

static bool nobody_else_could_run(struct vsched *vs)
{
    struct due *first = due_queue_first(&vs->deadlines);

    return !vs->runnable.count && !vs->is_notified && !due_task(vs) &&
           (!first || first->at_ns > vsched_now(vs));
}

static void take_a_turn(struct vsched *vs, struct vsched_thread *self, bool carries_tasks)
{
    if (nobody_else_could_run(vs))
        return;
    struct vsched_wait wait = { .what = "its turn",
                                .carries_tasks = carries_tasks,
                                .is_over = true };

    self->inside++;
    begin_wait(vs, &wait);
    vsched_add_runnable(vs, self);
    take_turns(vs, self);
    leave_wait(vs, &wait);
    self->inside--;
    answer_call(vs, self);
}

static void yield_here(struct vsched *vs, int64_t cost_ns, unsigned weight, bool carries_tasks)
{
    struct vsched_thread *self = vs->running;

    if (self == vs->in_service) {
        vsched_let_pass(vs, cost_ns);
        return; /* the service is no code under test: nobody comes in between */
    }
    count_step(vs);
    self->n_accesses = 0;
    vsched_let_pass(vs, vsched_spin(vs, cost_ns, weight));
    take_a_turn(vs, self, carries_tasks);
}

void vsched_fine(struct vsched *vs)
{
    struct vsched_thread *self = vs->running;

    if (self == vs->in_service)
        return;
    count_step(vs);
    int64_t cost_ns = vsched_spin_on_memory(vs);
    uint64_t one_in = 1 + vs->n_fine++ / VSCHED_FINE_EACH;
    if (cost_ns)
        vsched_let_pass(vs, cost_ns); /* others may be due */
    else if (!vs->strategy.ops && one_in > 1 && random_below(&vs->choices.port, one_in) != 0)
        return;
    take_a_turn(vs, self, false);
}

void vsched_yield(struct vsched *vs, int64_t cost_ns)
{
    yield_here(vs, cost_ns, cost_ns < VSCHED_LOOK_NS ? VSCHED_SPIN_STEP : VSCHED_SPIN_LOOK, false);
}

void vsched_yield_to_service(struct vsched *vs, int64_t cost_ns)
{
    yield_here(vs, cost_ns, VSCHED_SPIN_STEP, true);
}

static unsigned count_waiters(struct list *bucket, const void *key)
{
    unsigned n = 0;

    list_each (struct vsched_wait, wait, bucket, link)
        n += wait->key == key;
    return n;
}

static void wake_nth(struct vsched *vs, struct list *bucket, const void *key, unsigned n)
{
    list_each_safe (struct vsched_wait, wait, bucket, link) {
        if (wait->key == key && n-- == 0) {
            end_wait(vs, wait, true);
            return;
        }
    }
}

unsigned vsched_wake(struct vsched *vs, const void *key, unsigned limit)
{
    struct list *bucket = bucket_of(vs, key);

    if (list_is_empty(bucket))
        return 0;
    unsigned waiting = count_waiters(bucket, key);
    unsigned woken = 0;

    if (!waiting)
        return 0;
    vs->running->inside++;
    vsched_release(key);
    while (woken < limit && waiting) {
        unsigned n =
            waiting > 1 && limit < waiting ? (unsigned)random_below(&vs->choices.port, waiting) : 0;

        wake_nth(vs, bucket, key, n);
        waiting--;
        woken++;
    }
    vs->running->inside--;
    return woken;
}

void vsched_interrupt(struct vsched_thread *thread)
{
    struct vsched_wait *wait = thread->wait;

    if (wait && !wait->is_over)
        end_wait(thread->vs, wait, false);
}

void vsched_thread_begin(struct vsched_thread *thread)
{
    struct vsched *vs = thread->vs;

    vs->os->park(thread);
    if (!thread->must_look)
        return;
    thread->must_look = false;
    struct vsched_wait none = { .thread = thread, .what = "its first turn", .is_over = true };

    thread->inside++;
    thread->wait = &none;
    take_turns(vs, thread);
    thread->wait = NULL;
    thread->inside--;
}

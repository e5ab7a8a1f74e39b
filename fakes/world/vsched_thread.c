/* SPDX-License-Identifier: MIT */
/* The scheduler's records of threads. */
#include "fakes/world/vsched_inside.h"

#include <stdio.h>
#include <stdlib.h>

static struct vsched_thread *thread_new(struct vsched *vs, const char *name)
{
    struct vsched_thread *thread = mem_new(struct vsched_thread);

    thread->vs = vs;
    snprintf(thread->name, sizeof(thread->name), "%s", name);
    array_add(&vs->threads, thread);
    vsched_strategy_add(vs, thread);
    return thread;
}

struct vsched_thread *vsched_thread_new_running(struct vsched *vs, const char *name)
{
    return thread_new(vs, name);
}

struct vsched_thread *vsched_thread_new(struct vsched *vs, const char *name, void *os_data)
{
    vs->running->inside++;
    struct vsched_thread *thread = thread_new(vs, name);

    thread->os_data = os_data;
    vsched_add_runnable(vs, thread);
    vs->running->inside--;
    return thread;
}

static void remove_thread(struct vsched *vs, const struct vsched_thread *thread)
{
    size_t i = 0;

    while (vs->threads.items[i] != thread)
        i++;
    vs->threads.items[i] = vs->threads.items[--vs->threads.count];
    if (vs->current == thread)
        vs->current = NULL;
}

void vsched_thread_end(struct vsched_thread *thread, bool free_it)
{
    struct vsched *vs = thread->vs;

    thread->inside++;
    vsched_thread_forget(thread);
    remove_thread(vs, thread);
    if (free_it)
        free(thread);
    if (!vs->threads.count) {
        vs->running = NULL;
        return;
    }
    /* The first decides who is next: nothing more is to run on the dying one. */
    struct vsched_thread *heir = vs->threads.items[0];

    vs->running = heir;
    heir->must_look = true;
    vs->os->wake(heir);
}

void vsched_thread_unborn(struct vsched_thread *thread)
{
    remove_thread(thread->vs, thread);
    if (thread->runnable_place)
        vsched_remove_runnable(thread->vs, thread);
}

void vsched_thread_free(struct vsched_thread *thread)
{
    free(thread);
}

void vsched_thread_set_os_data(struct vsched_thread *thread, void *os_data)
{
    thread->os_data = os_data;
}

void *vsched_thread_os_data(const struct vsched_thread *thread)
{
    return thread->os_data;
}

const char *vsched_thread_name(const struct vsched_thread *thread)
{
    return thread->name;
}

struct vsched_thread *vsched_running(const struct vsched *vs)
{
    return vs->running;
}

bool vsched_thread_is_inside(const struct vsched_thread *thread)
{
    return thread->inside != 0;
}

void vsched_thread_go_inside(struct vsched_thread *thread)
{
    thread->inside++;
}

void vsched_thread_come_out(struct vsched_thread *thread)
{
    thread->inside--;
}

void vsched_thread_rename(struct vsched_thread *thread, const char *name)
{
    snprintf(thread->name, sizeof(thread->name), "%s", name);
}

size_t vsched_n_threads(const struct vsched *vs)
{
    return vs->threads.count;
}

struct vsched_thread *vsched_thread_at(const struct vsched *vs, size_t i)
{
    return vs->threads.items[i];
}

uint64_t vsched_pulse(const struct vsched *vs)
{
    return __atomic_load_n(&vs->n_steps, __ATOMIC_RELAXED) +
           __atomic_load_n(&vs->n_idle, __ATOMIC_RELAXED) + (uint64_t)vsched_now(vs);
}

bool vsched_awaits_time(const struct vsched *vs)
{
    return vs->deadlines.count;
}

bool vsched_is_waited_for(const struct vsched *vs)
{
    return __atomic_load_n(&vs->runnable.count, __ATOMIC_RELAXED) ||
           __atomic_load_n(&vs->deadlines.count, __ATOMIC_RELAXED) ||
           __atomic_load_n(&vs->tasks.count, __ATOMIC_RELAXED);
}

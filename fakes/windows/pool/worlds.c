/* SPDX-License-Identifier: MIT */
/* What each world has of pools: its default pool, its alarms and its threads. */
#include "emu/base/mem.h"
#include "emu/port/clock.h"
#include "emu/port/world.h"
#include "fakes/windows/pool/pool.h"
#include "fakes/windows/pool/threads.h"
#include "fakes/windows/wait.h"

#include <errno.h>
#include <stdlib.h>

struct pool_world {
    struct list link;
    unsigned serial;
    struct world_ports *chosen; /* as world_inherited() */
    struct pool *default_pool;
    struct due_queue alarms;
    pthread_cond_t alarms_changed;
    bool has_clock; /* its thread runs */
    unsigned n_threads;
    pthread_cond_t threads_changed;
    bool is_ending;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct list worlds = { &worlds, &worlds };

void pools_lock(void)
{
    pthread_mutex_lock(&lock);
}

void pools_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

int pools_wait(pthread_cond_t *cond, int64_t deadline_ns)
{
    return wait_cond_until(cond, &lock, deadline_ns);
}

static struct pool_world *find_world(unsigned serial)
{
    list_each (struct pool_world, world, &worlds, link) {
        if (world->serial == serial)
            return world;
    }
    return NULL;
}

struct pool_world *pool_world_here(void)
{
    unsigned serial = world_current()->serial;
    struct pool_world *world = find_world(serial);

    if (world)
        return world;
    world = mem_new(struct pool_world);
    world->serial = serial;
    world->chosen = world_inherited();
    wait_cond_init(&world->alarms_changed);
    wait_cond_init(&world->threads_changed);
    list_append(&worlds, &world->link);
    return world;
}

struct pool *pool_default(struct pool_world *world)
{
    if (!world->default_pool)
        world->default_pool = pool_new(world);
    return world->default_pool;
}

/* ---- threads ---- */

struct start {
    struct pool_world *world;
    void (*main)(void *argument);
    void *argument;
};

static void *thread_main(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    world_inherit(start.world->chosen);
    start.main(start.argument);
    return NULL;
}

bool pool_thread_start(struct pool_world *world, void (*main)(void *argument), void *argument,
                       size_t stack)
{
    struct start *start = mem_new(struct start);
    pthread_attr_t attributes;
    pthread_t thread;

    *start = (struct start){ world, main, argument };
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (stack > 1024 * 1024)
        pthread_attr_setstacksize(&attributes, (stack + 0xFFFF) & ~(size_t)0xFFFF);
    world->n_threads++;
    int error = pthread_create(&thread, &attributes, thread_main, start);
    pthread_attr_destroy(&attributes);
    if (!error)
        return true;
    world->n_threads--;
    free(start);
    return false;
}

void pool_thread_leaves(struct pool_world *world)
{
    world->n_threads--;
    pthread_cond_broadcast(&world->threads_changed);
}

bool pool_world_is_ending(const struct pool_world *world)
{
    return world->is_ending;
}

/* ---- alarms ---- */

/* The first that is due, with a reference; else waits for one. NULL: look again, or the thread is
 * not needed any more (*ret_goes_on false). */
static struct pool_object *next_alarm(struct pool_world *world, bool *ret_goes_on)
{
    struct due *first = due_queue_first(&world->alarms);
    int64_t at_ns = first ? first->at_ns : wait_deadline_ns(POOL_IDLE_MS);

    if (world->is_ending) {
        *ret_goes_on = false;
        return NULL;
    }
    if (!first || at_ns > wait_now()) {
        int error = pools_wait(&world->alarms_changed, at_ns);
        *ret_goes_on = first || error != ETIMEDOUT || due_queue_first(&world->alarms);
        return NULL;
    }
    struct pool_object *object = container_of(first, struct pool_object, alarm);
    due_queue_remove(&world->alarms, first);
    object->count++;
    return object;
}

static void clock_main(void *argument)
{
    struct pool_world *world = argument;
    bool goes_on = true;

    pools_lock();
    while (goes_on) {
        struct pool_object *object = next_alarm(world, &goes_on);
        if (!object)
            continue;
        pools_unlock();
        object->kind->ring(object);
        pool_object_unref(object);
        pools_lock();
    }
    world->has_clock = false;
    pool_thread_leaves(world);
    pools_unlock();
}

void pool_alarm_set(struct pool_object *object, int64_t at_ns)
{
    struct pool_world *world = pool_world_of(object->pool);

    due_queue_remove(&world->alarms, &object->alarm);
    if (at_ns == WAIT_NEVER || world->is_ending)
        return;
    due_queue_add(&world->alarms, &object->alarm, at_ns);
    if (!world->has_clock)
        world->has_clock = pool_thread_start(world, clock_main, world, 0);
    else if (due_queue_first(&world->alarms) == &object->alarm)
        pthread_cond_signal(&world->alarms_changed);
}

int64_t pool_moment(const FILETIME *due)
{
    int64_t ticks = (int64_t)((uint64_t)due->dwHighDateTime << 32 | due->dwLowDateTime);
    int64_t now_ns = wait_now();
    int64_t in_ticks = ticks <= 0 ? -ticks : ticks - clock_filetime(world_current()->clock);

    if (in_ticks < 0)
        in_ticks = 0;
    return in_ticks > (WAIT_NEVER - 1 - now_ns) / 100 ? WAIT_NEVER - 1 : now_ns + in_ticks * 100;
}

/* ---- the end ---- */

static void wake_everybody(struct pool_world *world)
{
    pthread_cond_broadcast(&world->alarms_changed);
    if (world->default_pool)
        pool_wake_all(world->default_pool);
}

void pools_end_world(unsigned serial)
{
    pools_lock();
    struct pool_world *world = find_world(serial);
    if (world) {
        world->is_ending = true;
        wake_everybody(world);
        while (world->n_threads)
            pools_wait(&world->threads_changed, WAIT_NEVER);
        if (world->default_pool)
            pool_unref(world->default_pool);
        due_queue_free(&world->alarms);
        list_remove(&world->link);
    }
    pools_unlock();
    if (!world)
        return;
    pthread_cond_destroy(&world->alarms_changed);
    pthread_cond_destroy(&world->threads_changed);
    free(world);
}

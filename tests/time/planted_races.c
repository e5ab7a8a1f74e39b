/* SPDX-License-Identifier: MIT */
#include "tests/time/planted_races.h"

#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#define EVEN_WAY   0
#define UNEVEN_WAY 50

struct scene {
    pthread_mutex_t x, y;
    pthread_cond_t changed;
    int state;
    int way; /* switch points that the second thread passes before its part */
    bool is_found;
};

static void step(struct scene *scene)
{
    pthread_mutex_lock(&scene->x);
    pthread_mutex_unlock(&scene->x);
}

static void go_the_way(struct scene *scene)
{
    for (int i = 0; i < scene->way / 3; i++)
        step(scene);
}

/* Longer than anything here takes: who waits so long waits for ever. */
static struct timespec far_away(void)
{
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += 100000;
    return at;
}

/* ---- lost wake-up: looks, then goes to sleep, and the signal comes between ---- */

static void *sleep_unless_ready(void *arg)
{
    struct scene *scene = arg;
    struct timespec at = far_away();

    pthread_mutex_lock(&scene->x);
    bool is_ready = scene->state;
    pthread_mutex_unlock(&scene->x);
    if (is_ready)
        return NULL;
    pthread_mutex_lock(&scene->x);
    scene->is_found = pthread_cond_timedwait(&scene->changed, &scene->x, &at) == ETIMEDOUT;
    pthread_mutex_unlock(&scene->x);
    return NULL;
}

static void *make_ready(void *arg)
{
    struct scene *scene = arg;

    go_the_way(scene);
    pthread_mutex_lock(&scene->x);
    scene->state = 1;
    pthread_cond_signal(&scene->changed);
    pthread_mutex_unlock(&scene->x);
    return NULL;
}

/* ---- two locks in opposite order ---- */

static void take_both(struct scene *scene, pthread_mutex_t *first, pthread_mutex_t *second)
{
    struct timespec at = far_away();

    pthread_mutex_lock(first);
    if (pthread_mutex_timedlock(second, &at) == 0)
        pthread_mutex_unlock(second);
    else
        scene->is_found = true;
    pthread_mutex_unlock(first);
}

static void *take_x_then_y(void *arg)
{
    struct scene *scene = arg;

    take_both(scene, &scene->x, &scene->y);
    return NULL;
}

static void *take_y_then_x(void *arg)
{
    struct scene *scene = arg;

    go_the_way(scene);
    take_both(scene, &scene->y, &scene->x);
    return NULL;
}

/* ---- check, then act on what may no longer be so ---- */

static void *check_then_act(void *arg)
{
    struct scene *scene = arg;

    pthread_mutex_lock(&scene->x);
    bool is_free = !scene->state;
    pthread_mutex_unlock(&scene->x);
    pthread_mutex_lock(&scene->x);
    scene->is_found = is_free && scene->state;
    pthread_mutex_unlock(&scene->x);
    return NULL;
}

static void *change(void *arg)
{
    struct scene *scene = arg;

    go_the_way(scene);
    pthread_mutex_lock(&scene->x);
    scene->state = 1;
    pthread_mutex_unlock(&scene->x);
    return NULL;
}

/* ---- three preemptions: each thread has one chance a round ---- */

static void advance(struct scene *scene, int from)
{
    pthread_mutex_lock(&scene->x);
    if (scene->state == from)
        scene->state++;
    scene->is_found |= scene->state == 4;
    pthread_mutex_unlock(&scene->x);
}

static void *advance_even(void *arg)
{
    advance(arg, 0);
    advance(arg, 2);
    return NULL;
}

static void *advance_odd(void *arg)
{
    advance(arg, 1);
    advance(arg, 3);
    return NULL;
}

static bool run(uint64_t seed, const struct vsched_schedule *schedule, int way,
                void *(*first)(void *), void *(*second)(void *))
{
    struct scene scene = { .x = PTHREAD_MUTEX_INITIALIZER,
                           .y = PTHREAD_MUTEX_INITIALIZER,
                           .changed = PTHREAD_COND_INITIALIZER,
                           .way = way };
    struct vsched *vs = vsched_new(seed, NULL);
    pthread_t threads[2];

    vsched_set_schedule(vs, schedule);
    vthread_activate(vs);
    pthread_create(&threads[0], NULL, first, &scene);
    pthread_create(&threads[1], NULL, second, &scene);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    vthread_deactivate();
    vsched_free(vs);
    return scene.is_found;
}

#define RACE(name, way, first, second)                                      \
    static bool name(uint64_t seed, const struct vsched_schedule *schedule) \
    {                                                                       \
        return run(seed, schedule, way, first, second);                     \
    }

RACE(lost_wake_up, EVEN_WAY, sleep_unless_ready, make_ready)
RACE(lost_wake_up_far, UNEVEN_WAY, sleep_unless_ready, make_ready)
RACE(lock_order, EVEN_WAY, take_x_then_y, take_y_then_x)
RACE(lock_order_far, UNEVEN_WAY, take_x_then_y, take_y_then_x)
RACE(checked, EVEN_WAY, check_then_act, change)
RACE(checked_far, UNEVEN_WAY, check_then_act, change)
RACE(three_preemptions, EVEN_WAY, advance_even, advance_odd)

const struct planted_race planted_races[] = {
    { "lost wake-up", false, lost_wake_up },    { "lock-order deadlock", false, lock_order },
    { "check then act", false, checked },       { "three preemptions", false, three_preemptions },
    { "lost wake-up", true, lost_wake_up_far }, { "lock-order deadlock", true, lock_order_far },
    { "check then act", true, checked_far },
};
const size_t n_planted_races = sizeof(planted_races) / sizeof(planted_races[0]);

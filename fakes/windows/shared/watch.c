/* SPDX-License-Identifier: MIT */
/* See watch.h. */
#include "fakes/windows/shared/watch.h"

#include "emu/port/world.h"
#include "fakes/windows/shared/segment.h"
#include "fakes/windows/wait.h"

#define MOMENT_MS 5
#define LONG_MS   1000 /* a process that never joined has nobody's descriptor */

static bool is_watched;

static void look(void)
{
    objects_lock(); /* collects */
    shared_has_others(wait_abandoned);
    objects_unlock();
}

static void *watch_main(void *argument)
{
    for (;;) {
        shared_sleep(LONG_MS);
        look();
    }
    return argument;
}

void shared_watch(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    if (is_watched || world_current()->is_virtual)
        return;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    is_watched = pthread_create(&thread, &attributes, watch_main, NULL) == 0;
    pthread_attr_destroy(&attributes);
}

bool shared_look(void *arg, int64_t wait_ns, int64_t *ret_passed_ns)
{
    bool may_jump = true;

    (void)arg;
    *ret_passed_ns = 0;
    if (!shared_may_have_news() || !objects_try_lock())
        return false;
    objects_begin_to_share();
    bool has_others = shared_has_others(wait_abandoned);
    if (shared_take_mail()) /* from the dead */
        wait_collect();
    bool has_more = wait_has_collected();
    *ret_passed_ns = shared_take_passed();
    bool is_news = has_more || *ret_passed_ns;
    if (has_others && !is_news)
        may_jump = shared_idle(wait_ns);
    objects_unlock();
    return is_news || !may_jump;
}

void shared_rest(void *arg)
{
    (void)arg;
    shared_sleep(MOMENT_MS);
    shared_lock();
    shared_busy();
    shared_unlock();
}

/* SPDX-License-Identifier: MIT */
/* Waits for objects that processes share: whoever signals one hands it to the first who waits,
 * wherever that is, and collects what others have handed to this process. See segment.h. */
#include "fakes/windows/shared/segment.h"
#include "fakes/windows/shared/watch.h"
#include "fakes/windows/wait.h"
#include "fakes/windows/waiter.h"

/* For a thread of another process: takes it on that one's behalf, or lets it try by itself. */
static void give_away(struct shared_wait *wait, const struct object_class *class)
{
    struct object_state *state = shared_state(wait->object);

    if (wait->is_simple) {
        wait->was_abandoned = class->give(state, wait->process, wait->thread_id);
        wait->is_done = true;
    }
    shared_wake(wait->process);
}

void wait_satisfy_all(struct object *object)
{
    struct shared_wait *wait;
    uint64_t after = 0;

    while ((wait = shared_wait_next(object->shared, after))) {
        after = wait->sequence;
        if (wait->process == shared_self()) {
            struct waiter *waiter = (struct waiter *)(uintptr_t)wait->waiter;
            if (waiter_try(waiter))
                waiter_finish(waiter);
        } else if (object->class->is_signaled(object, 0)) {
            give_away(wait, object->class);
        }
    }
}

void wait_show(struct object *object)
{
    list_each (struct wait_block, block, &object->waits, link)
        waiter_show(block);
    if (!list_is_empty(&object->waits))
        shared_watch();
}

/* ---- what other processes have left ---- */

static bool has_collected;

bool wait_has_collected(void)
{
    bool answer = has_collected;

    has_collected = false;
    return answer;
}

/* One of this process's waits has been satisfied by another process. */
static void collect(struct shared_wait *wait)
{
    struct waiter *waiter = (struct waiter *)(uintptr_t)wait->waiter;
    struct object *object = waiter->blocks[wait->block].object;

    if (object->class->taken)
        object->class->taken(object, wait->thread_id);
    waiter->result = (wait->was_abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + wait->block;
    waiter_finish(waiter);
    has_collected = true;
}

void wait_collect(void)
{
    struct shared_wait *wait;

    while ((wait = shared_wait_done()))
        collect(wait);
    for (uint32_t i = 0; (wait = shared_wait_at(i)); i++) {
        if (wait->process != shared_self())
            continue;
        struct waiter *waiter = (struct waiter *)(uintptr_t)wait->waiter;
        if (!waiter_try(waiter))
            continue;
        waiter_finish(waiter);
        has_collected = true;
    }
}

/* Whoever waits for a mutex of a dead process. */
void wait_abandoned(uint32_t shared)
{
    for (uint32_t i = 0; shared_wait_at(i); i++) {
        struct shared_wait *wait = shared_wait_at(i);

        if (wait->process && wait->object == shared)
            shared_wake(wait->process);
    }
}

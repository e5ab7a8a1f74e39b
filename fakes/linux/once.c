/* SPDX-License-Identifier: MIT */
/* What is to be done once: pthread_once, call_once, and the guards of static local variables in
 * C++. The words are used as glibc and libstdc++ use them, so that threads without a record
 * understand them. Compiled with -fexceptions: an initialiser may throw. */
#include "fakes/linux/vthread_inside.h"

#include <threads.h>

/* glibc: 0 not begun, bit 0 under way, 2 done. */
#define ONCE_UNDER_WAY 1
#define ONCE_DONE      2

static void wait_for_once(struct vsched *vs, const void *once, const char *what)
{
    if (vthread_has_begun_once(once))
        vsched_block(vs, once, what, SCHED_NEVER);
    else
        vthread_wait_outside();
}

static void end_once(pthread_once_t *once, int state)
{
    struct vsched *vs = vthread_vsched();

    vthread_end_once(once);
    __atomic_store_n(once, state, __ATOMIC_RELEASE);
    vthread_wake_real_futex(once);
    if (vs)
        vsched_wake(vs, once, VSCHED_ALL);
}

/* Also runs when the initialiser leaves by an exception: somebody else may try. */
static void give_up_once(pthread_once_t **once)
{
    if (*once)
        end_once(*once, 0);
}

int pthread_once(pthread_once_t *once, void (*initialise)(void))
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(pthread_once)(once, initialise);
    vthread_step(vs);
    for (;;) {
        int state = __atomic_load_n(once, __ATOMIC_ACQUIRE);

        if (state & ONCE_DONE)
            return 0;
        if (state & ONCE_UNDER_WAY)
            wait_for_once(vs, once, "pthread_once");
        else if (__atomic_compare_exchange_n(once, &state, ONCE_UNDER_WAY, false, __ATOMIC_ACQUIRE,
                                             __ATOMIC_RELAXED))
            break;
    }
    vthread_begin_once(once);
    __attribute__((cleanup(give_up_once))) pthread_once_t *unfinished = once;
    initialise();
    unfinished = NULL;
    end_once(once, ONCE_DONE);
    return 0;
}

void call_once(once_flag *once, void (*initialise)(void))
{
    if (vthread_vsched())
        pthread_once((pthread_once_t *)(void *)once, initialise);
    else
        REAL(call_once)(once, initialise);
}

/* The guard of a static variable: 64 bits, of which the C++ ABI fixes the first byte (done). The
 * second (under way) and third (somebody sleeps on the futex) are libstdc++'s. */
struct guard {
    uint8_t is_done;
    uint8_t is_under_way;
    uint8_t has_real_waiters;
};

int __cxa_guard_acquire(struct guard *guard);
void __cxa_guard_release(struct guard *guard);
void __cxa_guard_abort(struct guard *guard);

int __cxa_guard_acquire(struct guard *guard)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(__cxa_guard_acquire)(guard);
    vthread_step(vs);
    while (!__atomic_load_n(&guard->is_done, __ATOMIC_ACQUIRE)) {
        uint8_t nobody = 0;

        if (__atomic_compare_exchange_n(&guard->is_under_way, &nobody, 1, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED)) {
            if (!__atomic_load_n(&guard->is_done, __ATOMIC_ACQUIRE)) {
                vthread_begin_once(guard);
                return 1;
            }
            __atomic_store_n(&guard->is_under_way, 0, __ATOMIC_RELEASE); /* just done elsewhere */
            return 0;
        }
        wait_for_once(vs, guard, "the initialiser of a static variable");
    }
    return 0;
}

static void end_guard(struct vsched *vs, struct guard *guard, uint8_t is_done)
{
    bool has_real_waiters = guard->has_real_waiters;

    vthread_end_once(guard);
    guard->has_real_waiters = 0;
    __atomic_store_n(&guard->is_done, is_done, __ATOMIC_RELEASE);
    __atomic_store_n(&guard->is_under_way, 0, __ATOMIC_RELEASE);
    if (has_real_waiters)
        vthread_wake_real_futex(guard);
    vsched_wake(vs, guard, VSCHED_ALL);
}

void __cxa_guard_release(struct guard *guard)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        end_guard(vs, guard, 1);
    else
        REAL(__cxa_guard_release)(guard);
}

void __cxa_guard_abort(struct guard *guard)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        end_guard(vs, guard, 0);
    else
        REAL(__cxa_guard_abort)(guard);
}

/* SPDX-License-Identifier: MIT */
/* syscall(2) by number: libstdc++ waits for atomics by the futex call, and reads clocks and random
 * numbers that way in places. Everything else goes to the kernel as it is. */
#include "fakes/linux/ride.h"
#include "fakes/linux/vthread_inside.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FUTEX_COMMAND ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)

static long fail(int error)
{
    errno = error;
    return -1;
}

static long futex_wait(struct vsched *vs, const uint32_t *word, int operation, uint32_t value,
                       const struct timespec *timeout)
{
    clockid_t clock = operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    int64_t deadline_ns = SCHED_NEVER;

    vthread_step(vs);
    if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != value)
        return fail(EAGAIN);
    if (timeout && (operation & FUTEX_COMMAND) == FUTEX_WAIT) {
        deadline_ns = vthread_deadline_in(vs, timeout);
    } else if (timeout) {
        int error = vthread_deadline(vs, clock, timeout, &deadline_ns);
        if (error)
            return fail(error);
    }
    if (!vsched_block(vs, word, "an atomic variable to change", deadline_ns))
        return fail(ETIMEDOUT);
    return 0;
}

static long futex_wake(struct vsched *vs, const uint32_t *word, int operation, long limit)
{
    unsigned woken = vsched_wake(vs, word, limit > 0 ? (unsigned)limit : 1);

    /* Threads without a record wait in the kernel. */
    if (woken < (unsigned)limit) {
        long wake = FUTEX_WAKE | (operation & FUTEX_PRIVATE_FLAG);
        long real = REAL(syscall)(SYS_futex, word, wake, limit - (long)woken, NULL, NULL, 0L);
        woken += real > 0 ? (unsigned)real : 0;
    }
    vthread_step(vs);
    return (long)woken;
}

/* More arguments than given are read, as by libc's own: the kernel ignores them, AddressSanitizer
 * would not. */
__attribute__((no_sanitize("address"))) long syscall(long number, ...)
{
    struct vsched *vs = vthread_vsched();
    long a[6];
    va_list args;

    va_start(args, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    if (vs && number == SYS_futex) {
        int operation = (int)a[1];

        switch (operation & FUTEX_COMMAND) {
        case FUTEX_WAIT:
        case FUTEX_WAIT_BITSET:
            return futex_wait(vs, (const uint32_t *)a[0], operation, (uint32_t)a[2],
                              (const struct timespec *)a[3]);
        case FUTEX_WAKE:
        case FUTEX_WAKE_BITSET:
            return futex_wake(vs, (const uint32_t *)a[0], operation, a[2]);
        default:
            break;
        }
    }
    if (vs && number == SYS_clock_gettime)
        return clock_gettime((clockid_t)a[0], (struct timespec *)a[1]);
    if (vs && number == SYS_getrandom)
        return getrandom((void *)a[0], (size_t)a[1], (unsigned)a[2]);
    if (vs && number == SYS_sched_yield)
        return sched_yield();
    if (vs && number == SYS_gettid)
        return gettid();
    if (vthread_self && vthread_self->world->rides && kernel_threads_heeds(number))
        ride_no_more();
    return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* SPDX-License-Identifier: MIT */
/* Clocks and sleeps. All clocks show the world's time: CLOCK_REALTIME and its kin as time of day,
 * the others counted from some time before the world began. Reading one takes a microsecond, so
 * that a loop that waits for a time comes to an end. */
#include "fakes/linux/sanitizer.h"
#include "fakes/linux/vthread_inside.h"

#include "emu/port/clock.h"
#include "emu/port/world.h"
#include "fakes/world/vclock.h"

#include <errno.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

static bool is_time_of_day(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI ||
           clock == CLOCK_REALTIME_ALARM;
}

static int64_t base_ns(clockid_t clock)
{
    struct world_ports *world = world_existing();

    if (!is_time_of_day(clock))
        return VTHREAD_MONOTONIC_BASE_NS;
    return VCLOCK_EPOCH_NS +
           (world ? __atomic_load_n(&world->clock->jumped_ns, __ATOMIC_RELAXED) : 0);
}

int64_t vthread_clock_ns(struct vsched *vs, clockid_t clock)
{
    return base_ns(clock) + sched_now(vsched_port(vs));
}

bool vthread_is_valid_time(const struct timespec *time)
{
    return time->tv_nsec >= 0 && time->tv_nsec < SCHED_SECOND;
}

int64_t vthread_length_ns(const struct timespec *time)
{
    int64_t ns;

    if (__builtin_mul_overflow(time->tv_sec, SCHED_SECOND, &ns) ||
        __builtin_add_overflow(ns, time->tv_nsec, &ns))
        return time->tv_sec < 0 ? INT64_MIN : SCHED_NEVER;
    return ns;
}

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){ .tv_sec = ns / SCHED_SECOND, .tv_nsec = ns % SCHED_SECOND };
}

int vthread_deadline(struct vsched *vs, clockid_t clock, const struct timespec *at,
                     int64_t *ret_deadline)
{
    (void)vs;
    if (!vthread_is_valid_time(at) || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC))
        return EINVAL;
    int64_t ns = vthread_length_ns(at);
    *ret_deadline = ns == SCHED_NEVER ? SCHED_NEVER : ns < base_ns(clock) ? 0 : ns - base_ns(clock);
    return 0;
}

int64_t vthread_deadline_in(struct vsched *vs, const struct timespec *length)
{
    int64_t ns = vthread_length_ns(length);
    int64_t at;

    if (__builtin_add_overflow(sched_now(vsched_port(vs)), ns, &at))
        return ns < 0 ? 0 : SCHED_NEVER;
    return at;
}

/* Looks at a clock: takes a microsecond, in which others may have their turn. */
static int64_t look(clockid_t clock)
{
    struct vsched *vs = vthread_vsched();

    if (vs)
        vsched_yield(vs, VSCHED_LOOK_NS);
    return vthread_clock_ns(vthread_vsched_any(), clock);
}

void *vthread_sanitizer_clock_caller;
__thread void *vthread_last_clock_caller;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    void *caller = __builtin_return_address(0);

    vthread_last_clock_caller = caller;
    if (vthread_self && vthread_is_sanitizers_own(caller)) {
        *now = timespec_of(vthread_clock_ns(vthread_self->vs, clock));
        return 0;
    }
    if (!vthread_vsched_any() || clock < 0 || clock > CLOCK_TAI)
        return REAL(clock_gettime)(clock, now);
    *now = timespec_of(look(clock));
    return 0;
}

int vthread_own_clock_gettime(clockid_t clock, struct timespec *now) __THROW __nonnull((2))
    __attribute__((alias("clock_gettime"), visibility("hidden")));

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    if (!vthread_vsched_any())
        return REAL(gettimeofday)(now, zone);
    int64_t ns = look(CLOCK_REALTIME);
    *now = (struct timeval){ .tv_sec = ns / SCHED_SECOND, .tv_usec = ns % SCHED_SECOND / 1000 };
    if (zone)
        *(struct timezone *)zone = (struct timezone){ 0 };
    return 0;
}

time_t time(time_t *now)
{
    if (!vthread_vsched_any())
        return REAL(time)(now);
    time_t seconds = (time_t)(look(CLOCK_REALTIME) / SCHED_SECOND);
    if (now)
        *now = seconds;
    return seconds;
}

int timespec_get(struct timespec *now, int base)
{
    if (!vthread_vsched_any() || base != TIME_UTC)
        return REAL(timespec_get)(now, base);
    *now = timespec_of(look(CLOCK_REALTIME));
    return base;
}

/* Processor time: as if the program had worked all the time. */
clock_t clock(void)
{
    if (!vthread_vsched_any())
        return REAL(clock)();
    return (clock_t)((look(CLOCK_PROCESS_CPUTIME_ID) - VTHREAD_MONOTONIC_BASE_NS) / 1000);
}

/* EINTR, or 0; and how much is left. */
static int sleep_until(struct vsched *vs, int64_t deadline_ns, int64_t *ret_left_ns)
{
    pthread_testcancel();
    vthread_begin_call();
    enum vthread_end end = vthread_wait_or_signal(vs, NULL, "its sleep to end", deadline_ns);
    pthread_testcancel();
    *ret_left_ns = deadline_ns - sched_now(vsched_port(vs));
    return end == VTHREAD_LATE || *ret_left_ns <= 0 ? 0 : EINTR;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *length,
                    struct timespec *remaining)
{
    struct vsched *vs = vthread_vsched();
    int64_t deadline_ns;

    if (!vs)
        return REAL(clock_nanosleep)(clock, flags, length, remaining);
    if (!vthread_is_valid_time(length) || length->tv_sec < 0)
        return EINVAL;
    if (flags & TIMER_ABSTIME) {
        clockid_t kind = is_time_of_day(clock) ? CLOCK_REALTIME : CLOCK_MONOTONIC;
        int error = vthread_deadline(vs, kind, length, &deadline_ns);
        if (error)
            return error;
    } else {
        deadline_ns = vthread_deadline_in(vs, length);
    }
    int64_t left_ns;
    int error = sleep_until(vs, deadline_ns, &left_ns);
    if (error && remaining && !(flags & TIMER_ABSTIME))
        *remaining = timespec_of(left_ns);
    return error;
}

int nanosleep(const struct timespec *length, struct timespec *remaining)
{
    if (!vthread_vsched())
        return REAL(nanosleep)(length, remaining);
    int error = clock_nanosleep(CLOCK_MONOTONIC, 0, length, remaining);
    if (!error)
        return 0;
    errno = error;
    return -1;
}

int usleep(useconds_t length)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(usleep)(length);
    int64_t left_ns;
    int error = sleep_until(vs, sched_now(vsched_port(vs)) + (int64_t)length * 1000, &left_ns);
    if (error)
        errno = error;
    return error ? -1 : 0;
}

unsigned sleep(unsigned seconds)
{
    struct vsched *vs = vthread_vsched();

    if (!vs)
        return REAL(sleep)(seconds);
    int64_t left_ns;
    int error =
        sleep_until(vs, sched_now(vsched_port(vs)) + (int64_t)seconds * SCHED_SECOND, &left_ns);
    return error ? (unsigned)(left_ns / SCHED_SECOND) : 0;
}

int sched_yield(void)
{
    struct vsched *vs = vthread_vsched();

    if (!vs || sanitizer_has(__builtin_return_address(0))) /* with its locks held */
        return REAL(sched_yield)();
    vsched_yield(vs, VSCHED_LOOK_NS);
    return 0;
}

/* pthread_yield, which the header makes another name of sched_yield: for old programs. */
int old_yield(void) __asm__("pthread_yield");

int old_yield(void)
{
    return sched_yield();
}

int thrd_sleep(const struct timespec *length, struct timespec *remaining)
{
    if (!vthread_vsched())
        return REAL(thrd_sleep)(length, remaining);
    int error = clock_nanosleep(CLOCK_MONOTONIC, 0, length, remaining);
    return !error ? 0 : error == EINTR ? -1 : -2;
}

void thrd_yield(void)
{
    if (vthread_vsched())
        sched_yield();
    else
        REAL(thrd_yield)();
}

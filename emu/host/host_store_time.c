/* SPDX-License-Identifier: MIT */
/* The kernel stamps files with a clock that moves in ticks (CLOCK_REALTIME_COARSE), and, where it
 * has fine time stamps, with one that lies between the last tick and now. A process on a virtual
 * clock has other answers of clock_gettime: files bear the kernel's times, so it is the kernel that
 * is asked here. */
#include "emu/host/host_store_time.h"

#include "emu/base/cleanup.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int (*real_clock)(clockid_t clock, struct timespec *ret_time);
static int (*real_sleep)(const struct timespec *time, struct timespec *ret_rest);

static __attribute__((constructor)) void find_real_functions(void)
{
    real_clock = (__typeof__(real_clock))dlsym(RTLD_NEXT, "clock_gettime");
    real_sleep = (__typeof__(real_sleep))dlsym(RTLD_NEXT, "nanosleep");
}

static void read_clock(clockid_t clock, struct timespec *ret_time)
{
    if (!real_clock) /* another constructor was faster */
        find_real_functions();
    real_clock(clock, ret_time);
}

struct timespec host_store_now(struct store *s)
{
    struct timespec now;

    (void)s;
    read_clock(CLOCK_REALTIME, &now);
    return now;
}

static bool is_later(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

struct timespec host_store_settle(struct store *s)
{
    const struct timespec pause = { .tv_nsec = 500000 };
    struct timespec last = host_store_now(s), tick;

    for (;;) {
        read_clock(CLOCK_REALTIME_COARSE, &tick);
        if (is_later(tick, last))
            return last;
        real_sleep(&pause, NULL);
    }
}

/* The kernel makes a new one each time it starts: "xxxxxxxx-xxxx-...". */
static void read_boot_id(unsigned char ret_life[16])
{
    char text[64] = { 0 };
    auto_close int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    size_t digits = 0;

    memset(ret_life, 0, 16);
    for (ssize_t i = 0; i < n && digits < 32; i++) {
        unsigned value;

        if (sscanf((char[]){ text[i], 0 }, "%1x", &value) == 1) {
            ret_life[digits / 2] = (unsigned char)((unsigned)ret_life[digits / 2] << 4 | value);
            digits++;
        }
    }
}

struct timespec host_store_life(struct store *s, unsigned char ret_life[16])
{
    struct timespec now = host_store_now(s), since_boot;

    read_boot_id(ret_life);
    read_clock(CLOCK_BOOTTIME, &since_boot);
    now.tv_sec -= since_boot.tv_sec;
    return now;
}

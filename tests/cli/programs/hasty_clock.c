/* SPDX-License-Identifier: MIT */
/* Preloaded into vssemu, and acting on nothing else: each look at the monotonic clock finds ten
 * seconds more gone by. So what takes a while by the clock takes a number of looks, on any
 * machine. */
#include <dlfcn.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int is_vssemu(void)
{
    static int answer = -1;
    char path[4096];

    if (answer < 0) {
        ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
        path[n > 0 ? n : 0] = 0;
        const char *slash = strrchr(path, '/');
        answer = slash && strcmp(slash, "/vssemu") == 0;
    }
    return answer;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t clock, struct timespec * now);
    static time_t ahead;

    if (!real)
        real = (__typeof__(real))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (clock == CLOCK_MONOTONIC && is_vssemu())
        now->tv_sec += ahead += 10;
    return result;
}

/* SPDX-License-Identifier: MIT */
/* See sanitizer.h. */
#include "fakes/linux/sanitizer.h"

#include "fakes/linux/vthread_inside.h"

#include "emu/base/check.h"

#include <dlfcn.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <time.h>

bool sanitizer_is_before_us;
_Thread_local bool sanitizer_is_starting;

static void *do_nothing(void *arg)
{
    return arg;
}

/* ThreadSanitizer starts a thread of its own together with the program's first: that one must not
 * become a thread of the world, for it never calls us. */
static void let_sanitizer_start_its_thread(void)
{
    pthread_t thread;

    sanitizer_is_starting = true;
    check_equal(pthread_create(&thread, NULL, do_nothing, NULL), 0);
    check_equal(pthread_join(thread, NULL), 0);
    sanitizer_is_starting = false;
}

/* Bound by the loader: to look for it in vain would touch every library in every run. */
extern void __lsan_do_leak_check(void) __attribute__((weak));

static uintptr_t library_begin, library_end;

static void find_library(void)
{
    void *known = (void *)(uintptr_t)__lsan_do_leak_check;
    const uintptr_t entry = getauxval(AT_ENTRY);
    struct dl_find_object found;

    if (!known || _dl_find_object(known, &found) != 0)
        return;
    uintptr_t begin = (uintptr_t)found.dlfo_map_start, end = (uintptr_t)found.dlfo_map_end;

    if (entry >= begin && entry < end)
        return;
    library_begin = begin;
    library_end = end;
}

bool sanitizer_has(const void *code)
{
    return (uintptr_t)code - library_begin < library_end - library_begin;
}

/* Who calls clock_gettime of ours when the program calls clock_gettime: the one place in a
 * sanitizer that passes the program's calls on. All its other calls are its own. */
void sanitizer_find(void)
{
    void *first_clock = dlsym(RTLD_DEFAULT, "clock_gettime");
    struct timespec now;

    find_library();
    sanitizer_is_before_us =
        dlsym(RTLD_DEFAULT, "pthread_create") != (void *)(uintptr_t)vthread_own_pthread_create;
    if (sanitizer_is_before_us)
        let_sanitizer_start_its_thread();
    if (first_clock == (void *)(uintptr_t)vthread_own_clock_gettime)
        return;
    ((__typeof__(&clock_gettime))first_clock)(CLOCK_MONOTONIC, &now);
    vthread_sanitizer_clock_caller = vthread_last_clock_caller;
}

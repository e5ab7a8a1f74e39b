/* SPDX-License-Identifier: MIT */
#include "fakes/linux/real.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc has two implementations of condition variables. Some versions of dlsym answer the one of
 * 2002, which must not be mixed with the other. Other names are not looked up twice: a look-up that
 * fails allocates memory, and a sanitizer's allocator asks us for the clock with its lock held. */
static void *find_current(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found && strncmp(name, "pthread_cond_", strlen("pthread_cond_")) == 0 &&
        found == dlvsym(RTLD_NEXT, name, "GLIBC_2.2.5")) {
        void *newer = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
        if (newer)
            return newer;
    }
    return found;
}

void *real_find(const char *name, void **slot)
{
    void *found = find_current(name);

    if (!found) {
        static const char text[] = "vssemu: the C library lacks a function of this name: ";
        size_t length = 0;

        while (name[length])
            length++;
        (void)!write(2, text, sizeof(text) - 1);
        (void)!write(2, name, length);
        (void)!write(2, "\n", 1);
        abort();
    }
    __atomic_store_n(slot, found, __ATOMIC_RELAXED);
    return found;
}

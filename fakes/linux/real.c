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

void *real_find(struct real_slot *slot)
{
    const char *name = slot->name;
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
    __atomic_store_n(&slot->found, found, __ATOMIC_RELAXED);
    return found;
}

/* The linker's names for the ends of the section. */
extern struct real_slot __start_real_slots[] __attribute__((visibility("hidden")));
extern struct real_slot __stop_real_slots[] __attribute__((visibility("hidden")));

void real_find_all(void)
{
    for (struct real_slot *slot = __start_real_slots; slot < __stop_real_slots; slot++) {
        if (!slot->found) /* one that this C library lacks is missed by who calls it */
            __atomic_store_n(&slot->found, find_current(slot->name), __ATOMIC_RELAXED);
    }
}

/* SPDX-License-Identifier: MIT */
/* The functions behind ours: REAL(pthread_mutex_lock)(mutex) calls the next definition of the name
 * in the search order (libc's, or a sanitizer's, which calls libc's). Found on first use and not
 * at load time, because sanitizers and the loader call us before any constructor of ours. */
#pragma once

#include <stddef.h>

/* One for each place that calls a function; the linker puts them side by side. */
struct real_slot {
    const char *name;
    void *found; /* NULL: not yet looked for */
};

void *real_find(struct real_slot *slot);
/* All at once, for a process that is about to fork many times. */
void real_find_all(void);

#define REAL(name)                                                          \
    ({                                                                      \
        static struct real_slot slot_                                       \
            __attribute__((section("real_slots"), used)) = { #name, NULL }; \
        void *real_ = __atomic_load_n(&slot_.found, __ATOMIC_RELAXED);      \
        (__typeof__(&(name)))(real_ ? real_ : real_find(&slot_));           \
    })

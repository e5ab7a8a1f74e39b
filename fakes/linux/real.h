/* SPDX-License-Identifier: MIT */
/* The functions behind ours: REAL(pthread_mutex_lock)(mutex) calls the next definition of the name
 * in the search order (libc's, or a sanitizer's, which calls libc's). Found on first use and not
 * at load time, because sanitizers and the loader call us before any constructor of ours. */
#pragma once

#include <stddef.h>

void *real_find(const char *name, void **slot);

#define REAL(name)                                                       \
    ({                                                                   \
        static void *slot_;                                              \
        void *real_ = __atomic_load_n(&slot_, __ATOMIC_RELAXED);         \
        (__typeof__(&(name)))(real_ ? real_ : real_find(#name, &slot_)); \
    })

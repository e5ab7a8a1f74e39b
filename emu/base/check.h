/* SPDX-License-Identifier: MIT */
/* Assertions about our own code, on in every build. A client's mistake is a result code, never
 * a failed check. On failure: one line on standard error, the registered reporter (which adds the
 * seed and the last trace lines), then abort(). */
#pragma once

#include <stdbool.h>

#define check(condition) \
    ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, __func__, #condition))

/* Compares two integers and prints both when they differ. */
#define check_equal(a, b)                                                     \
    ({                                                                        \
        long long a_ = (long long)(a), b_ = (long long)(b);                   \
        if (a_ != b_)                                                         \
            check_failed_equal(__FILE__, __LINE__, __func__, #a, #b, a_, b_); \
    })

_Noreturn void check_failed(const char *file, int line, const char *function, const char *text);
_Noreturn void check_failed_equal(const char *file, int line, const char *function, const char *a,
                                  const char *b, long long value_a, long long value_b);

/* Called once, before abort(); NULL takes it back. */
void check_set_reporter(void (*reporter)(void *arg), void *arg);

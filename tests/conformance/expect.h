/* SPDX-License-Identifier: MIT */
/* Expectations of the conformance programs, which are Windows programs and see nothing but
 * Windows's headers. Each failure is a line; expect_result() is the program's exit code. */
#pragma once

#include <stdio.h>
#include <string.h>
#include <wchar.h>

static int expect_failures;

#define EXPECT(condition)                                                            \
    do {                                                                             \
        if (!(condition)) {                                                          \
            fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
            expect_failures++;                                                       \
        }                                                                            \
    } while (0)

#define EXPECT_TEXT(actual, expected) expect_text(__FILE__, __LINE__, actual, expected)

static inline void expect_text(const char *file, int line, const wchar_t *actual,
                               const wchar_t *expected)
{
    if (actual && wcscmp(actual, expected) == 0)
        return;
    fprintf(stderr, "%s:%d: expected \"%S\", got \"%S\"\n", file, line, expected, actual);
    expect_failures++;
}

static inline int expect_result(void)
{
    if (expect_failures)
        fprintf(stderr, "%d expectations failed\n", expect_failures);
    return expect_failures ? 1 : 0;
}

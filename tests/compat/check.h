/* SPDX-License-Identifier: MIT */
/* Expectations of these programs: each failure is a line, check_result() the exit code. */
#pragma once

#include <stdio.h>
#include <wchar.h>

static int check_failures;

#define CHECK(condition)                                                             \
    do {                                                                             \
        if (!(condition)) {                                                          \
            fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
            check_failures++;                                                        \
        }                                                                            \
    } while (0)

static inline void check_text(const char *file, int line, const wchar_t *actual,
                              const wchar_t *expected)
{
    if (actual && wcscmp(actual, expected) == 0)
        return;
    fprintf(stderr, "%s:%d: expected \"%S\", got \"%S\"\n", file, line, expected,
            actual ? actual : L"(none)");
    check_failures++;
}
#define CHECK_TEXT(actual, expected) check_text(__FILE__, __LINE__, actual, expected)

static inline int check_result(void)
{
    return check_failures ? 1 : 0;
}

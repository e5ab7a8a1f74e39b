/* SPDX-License-Identifier: MIT */
#include "emu/base/check.h"

#include <stdio.h>
#include <stdlib.h>

static void (*check_reporter)(void *);
static void *check_reporter_arg;

void check_set_reporter(void (*reporter)(void *arg), void *arg)
{
    check_reporter = reporter;
    check_reporter_arg = arg;
}

static _Noreturn void report_and_abort(void)
{
    void (*reporter)(void *) = check_reporter;

    check_reporter = NULL;
    if (reporter)
        reporter(check_reporter_arg);
    abort();
}

_Noreturn void check_failed(const char *file, int line, const char *function, const char *text)
{
    fprintf(stderr, "vssemu: %s:%d: %s: this must hold and does not: %s\n", file, line, function,
            text);
    report_and_abort();
}

_Noreturn void check_failed_equal(const char *file, int line, const char *function, const char *a,
                                  const char *b, long long value_a, long long value_b)
{
    fprintf(stderr, "vssemu: %s:%d: %s: %s is %lld, but %s is %lld\n", file, line, function, a,
            value_a, b, value_b);
    report_and_abort();
}

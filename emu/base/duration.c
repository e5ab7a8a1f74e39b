/* SPDX-License-Identifier: MIT */
#include "emu/base/duration.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct unit {
    const char *name;
    int64_t ns;
} units[] = {
    { "d", INT64_C(86400000000000) },
    { "h", INT64_C(3600000000000) },
    { "m", INT64_C(60000000000) },
    { "s", 1000000000 },
    { "ms", 1000000 },
    { "us", 1000 },
    { "ns", 1 },
};
#define N_UNITS (sizeof(units) / sizeof(units[0]))

bool duration_parse(const char *text, int64_t *ret_ns)
{
    const char *digits = text + (*text == '-');
    char *end;

    if (*digits < '0' || *digits > '9')
        return false;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno)
        return false;
    if (n == 0 && !*end) {
        *ret_ns = 0;
        return true;
    }
    for (size_t i = 0; i < N_UNITS; i++) {
        if (strcmp(end, units[i].name) == 0)
            return !__builtin_mul_overflow((int64_t)n, units[i].ns, ret_ns);
    }
    return false;
}

const char *duration_text(int64_t ns, char buffer[DURATION_SIZE])
{
    size_t unit = 0;

    if (!ns)
        return "0";
    while (ns % units[unit].ns)
        unit++;
    snprintf(buffer, DURATION_SIZE, "%" PRId64 "%s", ns / units[unit].ns, units[unit].name);
    return buffer;
}

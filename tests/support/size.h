/* SPDX-License-Identifier: MIT */
/* How much a test of sizes takes: things by the hundred thousand show what is quadratic. Valgrind,
 * under which each instruction costs fifty, looks at memory instead, and there a twentieth shows as
 * much. */
#pragma once

#include <stdlib.h>

/* n, or a twentieth where ci/valgrind says so (TEST_SIZES=small). */
static inline size_t size_for_test(size_t n)
{
    return getenv("TEST_SIZES") ? n / 20 : n;
}

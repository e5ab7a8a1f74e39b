/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include "tests/support/document_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_fail(const char *property, const char *detail)
{
    fprintf(stderr, "%s: %s\n", property, detail);
    abort();
}

void fuzz_same(const char *property, char *take_a, char *take_b)
{
    char *difference = first_difference(take_a, take_b);

    if (difference)
        fuzz_fail(property, difference);
    free(take_a);
    free(take_b);
}

void fuzz_check_error(const char *error)
{
    if (!error || !strstr(error, "line "))
        fuzz_fail("a document was refused without a word or line", error ? error : "(none)");
}

/* SPDX-License-Identifier: MIT */
/* Command lines as Windows programs take them apart (Learn: "Parsing C Command-Line Arguments",
 * "CommandLineToArgvW"). UTF-8. */
#pragma once

#include "emu/base/array.h"

#include <stddef.h>

struct words {
    char **items; /* owned, as are the words; NULL at the end */
    size_t count;
};

/* The first word is a program's name, in which a quote only quotes; the others know \" . */
struct words command_line_split(const char *text);
void command_line_free(struct words *words);
/* The program's name alone, without its quotes; *ret_rest is behind it. The caller frees. */
char *command_line_program(const char *text, const char **ret_rest);

/* SPDX-License-Identifier: MIT */
/* What the drivers want to know of a source file or header before the compiler sees it: which
 * headers it names, whether it has a macro that Microsoft's preprocessor treats differently, and
 * whether it uses what does not exist natively. One pass over the characters; comments, strings and
 * continued lines are understood, #if is not: what is found may lie in a part that is left out. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stddef.h>

struct source_include {
    char *name; /* as it is spelled */
    bool is_quoted;
    unsigned line;
    bool is_first; /* nothing before it decides what it means: no macro but a guard */
};

struct source_text {
    ARRAY(struct source_include) includes;
    bool has_macros;                  /* a #define that is no guard, or an #undef */
    bool has_bare_variable_arguments; /* a #define has `, __VA_ARGS__` */
    bool has_uuids;                   /* a word that gives a class an identifier */
    unsigned seh_line;                /* of the first __try, __except, __finally; 0 if none */
};

/* False when the file cannot be read. */
bool source_text_read(struct source_text *text, const char *path);
void source_text_free(struct source_text *text);

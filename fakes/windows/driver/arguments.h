/* SPDX-License-Identifier: MIT */
/* The command line of a compile driver, sorted into what each compilation gets, what the link gets,
 * and what is to be compiled. Follows gcc's rules as far as the difference matters. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>

enum driver_language { LANGUAGE_C, LANGUAGE_CXX };

struct driver_source {
    const char *path;
    enum driver_language language;
    const char *forced; /* the argument of -x that holds for it, NULL if none */
    size_t link_index;  /* where its object goes in link */
};

struct driver_arguments {
    ARRAY(char *) compile; /* options for each compilation */
    ARRAY(char *) link;    /* options, objects and libraries in their order */
    ARRAY(struct driver_source) sources;
    const char *output;   /* of -o, NULL if none */
    bool is_compile_only; /* -c, -S, -E, -M, -MM, -fsyntax-only */
    bool is_question;     /* nothing to build: --version, -print-search-dirs, ... */
    bool has_debug;
    bool has_ubsan;
    bool is_shared;
};

/* default_language is that of files whose name does not say it (standard input). The strings stay
 * argv's. */
void driver_arguments_parse(struct driver_arguments *a, int argc, char **argv,
                            enum driver_language default_language);
void driver_arguments_fini(struct driver_arguments *a);

/* SPDX-License-Identifier: MIT */
/* What one source file with all the user's headers it names needs before the compiler can do its
 * work: headers that are there under another spelling only, headers that an .idl or .mc file is to
 * give, and the constructs of source_text.h. System headers, ours and Wine's are found but not
 * read. */
#pragma once

#include "fakes/windows/driver/arguments.h"

#include <stdbool.h>

/* A header that the compiler will not find under its spelling, and the line that leads to it. */
struct survey_forward {
    char *spelling;  /* Sub\Header.H */
    char *directive; /* #include "/source/sub/header.h" */
};

/* A header made by a tool, and from what: for dependency files. */
struct survey_generated {
    char *header, *origin;
};

/* A use of what does not exist natively. */
struct survey_foreign {
    const char *what; /* "structured exception handling (__try)" */
    char *path;
    unsigned line;
};

struct survey {
    ARRAY(struct survey_forward) forwards;
    ARRAY(struct survey_generated) generated;
    ARRAY(struct survey_foreign) foreign;
    bool has_bare_variable_arguments;
    bool has_uuids;           /* see source_text.h */
    bool starts_with_windows; /* the C library's headers aside */
    char *trouble;            /* a header could not be made: why; NULL if none */
};

void survey_make(struct survey *s, const struct driver_arguments *a, const char *source);
void survey_free(struct survey *s);

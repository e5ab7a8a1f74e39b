/* SPDX-License-Identifier: MIT */
/* One source file through the compiler: the survey first (survey.h), then either the compiler
 * alone or, where the source has a macro with a comma straight before __VA_ARGS__ (comma.h), the
 * preprocessor, the mending and the compiler. */
#pragma once

#include "fakes/windows/driver/arguments.h"

/* object is where the result goes, NULL for where the compiler would put it. Answers the exit
 * status. */
int compile_source(const struct driver_arguments *a, const struct driver_source *source,
                   const char *object);

/* A folder for temporary files; NULL when there is none (a message says so). The caller frees. */
char *compile_make_temporary(void);

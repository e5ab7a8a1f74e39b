/* SPDX-License-Identifier: MIT */
/* The folder in which the compiler finds headers under the spelling that the source gives them: a
 * file of that very name, backslashes and all, whose one line includes the real header. Kept in the
 * drivers' cache under a name made of its contents, so that it is the same path in every
 * compilation with the same needs, and parallel builds may share it. */
#pragma once

#include "fakes/windows/driver/survey.h"

/* The folder for -I; NULL when nothing is needed or none can be made. The caller frees. */
char *forwards_folder(const struct survey *s);

/* SPDX-License-Identifier: MIT */
/* Dependency files (-MD, -MMD, -M) that name what the user has: the drivers' forwarding files drop
 * out, and a generated header is replaced by the .idl or .mc file it comes from. */
#pragma once

#include "fakes/windows/driver/survey.h"

#include "emu/base/name_list.h"
#include "emu/base/str.h"

/* The prerequisites of the first rule of a dependency file; false if it cannot be read. */
bool depfile_names(const char *path, struct name_list *names);

/* Rewrites the text of a dependency file. */
void depfile_mend(struct str *text, const struct survey *s);

/* The same for a file, in place; one that is not there is left alone. */
void depfile_mend_file(const char *path, const struct survey *s);

/* SPDX-License-Identifier: MIT */
/* What an .idl file imports: files by any spelling, which widl takes literally, and whose contents
 * decide whether a header must be made again. */
#pragma once

#include "fakes/windows/driver/search.h"

#include "emu/base/str.h"

/* Adds the contents of the file and of the user's files it imports, directly or not. */
void imports_add_content(struct search *s, const char *path, struct str *content);

/* Puts links into the folder for imports that are there under another spelling only. */
void imports_link(struct search *s, const char *path, const char *folder);

/* Removes a folder of files. */
void imports_remove_folder(const char *folder);

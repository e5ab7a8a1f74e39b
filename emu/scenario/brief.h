/* SPDX-License-Identifier: MIT */
/* Writers as short as they can be said: what is left out has a value that makes a correct one. */
#pragma once

#include "emu/scenario/scenario.h"

/* The class of a writer that names none: the same for the same name. */
GUID brief_writer_id(const char *name);
/* A document with this name, a class, usage and restore method, and no component yet. */
struct wmd *brief_document(const char *name);
/* full_name "Instance\db": its logical path and its name. NULL when it is there already. */
struct wmd_component *brief_add_component(struct wmd *wmd, VSS_COMPONENT_TYPE type,
                                          const char *full_name);
/* "C:\data\*.mdf"; with "\**" at the end or before the pattern also below. False: this is no set
 * of files. */
bool brief_add_files(struct filespecs *specs, const char *text);
/* The text that makes the same of a set without an alternate path and with the default mask; the
 * caller frees. */
char *brief_files_text(const struct filespec *spec);
/* One file of its own, for a component without any. */
void brief_have_files(const struct wmd *wmd, struct wmd_component *component);

/* "Instance\db" of a component; the caller frees. */
char *brief_full_name(const char *logical_path, const char *name);
/* The other way: both point into a copy that *ret_path owns. */
void brief_split_name(const char *full_name, char **ret_path, const char **ret_name);

/* VSS_APPLICATION_LEVEL as a word: "front-end", "back-end", "system", "system-rm". */
const char *brief_level_name(int level);
bool brief_level_named(const char *name, int *ret_level);

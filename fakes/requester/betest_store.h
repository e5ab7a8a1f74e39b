/* SPDX-License-Identifier: MIT */
/* How the copied files lie in the store, which is a directory of the host:
 *
 *     DIR/<writer name>-<first 8 digits of the class id>/<component>/<volume>/<path on the volume>
 *     DIR/Sql Writer-1a2b3c4d/bank/C/data/bank.db
 *     DIR/Sql Writer-1a2b3c4d/bank%parts/C/data/log.db
 *
 * <component> is the full logical name, with %5C for its backslashes; other characters that a
 * directory name cannot hold are escaped alike. <volume> is the letter, or Volume{...}. So the
 * store can be read by anybody, and tells where each file belongs. Partial files
 * lie apart, behind %parts: only their ranges are there, at their offsets; the rest is a hole. */
#pragma once

#include "emu/doc/wmd.h"
#include "fakes/requester/betest_files.h"

/* The folder of a component; the caller frees. */
char *store_folder(const char *store, const struct wmd *wmd, const struct wmd_component *component);
/* The folder of its partial files; the caller frees. */
char *store_parts_folder(const char *folder);
/* The place of a file of the world in such a folder; the caller frees. */
char *store_place(const char *folder, const char *original);
/* Everything that lies in such a folder: source is in the store, original where it belongs. Of
 * directories only the empty ones. A folder that is not there holds nothing. 0 or the error of a
 * directory that cannot be read. */
uint32_t store_list(const char *folder, struct file_list *list);
/* Both folders; those of partial files have ranges "" (the document knows which). */
uint32_t store_list_all(const char *folder, struct file_list *list);

/* SPDX-License-Identifier: MIT */
/* The end of a path that names a stream (Learn: "File Streams (Local File Systems)"). */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>

/* Cuts ":stream" or ":stream:$DATA" off the last element. *ret_stream: its name, NULL when the path
 * names the file itself ("file", "file::$DATA"); the caller frees. *ret_cut: something was cut.
 * ERROR_INVALID_NAME: no name of a stream, or of another type than $DATA. */
DWORD path_cut_stream(char *text, char **ret_stream, bool *ret_cut);

/* SPDX-License-Identifier: MIT */
/* The forced header, and windows.h where it is the first thing that a source names, as a
 * precompiled header of gcc's: made when the same compiler with the same options comes a third
 * time, kept in the drivers' cache, checked against the times of all headers in it at each use. Who
 * cannot have it (another compiler, a header of the user's that hides one of ours, a folder that
 * cannot be written, somebody else making it at this moment) does without. VSSEMU_PCH=0 switches it
 * off. gcc itself checks the macros of the command line. */
#pragma once

#include "fakes/windows/driver/arguments.h"

#include <stdbool.h>

/* The header for -include, which has a precompiled form beside it; NULL if there is none. The
 * caller frees. */
char *pch_find(const struct driver_arguments *a, enum driver_language language, bool with_windows);

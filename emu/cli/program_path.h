/* SPDX-License-Identifier: MIT */
/* Finding programs: the one to run, and vssemu's own directory. */
#pragma once

/* The directory that the program vssemu lies in; the caller frees. */
char *program_own_directory(void);

/* The file that `name` stands for: name itself if it has a '/', else the first executable of that
 * name in PATH or, after that, beside vssemu (so `betest` is found uninstalled). NULL when there is
 * none; the caller frees. */
char *program_find(const char *name);

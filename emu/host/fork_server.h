/* SPDX-License-Identifier: MIT */
/* A process that becomes many runs of its program: see emu/port/fork_wire.h. */
#pragma once

#include <stdbool.h>

/* If this process is such a server: serves, and answers in each child with the description of its
 * world, which the caller frees; ends the process when the search has no more runs. NULL: it is an
 * ordinary one. Before there is a second thread. */
char *fork_server_next_run(void);

/* A worker that plays runs itself (FORK_SEEK_VARIABLE): calls run with each description until there
 * are no more; what it answers is told as an exit code. False: no search has started this
 * process. */
bool fork_server_work(int (*run)(void *arg, const char *description), void *arg);

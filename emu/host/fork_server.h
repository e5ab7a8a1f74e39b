/* SPDX-License-Identifier: MIT */
/* A process that becomes many runs of its program: see emu/port/fork_wire.h. */
#pragma once

/* If this process is such a server: serves, and answers in each child with the description of its
 * world, which the caller frees; ends the process when the search has no more runs. NULL: it is an
 * ordinary one. Before there is a second thread. */
char *fork_server_next_run(void);

/* SPDX-License-Identifier: MIT */
/* A process that becomes many runs of its program: see emu/port/fork_wire.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called with what all runs from now on have in common, before the first of them. */
typedef void fork_server_learn(void *arg, const char *description);

/* What a run is, besides. */
struct fork_run {
    uint8_t *plan; /* its bytes; the caller frees */
    size_t size;
};

/* If this process is such a server: serves, and answers true in each child; ends the process when
 * the search has no more runs. False: it is an ordinary one. Before there is a second thread. */
bool fork_server_next_run(fork_server_learn *learn, void *arg, struct fork_run *ret_run);

/* A worker that plays runs itself (FORK_SEEK_VARIABLE): calls run with each plan until there are no
 * more; what it answers is told as an exit code. False: no search has started this process. */
bool fork_server_work(fork_server_learn *learn,
                      int (*run)(void *arg, const uint8_t *plan, size_t size), void *arg);

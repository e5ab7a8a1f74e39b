/* SPDX-License-Identifier: MIT */
/* The start of a child as CreateProcess has prepared it. */
#pragma once

#include "emu/base/array.h"
#include "fakes/windows/process.h"
#include "fakes/windows/processes/heritage.h"
#include "fakes/windows/processes/program.h"

struct making {
    const char *application, *line, *directory;
    ARRAY(char *) environment; /* owned; NULL at the end once it is whole */
    HANDLE streams[3];
    bool has_streams, inherits;
    const HANDLE *handles; /* PROC_THREAD_ATTRIBUTE_HANDLE_LIST; NULL: all that are inheritable */
    size_t n_handles;
    DWORD flags;
};

/* Fills in the environment from a block, or from this process's own when it is NULL.
 * making_end_environment adds what every child of this world is told, and what it inherits. */
void making_take_environment(struct making *making, const void *block, bool is_wide);
void making_end_environment(struct making *making, const struct heritage *heritage);
void making_fini(struct making *making);

/* Starts the program: an error code, or the child with one reference. directory is the host's;
 * NULL: this process's. */
DWORD spawn(struct making *making, const struct program *program, const char *directory,
            struct process **ret_child);

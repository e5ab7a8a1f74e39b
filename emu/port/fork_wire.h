/* SPDX-License-Identifier: MIT */
/* What a search and the program that it runs again and again say to each other over a local stream
 * socket. The program's process stops before anything of it has run and forks once for each run
 * (a start from the beginning costs three times as much). Host byte order. */
#pragma once

#include <stdint.h>

/* The environment variable that holds the socket's number. */
#define FORK_SERVER_VARIABLE "VSSEMU_FORK_SERVER"

/* The same for a worker of ours, which plays runs itself instead of forking. */
#define FORK_SEEK_VARIABLE "VSSEMU_SEEK"

/* A request; both 0 end it. The description comes first, once for many runs, so that it is parsed
 * before the process forks. */
struct fork_wire_request {
    uint32_t description_length; /* bytes that follow, as in VSSEMU_WORLD; 0: as it was */
    uint32_t plan_length;        /* bytes of a plan (emu/search/plan.h) behind it; 0: no run yet */
};

/* Two answers to each plan: when the run has begun, and when it is over. */
struct fork_wire_answer {
    int32_t pid;    /* negative: -errno of fork */
    int32_t status; /* as of waitpid; of the first answer -1 */
};

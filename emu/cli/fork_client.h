/* SPDX-License-Identifier: MIT */
/* The search's end of a program that forks itself for each run (emu/host/fork_server). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct fork_client {
    pid_t pid; /* of the server */
    int fd;
    /* Set before the start: functions of libraries are found once, not in every run. A program that
     * lacks one which it never calls does not start then. */
    bool binds_now;
    /* Asked now and then while a run goes on; true ends it as if it were stuck. NULL: never. */
    bool (*gives_up)(void *arg);
    void *gives_up_arg;
    uint64_t n_stuck; /* runs that had their limit */
};

enum fork_end {
    FORK_ENDED,    /* status says how */
    FORK_STUCK,    /* it has had the limit (run_had.h) or was given up, and was killed */
    FORK_NO_SERVER /* the server is gone: the program does not link libvssapi, or could not start */
};

/* Starts the program, which finds the socket's number in the variable; keep_fd stays open in it
 * under its number. cpu: the core it stays on, -1 for any (on one core threads hand their turn over
 * thirty times faster). is_quiet: its output goes nowhere. 0 or a negative errno. */
int fork_client_start(struct fork_client *client, char *const *argv, const char *variable,
                      int keep_fd, int cpu, bool is_quiet);
/* What all runs from now on have in common, in VSSEMU_WORLD's form. Once before the first. */
void fork_client_describe(struct fork_client *client, const char *description);
/* One run of the plan (bytes of emu/search/plan.h). */
enum fork_end fork_client_run(struct fork_client *client, const uint8_t *plan, size_t size,
                              int limit_ms, int *ret_status);
void fork_client_stop(struct fork_client *client);

/* In the environment of a child: a sanitizer's report must not look like a program that says it has
 * failed. */
void fork_client_let_sanitizers_abort(void);

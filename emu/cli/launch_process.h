/* SPDX-License-Identifier: MIT */
/* The program of a run as a process: started with exactly the descriptors it should have, sent the
 * signals that the launcher gets, and waited for. One at a time. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct launched_process {
    pid_t pid;
    int signal_fd; /* readable when a signal has come */
    bool has_ended;
    int status; /* as waitpid gives it, once has_ended */
    sigset_t old_mask;
};

/* Starts path with argv, VSSEMU_WORLD set to world, and keep_fds open. From now on signals come
 * through signal_fd. Answers 0, or a negative errno value when it could not be started; the signals
 * are as before then. Should the launcher die, the program gets SIGTERM. */
int launched_process_start(const char *path, char *const *argv, const char *world,
                           const int *keep_fds, size_t n_keep_fds,
                           struct launched_process *ret_process);

/* Takes what signal_fd has: passes signals on to the program, notices its end. */
void launched_process_signals(struct launched_process *process);

/* Signals are as before the start. */
void launched_process_fini(struct launched_process *process);

/* "SIGSEGV"; the caller frees. */
char *launched_signal_name(int number);

/* SPDX-License-Identifier: MIT */
/* How much time a process has had, by a clock that agrees with the watchdog inside it: processor
 * time while a thread of it computes, however busy the machine is, and real time while all wait. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct run_had {
    pid_t pid;
    int64_t real_ms, cpu_ms; /* when last looked at */
    int64_t total_ms;
};

/* From now on. */
void run_had_begin(struct run_had *had, pid_t pid);
/* What it has had up to now. Looks at the process: to be called some times a second. */
int64_t run_had_look(struct run_had *had);

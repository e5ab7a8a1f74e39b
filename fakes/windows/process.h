/* SPDX-License-Identifier: MIT */
/* Processes as objects: this one, and those that it has started (CreateProcess). */
#pragma once

#include "fakes/windows/handle.h"

#include <stdbool.h>
#include <sys/types.h>

struct process {
    struct object object;
    struct list link; /* among those that were started; not of this process */
    DWORD id;         /* multiples of four in the order of creation, the same in every run */
    pid_t pid;        /* of the host; 0: this process */
    int pidfd;
    DWORD exit_code;
    bool has_ended, is_killed; /* killed: exit_code was set by TerminateProcess */
    char *image;               /* path as it was found */
    struct world_ports *world; /* the maker's, world_inherited() */
};

extern const struct object_class process_class;

/* The object of this process: never signaled, never freed. No new reference. */
struct object *process_current(void);
/* A child that was just started, and a thread that waits for its end. Count 1. */
struct process *process_new_child(pid_t pid, int pidfd, const char *image);

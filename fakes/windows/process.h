/* SPDX-License-Identifier: MIT */
/* Processes as objects: this one, those that it has started (CreateProcess), and others of the run,
 * of which it has inherited a handle or knows the number. Number, end and exit code are the
 * object's state (handle.h), which all who have a handle share. */
#pragma once

#include "fakes/windows/handle.h"

#include <stdbool.h>
#include <sys/types.h>

struct process {
    struct object object;
    struct list link;                   /* among the others that are known; not of this process */
    bool is_child;                      /* started by this process */
    int pidfd;                          /* of a child; -1: none */
    char *image;                        /* of a child: path as it was found */
    struct world_ports *world;          /* the maker's, world_inherited() */
    int64_t created_ticks, ended_ticks; /* as FILETIME; of a child */
};

extern const struct object_class process_class;

/* The object of this process: never signaled here, never freed. No new reference. */
struct object *process_current(void);
bool process_is_current(const struct process *process);
/* A child that is about to be started. Its number comes from the run, if there is one. Count 1. */
struct process *process_new_child(const char *image);
/* Ends it with that code: ERROR_ACCESS_DENIED when it has ended. Not for this process. */
DWORD process_terminate(struct process *process, DWORD code);
/* Begins a thread that waits for its end. */
void process_await_end(struct process *child);

/* From now on others of the run know this process. own: under which number its maker has put it
 * there; 0: no maker has, or this is not the process that was made. Once. */
void process_join_run(uint32_t own);
/* The process of that number in the run, a new reference; NULL: none. With the lock held. */
struct object *process_of_run(uint32_t shared);

/* SPDX-License-Identifier: MIT */
/* Threads as Windows objects. Threads that code under test makes by other means (main, std::thread)
 * become one when they first ask who they are. */
#pragma once

#include "fakes/windows/handle.h"

#include <pthread.h>

struct thread {
    struct object object;
    struct list link; /* in the list of living threads */
    DWORD id;         /* multiples of four in the order of creation */
    DWORD exit_code;
    bool has_ended;
    bool is_ours; /* made by CreateThread: somebody must join it */
    pthread_t pthread;
    LPTHREAD_START_ROUTINE start;
    void *argument;
    unsigned n_suspended;
    pthread_cond_t resumed;
    int priority;
    struct list mutexes;       /* of struct mutex: what it owns */
    void **slots;              /* TlsAlloc, NULL until first used */
    HANDLE own_handle;         /* _beginthread: closed at its end */
    struct world_ports *world; /* its maker's, world_inherited() */
};

/* Never NULL. No new reference: the thread itself holds one while it lives. */
struct thread *thread_current(void);
/* A living thread by its number; NULL: none. With the lock of all objects held. */
struct thread *thread_find(DWORD id);

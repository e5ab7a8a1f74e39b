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
    bool has_no_boost;
    bool is_killed;                     /* before it began */
    int64_t created_ticks, ended_ticks; /* as FILETIME; 0: not yet */
    WCHAR *description;                 /* NULL: none */
    struct list mutexes;                /* of struct mutex: what it owns */
    struct list apcs;                   /* of struct apc: what it does at its next alertable wait */
    struct list timers;                 /* of struct waitable_timer: those whose routine it runs */
    struct waiter *waiter;              /* the wait that it blocks in */
    void **slots;                       /* TlsAlloc, NULL until first used */
    void **fiber_slots;                 /* FlsAlloc, the same */
    HANDLE own_handle;                  /* _beginthread: closed at its end */
    struct world_ports *world;          /* its maker's, world_inherited() */
    _Atomic(void *) in_reports;         /* report_self() */
};

/* Never NULL. No new reference: the thread itself holds one while it lives. */
struct thread *thread_current(void);
/* The thread behind a handle, a new reference; NULL with the last error set. */
struct object *thread_of_handle(HANDLE handle, DWORD access);
/* What reports know the object by, if it is a thread; else NULL. */
const void *thread_in_reports(const struct object *object);
/* Of all living threads. With the lock of all objects held. */
struct list *threads_list(void);
/* A living thread by its number; NULL: none. With the lock of all objects held. */
struct thread *thread_find(DWORD id);

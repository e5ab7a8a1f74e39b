/* SPDX-License-Identifier: MIT */
/* Handles and the objects behind them. An object has one owner count (handles, waiting threads and
 * whoever called object_ref hold it); a handle is an entry of the process's table with its own
 * access rights. Objects of all kinds share one lock: a wait for several of them takes all or
 * nothing, and a name means one object whatever its kind. */
#pragma once

#include "emu/base/list.h"
#include "emu/include/vssemu_types.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct object;

/* Which kinds a name may have in all processes of a world (shared/segment.h); 0: none. */
enum object_kind {
    OBJECT_OF_PROCESS,
    OBJECT_EVENT,
    OBJECT_SEMAPHORE,
    OBJECT_MUTEX,
    OBJECT_A_PROCESS, /* processes have no names: they are known by their number, or inherited */
};

/* What an event, semaphore, mutex or process is, apart from who waits for it. Of one that has a
 * name or was inherited it stands in the memory that the processes share. */
struct object_state {
    enum object_kind kind;
    bool is_manual, is_set; /* event; process: it has ended */
    int32_t count, maximum; /* semaphore */
    uint32_t owner_process; /* mutex: number in the run, 1 when there is no run; 0: free; process:
                               who will tell of its end, 0: whoever notices */
    uint32_t owner_thread, depth;
    bool is_abandoned;
    int32_t pid;        /* process: of the host */
    uint32_t id;        /* process: its number for programs */
    uint32_t exit_code; /* process */
    bool is_killed;     /* process: exit_code is what TerminateProcess said */
};

struct object_class {
    const char *name;
    enum object_kind kind;
    /* A further object of that kind, for one that another process has named. */
    struct object *(*make)(void);
    /* Takes what a wait of a thread of another process was for; answers whether it had been
     * abandoned. */
    bool (*give)(struct object_state *state, uint32_t process, DWORD thread_id);
    /* Another process has taken it for a thread of this one. NULL: nothing to note. */
    void (*taken)(struct object *object, DWORD thread_id);
    GENERIC_MAPPING access; /* what generic rights mean; 0: handles of it have whatever is asked */
    /* Whether a wait by that thread would be satisfied now. NULL: nobody can wait for it, and
     * CloseHandle does not take it (search handles). Called with the lock held. */
    bool (*is_signaled)(struct object *object, DWORD thread_id);
    /* Takes what the wait was for; answers whether it had been abandoned. NULL: nothing changes. */
    bool (*consume)(struct object *object, DWORD thread_id);
    /* Gives back what the object owns and frees it. Called without the lock. */
    void (*destroy)(struct object *object);
    /* A handle of it was closed; `count` of the object still counts it, besides other handles and
     * what uses it now. NULL: it does not care. Without the lock. */
    void (*handle_closed)(struct object *object);
    /* What SignalObjectAndWait does first: an error code. NULL: this kind cannot be signaled. With
     * the lock held. */
    DWORD (*signal)(struct object *object);
    /* When time alone will signal it, on the clock of wait.h; WAIT_NEVER. NULL: never. With the
     * lock held. */
    int64_t (*next_due)(struct object *object);
    /* Says on standard error why a handle of it is good for nothing. NULL: it is good for
     * something. Without the lock. */
    void (*explain)(struct object *object);
    bool is_owned; /* who waits becomes its owner: not for waits without a thread */
};

struct object {
    const struct object_class *class;
    unsigned count;
    struct list waits; /* of struct wait_block, in the order of their coming */
    struct list named; /* in the list of named objects */
    struct object_state own;
    struct object_state *state; /* own, or in the shared memory */
    uint32_t shared;            /* its number there, 0: not shared */
    char *name;
    unsigned world; /* in which it has the name: the number of world_ports */
};

/* Count 1, no name. */
void object_init(struct object *object, const struct object_class *class);
struct object *object_ref(struct object *object);
void object_unref(struct object *object);

/* The kinds that processes can share. */
extern const struct object_class event_class, semaphore_class, mutex_class;

/* The lock of all objects. Not recursive. object_unref must not be called inside. */
void objects_lock(void);
void objects_unlock(void);
/* The same if nobody has it. */
bool objects_try_lock(void);
/* Takes the lock of the run with it from now on. With the lock held. */
void objects_begin_to_share(void);
/* From now on names of that world are those of the run (shared/segment.h). */
void objects_share(unsigned world);
/* Waits on a condition with it; 0 or ETIMEDOUT. deadline_ns as in wait.h. */
int objects_wait(pthread_cond_t *cond, int64_t deadline_ns);

/* The number in the run of an object that has state there (it is moved there if need be); 0: there
 * is no run, or it is full. With the lock held. */
uint32_t object_share(struct object *object);
/* An object of this process for a number of the run, count 1; NULL: there is none of that kind any
 * more. With the lock held. */
struct object *object_of_run(uint32_t shared, const struct object_class *class);
/* Makes it the object of that number. With the lock held. */
void object_bind(struct object *object, uint32_t shared);
/* Named objects of the world are the run's from now on, also those that are there already. */
void objects_publish(unsigned world);

/* Calls each for every handle that children are to have; `flags` are HANDLE_FLAG_... With the lock
 * held. */
void handles_each_inheritable(void (*each)(void *arg, HANDLE handle, struct object *object,
                                           DWORD access, DWORD flags),
                              void *arg);
/* Whether children are to have it; false: no such handle, too. With the lock held. */
bool handle_is_inheritable(HANDLE handle);
/* A handle of just that value; the reference passes to it. False: the value is taken, or none. */
bool handle_insert(HANDLE handle, struct object *object, DWORD access, DWORD flags);

/* A new handle; the reference passes to it. */
HANDLE handle_new(struct object *object, DWORD access);
/* The same for Create... with a SECURITY_ATTRIBUTES (may be NULL), and for Open... : generic rights
 * become the object's own. */
HANDLE handle_new_for(struct object *object, DWORD access, const SECURITY_ATTRIBUTES *security);
HANDLE handle_new_opened(struct object *object, DWORD access, BOOL is_inherited);
/* A new reference, or NULL with ERROR_INVALID_HANDLE (no such handle, or another class; class NULL
 * takes any that can be waited for) or ERROR_ACCESS_DENIED (the handle lacks the access). */
struct object *handle_get(HANDLE handle, const struct object_class *class, DWORD access);
/* Takes a handle of that class away: NULL and ERROR_INVALID_HANDLE, or its reference. */
struct object *handle_take(HANDLE handle, const struct object_class *class);

/* For Create*: gives `fresh` the name, or frees it and answers the object that has the name
 * already, with *ret_existed set. NULL: last error is set (another kind has the name:
 * ERROR_INVALID_HANDLE; a bad name: ERROR_PATH_NOT_FOUND). name NULL or "": no name. */
struct object *object_named(struct object *fresh, const char *name, bool *ret_existed);
/* For Open*: a new reference, or NULL with ERROR_FILE_NOT_FOUND or ERROR_INVALID_HANDLE. */
struct object *object_find(const char *name, const struct object_class *class);

#define auto_object __attribute__((cleanup(object_cleanup_)))
static inline void object_cleanup_(void *variable)
{
    struct object *object = *(struct object **)variable;

    if (object)
        object_unref(object);
}

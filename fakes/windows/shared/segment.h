/* SPDX-License-Identifier: MIT */
/* Named objects that the processes of one world share. The launcher makes a piece of memory for the
 * run; each process of the run maps it. In it stand the states of events, mutexes and semaphores
 * that have a name or were inherited, and of processes; who has them open, and who waits for them.
 *
 * One file lock guards it, which the system takes back from a process that dies; everything is
 * found by looking through small tables, so no half-made link can be left behind. The lock is taken
 * inside the lock of objects (objects_lock does both), so all functions are called with that held,
 * except where they say otherwise.
 *
 * A process that signals an object for which another one waits takes it on that one's behalf, marks
 * it done and sends a datagram; the other finds the mark when it next takes the lock. */
#pragma once

#include "fakes/windows/handle.h"

#define SHARED_N_PROCESSES 64
#define SHARED_N_OBJECTS   512
#define SHARED_N_WAITS     1024
#define SHARED_NAME_SIZE   784 /* MAX_PATH units as UTF-8 */

struct shared_wait {
    uint32_t process; /* 1 for the first; 0: the place is free */
    uint32_t object;
    uint64_t waiter; /* the process's own */
    uint32_t block;
    uint32_t thread_id;
    bool is_simple; /* one of its objects is enough: others may take it for the waiter */
    bool is_done, was_abandoned;
    uint64_t sequence;
};

/* Joins the run whose memory is that file. is_real: this process lives on the real clock, whatever
 * the others do. 0, or a negative errno. Without a lock. */
int shared_open(const char *path, bool is_real);
/* That file, for processes that this one starts: they find it in SHARED_VARIABLE. NULL: none. */
const char *shared_path(void);
#define SHARED_VARIABLE "VSSEMU_OBJECTS"
/* Leaves it: what this process holds is given up. Without a lock. */
void shared_close(void);
bool shared_is_open(void);
/* This process's number in the run, from 1; 0: it is in none. */
uint32_t shared_self(void);

/* The file lock, for objects_lock and objects_unlock. */
void shared_lock(void);
void shared_unlock(void);
/* Whether others have left something, which is to be collected now (wait_collect). */
bool shared_take_mail(void);

/* An object of that name: its number + 1, or 0. */
uint32_t shared_find(const char *name);
/* A new one with this state, open here; 0: the table is full. */
uint32_t shared_add(const char *name, const struct object_state *state);
struct object_state *shared_state(uint32_t object);
const char *shared_name(uint32_t object);
/* 0: no object has that number. */
enum object_kind shared_kind(uint32_t object);
/* The process that has that number for programs; 0: none. */
uint32_t shared_find_process(uint32_t id);
/* How many processes of the run have started others, counted up: the same in each run. */
uint32_t shared_count_process(void);
void shared_ref(uint32_t object);
/* For a process that was expected. */
void shared_ref_for(uint32_t object, int pid);
void shared_unref(uint32_t object);

/* Somebody here waits. */
void shared_wait_add(const struct shared_wait *wait);
void shared_wait_remove(const void *waiter);
/* The one for that object who came first after that sequence number and is not done; NULL: none. */
struct shared_wait *shared_wait_next(uint32_t object, uint64_t after);
/* One of this process's that is done, or (polls) that must try for itself; NULL: none is left. */
struct shared_wait *shared_wait_done(void);
struct shared_wait *shared_wait_of(const void *waiter);
struct shared_wait *shared_wait_at(uint32_t i); /* all places, for those who look at each */
/* Tells the process that there is something for it. */
void shared_wake(uint32_t process);

/* Whether another process of the run lives. What the dead held is given up: `abandoned` is called
 * for each mutex. */
bool shared_has_others(void (*abandoned)(uint32_t object));
/* A process that may be about to join (a child just started): until it does or is dead, it counts
 * as one on the real clock. With the lock. */
void shared_expect(int pid);

/* Sleeps until a datagram has come, another process has died, or the time is over. Without a lock;
 * real time. */
void shared_sleep(int timeout_ms);

/* Virtual clock: what the time of the others has moved since it was asked last. With the lock. */
int64_t shared_take_passed(void);
/* Nothing runs here for wait_ns. True: this process is the first to go on, and its time moves by
 * that much; false: it counts as idle until shared_busy. With the lock. */
bool shared_idle(int64_t wait_ns);
void shared_busy(void);
/* Without a lock, at once: perhaps others live, or the last of them has left something. */
bool shared_may_have_news(void);

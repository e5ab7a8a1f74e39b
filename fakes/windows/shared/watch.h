/* SPDX-License-Identifier: MIT */
/* Who looks for what other processes of the run have left (segment.h): on the real clock a thread
 * that begins with the first wait for a shared object; on a virtual clock the scheduler, whenever
 * nobody can run. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Before a wait for a shared object. With the lock of objects held. */
void shared_watch(void);

/* Virtual clock: nobody in this process can run, the nearest deadline is wait_ns away (INT64_MAX:
 * none). False: no other process of the run lives, or this one is the first to go on; time may
 * jump. True: look again; *ret_passed_ns of the others' time has passed. arg is not used. */
bool shared_look(void *arg, int64_t wait_ns, int64_t *ret_passed_ns);
/* And before that a moment of real time, or until another process has something for this one. */
void shared_rest(void *arg);

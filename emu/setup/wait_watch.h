/* SPDX-License-Identifier: MIT */
/* When a writer's window passes, or the program does not leave: who waits for what, and who has
 * that, as a note in the trace. For searches, whose reader has nobody to ask. */
#pragma once

struct trace;
struct vsched;

/* What stands between the world's trace and to. NULL: nobody reads. */
struct trace *wait_watch_before(struct trace *to);
/* Before the first record. */
void wait_watch_begin(struct vsched *vs);

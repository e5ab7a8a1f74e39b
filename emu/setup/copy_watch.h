/* SPDX-License-Identifier: MIT */
/* What a requester has read of its snapshots, against what it reported: when it calls a component's
 * backup a success, the files that the component has in the snapshot are noted; a file of them that
 * was not read to its end when the program leaves is told in the trace (JUDGE_NOTE_UNREAD). For
 * searches: a world that nobody watches pays one comparison a call. */
#pragma once

struct vssemu_world;

/* Once, when all volumes are there. One world a process. */
void copy_watch_begin(struct vssemu_world *world);
/* The program has come to its end: tells the first file of each component that is missing. */
void copy_watch_end(void);

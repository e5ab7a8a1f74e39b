/* SPDX-License-Identifier: MIT */
/* What a search's check command is to see: each time that a set is made which has all volumes of
 * the world, and each time that a requester has restored, the files of all volumes are laid out in
 * a directory of the host (DIRECTORY/1/C/..., DIRECTORY/1/D/..., then DIRECTORY/2/...), and the
 * trace says so (JUDGE_NOTE_LAID_OUT). */
#pragma once

struct vssemu_world;

/* Once, when all volumes are there. One world a process. */
void look_begin(struct vssemu_world *world, const char *directory);
/* Before the world goes; another one may begin then, with 1 again. */
void look_end(void);

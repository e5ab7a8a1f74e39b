/* SPDX-License-Identifier: MIT */
/* The partner of a writer program: betest, run on a thread of this process once the program's
 * writers have subscribed. It begins when --requester was given, or when the program itself makes
 * no backup for a while. When it has ended, the program is told to leave (console control handler,
 * else SIGTERM), and is ended if it has not left 5 s of its clock later. */
#pragma once

struct description;
struct vssemu_world;

void built_in_requester_prepare(struct vssemu_world *world, const struct description *description);
/* Last act of the process: a failed built-in requester is the process's exit code. */
void built_in_requester_at_exit(void);

/* SPDX-License-Identifier: MIT */
/* Port volume for a volume that the launcher has mounted: files are reached by POSIX calls on the
 * mount, flush is syncfs from this side, hold, commit, release and delete are messages to the
 * server (port/volume_wire.h). A thread of its own waits for the answers, so the service never
 * blocks. */
#pragma once

struct sched;
struct volume;

/* Takes control_fd. Asks the server for its snapshot number before returning. The volume's free
 * must be called outside the service: it joins the thread. */
int host_volume_new(struct sched *sched, char letter, const char *mount_path, int control_fd,
                    struct volume **ret_volume);

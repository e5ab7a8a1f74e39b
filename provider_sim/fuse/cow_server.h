/* SPDX-License-Identifier: MIT */
/* The server of mounted volumes: a child process with one thread that answers FUSE and the
 * control sockets. The launcher starts it before it has threads, gives each control_fd to the
 * program (inherited or passed), and closes its own copy of it then. Library target: vssemu_fuse.
 *
 * When the program's end of a control socket closes, its volume is released and its snapshots are
 * deleted. When the launcher ends in whatever way, the server unmounts and ends; when the server
 * itself is killed, its guard (mount_guard.h) unmounts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct store;

struct cow_server_volume {
    char letter;
    struct store *store;    /* taken by cow_server_start, also on failure */
    const char *directory;  /* of the host: a socket in it takes orders, too; NULL: none */
    const char *mount_path; /* an existing directory, or NULL: one is made in mount_parent
                                       and removed by cow_server_stop */
    /* The kernel keeps what is written until somebody syncs, or for some seconds: small writes cost
     * a third, but what was written and not synced is lost with a killed server. A flush before the
     * hold brings it into the snapshot. */
    bool has_writeback;
    /* The caller closes control_fd at once, so the server ends when all is unmounted: who unmounts
     * finds out (VOLUME_SERVER_ATTRIBUTE) for whose end to wait. */
    bool ends_with_mount;
    /* Filled by cow_server_start: */
    char *mounted_at; /* owned by the server; valid until cow_server_stop */
    int control_fd;   /* the caller's: closes it (or hands it over); close-on-exec */
};

struct cow_server;

/* Whether volumes can be mounted here at all (/dev/fuse opens and fusermount3 is there). Answers
 * NULL, or the reason in words (static text). */
const char *cow_server_obstacle(void);

/* Mounts all volumes. mount_parent NULL: the directory for temporary files. On failure nothing is
 * left mounted, control_fds are -1, *ret_error is a sentence for the user (malloc memory), and the
 * answer is a negative errno value. */
int cow_server_start(struct cow_server_volume *volumes, size_t n_volumes, const char *mount_parent,
                     struct cow_server **ret_server, char **ret_error);

pid_t cow_server_pid(const struct cow_server *server);
/* A descriptor that becomes readable (hang-up) when the server has ended, for the caller's poll. */
int cow_server_life_fd(const struct cow_server *server);

/* Unmounts (busy or not), ends the child, frees. Answers 0, or -ECHILD if it had ended before. */
int cow_server_stop(struct cow_server *server);

/* SPDX-License-Identifier: MIT */
/* The child's half of cow_server: mounts, serves in one thread until the life socket closes,
 * unmounts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct store;

struct served_volume {
    char letter;
    struct store *store; /* taken */
    const char *mount_path;
    int control_fd;        /* taken */
    const char *directory; /* of the host, in which a socket takes orders; NULL: none does */
    bool has_writeback;
    bool ends_with_mount; /* of cow_server_volume */
};

/* What the child says over the life socket once. */
struct server_greeting {
    int error; /* 0: everything is mounted */
    char text[256];
};

/* Answers the exit status of the process: 0 if it was told to end. */
int server_run(const struct served_volume *volumes, size_t n, int life_fd);

/* SPDX-License-Identifier: MIT */
/* What host_store.c and host_image.c share: nobody else includes it. */
#pragma once

#include "emu/base/list.h"
#include "emu/host/host_nodes.h"
#include "emu/port/store.h"

struct host_store {
    struct store store;
    int root_fd;
    int lock_fd;
    struct host_nodes nodes;
    ino_t system_ino; /* of `System Volume Information`, once it is locked */
    /* Of a volume that is one file (host_image.c): */
    struct store_ops image_ops;
    const struct store_ops *directory_ops; /* of its folder */
    int image_fd;                          /* the file, O_PATH; -1: the volume is a directory */
    ino_t root_ino;
};

static inline struct host_store *host_store_from(struct store *s)
{
    return container_of(s, struct host_store, store);
}

/* The store over a file's folder becomes that of the file. Takes image_fd (O_PATH) and the name. */
void host_image_begin(struct host_store *h, int image_fd, char *take_name);
void host_image_end(struct host_store *h);

/* SPDX-License-Identifier: MIT */
/* The asking side of emu/port/volume_wire.h: a request and its reply over a connected socket, and
 * connecting to the server of a directory. Blocks. Errors are negative errno values. */
#pragma once

#include "emu/port/volume_wire.h"

#include <stddef.h>

struct volume_reply {
    unsigned value, detail;
    size_t size; /* of what follows the head */
    /* A multiple of what is in it; a zero stands behind it. */
    _Alignas(8) unsigned char bytes[VOLUME_WIRE_MAX + 1];
};

/* bytes: what follows the head, in two pieces (NULL: none). reply NULL: nobody wants more than the
 * error. -EPIPE: the server has gone. */
struct volume_question {
    enum volume_wire_operation operation;
    unsigned argument;
    const void *first, *second;
    size_t first_size, second_size;
    /* Hears how far the server is, while the reply is waited for; NULL: nobody wants to know. */
    void (*progress)(void *arg, uint64_t done, uint64_t total);
    void *progress_arg;
};

int volume_ask(int fd, const struct volume_question *question, struct volume_reply *ret_reply);
/* The same for an asker that hears news: `tell` gets each that comes before the reply. */
struct volume_news {
    void (*tell)(struct volume_news *news, unsigned event, unsigned number);
};
int volume_ask_and_hear(int fd, const struct volume_question *question, struct volume_news *news,
                        struct volume_reply *ret_reply);
/* Reads news if some have come, without waiting for any. -EPIPE: the server has gone. */
int volume_hear(int fd, struct volume_news *news);

/* syncfs(2) of a mount, by who is not its server. Files that are stale since a revert have nothing
 * that is to be written; who has written to one has been told. */
int volume_flush_mount(int fd);

/* Connects to the server that has the directory. -ENOENT, -ECONNREFUSED: none listens there;
 * -EACCES: not to us. */
int volume_connect(const char *directory, int *ret_fd);

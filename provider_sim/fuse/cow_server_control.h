/* SPDX-License-Identifier: MIT */
/* Who gives orders to the server of one volume: the program, through the socket that it was started
 * with, and whoever connects to the socket in the volume's directory (`vssemu volume`), if it is
 * the server's user or root. emu/port/volume_wire.h. Called by server_loop, which polls. */
#pragma once

#include "emu/base/array.h"
#include "provider_sim/fuse/cow_server_work.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct cow_fuse;
struct cow_volume;
struct server_link;
struct store;

struct server_control {
    struct cow_volume *cow;
    struct store *store;    /* under it */
    struct cow_fuse **fuse; /* the loop's; *fuse NULL: not (or no longer) mounted */
    const char *mounted_at;
    int folder_fd, listen_fd; /* -1: nobody can connect */
    ARRAY(struct server_link *) links;
    struct server_work work;
};

/* Takes program_fd; directory: the host's, NULL: nobody but the program gives orders. The rest of
 * *control is the caller's to fill in. */
void server_control_begin(struct server_control *control, int program_fd, const char *directory);
/* All links end. The program is as if it had gone. */
void server_control_end(struct server_control *control);
/* The mount is about to go. */
void server_control_unmounting(struct server_control *control);
bool server_control_has_program(const struct server_control *control);

/* The descriptors to be polled, appended; as many of them in the same order go back afterwards. */
size_t server_control_count(const struct server_control *control);
void server_control_fill(const struct server_control *control, struct pollfd *fds);
void server_control_serve(struct server_control *control, const struct pollfd *fds);
/* Long work is under way that waits for no descriptor: server_control_work does a piece of it. */
bool server_control_has_work(const struct server_control *control);
void server_control_work(struct server_control *control);
/* To be called when anything may have become of snapshots: tells who wants to know. */
void server_control_tell_news(struct server_control *control);

/* Tells who waits how far it is. False: it does not listen. */
bool server_link_tell_progress(struct server_link *link, unsigned done, unsigned total);

/* ---- cow_server_answer.c ---- */

struct server_answer {
    int error;
    unsigned value, detail;
    ARRAY(unsigned char) bytes; /* to follow the head; freed by who sends */
};

void server_control_answer(struct server_control *control, bool *is_holding, unsigned operation,
                           unsigned argument, const void *bytes, size_t size,
                           struct server_answer *ret_answer);
/* Whoever held the volume has released it, or has gone: changes that waited go on. */
void server_control_release(struct server_control *control);

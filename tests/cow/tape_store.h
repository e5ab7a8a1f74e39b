/* SPDX-License-Identifier: MIT */
/* A store over memory that remembers every change in order, so that the same files can be made
 * again as they would be had the owner been killed after any of them, or had power been lost with
 * any of the changes that nobody had synced. It can also fail one call, or all from one on, that
 * concern the diff area. */
#pragma once

#include "emu/base/array.h"
#include "emu/port/clock.h"
#include "emu/port/store.h"

enum tape_kind {
    TAPE_CREATE,
    TAPE_SYMLINK,
    TAPE_LINK,
    TAPE_UNLINK,
    TAPE_RMDIR,
    TAPE_RENAME,
    TAPE_WRITE,
    TAPE_TRUNCATE,
    TAPE_FALLOCATE,
    TAPE_CHMOD,
    TAPE_CHOWN,
    TAPE_TIMES,
    TAPE_SET_XATTR,
    TAPE_REMOVE_XATTR,
};

struct tape_change {
    enum tape_kind kind;
    size_t object, directory, directory2; /* numbers of the tape */
    char *name, *name2;                   /* of entries or an attribute, or a link's target */
    void *bytes;
    size_t size;
    off_t offset; /* or a size */
    mode_t mode;
    dev_t device; /* of a device node */
    uid_t uid;
    gid_t gid;
    int flags;
    struct timespec times[2];
    ino_t ino;
    int64_t time_ns;
    uint64_t order, synced_order; /* among those of all tapes that count together */
    bool is_area;                 /* below `System Volume Information` */
    size_t synced;                /* length of the tape when it was, SIZE_MAX: never */
};

struct tape {
    ARRAY(struct tape_change) changes;
    uint64_t *order; /* of several tapes, which count their changes together; NULL: it is alone */
    int64_t now_ns;  /* what its clock shows; the test puts it on */
    struct clock clock;
    uint64_t fail_at;    /* the so many-th call of the diff area fails, 0: none */
    bool fails_for_ever; /* and all that follow */
    int fail_error;
    size_t torn_to;        /* see tape_tear */
    uint64_t n_area_calls; /* of the diff area that a fault could meet */
};

struct tape *tape_new(void);
void tape_free(struct tape *tape);
/* An empty store that is recorded. It must be freed, through the port, before the tape. */
struct store *tape_store(struct tape *tape);

/* Of the last change that is played, a write, only so many bytes arrive; SIZE_MAX: all. */
void tape_tear(struct tape *tape, size_t bytes);

/* The files after the first n changes, but for those that is_dropped names (NULL: none). A
 * machine that has lost its power lives again. The caller frees the store through the port; its
 * clock is the tape's. */
struct store *tape_play(struct tape *tape, size_t n, bool (*is_dropped)(void *arg, size_t change),
                        void *arg, bool is_power_lost);

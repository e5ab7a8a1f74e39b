/* SPDX-License-Identifier: MIT */
/* The catalogue of a volume: one file of fixed size, written in place, that says which snapshot
 * number comes next, how the last owner ended, which log is in charge, and until when it was the
 * owner that changed files. docs/diff-area-format.md, "The catalogue". Knows nothing of snapshots
 * or of the log. Errors are negative errno values. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define AREA_VERSION   3u
#define AREA_OLDEST    2u /* that is still read */
#define AREA_WITNESSES 14u
#define AREA_GRACE_S   1 /* how much later than the witness something that it names may change */

#define AREA_SETTINGS_MAX 256u /* bytes of the provider's */

struct store;
struct store_node;

enum area_state {
    AREA_EMPTY = 0, /* no log */
    AREA_WHOLE = 1, /* everything was synced, nothing has changed since */
    AREA_OPEN = 2,  /* the directory is changing */
};

struct area_header {
    uint32_t next_number;
    uint64_t turn;
    unsigned char life[16];
    uint32_t state;
    bool is_durable;
    uint64_t generation;
    uint64_t log_end;
    struct timespec settled;
};

/* What the owner changed lately. */
struct area_witness {
    uint64_t generation;
    struct timespec since; /* all that changed before was changed by the owner */
    uint64_t count;
    uint64_t inodes[AREA_WITNESSES];
};

struct area_catalogue {
    struct store *store;
    struct store_node *file; /* owned; NULL: there is none */
    struct area_header header;
    struct area_witness witness;
    unsigned witness_turn;
    uint64_t lost_generation;
    uint64_t lost_number; /* snapshots of that log up to this one are lost */
    unsigned char identity[16];
    bool has_identity;
    bool is_fresh;          /* there is no file, or nothing is in it */
    bool is_blank;          /* no header is valid: nothing is known */
    unsigned n_bad_headers; /* have been written, and are not what was written */
    bool is_uncertain;      /* the last header may be on disk or not */
    bool is_mute;           /* the witness says nothing any more */
};

/* Reads the file, if there is one, and changes nothing. -EPROTONOSUPPORT: a later version has
 * written it. */
int area_catalogue_open(struct store *store, struct store_node *folder,
                        struct area_catalogue *ret_catalogue);
/* Makes the file of one that is fresh; with its first header, unless something is to be found out
 * first: a file without one is that of a damaged volume. */
int area_catalogue_create(struct area_catalogue *c, struct store_node *folder, bool has_header);
void area_catalogue_close(struct area_catalogue *c);

/* Writes and syncs a new header. On failure the old one stays here; on disk either may be. */
int area_catalogue_put(struct area_catalogue *c, const struct area_header *header);
/* Snapshots of the log up to `number` are lost. Needs no new room. */
int area_catalogue_mark_lost(struct area_catalogue *c, uint64_t number);

/* What the provider wants to know of the volume again, whatever becomes of its snapshots: written
 * in place, in turn and synced, so that the old or the new is there. Needs no new room. -E2BIG. */
int area_catalogue_put_settings(struct area_catalogue *c, const void *bytes, size_t size);
/* How many bytes there are, of AREA_SETTINGS_MAX at most, and what they are; 0: none. -EBADMSG:
 * there is something, and nothing of it is valid. */
ssize_t area_catalogue_settings(struct area_catalogue *c, void *buffer);
/* It has none yet: one is drawn from the salt, the file and the time, written and synced. */
int area_catalogue_identify(struct area_catalogue *c, const unsigned char salt[16]);

/* The owner is about to change these objects. Writes only if that is news. */
void area_catalogue_witness(struct area_catalogue *c, const ino_t *inodes, size_t n);
/* All that has changed before `since` was changed by the owner, and nothing after it. */
int area_catalogue_witness_from(struct area_catalogue *c, struct timespec since);
/* Whether a change time is the owner's. */
bool area_catalogue_is_witnessed(const struct area_catalogue *c, ino_t inode,
                                 struct timespec changed);

/* The life of the store's machine. */
struct timespec area_life(struct store *store, unsigned char ret_life[16]);
static inline bool area_is_later(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

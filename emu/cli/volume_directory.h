/* SPDX-License-Identifier: MIT */
/* A directory that is a volume, opened for one of the words of `vssemu volume`: its snapshots by
 * the names that people give them. Where nobody has it, by this process; where it is served (volume
 * mount, run --mount), by the server, which is asked through its socket. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soft_area;
struct cow_area_report;
struct cow_block_report;
struct cow_volume;
struct store;

struct volume_directory {
    const char *directory;  /* borrowed */
    struct store *store;    /* locked and not open yet */
    struct cow_volume *cow; /* open; or else: */
    int server_fd;          /* -1: nobody serves it */
    bool is_anothers;       /* another user serves it: nothing can be asked */
    bool is_to_read;        /* nothing on disk is changed */
    char *mounted_at;       /* by the server; "": nowhere any more */
};

struct volume_snapshot {
    unsigned number;
    const char *mounted_at; /* where the volume is served, the directory's; NULL: nowhere */
    char id[64];            /* "{...}" */
    char device[80];        /* "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopyN" */
    char created[40];       /* "2026-11-28T10:00:00.000Z" */
    bool is_lost;
    bool is_pending; /* another volume knows whether its set was finished */
};

/* Locks the directory or finds who serves it; says what is wrong and answers the exit code. */
int volume_directory_lock(const char *directory, struct volume_directory *ret_directory);
/* The same for words that only read: it need not be possible to write there. */
int volume_directory_lock_to_read(const char *directory, struct volume_directory *ret_directory);
/* For a new server: the store of a directory that nobody has. Likewise. */
int volume_directory_take(const char *directory, struct store **ret_store);
/* Finds the volume's snapshots again; likewise. A failure closes it. */
int volume_directory_open(struct volume_directory *d);
void volume_directory_close(struct volume_directory *d);

/* The oldest snapshot whose number is above `after`; false: there is none. So each is come to that
 * stays, whatever others delete meanwhile. */
bool volume_directory_next(struct volume_directory *d, unsigned after,
                           struct volume_snapshot *ret_snapshot);
/* What is said of the storage of its snapshots; an error of soft_area_get. */
int volume_directory_storage(const struct volume_directory *d, struct soft_area *ret_storage);
/* By its id, its device or its number; says so if there is none. */
bool volume_directory_find(struct volume_directory *d, const char *id,
                           struct volume_snapshot *ret_snapshot);
/* Where its files can be read now, malloc memory; NULL: nowhere. */
char *volume_snapshot_path(const struct volume_snapshot *snapshot);
/* Makes a persistent one now; says what is wrong and answers false. */
bool volume_directory_snapshot(struct volume_directory *d, struct volume_snapshot *ret_snapshot);
/* Of a negative errno: why it did not work. */
const char *volume_directory_reason(int error);
/* Negative errno; -EPIPE: the server has ended meanwhile. */
int volume_directory_delete(struct volume_directory *d, unsigned number);
int volume_directory_revert(struct volume_directory *d, unsigned number);
int volume_directory_set_durable(struct volume_directory *d, bool is_durable);
int volume_directory_is_durable(struct volume_directory *d, bool *ret_is_durable);
/* What is on disk, and its blocks; before the directory is open, which it is afterwards. Says what
 * is wrong and answers the exit code. */
int volume_directory_check(struct volume_directory *d, struct cow_area_report *ret_area,
                           struct cow_block_report *ret_blocks);

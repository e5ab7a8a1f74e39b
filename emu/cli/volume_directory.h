/* SPDX-License-Identifier: MIT */
/* A directory that is a volume, opened for one of the words of `vssemu volume`: its snapshots by
 * the names that people give them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cow_volume;
struct store;

struct volume_snapshot {
    unsigned number;
    char id[64];      /* "{...}" */
    char device[80];  /* "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopyN" */
    char created[40]; /* "2026-11-28T10:00:00.000Z" */
    bool is_lost;
};

/* Opens and locks the directory; says what is wrong and answers the exit code. */
int volume_directory_lock(const char *directory, struct store **ret_store);
/* Takes the store and finds the volume's snapshots again; likewise. */
int volume_directory_open(const char *directory, struct store *take_store,
                          struct cow_volume **ret_volume);

/* The i-th snapshot, oldest first; false behind the last. */
bool volume_directory_item(struct cow_volume *v, unsigned i, struct volume_snapshot *ret_snapshot);
/* By its id, its device or its number; says so if there is none. */
bool volume_directory_find(struct cow_volume *v, const char *id,
                           struct volume_snapshot *ret_snapshot);
/* Makes a persistent one now; says what is wrong and answers false. */
bool volume_directory_snapshot(struct cow_volume *v, struct volume_snapshot *ret_snapshot);

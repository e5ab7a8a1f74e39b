/* SPDX-License-Identifier: MIT */
/* The work that bench/protocol measures: one complete backup as a careful requester makes it,
 * documents included, in a world on the virtual clock with a volume in memory and simulated writers
 * that run inline. Public headers only. */
#pragma once

#include "emu/include/vssemu.h"

struct load {
    unsigned n_writers, n_components; /* components of each writer */
};

/* What one backup gave, so that nobody can be fast by doing nothing. */
struct load_result {
    unsigned n_components;     /* added to the backup, and reported as successful */
    unsigned n_stable_writers; /* at the end */
    size_t metadata_bytes;     /* of all writer metadata documents, in UTF-16 */
    size_t document_bytes;     /* of the backup components document */
};

/* The calling thread lives in it from now on. Ends the program when it cannot be made. */
struct vssemu_world *load_world_new(const struct load *load, uint64_t seed);

/* Gathers metadata, saves each writer's document, adds every component, prepares, makes the
 * snapshot, asks for the status, reports success for every component, completes, saves the
 * document, releases. Ends the program on any failure. */
void load_backup(struct load_result *ret);

/* The same in parts, for those who want a line for each. */
enum load_part {
    LOAD_GATHER,    /* create, initialise, GatherWriterMetadata */
    LOAD_METADATA,  /* SaveAsXML of every writer's document */
    LOAD_CHOOSE,    /* GetComponent, GetComponentInfo, AddComponent of every component */
    LOAD_SNAPSHOT,  /* StartSnapshotSet to DoSnapshotSet */
    LOAD_STATUS,    /* GatherWriterStatus, GetWriterStatus of every writer */
    LOAD_SUCCEEDED, /* GetWriterComponents, SetBackupSucceeded of every component */
    LOAD_COMPLETE,  /* BackupComplete */
    LOAD_SAVE,      /* SaveAsXML */
    LOAD_RELEASE,   /* the last Release: BackupShutdown, snapshots deleted */
    N_LOAD_PARTS
};
const char *load_part_name(enum load_part part);
/* Called behind each part. */
void load_backup_in_parts(struct load_result *ret, void (*after)(void *arg, enum load_part part),
                          void *arg);

/* SPDX-License-Identifier: MIT */
/* Port: the world that the calling thread lives in, as seen by the fakes: its clock, its turns, its
 * volumes. emu/setup fills it in and decides which world a thread has (the process's one, made
 * from the launcher's description on first use, or the one a test has chosen). */
#pragma once

#include "emu/base/variables.h"

#include "emu/port/exposure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_MACHINE_NAME VARIABLES_COMPUTER /* of the one machine there is */

struct sched;
struct clock;
struct random;
struct trace;
struct volume;
struct classes;
struct service;
struct registry;
struct faults;
struct diff_areas;

struct world_ports {
    struct sched *sched;
    struct clock *clock;
    struct random *random;
    struct trace *trace;
    struct volume **volumes;
    size_t n_volumes;
    struct exposures exposures; /* snapshots under names of their own */
    /* Whether the clock is the seeded one (for those who must know, such as fakes/linux). */
    bool is_virtual;
    struct service *service;       /* opaque here: for emu/api alone */
    const struct classes *classes; /* COM classes of the program (port/classes.h) */
    /* Told of each file or directory of a volume that code under test has opened, by CreateFile or
     * whatever opens as it does (CopyFile, fopen). `view`: VOLUME_ORIGIN or the snapshot's number;
     * `path` as in emu/port/volume.h, in the case that the volume has; `access`: FILE_READ_DATA and
     * so on, no generic rights. On the thread that opens, outside the service, no lock held. NULL:
     * nobody listens. */
    void (*file_opened)(struct world_ports *world, const struct volume *volume, unsigned view,
                        const char *path, uint32_t access);
    struct diff_areas *diff_areas; /* of the system provider; NULL until it is there */
    struct faults *faults;         /* what is planned to go wrong (port/faults.h); NULL: nothing */
    /* The mounted folder that a path of Windows leads through last, or is: its volume, and how many
     * bytes of the path name the folder. NULL: there is none. Reads volumes, changes nothing; of
     * fakes/windows, which follows links. NULL when nobody does. */
    struct volume *(*mounted_at)(const char *path, size_t *ret_length);
    const char *windows; /* which one it plays ("2016"); NULL: the newest */
    /* A REG_DWORD of the machine's registry ("HKLM\\SYSTEM\\...", "Name"); false: there is none.
     * NULL: no registry. */
    bool (*registry_number)(struct world_ports *world, const char *key, const char *name,
                            uint32_t *ret_number);
    /* Calls each, with no lock held, for every string that the values of a key are lists of
     * (REG_MULTI_SZ), in the order of their names. None while no registry has been asked for, and
     * NULL as above. */
    void (*registry_strings)(struct world_ports *world, const char *key,
                             void (*each)(void *arg, const char *text), void *arg);
    struct registry *registry; /* of fakes/windows; NULL until somebody asks */
    /* What a child process is told of it (VSSEMU_WORLD), which the caller frees; NULL: such a child
     * has an empty world. */
    char *(*child_world)(void);
    unsigned serial; /* of this world in the process, from 1 */
};

/* Never NULL: a program started alone gets an empty world (and one line that says what to do, when
 * it first asks VSS for something). */
struct world_ports *world_current(void);

/* The same, but makes none: NULL when there is none yet. */
struct world_ports *world_existing(void);

/* What the calling thread has chosen or inherited; NULL: it lives in the process's world. Makes
 * none. */
struct world_ports *world_inherited(void);

/* For a new thread: it lives where its maker does (the maker's world_inherited()). */
void world_inherit(struct world_ports *ports);

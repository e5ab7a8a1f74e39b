/* SPDX-License-Identifier: MIT */
/* A process that makes or finds sets of snapshots over several volumes: the system provider over
 * stores that outlive it. */
#pragma once

#include "emu/include/vsprov.h"
#include "emu/port/world.h"

#include <stdbool.h>
#include <stddef.h>

#define CAST_MOST 3u

struct clock;
struct store;
struct vsched;
struct volume;

struct cast {
    size_t n; /* volumes, C: and so on */
    struct volume *volumes[CAST_MOST];
    struct vsched *vsched;
    struct world_ports world;
    IVssSoftwareSnapshotProvider *provider;
    IVssProviderCreateSnapshotSet *set;
    size_t n_lost; /* snapshots of CAST_SET that were reported lost when it came */
};

/* The number of the set that is watched. */
#define CAST_SET  7u
#define CAST_TEXT "of the set"

/* What there is before the set. */
struct situation {
    size_t n;         /* volumes */
    unsigned earlier; /* bit by bit: those with an earlier snapshot */
    bool is_durable;
    bool is_known; /* each volume has been named by others before */
};

/* The i-th; false: there are not so many. Under Valgrind fewer. */
bool cast_situation(size_t i, struct situation *ret_situation);
/* Files, an earlier snapshot where there is to be one, and the set up to its end; the files of the
 * set have CAST_TEXT. */
void cast_prepare(struct cast *c, const struct situation *s);

/* Opens the volumes and finds what is kept on them. The stores stay the caller's. False: one cannot
 * be opened; then there is nothing to end. */
bool cast_begin(struct cast *c, struct store *const *stores, size_t n, struct clock *clock);
/* In order; or killed: whatever is only in memory is gone. */
void cast_end(struct cast *c);
void cast_kill(struct cast *c);

/* CAST_SET from its point in time on, where it is kept; or given up. */
HRESULT cast_finish(struct cast *c);
void cast_abort(struct cast *c);
/* How many snapshots of CAST_SET requesters are shown. Fails the test unless the file of each has
 * CAST_TEXT, and if a volume has any that is neither shown nor awaits a volume that is away. */
size_t cast_check(struct cast *c, bool is_one_away);

/* SPDX-License-Identifier: MIT */
/* The requester behind vssemu_backup and vssemu_restore, and behind snapshots that are there before
 * the program: a full backup in component mode as a script that can stop behind any event and go
 * on. On the public interfaces, but for the stop. */
#pragma once

#include "emu/include/vsbackup.h"
#include "emu/include/vssemu.h"

struct vssemu_world;

struct script {
    struct vssemu_world *world;
    LONG context;              /* VSS_CTX_BACKUP at first; one without writers asks none */
    const char *letters;       /* the volumes, "CD"; NULL: all; borrowed */
    VSS_ID set;                /* the last one that was begun */
    IVssBackupComponents *vss; /* NULL: no session is open */
    IVssAsync *running;        /* DoSnapshotSet, while it is stopped */
    bool is_restore;
    int done;      /* the last event behind us, -1: none */
    BSTR document; /* of the last backup */
};

void script_init(struct script *script, struct vssemu_world *world);
void script_fini(struct script *script);
HRESULT script_backup(struct script *script, enum vssemu_until until);
HRESULT script_restore(struct script *script, enum vssemu_until until);
/* Releases the session and waits until the writers have answered. */
void script_release(struct script *script);

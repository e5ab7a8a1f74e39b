/* SPDX-License-Identifier: MIT */
/* Who may do what with a writer's components, and how long. The caller that hands out
 * IVssWriterComponents makes a lease for each handler of a writer and for each fetch of a
 * requester, and ends it when the handler returns, or when PrepareForBackup, DoSnapshotSet,
 * BackupComplete, PreRestore or PostRestore is called (Learn:
 * "IVssBackupComponents::GetWriterComponents"). Every object made under the lease then answers
 * VSS_E_BAD_STATE and touches the document no more (requester-notes: OQ-57), so the document may be
 * freed after components_lease_end. */
#pragma once

#include "emu/port/sched.h"

#include <stdatomic.h>
#include <stdbool.h>

struct service;

enum components_access {
    COMPONENTS_REQUESTER_BACKUP,  /* read only */
    COMPONENTS_REQUESTER_RESTORE, /* read only */
    COMPONENTS_PREPARE_BACKUP,    /* the writer's handlers */
    COMPONENTS_POST_SNAPSHOT,
    COMPONENTS_BACKUP_COMPLETE,
    COMPONENTS_PRE_RESTORE,
    COMPONENTS_POST_RESTORE
};

struct components_lease {
    atomic_uint n_references;
    bool alive; /* read and changed inside the service only */
    enum components_access access;
    struct sched *sched; /* entered for each access; NULL: the callers are inside */
    bool is_writers;     /* of a writer's handler, not a requester's */
    const char *refused; /* the last method that the lease did not allow; static, NULL: none */
    /* Of a writer's handler: whose trace gets what it says (component_trace.c). NULL: nobody's. */
    struct service *service;
    const char *who, *event; /* borrowed while it is alive */
    unsigned session;        /* its number */
};

/* One reference. sched NULL for simulated writers, whose handlers run inside the service. */
struct components_lease *components_lease_new(enum components_access access, struct sched *sched);
struct components_lease *components_lease_ref(struct components_lease *lease);
/* Ends the lease and gives the maker's reference back. Inside the service. NULL does nothing. */
void components_lease_end(struct components_lease *lease);
void components_lease_unref(struct components_lease *lease);

/* Around each access by a face: enters the service if need be and answers whether the lease is
 * alive; components_lease_leave follows in both cases. */
bool components_lease_enter(struct components_lease *lease);
/* Within them: the lease does not allow what was asked. */
void components_lease_refuse(struct components_lease *lease);
void components_lease_leave(struct components_lease *lease);

/* SPDX-License-Identifier: MIT */
/* Inside script_provider.c and script_faces.c. */
#pragma once

#include "script_provider.h"

#include <stddef.h>

/* clang-format off */
#define METHODS(X) \
    X(SetContext) X(IsVolumeSupported) X(BeginPrepareSnapshot) X(GetSnapshotProperties) \
    X(SetSnapshotProperty) X(Query) X(DeleteSnapshots) X(IsVolumeSnapshotted) \
    X(RevertToSnapshot) X(QueryRevertStatus) X(EndPrepareSnapshots) X(PreCommitSnapshots) \
    X(CommitSnapshots) X(PostCommitSnapshots) X(PreFinalCommitSnapshots) \
    X(PostFinalCommitSnapshots) X(AbortSnapshots) X(ResyncLuns) X(OnLoad) X(OnUnload)
/* clang-format on */

enum method {
#define X(name) IN_##name,
    METHODS(X)
#undef X
        N_METHODS
};

struct record {
    VSS_ID id, set_id;
    WCHAR *volume;
    LONG context;
};

struct script_provider {
    IVssSoftwareSnapshotProvider software;
    IVssProviderCreateSnapshotSet set;
    IVssHardwareSnapshotProviderEx hardware;
    IVssAsync async;
    IVssProviderNotifications notifications;
    IClassFactory factory;
    DWORD cookie; /* of its class, 0: it has none */
    LONG count;
    bool has_hardware, has_no_set, has_no_software, has_notifications;
    VSS_ID id;
    bool supports;
    enum script_style style;
    unsigned n_forced; /* OnUnload(TRUE) */
    HRESULT revert_status;
    struct plan {
        HRESULT answer;
        unsigned from, n_calls;
        DWORD takes_ms;
    } plans[N_METHODS];
    struct record records[600];
    size_t n_records;
};

#define OF_SOFTWARE(face) \
    ((struct script_provider *)(void *)((char *)(face)-offsetof(struct script_provider, software)))
#define OF_SET(face) \
    ((struct script_provider *)(void *)((char *)(face)-offsetof(struct script_provider, set)))
#define OF_HARDWARE(face) \
    ((struct script_provider *)(void *)((char *)(face)-offsetof(struct script_provider, hardware)))
#define OF_ASYNC(face) \
    ((struct script_provider *)(void *)((char *)(face)-offsetof(struct script_provider, async)))

#define OF_NOTIFICATIONS(face)                                                          \
    ((struct script_provider *)(void *)((char *)(face)-offsetof(struct script_provider, \
                                                                notifications)))
#define OF_FACTORY(face) \
    ((struct script_provider *)(void *)((char *)(face)-offsetof(struct script_provider, factory)))

/* A call comes: what was planned for it, S_OK to work. */
HRESULT script_meet(struct script_provider *p, enum method method);

#define MEET(p, name)                               \
    do {                                            \
        HRESULT met_ = script_meet((p), IN_##name); \
        if (met_ != S_OK)                           \
            return met_;                            \
    } while (0)

/* IUnknown of all its faces. */
HRESULT script_query(struct script_provider *p, REFIID iid, void **out);
ULONG script_let_go(struct script_provider *p);

/* script_faces.c: disks, notifications, the class. */
void script_faces_init(struct script_provider *p);

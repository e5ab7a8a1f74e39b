/* SPDX-License-Identifier: MIT */
#include "script_provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define METHODS(X) \
    X(SetContext) X(IsVolumeSupported) X(BeginPrepareSnapshot) X(GetSnapshotProperties) \
    X(SetSnapshotProperty) X(Query) X(DeleteSnapshots) X(IsVolumeSnapshotted) \
    X(RevertToSnapshot) X(QueryRevertStatus) X(EndPrepareSnapshots) X(PreCommitSnapshots) \
    X(CommitSnapshots) X(PostCommitSnapshots) X(PreFinalCommitSnapshots) \
    X(PostFinalCommitSnapshots) X(AbortSnapshots) X(ResyncLuns)
/* clang-format on */

enum method {
#define X(name) IN_##name,
    METHODS(X)
#undef X
        N_METHODS
};

static const char *const method_names[N_METHODS] = {
#define X(name) #name,
    METHODS(X)
#undef X
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
    LONG count;
    bool has_hardware;
    VSS_ID id;
    bool supports;
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

static HRESULT meet(struct script_provider *p, enum method method)
{
    struct plan *plan = &p->plans[method];

    plan->n_calls++;
    if (plan->takes_ms)
        Sleep(plan->takes_ms);
    return plan->n_calls >= plan->from ? plan->answer : S_OK;
}

#define MEET(p, name)                        \
    do {                                     \
        HRESULT met_ = meet((p), IN_##name); \
        if (met_ != S_OK)                    \
            return met_;                     \
    } while (0)

/* ---- one object with three faces; the third is what QueryRevertStatus gives ---- */

static HRESULT query(struct script_provider *p, REFIID iid, void **out)
{
    *out = NULL;
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IVssSoftwareSnapshotProvider))
        *out = &p->software;
    else if (IsEqualIID(iid, &IID_IVssProviderCreateSnapshotSet))
        *out = &p->set;
    else if (p->has_hardware && IsEqualIID(iid, &IID_IVssHardwareSnapshotProviderEx))
        *out = &p->hardware;
    if (*out)
        InterlockedIncrement(&p->count);
    return *out ? S_OK : E_NOINTERFACE;
}

static ULONG let_go(struct script_provider *p)
{
    ULONG left = (ULONG)InterlockedDecrement(&p->count);

    if (!left) {
        for (size_t i = 0; i < p->n_records; i++)
            free(p->records[i].volume);
        free(p);
    }
    return left;
}

static HRESULT software_QueryInterface(IVssSoftwareSnapshotProvider *face, REFIID iid, void **out)
{
    return query(OF_SOFTWARE(face), iid, out);
}
static ULONG software_AddRef(IVssSoftwareSnapshotProvider *face)
{
    return (ULONG)InterlockedIncrement(&OF_SOFTWARE(face)->count);
}
static ULONG software_Release(IVssSoftwareSnapshotProvider *face)
{
    return let_go(OF_SOFTWARE(face));
}
static HRESULT set_QueryInterface(IVssProviderCreateSnapshotSet *face, REFIID iid, void **out)
{
    return query(OF_SET(face), iid, out);
}
static ULONG set_AddRef(IVssProviderCreateSnapshotSet *face)
{
    return (ULONG)InterlockedIncrement(&OF_SET(face)->count);
}
static ULONG set_Release(IVssProviderCreateSnapshotSet *face)
{
    return let_go(OF_SET(face));
}
static HRESULT async_QueryInterface(IVssAsync *face, REFIID iid, void **out)
{
    (void)face, (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}
static ULONG async_AddRef(IVssAsync *face)
{
    return (ULONG)InterlockedIncrement(&OF_ASYNC(face)->count);
}
static ULONG async_Release(IVssAsync *face)
{
    return let_go(OF_ASYNC(face));
}

/* ---- records ---- */

static struct record *find(struct script_provider *p, const VSS_ID *id)
{
    for (size_t i = 0; i < p->n_records; i++) {
        if (IsEqualGUID(&p->records[i].id, id))
            return &p->records[i];
    }
    return NULL;
}

static WCHAR *task_text(const WCHAR *text)
{
    size_t size = (wcslen(text) + 1) * sizeof(WCHAR);
    WCHAR *copy = CoTaskMemAlloc(size);

    memcpy(copy, text, size);
    return copy;
}

static HRESULT software_SetContext(IVssSoftwareSnapshotProvider *face, LONG context)
{
    (void)context;
    return meet(OF_SOFTWARE(face), IN_SetContext);
}

static HRESULT software_IsVolumeSupported(IVssSoftwareSnapshotProvider *face, VSS_PWSZ volume,
                                          WINBOOL *ret_supported)
{
    struct script_provider *p = OF_SOFTWARE(face);

    (void)volume;
    *ret_supported = FALSE;
    MEET(p, IsVolumeSupported);
    *ret_supported = p->supports;
    return S_OK;
}

static HRESULT software_BeginPrepareSnapshot(IVssSoftwareSnapshotProvider *face, VSS_ID set_id,
                                             VSS_ID id, VSS_PWSZ volume, LONG context)
{
    struct script_provider *p = OF_SOFTWARE(face);

    MEET(p, BeginPrepareSnapshot);
    p->records[p->n_records++] = (struct record){ id, set_id, _wcsdup(volume), context };
    return S_OK;
}

static HRESULT software_GetSnapshotProperties(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                              VSS_SNAPSHOT_PROP *ret_prop)
{
    struct script_provider *p = OF_SOFTWARE(face);
    struct record *record = find(p, &id);
    WCHAR device[80];

    MEET(p, GetSnapshotProperties);
    if (!record)
        return VSS_E_OBJECT_NOT_FOUND;
    swprintf(device, 80, L"\\\\?\\GLOBALROOT\\Device\\ScriptSnapshot%u",
             (unsigned)(record - p->records + 1));
    memset(ret_prop, 0, sizeof(*ret_prop));
    ret_prop->m_SnapshotId = id;
    ret_prop->m_SnapshotSetId = record->set_id;
    ret_prop->m_pwszSnapshotDeviceObject = task_text(device);
    ret_prop->m_pwszOriginalVolumeName = task_text(record->volume);
    ret_prop->m_ProviderId = p->id;
    ret_prop->m_lSnapshotAttributes = record->context;
    ret_prop->m_eStatus = VSS_SS_CREATED;
    return S_OK;
}

static HRESULT software_SetSnapshotProperty(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                            VSS_SNAPSHOT_PROPERTY_ID property, VARIANT value)
{
    (void)id, (void)property, (void)value;
    return meet(OF_SOFTWARE(face), IN_SetSnapshotProperty);
}

static HRESULT software_Query(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                              VSS_OBJECT_TYPE queried, VSS_OBJECT_TYPE returned,
                              IVssEnumObject **ret)
{
    (void)id, (void)queried, (void)returned;
    *ret = NULL;
    MEET(OF_SOFTWARE(face), Query);
    return E_NOTIMPL;
}

static HRESULT software_DeleteSnapshots(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                        VSS_OBJECT_TYPE type, WINBOOL force, LONG *ret_deleted,
                                        VSS_ID *ret_not_deleted)
{
    struct script_provider *p = OF_SOFTWARE(face);
    struct record *record = find(p, &id);

    (void)type, (void)force;
    *ret_deleted = 0;
    *ret_not_deleted = id;
    MEET(p, DeleteSnapshots);
    if (!record)
        return VSS_E_OBJECT_NOT_FOUND;
    record->id = GUID_NULL;
    *ret_deleted = 1;
    *ret_not_deleted = GUID_NULL;
    return S_OK;
}

static HRESULT software_IsVolumeSnapshotted(IVssSoftwareSnapshotProvider *face, VSS_PWSZ volume,
                                            WINBOOL *ret_present, LONG *ret_compatibility)
{
    struct script_provider *p = OF_SOFTWARE(face);

    (void)volume;
    *ret_present = FALSE;
    *ret_compatibility = 0;
    MEET(p, IsVolumeSnapshotted);
    *ret_present = p->n_records != 0;
    *ret_compatibility = p->n_records ? VSS_SC_DISABLE_DEFRAG : 0;
    return S_OK;
}

static HRESULT software_RevertToSnapshot(IVssSoftwareSnapshotProvider *face, VSS_ID id)
{
    (void)id;
    return meet(OF_SOFTWARE(face), IN_RevertToSnapshot);
}

static HRESULT software_QueryRevertStatus(IVssSoftwareSnapshotProvider *face, VSS_PWSZ volume,
                                          IVssAsync **ret)
{
    struct script_provider *p = OF_SOFTWARE(face);

    (void)volume;
    *ret = NULL;
    MEET(p, QueryRevertStatus);
    async_AddRef(&p->async);
    *ret = &p->async;
    return S_OK;
}

static HRESULT async_Cancel(IVssAsync *face)
{
    (void)face;
    return VSS_E_BAD_STATE;
}

static HRESULT async_Wait(IVssAsync *face, DWORD ms)
{
    (void)face, (void)ms;
    return S_OK;
}

static HRESULT async_QueryStatus(IVssAsync *face, HRESULT *ret_status, INT *reserved)
{
    (void)reserved;
    *ret_status = OF_ASYNC(face)->revert_status;
    return S_OK;
}

/* ---- a set ---- */

#define SET_METHOD(name)                                                          \
    static HRESULT set_##name(IVssProviderCreateSnapshotSet *face, VSS_ID set_id) \
    {                                                                             \
        (void)set_id;                                                             \
        return meet(OF_SET(face), IN_##name);                                     \
    }
SET_METHOD(EndPrepareSnapshots)
SET_METHOD(PreCommitSnapshots)
SET_METHOD(CommitSnapshots)
SET_METHOD(PreFinalCommitSnapshots)
SET_METHOD(PostFinalCommitSnapshots)
SET_METHOD(AbortSnapshots)

static HRESULT set_PostCommitSnapshots(IVssProviderCreateSnapshotSet *face, VSS_ID set_id, LONG n)
{
    (void)set_id, (void)n;
    return meet(OF_SET(face), IN_PostCommitSnapshots);
}

/* ---- disks: of the hardware face only ResyncLuns is asked for ---- */

static HRESULT hardware_QueryInterface(IVssHardwareSnapshotProviderEx *face, REFIID iid, void **out)
{
    return query(OF_HARDWARE(face), iid, out);
}
static ULONG hardware_AddRef(IVssHardwareSnapshotProviderEx *face)
{
    return (ULONG)InterlockedIncrement(&OF_HARDWARE(face)->count);
}
static ULONG hardware_Release(IVssHardwareSnapshotProviderEx *face)
{
    return let_go(OF_HARDWARE(face));
}

static HRESULT hardware_ResyncLuns(IVssHardwareSnapshotProviderEx *face,
                                   VDS_LUN_INFORMATION *sources, VDS_LUN_INFORMATION *targets,
                                   DWORD n, IVssAsync **ret)
{
    struct script_provider *p = OF_HARDWARE(face);

    (void)sources, (void)targets, (void)n;
    *ret = NULL;
    MEET(p, ResyncLuns);
    async_AddRef(&p->async);
    *ret = &p->async;
    return S_OK;
}

static IVssHardwareSnapshotProviderExVtbl hardware_vtbl = {
    .QueryInterface = hardware_QueryInterface,
    .AddRef = hardware_AddRef,
    .Release = hardware_Release,
    .ResyncLuns = hardware_ResyncLuns,
};

static IVssSoftwareSnapshotProviderVtbl software_vtbl = {
    software_QueryInterface,
    software_AddRef,
    software_Release,
    software_SetContext,
    software_GetSnapshotProperties,
    software_Query,
    software_DeleteSnapshots,
    software_BeginPrepareSnapshot,
    software_IsVolumeSupported,
    software_IsVolumeSnapshotted,
    software_SetSnapshotProperty,
    software_RevertToSnapshot,
    software_QueryRevertStatus,
};
static IVssProviderCreateSnapshotSetVtbl set_vtbl = {
    set_QueryInterface,
    set_AddRef,
    set_Release,
    set_EndPrepareSnapshots,
    set_PreCommitSnapshots,
    set_CommitSnapshots,
    set_PostCommitSnapshots,
    set_PreFinalCommitSnapshots,
    set_PostFinalCommitSnapshots,
    set_AbortSnapshots,
};
static IVssAsyncVtbl async_vtbl = { async_QueryInterface, async_AddRef, async_Release,
                                    async_Cancel,         async_Wait,   async_QueryStatus };

/* ---- the story's side ---- */

VSS_ID script_provider_id(VSS_PROVIDER_TYPE type)
{
    /* {7e57ab1e-0000-4000-8000-00000000000N}, N the type */
    return (VSS_ID){ 0x7e57ab1e, 0, 0x4000, { 0x80, 0, 0, 0, 0, 0, 0, (BYTE)type } };
}

struct script_provider *script_provider_add(struct vssemu_world *world, VSS_PROVIDER_TYPE type)
{
    struct script_provider *p = calloc(1, sizeof(*p));
    struct vssemu_provider row = { script_provider_id(type),
                                   script_provider_id(type),
                                   script_provider_id(type),
                                   "Script Provider",
                                   "1.0",
                                   type,
                                   &p->software };

    p->software.lpVtbl = &software_vtbl;
    p->set.lpVtbl = &set_vtbl;
    p->hardware.lpVtbl = &hardware_vtbl;
    p->async.lpVtbl = &async_vtbl;
    p->count = 1;
    p->id = row.id;
    p->supports = true;
    p->revert_status = VSS_S_ASYNC_FINISHED;
    EXPECT(vssemu_add_provider(world, &row));
    software_Release(&p->software); /* the world holds it */
    return p;
}

static struct plan *plan_of(struct script_provider *p, const char *method)
{
    for (unsigned i = 0; i < N_METHODS; i++) {
        if (strcmp(method_names[i], method) == 0)
            return &p->plans[i];
    }
    fprintf(stderr, "script_provider: no method %s\n", method);
    abort();
}

void script_provider_answers(struct script_provider *p, const char *method, HRESULT answer)
{
    plan_of(p, method)->answer = answer;
    plan_of(p, method)->from = 0;
}

void script_provider_answers_from(struct script_provider *p, const char *method, HRESULT answer,
                                  unsigned nth)
{
    struct plan *plan = plan_of(p, method);

    plan->answer = answer;
    plan->from = plan->n_calls + nth;
}

void script_provider_takes(struct script_provider *p, const char *method, DWORD ms)
{
    plan_of(p, method)->takes_ms = ms;
}

void script_provider_supports(struct script_provider *p, bool supports)
{
    p->supports = supports;
}

void script_provider_has_hardware_face(struct script_provider *p)
{
    p->has_hardware = true;
}

void script_provider_reverts(struct script_provider *p, HRESULT status)
{
    p->revert_status = status;
}

unsigned script_provider_count(struct script_provider *p, const char *method)
{
    return plan_of(p, method)->n_calls;
}

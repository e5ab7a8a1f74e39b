/* SPDX-License-Identifier: MIT */
#include "script_provider_i.h"
#include "script_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const method_names[N_METHODS] = {
#define X(name) #name,
    METHODS(X)
#undef X
};

HRESULT script_meet(struct script_provider *p, enum method method)
{
    struct plan *plan = &p->plans[method];

    plan->n_calls++;
    if (plan->takes_ms)
        Sleep(plan->takes_ms);
    return plan->n_calls >= plan->from ? plan->answer : S_OK;
}

/* ---- one object with three faces; the third is what QueryRevertStatus gives ---- */

HRESULT script_query(struct script_provider *p, REFIID iid, void **out)
{
    *out = NULL;
    if (IsEqualIID(iid, &IID_IUnknown) ||
        (IsEqualIID(iid, &IID_IVssSoftwareSnapshotProvider) && !p->has_no_software))
        *out = &p->software;
    else if (IsEqualIID(iid, &IID_IVssProviderNotifications) && p->has_notifications)
        *out = &p->notifications;
    else if (IsEqualIID(iid, &IID_IVssProviderCreateSnapshotSet) && !p->has_no_set)
        *out = &p->set;
    else if (p->has_hardware && IsEqualIID(iid, &IID_IVssHardwareSnapshotProviderEx))
        *out = &p->hardware;
    if (*out)
        InterlockedIncrement(&p->count);
    return *out ? S_OK : E_NOINTERFACE;
}

ULONG script_let_go(struct script_provider *p)
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
    return script_query(OF_SOFTWARE(face), iid, out);
}
static ULONG software_AddRef(IVssSoftwareSnapshotProvider *face)
{
    return (ULONG)InterlockedIncrement(&OF_SOFTWARE(face)->count);
}
static ULONG software_Release(IVssSoftwareSnapshotProvider *face)
{
    return script_let_go(OF_SOFTWARE(face));
}
static HRESULT set_QueryInterface(IVssProviderCreateSnapshotSet *face, REFIID iid, void **out)
{
    return script_query(OF_SET(face), iid, out);
}
static ULONG set_AddRef(IVssProviderCreateSnapshotSet *face)
{
    return (ULONG)InterlockedIncrement(&OF_SET(face)->count);
}
static ULONG set_Release(IVssProviderCreateSnapshotSet *face)
{
    return script_let_go(OF_SET(face));
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
    return script_let_go(OF_ASYNC(face));
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
    return script_meet(OF_SOFTWARE(face), IN_SetContext);
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

/* Answers 1, as many as it has described. */
static size_t describe(struct script_provider *p, const struct record *record,
                       VSS_SNAPSHOT_PROP *ret_prop)
{
    WCHAR device[80];

    swprintf(device, 80, L"\\\\?\\GLOBALROOT\\Device\\ScriptSnapshot%u",
             (unsigned)(record - p->records + 1));
    memset(ret_prop, 0, sizeof(*ret_prop));
    ret_prop->m_SnapshotId = record->id;
    ret_prop->m_SnapshotSetId = record->set_id;
    ret_prop->m_pwszSnapshotDeviceObject = task_text(device);
    ret_prop->m_pwszOriginalVolumeName = task_text(record->volume);
    ret_prop->m_ProviderId = p->id;
    ret_prop->m_lSnapshotAttributes = record->context;
    ret_prop->m_eStatus = VSS_SS_CREATED;
    return 1;
}

static HRESULT software_GetSnapshotProperties(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                              VSS_SNAPSHOT_PROP *ret_prop)
{
    struct script_provider *p = OF_SOFTWARE(face);
    struct record *record = find(p, &id);

    MEET(p, GetSnapshotProperties);
    if (p->style == SCRIPT_MUTE)
        return S_OK;
    if (!record)
        return VSS_E_OBJECT_NOT_FOUND;
    if (p->style == SCRIPT_GARBAGE)
        *ret_prop = (VSS_SNAPSHOT_PROP){ .m_SnapshotId = p->id,
                                         .m_SnapshotSetId = record->id,
                                         .m_ProviderId = record->set_id,
                                         .m_lSnapshotsCount = -7,
                                         .m_eStatus = VSS_SS_ABORTED };
    else
        describe(p, record, ret_prop);
    return S_OK;
}

static HRESULT software_SetSnapshotProperty(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                            VSS_SNAPSHOT_PROPERTY_ID property, VARIANT value)
{
    (void)id, (void)property, (void)value;
    return script_meet(OF_SOFTWARE(face), IN_SetSnapshotProperty);
}

static IVssEnumObject *list_records(struct script_provider *p)
{
    VSS_SNAPSHOT_PROP *props = calloc(p->n_records + 1, sizeof(*props));
    size_t n = 0;

    for (size_t i = 0; i < p->n_records && p->style != SCRIPT_MUTE; i++) {
        if (!IsEqualGUID(&p->records[i].id, &GUID_NULL)) /* deleted */
            n += describe(p, &p->records[i], &props[n]);
    }
    return script_list_new(props, n);
}

static HRESULT software_Query(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                              VSS_OBJECT_TYPE queried, VSS_OBJECT_TYPE returned,
                              IVssEnumObject **ret)
{
    struct script_provider *p = OF_SOFTWARE(face);

    *ret = NULL;
    MEET(p, Query);
    if (!IsEqualGUID(&id, &GUID_NULL) || queried != VSS_OBJECT_NONE ||
        returned != VSS_OBJECT_SNAPSHOT)
        return E_INVALIDARG;
    *ret = list_records(p);
    return S_OK;
}

static HRESULT software_DeleteSnapshots(IVssSoftwareSnapshotProvider *face, VSS_ID id,
                                        VSS_OBJECT_TYPE type, WINBOOL force, LONG *ret_deleted,
                                        VSS_ID *ret_not_deleted)
{
    struct script_provider *p = OF_SOFTWARE(face);

    (void)force;
    *ret_deleted = 0;
    *ret_not_deleted = id;
    MEET(p, DeleteSnapshots);
    if (p->style == SCRIPT_MUTE)
        return S_OK;
    for (size_t i = 0; i < p->n_records; i++) {
        struct record *record = &p->records[i];

        if (IsEqualGUID(type == VSS_OBJECT_SNAPSHOT ? &record->id : &record->set_id, &id) &&
            !IsEqualGUID(&record->id, &GUID_NULL)) {
            record->id = GUID_NULL;
            ++*ret_deleted;
        }
    }
    if (!*ret_deleted)
        return VSS_E_OBJECT_NOT_FOUND;
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
    return script_meet(OF_SOFTWARE(face), IN_RevertToSnapshot);
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
        return script_meet(OF_SET(face), IN_##name);                              \
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
    return script_meet(OF_SET(face), IN_PostCommitSnapshots);
}

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

struct script_provider *script_provider_new(VSS_PROVIDER_TYPE type)
{
    struct script_provider *p = calloc(1, sizeof(*p));

    p->software.lpVtbl = &software_vtbl;
    p->set.lpVtbl = &set_vtbl;
    p->async.lpVtbl = &async_vtbl;
    script_faces_init(p);
    p->count = 1;
    p->id = script_provider_id(type);
    p->supports = true;
    p->revert_status = VSS_S_ASYNC_FINISHED;
    return p;
}

struct script_provider *script_provider_add(struct vssemu_world *world, VSS_PROVIDER_TYPE type)
{
    struct script_provider *p = script_provider_new(type);
    struct vssemu_provider row = {
        p->id, p->id, p->id, "Script Provider", "1.0", type, &p->software
    };

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

void script_provider_is(struct script_provider *p, enum script_style style)
{
    p->style = style;
}

unsigned script_provider_count(struct script_provider *p, const char *method)
{
    return plan_of(p, method)->n_calls;
}

/* SPDX-License-Identifier: MIT */
/* IVssEnumObject. Learn: "IVssEnumObject::Next", "...::Skip", "...::Reset", "...::Clone". */
#include "script_provider.h"
#include "stage.h"

#define E(method, code, ...) SHOWS(IVssEnumObject, method, code, call(found, method, ##__VA_ARGS__))

/* Two providers. */
static IVssEnumObject *providers(struct stage *stage)
{
    IVssEnumObject *found = NULL;

    script_provider_add(stage->world, VSS_PROV_SOFTWARE);
    MUST(call(stage->b, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_PROVIDER, &found));
    return found;
}

static void free_provider(VSS_OBJECT_PROP *prop)
{
    CoTaskMemFree(prop->Obj.Prov.m_pwszProviderName);
    CoTaskMemFree(prop->Obj.Prov.m_pwszProviderVersion);
}

static void next(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssEnumObject *found = providers(stage);
    VSS_OBJECT_PROP props[3];
    ULONG n = 9;

    E(Next, E_POINTER, 1, NULL, &n);
    E(Next, E_POINTER, 1, props, NULL);
    E(Next, S_OK, 0, props, &n);
    EXPECT(n == 0);
    E(Next, S_OK, 1, props, &n);
    EXPECT(n == 1 && props[0].Type == VSS_OBJECT_PROVIDER);
    E(Next, S_FALSE, 2, props + 1, &n);
    EXPECT(n == 1);
    EXPECT(!IsEqualGUID(&props[0].Obj.Prov.m_ProviderId, &props[1].Obj.Prov.m_ProviderId));
    E(Next, S_FALSE, 1, props + 2, &n);
    EXPECT(n == 0);
    free_provider(&props[0]);
    free_provider(&props[1]);
    call(found, Release);
    stage_close(stage);
}

static void skip_and_reset(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssEnumObject *found = providers(stage);
    VSS_OBJECT_PROP first, again;
    ULONG n;

    MUST(call(found, Next, 1, &first, &n));
    E(Skip, S_OK, 1);
    EXPECT(call(found, Next, 1, &again, &n) == S_FALSE);
    E(Skip, S_FALSE, 1);
    E(Skip, S_OK, 0);
    E(Reset, S_OK);
    MUST(call(found, Next, 1, &again, &n));
    EXPECT(IsEqualGUID(&first.Obj.Prov.m_ProviderId, &again.Obj.Prov.m_ProviderId));
    free_provider(&first);
    free_provider(&again);
    call(found, Release);
    stage_close(stage);
}

/* A clone stands where its original stood, and goes its own way. */
static void clone(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssEnumObject *found = providers(stage), *twin = NULL;
    VSS_OBJECT_PROP prop, same;
    ULONG n;

    E(Clone, E_POINTER, NULL);
    MUST(call(found, Skip, 1));
    E(Clone, S_OK, &twin);
    MUST(call(found, Next, 1, &prop, &n));
    MUST(call(found, Reset));
    MUST(call(twin, Next, 1, &same, &n));
    EXPECT(IsEqualGUID(&prop.Obj.Prov.m_ProviderId, &same.Obj.Prov.m_ProviderId));
    free_provider(&prop);
    free_provider(&same);
    call(found, Release);
    EXPECT(call(twin, Next, 1, &prop, &n) == S_FALSE); /* it outlives its original */
    call(twin, Release);
    stage_close(stage);
}

/* The list is as it was when it was asked for. */
static void a_list_is_a_copy(void)
{
    struct stage *stage = stage_at(AT_SNAPSHOT_DONE);
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP prop;
    VSS_ID not_deleted;
    ULONG n;
    LONG n_deleted;

    MUST(call(stage->b, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found));
    MUST(call(stage->b, DeleteSnapshots, stage->set_id, VSS_OBJECT_SNAPSHOT_SET, FALSE, &n_deleted,
              &not_deleted));
    MUST(call(found, Next, 1, &prop, &n));
    EXPECT(IsEqualGUID(&prop.Obj.Snap.m_SnapshotId, &stage->snapshot_id));
    VssFreeSnapshotProperties(&prop.Obj.Snap);
    call(found, Release);
    stage_close(stage);
}

int main(void)
{
    next();
    skip_and_reset();
    clone();
    a_list_is_a_copy();
    return contract_result();
}

/* SPDX-License-Identifier: MIT */
#include "script_list.h"

#include <stdlib.h>

struct script_list {
    IVssEnumObject face;
    LONG count;
    VSS_SNAPSHOT_PROP *props;
    size_t next, n;
};

static struct script_list *of(IVssEnumObject *face)
{
    return (struct script_list *)(void *)face;
}

static HRESULT list_QueryInterface(IVssEnumObject *face, REFIID iid, void **out)
{
    (void)face, (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG list_AddRef(IVssEnumObject *face)
{
    return (ULONG)InterlockedIncrement(&of(face)->count);
}

static ULONG list_Release(IVssEnumObject *face)
{
    struct script_list *list = of(face);
    ULONG left = (ULONG)InterlockedDecrement(&list->count);

    if (left)
        return left;
    for (; list->next < list->n; list->next++) {
        CoTaskMemFree(list->props[list->next].m_pwszSnapshotDeviceObject);
        CoTaskMemFree(list->props[list->next].m_pwszOriginalVolumeName);
    }
    free(list->props);
    free(list);
    return 0;
}

/* Each is given once, with its strings. */
static HRESULT list_Next(IVssEnumObject *face, ULONG n, VSS_OBJECT_PROP *ret, ULONG *ret_n)
{
    struct script_list *list = of(face);

    for (*ret_n = 0; *ret_n < n && list->next < list->n; ++*ret_n) {
        ret[*ret_n].Type = VSS_OBJECT_SNAPSHOT;
        ret[*ret_n].Obj.Snap = list->props[list->next++];
    }
    return *ret_n == n ? S_OK : S_FALSE;
}

static HRESULT list_Skip(IVssEnumObject *face, ULONG n)
{
    (void)face, (void)n;
    return E_FAIL; /* the service goes through it once, from first to last */
}

static HRESULT list_Reset(IVssEnumObject *face)
{
    (void)face;
    return E_FAIL;
}

static HRESULT list_Clone(IVssEnumObject *face, IVssEnumObject **ret)
{
    (void)face;
    *ret = NULL;
    return E_FAIL;
}

static IVssEnumObjectVtbl list_vtbl = { list_QueryInterface, list_AddRef, list_Release, list_Next,
                                        list_Skip,           list_Reset,  list_Clone };

IVssEnumObject *script_list_new(VSS_SNAPSHOT_PROP *take_props, size_t n)
{
    struct script_list *list = calloc(1, sizeof(*list));

    list->face.lpVtbl = &list_vtbl;
    list->count = 1;
    list->props = take_props;
    list->n = n;
    return &list->face;
}

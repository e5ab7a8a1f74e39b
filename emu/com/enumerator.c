/* SPDX-License-Identifier: MIT */
/* Clones share the items: a counted list behind each enumerator. What Next gives is a copy, the
 * caller's (Learn: "IVssEnumObject::Next"). */
#include "emu/com/enumerator.h"

#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/object.h"

#include <stdlib.h>

struct items {
    atomic_uint count;
    size_t n;
    VSS_OBJECT_PROP *props;
};

struct enumerator {
    struct com_object com;
    IVssEnumObject IVssEnumObject;
    struct items *items;
    size_t position;
    enumerator_guard *guard; /* NULL: none */
};
COM_UNKNOWN_METHODS(enumerator, IVssEnumObject)

static VSS_PWSZ copy_text(VSS_PWSZ text)
{
    return text ? mem_copy(text, (utf16_length((const uint16_t *)text) + 1) * sizeof(*text)) : NULL;
}

void snapshot_prop_copy(const VSS_SNAPSHOT_PROP *from, VSS_SNAPSHOT_PROP *ret_prop)
{
    *ret_prop = *from;
    ret_prop->m_pwszSnapshotDeviceObject = copy_text(from->m_pwszSnapshotDeviceObject);
    ret_prop->m_pwszOriginalVolumeName = copy_text(from->m_pwszOriginalVolumeName);
    ret_prop->m_pwszOriginatingMachine = copy_text(from->m_pwszOriginatingMachine);
    ret_prop->m_pwszServiceMachine = copy_text(from->m_pwszServiceMachine);
    ret_prop->m_pwszExposedName = copy_text(from->m_pwszExposedName);
    ret_prop->m_pwszExposedPath = copy_text(from->m_pwszExposedPath);
}

void snapshot_prop_clear(VSS_SNAPSHOT_PROP *prop)
{
    free(prop->m_pwszSnapshotDeviceObject);
    free(prop->m_pwszOriginalVolumeName);
    free(prop->m_pwszOriginatingMachine);
    free(prop->m_pwszServiceMachine);
    free(prop->m_pwszExposedName);
    free(prop->m_pwszExposedPath);
    *prop = (VSS_SNAPSHOT_PROP){ 0 };
}

void provider_prop_copy(const VSS_PROVIDER_PROP *from, VSS_PROVIDER_PROP *ret_prop)
{
    *ret_prop = *from;
    ret_prop->m_pwszProviderName = copy_text(from->m_pwszProviderName);
    ret_prop->m_pwszProviderVersion = copy_text(from->m_pwszProviderVersion);
}

void provider_prop_clear(VSS_PROVIDER_PROP *prop)
{
    free(prop->m_pwszProviderName);
    free(prop->m_pwszProviderVersion);
    *prop = (VSS_PROVIDER_PROP){ 0 };
}

static void object_prop_copy(const VSS_OBJECT_PROP *from, VSS_OBJECT_PROP *ret_prop)
{
    *ret_prop = *from;
    if (from->Type == VSS_OBJECT_SNAPSHOT)
        snapshot_prop_copy(&from->Obj.Snap, &ret_prop->Obj.Snap);
    else if (from->Type == VSS_OBJECT_PROVIDER)
        provider_prop_copy(&from->Obj.Prov, &ret_prop->Obj.Prov);
}

static void items_release(struct items *items)
{
    if (atomic_fetch_sub(&items->count, 1) != 1)
        return;
    for (size_t i = 0; i < items->n; i++) {
        if (items->props[i].Type == VSS_OBJECT_SNAPSHOT)
            snapshot_prop_clear(&items->props[i].Obj.Snap);
        else if (items->props[i].Type == VSS_OBJECT_PROVIDER)
            provider_prop_clear(&items->props[i].Obj.Prov);
    }
    free(items->props);
    free(items);
}

static void enumerator_destroy(void *object)
{
    items_release(((struct enumerator *)object)->items);
}

static HRESULT meet(const struct enumerator *e, enum enumerator_call call)
{
    return e->guard ? e->guard(call) : S_OK;
}

static HRESULT STDMETHODCALLTYPE enumerator_Next(IVssEnumObject *face, ULONG celt,
                                                 VSS_OBJECT_PROP *props, ULONG *ret_fetched)
{
    struct enumerator *e = enumerator_from_IVssEnumObject(face);
    HRESULT met = meet(e, ENUMERATOR_NEXT);
    ULONG n = 0;

    if (met != S_OK)
        return met;
    if (!props || !ret_fetched)
        return E_POINTER;
    while (n < celt && e->position < e->items->n)
        object_prop_copy(&e->items->props[e->position++], &props[n++]);
    *ret_fetched = n;
    return n == celt ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enumerator_Skip(IVssEnumObject *face, ULONG celt)
{
    struct enumerator *e = enumerator_from_IVssEnumObject(face);
    HRESULT met = meet(e, ENUMERATOR_SKIP);
    size_t left = e->items->n - e->position;

    if (met != S_OK)
        return met;
    e->position += celt < left ? celt : left;
    return celt <= left ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enumerator_Reset(IVssEnumObject *face)
{
    struct enumerator *e = enumerator_from_IVssEnumObject(face);
    HRESULT met = meet(e, ENUMERATOR_RESET);

    if (met == S_OK)
        e->position = 0;
    return met;
}

static void enumerator_over(struct items *items, size_t position, enumerator_guard *guard,
                            IVssEnumObject **ret_enumerator);

static HRESULT STDMETHODCALLTYPE enumerator_Clone(IVssEnumObject *face, IVssEnumObject **ret_enum)
{
    struct enumerator *e = enumerator_from_IVssEnumObject(face);
    HRESULT met = meet(e, ENUMERATOR_CLONE);

    if (met != S_OK)
        return met;
    if (!ret_enum)
        return E_POINTER;
    atomic_fetch_add(&e->items->count, 1);
    enumerator_over(e->items, e->position, e->guard, ret_enum);
    return S_OK;
}

static const IVssEnumObjectVtbl enumerator_vtbl = {
    COM_UNKNOWN_SLOTS(enumerator, IVssEnumObject),
    .Next = enumerator_Next,
    .Skip = enumerator_Skip,
    .Reset = enumerator_Reset,
    .Clone = enumerator_Clone,
};
COM_CLASS(enumerator, enumerator_destroy, COM_FACE(enumerator, IVssEnumObject));

static void enumerator_over(struct items *items, size_t position, enumerator_guard *guard,
                            IVssEnumObject **ret_enumerator)
{
    struct enumerator *e = COM_NEW(enumerator);

    e->IVssEnumObject.lpVtbl = &enumerator_vtbl;
    e->items = items;
    e->position = position;
    e->guard = guard;
    *ret_enumerator = &e->IVssEnumObject;
}

void enumerator_new(VSS_OBJECT_PROP *take_items, size_t n, enumerator_guard *guard,
                    IVssEnumObject **ret_enumerator)
{
    struct items *items = mem_new(struct items);

    atomic_init(&items->count, 1);
    items->n = n;
    items->props = take_items;
    enumerator_over(items, 0, guard, ret_enumerator);
}

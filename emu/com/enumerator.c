/* SPDX-License-Identifier: MIT */
/* The interface of a cursor over snapshots and providers, and what their properties hold. */
#include "emu/com/enumerator.h"

#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/object.h"

#include <stdlib.h>

struct enumerator {
    struct com_object com;
    IVssEnumObject IVssEnumObject;
    struct cursor cursor;
};

COM_UNKNOWN_METHODS(enumerator, IVssEnumObject)

VSS_PWSZ prop_text_copy(VSS_PWSZ text)
{
    return text ? mem_copy(text, (utf16_length((const uint16_t *)text) + 1) * sizeof(*text)) : NULL;
}

void snapshot_prop_copy(const VSS_SNAPSHOT_PROP *from, VSS_SNAPSHOT_PROP *ret_prop)
{
    *ret_prop = *from;
    ret_prop->m_pwszSnapshotDeviceObject = prop_text_copy(from->m_pwszSnapshotDeviceObject);
    ret_prop->m_pwszOriginalVolumeName = prop_text_copy(from->m_pwszOriginalVolumeName);
    ret_prop->m_pwszOriginatingMachine = prop_text_copy(from->m_pwszOriginatingMachine);
    ret_prop->m_pwszServiceMachine = prop_text_copy(from->m_pwszServiceMachine);
    ret_prop->m_pwszExposedName = prop_text_copy(from->m_pwszExposedName);
    ret_prop->m_pwszExposedPath = prop_text_copy(from->m_pwszExposedPath);
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
    ret_prop->m_pwszProviderName = prop_text_copy(from->m_pwszProviderName);
    ret_prop->m_pwszProviderVersion = prop_text_copy(from->m_pwszProviderVersion);
}

void provider_prop_clear(VSS_PROVIDER_PROP *prop)
{
    free(prop->m_pwszProviderName);
    free(prop->m_pwszProviderVersion);
    *prop = (VSS_PROVIDER_PROP){ 0 };
}

static void object_prop_copy(const void *from, void *ret_prop)
{
    const VSS_OBJECT_PROP *prop = from;
    VSS_OBJECT_PROP *ret = ret_prop;

    *ret = *prop;
    if (prop->Type == VSS_OBJECT_SNAPSHOT)
        snapshot_prop_copy(&prop->Obj.Snap, &ret->Obj.Snap);
    else if (prop->Type == VSS_OBJECT_PROVIDER)
        provider_prop_copy(&prop->Obj.Prov, &ret->Obj.Prov);
}

static void object_prop_clear(void *item)
{
    VSS_OBJECT_PROP *prop = item;

    if (prop->Type == VSS_OBJECT_SNAPSHOT)
        snapshot_prop_clear(&prop->Obj.Snap);
    else if (prop->Type == VSS_OBJECT_PROVIDER)
        provider_prop_clear(&prop->Obj.Prov);
}

static const struct cursor_kind kind = { sizeof(VSS_OBJECT_PROP), object_prop_copy,
                                         object_prop_clear };

static void enumerator_destroy(void *object)
{
    cursor_fini(&((struct enumerator *)object)->cursor);
}

static HRESULT STDMETHODCALLTYPE enumerator_Next(IVssEnumObject *face, ULONG celt,
                                                 VSS_OBJECT_PROP *props, ULONG *ret_fetched)
{
    return cursor_next(&enumerator_from_IVssEnumObject(face)->cursor, celt, props, ret_fetched);
}

static HRESULT STDMETHODCALLTYPE enumerator_Skip(IVssEnumObject *face, ULONG celt)
{
    return cursor_skip(&enumerator_from_IVssEnumObject(face)->cursor, celt);
}

static HRESULT STDMETHODCALLTYPE enumerator_Reset(IVssEnumObject *face)
{
    return cursor_reset(&enumerator_from_IVssEnumObject(face)->cursor);
}

static void enumerator_over(const struct cursor *cursor, IVssEnumObject **ret_enumerator);

static HRESULT STDMETHODCALLTYPE enumerator_Clone(IVssEnumObject *face, IVssEnumObject **ret_enum)
{
    struct cursor cursor;
    HRESULT hr = cursor_clone(&enumerator_from_IVssEnumObject(face)->cursor, ret_enum, &cursor);

    if (hr == S_OK)
        enumerator_over(&cursor, ret_enum);
    return hr;
}

static const IVssEnumObjectVtbl enumerator_vtbl = {
    COM_UNKNOWN_SLOTS(enumerator, IVssEnumObject),
    .Next = enumerator_Next,
    .Skip = enumerator_Skip,
    .Reset = enumerator_Reset,
    .Clone = enumerator_Clone,
};
COM_CLASS(enumerator, enumerator_destroy, COM_FACE(enumerator, IVssEnumObject));

static void enumerator_over(const struct cursor *cursor, IVssEnumObject **ret_enumerator)
{
    struct enumerator *e = COM_NEW(enumerator);

    e->IVssEnumObject.lpVtbl = &enumerator_vtbl;
    e->cursor = *cursor;
    *ret_enumerator = &e->IVssEnumObject;
}

void enumerator_new(VSS_OBJECT_PROP *take_items, size_t n, enumerator_guard *guard,
                    IVssEnumObject **ret_enumerator)
{
    struct cursor cursor;

    cursor_init(&cursor, &kind, take_items, n, guard);
    enumerator_over(&cursor, ret_enumerator);
}

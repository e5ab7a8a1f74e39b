/* SPDX-License-Identifier: MIT */
/* Clones share the items: a counted list behind each enumerator. What Next gives is a copy, the
 * caller's (Learn: "IVssEnumObject::Next", which the page of this interface points to). */
#include "emu/com/mgmt_enumerator.h"

#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/com/object.h"

#include <stdlib.h>

struct mgmt_items {
    atomic_uint count;
    size_t n;
    VSS_MGMT_OBJECT_PROP *props;
};

struct mgmt_enumerator {
    struct com_object com;
    IVssEnumMgmtObject IVssEnumMgmtObject;
    struct mgmt_items *items;
    size_t position;
    enumerator_guard *guard; /* NULL: none */
};
COM_UNKNOWN_METHODS(mgmt_enumerator, IVssEnumMgmtObject)

/* The strings of a property, whatever its kind. */
static size_t strings_of(VSS_MGMT_OBJECT_PROP *prop, VSS_PWSZ *ret_strings[2])
{
    switch (prop->Type) {
    case VSS_MGMT_OBJECT_VOLUME:
        ret_strings[0] = &prop->Obj.Vol.m_pwszVolumeName;
        ret_strings[1] = &prop->Obj.Vol.m_pwszVolumeDisplayName;
        return 2;
    case VSS_MGMT_OBJECT_DIFF_VOLUME:
        ret_strings[0] = &prop->Obj.DiffVol.m_pwszVolumeName;
        ret_strings[1] = &prop->Obj.DiffVol.m_pwszVolumeDisplayName;
        return 2;
    case VSS_MGMT_OBJECT_DIFF_AREA:
        ret_strings[0] = &prop->Obj.DiffArea.m_pwszVolumeName;
        ret_strings[1] = &prop->Obj.DiffArea.m_pwszDiffAreaVolumeName;
        return 2;
    default:
        return 0;
    }
}

static void prop_copy(const VSS_MGMT_OBJECT_PROP *from, VSS_MGMT_OBJECT_PROP *ret_prop)
{
    VSS_PWSZ *strings[2];

    *ret_prop = *from;
    size_t n = strings_of(ret_prop, strings);

    for (size_t i = 0; i < n; i++) {
        VSS_PWSZ text = *strings[i];

        if (text)
            *strings[i] =
                mem_copy(text, (utf16_length((const uint16_t *)text) + 1) * sizeof(*text));
    }
}

static void items_release(struct mgmt_items *items)
{
    if (atomic_fetch_sub(&items->count, 1) != 1)
        return;
    for (size_t i = 0; i < items->n; i++) {
        VSS_PWSZ *strings[2];
        size_t n = strings_of(&items->props[i], strings);

        for (size_t s = 0; s < n; s++)
            free(*strings[s]);
    }
    free(items->props);
    free(items);
}

static void mgmt_enumerator_destroy(void *object)
{
    items_release(((struct mgmt_enumerator *)object)->items);
}

static HRESULT meet(const struct mgmt_enumerator *e, enum enumerator_call call)
{
    return e->guard ? e->guard(call) : S_OK;
}

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Next(IVssEnumMgmtObject *face, ULONG celt,
                                                      VSS_MGMT_OBJECT_PROP *props,
                                                      ULONG *ret_fetched)
{
    struct mgmt_enumerator *e = mgmt_enumerator_from_IVssEnumMgmtObject(face);
    HRESULT met = meet(e, ENUMERATOR_NEXT);
    ULONG n = 0;

    if (met != S_OK)
        return met;
    if (!props || !ret_fetched)
        return E_POINTER;
    while (n < celt && e->position < e->items->n)
        prop_copy(&e->items->props[e->position++], &props[n++]);
    *ret_fetched = n;
    return n == celt ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Skip(IVssEnumMgmtObject *face, ULONG celt)
{
    struct mgmt_enumerator *e = mgmt_enumerator_from_IVssEnumMgmtObject(face);
    HRESULT met = meet(e, ENUMERATOR_SKIP);
    size_t left = e->items->n - e->position;

    if (met != S_OK)
        return met;
    e->position += celt < left ? celt : left;
    return celt <= left ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Reset(IVssEnumMgmtObject *face)
{
    struct mgmt_enumerator *e = mgmt_enumerator_from_IVssEnumMgmtObject(face);
    HRESULT met = meet(e, ENUMERATOR_RESET);

    if (met == S_OK)
        e->position = 0;
    return met;
}

static void mgmt_enumerator_over(struct mgmt_items *items, size_t position, enumerator_guard *guard,
                                 IVssEnumMgmtObject **ret_enumerator);

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Clone(IVssEnumMgmtObject *face,
                                                       IVssEnumMgmtObject **ret_enum)
{
    struct mgmt_enumerator *e = mgmt_enumerator_from_IVssEnumMgmtObject(face);
    HRESULT met = meet(e, ENUMERATOR_CLONE);

    if (met != S_OK)
        return met;
    if (!ret_enum)
        return E_POINTER;
    atomic_fetch_add(&e->items->count, 1);
    mgmt_enumerator_over(e->items, e->position, e->guard, ret_enum);
    return S_OK;
}

static const IVssEnumMgmtObjectVtbl mgmt_enumerator_vtbl = {
    COM_UNKNOWN_SLOTS(mgmt_enumerator, IVssEnumMgmtObject),
    .Next = mgmt_enumerator_Next,
    .Skip = mgmt_enumerator_Skip,
    .Reset = mgmt_enumerator_Reset,
    .Clone = mgmt_enumerator_Clone,
};
COM_CLASS(mgmt_enumerator, mgmt_enumerator_destroy, COM_FACE(mgmt_enumerator, IVssEnumMgmtObject));

static void mgmt_enumerator_over(struct mgmt_items *items, size_t position, enumerator_guard *guard,
                                 IVssEnumMgmtObject **ret_enumerator)
{
    struct mgmt_enumerator *e = COM_NEW(mgmt_enumerator);

    e->IVssEnumMgmtObject.lpVtbl = &mgmt_enumerator_vtbl;
    e->items = items;
    e->position = position;
    e->guard = guard;
    *ret_enumerator = &e->IVssEnumMgmtObject;
}

void mgmt_enumerator_new(VSS_MGMT_OBJECT_PROP *take_items, size_t n, enumerator_guard *guard,
                         IVssEnumMgmtObject **ret_enumerator)
{
    struct mgmt_items *items = mem_new(struct mgmt_items);

    atomic_init(&items->count, 1);
    items->n = n;
    items->props = take_items;
    mgmt_enumerator_over(items, 0, guard, ret_enumerator);
}

/* SPDX-License-Identifier: MIT */
/* The interface of a cursor over what storage management tells of, and what these properties
 * hold. */
#include "emu/com/mgmt_enumerator.h"

#include "emu/com/object.h"

#include <stdlib.h>

struct mgmt_enumerator {
    struct com_object com;
    IVssEnumMgmtObject IVssEnumMgmtObject;
    struct cursor cursor;
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

static void prop_copy(const void *from, void *ret_prop)
{
    VSS_PWSZ *strings[2];

    *(VSS_MGMT_OBJECT_PROP *)ret_prop = *(const VSS_MGMT_OBJECT_PROP *)from;
    size_t n = strings_of(ret_prop, strings);

    for (size_t i = 0; i < n; i++)
        *strings[i] = prop_text_copy(*strings[i]);
}

static void prop_clear(void *prop)
{
    VSS_PWSZ *strings[2];
    size_t n = strings_of(prop, strings);

    for (size_t i = 0; i < n; i++)
        free(*strings[i]);
}

static const struct cursor_kind kind = { sizeof(VSS_MGMT_OBJECT_PROP), prop_copy, prop_clear };

static void mgmt_enumerator_destroy(void *object)
{
    cursor_fini(&((struct mgmt_enumerator *)object)->cursor);
}

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Next(IVssEnumMgmtObject *face, ULONG celt,
                                                      VSS_MGMT_OBJECT_PROP *props,
                                                      ULONG *ret_fetched)
{
    return cursor_next(&mgmt_enumerator_from_IVssEnumMgmtObject(face)->cursor, celt, props,
                       ret_fetched);
}

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Skip(IVssEnumMgmtObject *face, ULONG celt)
{
    return cursor_skip(&mgmt_enumerator_from_IVssEnumMgmtObject(face)->cursor, celt);
}

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Reset(IVssEnumMgmtObject *face)
{
    return cursor_reset(&mgmt_enumerator_from_IVssEnumMgmtObject(face)->cursor);
}

static void mgmt_enumerator_over(const struct cursor *cursor, IVssEnumMgmtObject **ret_enumerator);

static HRESULT STDMETHODCALLTYPE mgmt_enumerator_Clone(IVssEnumMgmtObject *face,
                                                       IVssEnumMgmtObject **ret_enum)
{
    struct cursor cursor;
    HRESULT hr =
        cursor_clone(&mgmt_enumerator_from_IVssEnumMgmtObject(face)->cursor, ret_enum, &cursor);

    if (hr == S_OK)
        mgmt_enumerator_over(&cursor, ret_enum);
    return hr;
}

static const IVssEnumMgmtObjectVtbl mgmt_enumerator_vtbl = {
    COM_UNKNOWN_SLOTS(mgmt_enumerator, IVssEnumMgmtObject),
    .Next = mgmt_enumerator_Next,
    .Skip = mgmt_enumerator_Skip,
    .Reset = mgmt_enumerator_Reset,
    .Clone = mgmt_enumerator_Clone,
};
COM_CLASS(mgmt_enumerator, mgmt_enumerator_destroy, COM_FACE(mgmt_enumerator, IVssEnumMgmtObject));

static void mgmt_enumerator_over(const struct cursor *cursor, IVssEnumMgmtObject **ret_enumerator)
{
    struct mgmt_enumerator *e = COM_NEW(mgmt_enumerator);

    e->IVssEnumMgmtObject.lpVtbl = &mgmt_enumerator_vtbl;
    e->cursor = *cursor;
    *ret_enumerator = &e->IVssEnumMgmtObject;
}

void mgmt_enumerator_new(VSS_MGMT_OBJECT_PROP *take_items, size_t n, enumerator_guard *guard,
                         IVssEnumMgmtObject **ret_enumerator)
{
    struct cursor cursor;

    cursor_init(&cursor, &kind, take_items, n, guard);
    mgmt_enumerator_over(&cursor, ret_enumerator);
}

/* SPDX-License-Identifier: MIT */
/* See wm_filedesc.h. Learn: "IVssWMFiledesc". */
#include "emu/api/wm_filedesc.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/com/object.h"

struct wm_filedesc {
    struct com_object com;
    IVssWMFiledesc IVssWMFiledesc;
    struct filespecs spec; /* one */
};

COM_UNKNOWN_METHODS(wm_filedesc, IVssWMFiledesc)

static const struct filespec *spec_of(IVssWMFiledesc *face)
{
    return wm_filedesc_from_IVssWMFiledesc(face)->spec.items;
}

static HRESULT wm_filedesc_GetPath(IVssWMFiledesc *face, BSTR *ret_path)
{
    GUARD_OUT(IVssWMFiledesc_GetPath, ret_path);
    return give_text(spec_of(face)->path, ret_path);
}

static HRESULT wm_filedesc_GetFilespec(IVssWMFiledesc *face, BSTR *ret_filespec)
{
    GUARD_OUT(IVssWMFiledesc_GetFilespec, ret_filespec);
    return give_text(spec_of(face)->filespec, ret_filespec);
}

static HRESULT wm_filedesc_GetRecursive(IVssWMFiledesc *face, boolean *ret_recursive)
{
    GUARD_OUT(IVssWMFiledesc_GetRecursive, ret_recursive);
    if (!ret_recursive)
        return E_INVALIDARG;
    *ret_recursive = spec_of(face)->recursive;
    return S_OK;
}

static HRESULT wm_filedesc_GetAlternateLocation(IVssWMFiledesc *face, BSTR *ret_location)
{
    GUARD_OUT(IVssWMFiledesc_GetAlternateLocation, ret_location);
    return give_text(spec_of(face)->alternate_path, ret_location);
}

static HRESULT wm_filedesc_GetBackupTypeMask(IVssWMFiledesc *face, DWORD *ret_mask)
{
    GUARD_OUT(IVssWMFiledesc_GetBackupTypeMask, ret_mask);
    if (!ret_mask)
        return E_INVALIDARG;
    *ret_mask = spec_of(face)->backup_type_mask;
    return S_OK;
}

static void wm_filedesc_destroy(void *object)
{
    filespecs_free(&((struct wm_filedesc *)object)->spec);
}

static const IVssWMFiledescVtbl wm_filedesc_vtbl = {
    COM_UNKNOWN_SLOTS(wm_filedesc, IVssWMFiledesc),
    .GetPath = wm_filedesc_GetPath,
    .GetFilespec = wm_filedesc_GetFilespec,
    .GetRecursive = wm_filedesc_GetRecursive,
    .GetAlternateLocation = wm_filedesc_GetAlternateLocation,
    .GetBackupTypeMask = wm_filedesc_GetBackupTypeMask,
};

COM_CLASS(wm_filedesc, wm_filedesc_destroy, COM_FACE(wm_filedesc, IVssWMFiledesc));

void wm_filedesc_new(const struct filespec *spec, IVssWMFiledesc **ret)
{
    struct wm_filedesc *filedesc = COM_NEW(wm_filedesc);

    filedesc->IVssWMFiledesc.lpVtbl = &wm_filedesc_vtbl;
    filespecs_add(&filedesc->spec, spec->path, spec->filespec, spec->recursive,
                  spec->alternate_path, spec->backup_type_mask);
    *ret = &filedesc->IVssWMFiledesc;
}

HRESULT wm_filedesc_of(const struct filespecs *specs, UINT i, HRESULT beyond, IVssWMFiledesc **ret)
{
    if (!ret)
        return E_INVALIDARG;
    *ret = NULL;
    if (i >= specs->count)
        return beyond;
    wm_filedesc_new(&specs->items[i], ret);
    return S_OK;
}

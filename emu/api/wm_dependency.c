/* SPDX-License-Identifier: MIT */
/* See wm_dependency.h. Learn: "IVssWMDependency". */
#include "emu/api/wm_dependency.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/base/mem.h"
#include "emu/com/object.h"

struct wm_dependency {
    struct com_object com;
    IVssWMDependency IVssWMDependency;
    struct wmd_dependency dependency;
};

COM_UNKNOWN_METHODS(wm_dependency, IVssWMDependency)

static HRESULT wm_dependency_GetWriterId(IVssWMDependency *face, VSS_ID *ret_id)
{
    GUARD(IVssWMDependency_GetWriterId);
    if (!ret_id)
        return E_INVALIDARG;
    *ret_id = wm_dependency_from_IVssWMDependency(face)->dependency.writer_id;
    return S_OK;
}

/* S_FALSE is documented for a missing writer, so a target at the root is S_OK and an empty text. */
static HRESULT wm_dependency_GetLogicalPath(IVssWMDependency *face, BSTR *ret_path)
{
    GUARD(IVssWMDependency_GetLogicalPath);
    if (!ret_path)
        return E_INVALIDARG;
    *ret_path = bstr_from_utf8(wm_dependency_from_IVssWMDependency(face)->dependency.logical_path);
    return S_OK;
}

static HRESULT wm_dependency_GetComponentName(IVssWMDependency *face, BSTR *ret_name)
{
    GUARD(IVssWMDependency_GetComponentName);
    if (!ret_name)
        return E_INVALIDARG;
    *ret_name = bstr_from_utf8(wm_dependency_from_IVssWMDependency(face)->dependency.name);
    return S_OK;
}

static void wm_dependency_destroy(void *object)
{
    struct wm_dependency *dependency = object;

    free(dependency->dependency.logical_path);
    free(dependency->dependency.name);
}

static const IVssWMDependencyVtbl wm_dependency_vtbl = {
    COM_UNKNOWN_SLOTS(wm_dependency, IVssWMDependency),
    .GetWriterId = wm_dependency_GetWriterId,
    .GetLogicalPath = wm_dependency_GetLogicalPath,
    .GetComponentName = wm_dependency_GetComponentName,
};

COM_CLASS(wm_dependency, wm_dependency_destroy, COM_FACE(wm_dependency, IVssWMDependency));

void wm_dependency_new(const struct wmd_dependency *dependency, IVssWMDependency **ret)
{
    struct wm_dependency *object = COM_NEW(wm_dependency);

    object->IVssWMDependency.lpVtbl = &wm_dependency_vtbl;
    object->dependency.writer_id = dependency->writer_id;
    object->dependency.logical_path = mem_strdup(dependency->logical_path);
    object->dependency.name = mem_strdup(dependency->name);
    *ret = &object->IVssWMDependency;
}

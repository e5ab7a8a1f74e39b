/* SPDX-License-Identifier: MIT */
/* See wm_dependency.h. Learn: "IVssWMDependency". */
#include "emu/api/wm_dependency.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/base/mem.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"

struct wm_dependency {
    struct com_object com;
    IVssWMDependency IVssWMDependency;
    struct wmd_dependency dependency;
};

COM_UNKNOWN_METHODS(wm_dependency, IVssWMDependency)

static const struct wmd_dependency *dependency_of(IVssWMDependency *face)
{
    return &wm_dependency_from_IVssWMDependency(face)->dependency;
}

/* The pages list S_FALSE for "no writer found that manages the component". A document tells only
 * what its writer wrote, so this is a dependency that names no writer. Unsure: Windows may mean
 * writers that do not run. */
static HRESULT answer_of(const struct wmd_dependency *dependency)
{
    return guid_is_null(&dependency->writer_id) ? S_FALSE : S_OK;
}

static HRESULT wm_dependency_GetWriterId(IVssWMDependency *face, VSS_ID *ret_id)
{
    GUARD(IVssWMDependency_GetWriterId);
    if (!ret_id)
        return E_INVALIDARG;
    *ret_id = dependency_of(face)->writer_id;
    return answer_of(dependency_of(face));
}

/* A target at the root is S_OK and an empty text: S_FALSE means something else here. */
static HRESULT wm_dependency_GetLogicalPath(IVssWMDependency *face, BSTR *ret_path)
{
    GUARD_OUT(IVssWMDependency_GetLogicalPath, ret_path);
    if (!ret_path)
        return E_INVALIDARG;
    *ret_path = bstr_from_utf8(dependency_of(face)->logical_path);
    return answer_of(dependency_of(face));
}

static HRESULT wm_dependency_GetComponentName(IVssWMDependency *face, BSTR *ret_name)
{
    GUARD_OUT(IVssWMDependency_GetComponentName, ret_name);
    if (!ret_name)
        return E_INVALIDARG;
    *ret_name = bstr_from_utf8(dependency_of(face)->name);
    return answer_of(dependency_of(face));
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

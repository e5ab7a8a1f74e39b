/* SPDX-License-Identifier: MIT */
/* See wm_component.h. Learn: "IVssWMComponent". */
#include "emu/api/wm_component.h"

#include "emu/api/guard.h"
#include "emu/api/give.h"
#include "emu/api/wm_dependency.h"
#include "emu/api/wm_filedesc.h"
#include "emu/base/mem.h"
#include "emu/com/object.h"

struct wm_component {
    struct com_object com;
    IVssWMComponent IVssWMComponent;
    struct wmd *wmd; /* a reference: the component lies in it */
    const struct wmd_component *component;
};

COM_UNKNOWN_METHODS(wm_component, IVssWMComponent)

static const struct wmd_component *component_of(IVssWMComponent *face)
{
    return wm_component_from_IVssWMComponent(face)->component;
}

static HRESULT wm_component_GetComponentInfo(IVssWMComponent *face, PVSSCOMPONENTINFO *ret_info)
{
    GUARD_OUT(IVssWMComponent_GetComponentInfo, ret_info);
    const struct wmd_component *component = component_of(face);
    VSS_COMPONENTINFO *info;

    if (!ret_info)
        return E_INVALIDARG;
    info = mem_new(VSS_COMPONENTINFO);
    info->type = component->type;
    info->bstrLogicalPath = text_or_null(component->logical_path);
    info->bstrComponentName = bstr_from_utf8(component->name);
    info->bstrCaption = text_or_null(component->caption);
    if (component->icon) {
        info->pbIcon = mem_copy(component->icon, component->icon_size);
        info->cbIcon = (UINT)component->icon_size;
    }
    info->bRestoreMetadata = component->restore_metadata;
    info->bNotifyOnBackupComplete = component->notify_on_backup_complete;
    info->bSelectable = component->selectable;
    info->bSelectableForRestore = component->selectable_for_restore;
    info->dwComponentFlags = component->flags;
    info->cFileCount = (UINT)component->files.count;
    info->cDatabases = (UINT)component->database_files.count;
    info->cLogFiles = (UINT)component->log_files.count;
    info->cDependencies = (UINT)component->dependencies.count;
    *ret_info = info;
    return S_OK;
}

static HRESULT wm_component_FreeComponentInfo(IVssWMComponent *face, PVSSCOMPONENTINFO info)
{
    (void)face;
    if (!info)
        return S_OK;
    bstr_free(info->bstrLogicalPath);
    bstr_free(info->bstrComponentName);
    bstr_free(info->bstrCaption);
    free(info->pbIcon);
    free((void *)info);
    return S_OK;
}

static HRESULT wm_component_GetFile(IVssWMComponent *face, UINT i, IVssWMFiledesc **ret)
{
    GUARD_OUT(IVssWMComponent_GetFile, ret);
    return wm_filedesc_of(&component_of(face)->files, i, VSS_E_OBJECT_NOT_FOUND, ret);
}

static HRESULT wm_component_GetDatabaseFile(IVssWMComponent *face, UINT i, IVssWMFiledesc **ret)
{
    GUARD_OUT(IVssWMComponent_GetDatabaseFile, ret);
    return wm_filedesc_of(&component_of(face)->database_files, i, VSS_E_OBJECT_NOT_FOUND, ret);
}

static HRESULT wm_component_GetDatabaseLogFile(IVssWMComponent *face, UINT i, IVssWMFiledesc **ret)
{
    GUARD_OUT(IVssWMComponent_GetDatabaseLogFile, ret);
    return wm_filedesc_of(&component_of(face)->log_files, i, VSS_E_OBJECT_NOT_FOUND, ret);
}

static HRESULT wm_component_GetDependency(IVssWMComponent *face, UINT i, IVssWMDependency **ret)
{
    GUARD_OUT(IVssWMComponent_GetDependency, ret);
    const struct wmd_component *component = component_of(face);

    if (!ret)
        return E_INVALIDARG;
    if (i >= component->dependencies.count)
        return VSS_E_OBJECT_NOT_FOUND;
    wm_dependency_new(&component->dependencies.items[i], ret);
    return S_OK;
}

static void wm_component_destroy(void *object)
{
    wmd_free(((struct wm_component *)object)->wmd);
}

static const IVssWMComponentVtbl wm_component_vtbl = {
    COM_UNKNOWN_SLOTS(wm_component, IVssWMComponent),
    .GetComponentInfo = wm_component_GetComponentInfo,
    .FreeComponentInfo = wm_component_FreeComponentInfo,
    .GetFile = wm_component_GetFile,
    .GetDatabaseFile = wm_component_GetDatabaseFile,
    .GetDatabaseLogFile = wm_component_GetDatabaseLogFile,
    .GetDependency = wm_component_GetDependency,
};

COM_CLASS(wm_component, wm_component_destroy, COM_FACE(wm_component, IVssWMComponent));

void wm_component_new(struct wmd *wmd, const struct wmd_component *component, IVssWMComponent **ret)
{
    struct wm_component *object = COM_NEW(wm_component);

    object->IVssWMComponent.lpVtbl = &wm_component_vtbl;
    object->wmd = wmd_ref(wmd);
    object->component = component;
    *ret = &object->IVssWMComponent;
}

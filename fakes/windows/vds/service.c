/* SPDX-License-Identifier: MIT */
/* The Virtual Disk Service of a machine whose disks no provider knows: it starts, is ready at once,
 * and lists nothing (Learn: "IVdsServiceLoader", "IVdsService"). VShadow asks it to make snapshots
 * writable after BreakSnapshotSet, which hardware providers alone can do.
 * Deviation: Windows always has its two software providers. Their packs, disks and volumes would be
 * those of the host, which a world does not have. */
#include "fakes/windows/vds/service.h"

#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"

#include <string.h>

/* ---- an enumerator of nothing ---- */

struct vds_enum {
    struct com_object com;
    IEnumVdsObject IEnumVdsObject;
};
COM_UNKNOWN_METHODS(vds_enum, IEnumVdsObject)

static HRESULT vds_enum_create(IEnumVdsObject **ret_enum);

static HRESULT WINAPI vds_enum_Next(IEnumVdsObject *face, ULONG n, IUnknown **ret_objects,
                                    ULONG *ret_n)
{
    (void)face;
    if (!ret_objects || !ret_n)
        return E_INVALIDARG;
    *ret_n = 0;
    return n ? S_FALSE : S_OK;
}

static HRESULT WINAPI vds_enum_Skip(IEnumVdsObject *face, ULONG n)
{
    (void)face;
    return n ? S_FALSE : S_OK;
}

static HRESULT WINAPI vds_enum_Reset(IEnumVdsObject *face)
{
    (void)face;
    return S_OK;
}

static HRESULT WINAPI vds_enum_Clone(IEnumVdsObject *face, IEnumVdsObject **ret_enum)
{
    (void)face;
    return vds_enum_create(ret_enum);
}

static IEnumVdsObjectVtbl vds_enum_vtbl = {
    COM_UNKNOWN_SLOTS(vds_enum, IEnumVdsObject),
    .Next = vds_enum_Next,
    .Skip = vds_enum_Skip,
    .Reset = vds_enum_Reset,
    .Clone = vds_enum_Clone,
};
COM_CLASS(vds_enum, NULL, COM_FACE(vds_enum, IEnumVdsObject));

static HRESULT vds_enum_create(IEnumVdsObject **ret_enum)
{
    if (!ret_enum)
        return E_INVALIDARG;
    struct vds_enum *e = COM_NEW(vds_enum);

    e->IEnumVdsObject.lpVtbl = &vds_enum_vtbl;
    *ret_enum = &e->IEnumVdsObject;
    return S_OK;
}

/* ---- the service ---- */

struct vds_service {
    struct com_object com;
    IVdsService IVdsService;
};
COM_UNKNOWN_METHODS(vds_service, IVdsService)

static HRESULT WINAPI vds_service_ready(IVdsService *face)
{
    (void)face;
    return S_OK;
}

static HRESULT WINAPI vds_service_GetProperties(IVdsService *face, VDS_SERVICE_PROP *ret)
{
    (void)face;
    if (!ret)
        return E_INVALIDARG;
    ret->pwszVersion = task_wide_from_utf8("1.1");
    ret->ulFlags = 0;
    return S_OK;
}

static HRESULT WINAPI vds_service_QueryProviders(IVdsService *face, DWORD masks,
                                                 IEnumVdsObject **ret_enum)
{
    const DWORD known = VDS_QUERY_SOFTWARE_PROVIDERS | VDS_QUERY_HARDWARE_PROVIDERS |
                        VDS_QUERY_VIRTUALDISK_PROVIDERS;
    (void)face;
    return masks & ~known ? E_INVALIDARG : vds_enum_create(ret_enum);
}

static HRESULT WINAPI vds_service_list(IVdsService *face, IEnumVdsObject **ret_enum)
{
    (void)face;
    return vds_enum_create(ret_enum);
}

static HRESULT WINAPI vds_service_GetObject(IVdsService *face, VDS_OBJECT_ID id,
                                            VDS_OBJECT_TYPE type, IUnknown **ret_object)
{
    (void)face, (void)id, (void)type;
    if (!ret_object)
        return E_INVALIDARG;
    *ret_object = NULL;
    return VDS_E_OBJECT_NOT_FOUND;
}

static HRESULT WINAPI vds_service_QueryDriveLetters(IVdsService *face, WCHAR first, DWORD n,
                                                    VDS_DRIVE_LETTER_PROP *ret)
{
    (void)face;
    if (!ret || first < 'A' || first > 'Z' || n > (DWORD)('Z' - first + 1))
        return E_INVALIDARG;
    for (DWORD i = 0; i < n; i++)
        ret[i] = (VDS_DRIVE_LETTER_PROP){ .wcLetter = (WCHAR)(first + i) };
    return S_OK;
}

static HRESULT WINAPI vds_service_QueryFileSystemTypes(IVdsService *face,
                                                       VDS_FILE_SYSTEM_TYPE_PROP **ret, LONG *ret_n)
{
    (void)face;
    if (!ret || !ret_n)
        return E_INVALIDARG;
    *ret = NULL;
    *ret_n = 0;
    return S_OK;
}

/* Nothing ever happens, so nobody is told. */
static HRESULT WINAPI vds_service_Advise(IVdsService *face, IVdsAdviseSink *sink, DWORD *ret_cookie)
{
    (void)face;
    if (!sink || !ret_cookie)
        return E_INVALIDARG;
    *ret_cookie = 1;
    return S_OK;
}

static HRESULT WINAPI vds_service_Unadvise(IVdsService *face, DWORD cookie)
{
    (void)face;
    return cookie == 1 ? S_OK : E_INVALIDARG;
}

static HRESULT WINAPI vds_service_flags(IVdsService *face, ULONG flags)
{
    (void)face;
    return flags & ~1u ? E_INVALIDARG : S_OK;
}

static IVdsServiceVtbl vds_service_vtbl = {
    COM_UNKNOWN_SLOTS(vds_service, IVdsService),
    .IsServiceReady = vds_service_ready,
    .WaitForServiceReady = vds_service_ready,
    .GetProperties = vds_service_GetProperties,
    .QueryProviders = vds_service_QueryProviders,
    .QueryMaskedDisks = vds_service_list,
    .QueryUnallocatedDisks = vds_service_list,
    .GetObject = vds_service_GetObject,
    .QueryDriveLetters = vds_service_QueryDriveLetters,
    .QueryFileSystemTypes = vds_service_QueryFileSystemTypes,
    .Reenumerate = vds_service_ready,
    .Refresh = vds_service_ready,
    .CleanupObsoleteMountPoints = vds_service_ready,
    .Advise = vds_service_Advise,
    .Unadvise = vds_service_Unadvise,
    .Reboot = vds_service_ready,
    .SetFlags = vds_service_flags,
    .ClearFlags = vds_service_flags,
};
COM_CLASS(vds_service, NULL, COM_FACE(vds_service, IVdsService));

/* ---- the loader ---- */

struct vds_loader {
    struct com_object com;
    IVdsServiceLoader IVdsServiceLoader;
};
COM_UNKNOWN_METHODS(vds_loader, IVdsServiceLoader)

/* No name, or an empty one, is this machine. No other can be reached. */
static HRESULT WINAPI vds_loader_LoadService(IVdsServiceLoader *face, LPWSTR machine,
                                             IVdsService **ret_service)
{
    (void)face;
    if (!ret_service)
        return E_INVALIDARG;
    *ret_service = NULL;
    if (machine && *machine)
        return HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
    struct vds_service *service = COM_NEW(vds_service);

    service->IVdsService.lpVtbl = &vds_service_vtbl;
    *ret_service = &service->IVdsService;
    return S_OK;
}

static IVdsServiceLoaderVtbl vds_loader_vtbl = {
    COM_UNKNOWN_SLOTS(vds_loader, IVdsServiceLoader),
    .LoadService = vds_loader_LoadService,
};
COM_CLASS(vds_loader, NULL, COM_FACE(vds_loader, IVdsServiceLoader));

HRESULT vds_loader_create(REFIID iid, void **ret_loader)
{
    struct vds_loader *loader = COM_NEW(vds_loader);

    loader->IVdsServiceLoader.lpVtbl = &vds_loader_vtbl;
    HRESULT hr = com_object_query(&loader->com, iid, ret_loader);
    com_object_release(&loader->com);
    return hr;
}

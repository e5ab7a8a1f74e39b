/* SPDX-License-Identifier: MIT */
/* The faces of a script provider that not every story needs: disks, notifications, and a class of
 * its own, registered with CoRegisterClassObject, over which the service loads it. All objects that
 * the class makes are the one provider, which counts its references. */
#include "script_provider_i.h"

#include <vsadmin.h>

/* ---- disks: of the hardware face only ResyncLuns is asked for ---- */

static HRESULT hardware_QueryInterface(IVssHardwareSnapshotProviderEx *face, REFIID iid, void **out)
{
    return script_query(OF_HARDWARE(face), iid, out);
}
static ULONG hardware_AddRef(IVssHardwareSnapshotProviderEx *face)
{
    return (ULONG)InterlockedIncrement(&OF_HARDWARE(face)->count);
}
static ULONG hardware_Release(IVssHardwareSnapshotProviderEx *face)
{
    return script_let_go(OF_HARDWARE(face));
}

static HRESULT hardware_ResyncLuns(IVssHardwareSnapshotProviderEx *face,
                                   VDS_LUN_INFORMATION *sources, VDS_LUN_INFORMATION *targets,
                                   DWORD n, IVssAsync **ret)
{
    struct script_provider *p = OF_HARDWARE(face);

    (void)sources, (void)targets, (void)n;
    *ret = NULL;
    MEET(p, ResyncLuns);
    InterlockedIncrement(&p->count);
    *ret = &p->async;
    return S_OK;
}

static IVssHardwareSnapshotProviderExVtbl hardware_vtbl = {
    .QueryInterface = hardware_QueryInterface,
    .AddRef = hardware_AddRef,
    .Release = hardware_Release,
    .ResyncLuns = hardware_ResyncLuns,
};

/* ---- notifications ---- */

static HRESULT notifications_QueryInterface(IVssProviderNotifications *face, REFIID iid, void **out)
{
    return script_query(OF_NOTIFICATIONS(face), iid, out);
}
static ULONG notifications_AddRef(IVssProviderNotifications *face)
{
    return (ULONG)InterlockedIncrement(&OF_NOTIFICATIONS(face)->count);
}
static ULONG notifications_Release(IVssProviderNotifications *face)
{
    return script_let_go(OF_NOTIFICATIONS(face));
}
static HRESULT notifications_OnLoad(IVssProviderNotifications *face, IUnknown *reserved)
{
    (void)reserved;
    return script_meet(OF_NOTIFICATIONS(face), IN_OnLoad);
}
static HRESULT notifications_OnUnload(IVssProviderNotifications *face, WINBOOL is_forced)
{
    struct script_provider *p = OF_NOTIFICATIONS(face);

    p->n_forced += is_forced != FALSE;
    return script_meet(p, IN_OnUnload);
}

static IVssProviderNotificationsVtbl notifications_vtbl = {
    notifications_QueryInterface, notifications_AddRef,   notifications_Release,
    notifications_OnLoad,         notifications_OnUnload,
};

/* ---- the class ---- */

static HRESULT factory_QueryInterface(IClassFactory *face, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *out = face;
    InterlockedIncrement(&OF_FACTORY(face)->count);
    return S_OK;
}
static ULONG factory_AddRef(IClassFactory *face)
{
    return (ULONG)InterlockedIncrement(&OF_FACTORY(face)->count);
}
static ULONG factory_Release(IClassFactory *face)
{
    return script_let_go(OF_FACTORY(face));
}
static HRESULT factory_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid, void **out)
{
    *out = NULL;
    return outer ? CLASS_E_NOAGGREGATION : script_query(OF_FACTORY(face), iid, out);
}
static HRESULT factory_LockServer(IClassFactory *face, BOOL locks)
{
    (void)face, (void)locks;
    return S_OK;
}

static IClassFactoryVtbl factory_vtbl = { factory_QueryInterface, factory_AddRef, factory_Release,
                                          factory_CreateInstance, factory_LockServer };

void script_faces_init(struct script_provider *p)
{
    p->hardware.lpVtbl = &hardware_vtbl;
    p->notifications.lpVtbl = &notifications_vtbl;
    p->factory.lpVtbl = &factory_vtbl;
}

IVssAdmin *script_admin(void)
{
    IVssAdmin *admin = NULL;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    MUST(
        CoCreateInstance(&CLSID_VSSCoordinator, NULL, CLSCTX_ALL, &IID_IVssAdmin, (void **)&admin));
    return admin;
}

struct script_provider *script_provider_register(VSS_PROVIDER_TYPE type)
{
    struct script_provider *p = script_provider_new(type);
    IVssAdmin *admin = script_admin();

    p->has_notifications = true;
    MUST(CoRegisterClassObject(&p->id, (IUnknown *)(void *)&p->factory, CLSCTX_INPROC_SERVER,
                               REGCLS_MULTIPLEUSE, &p->cookie));
    MUST(admin->lpVtbl->RegisterProvider(admin, p->id, p->id, (VSS_PWSZ)L"Script Provider", type,
                                         (VSS_PWSZ)L"1.0", p->id));
    admin->lpVtbl->Release(admin);
    return p;
}

void script_provider_end(struct script_provider *p)
{
    MUST(CoRevokeClassObject(p->cookie));
    EXPECT(script_let_go(p) == 0); /* the service holds nothing of it */
}

void script_provider_lacks(struct script_provider *p, REFIID iid)
{
    p->has_no_set = IsEqualIID(iid, &IID_IVssProviderCreateSnapshotSet);
    p->has_no_software = IsEqualIID(iid, &IID_IVssSoftwareSnapshotProvider);
    if (IsEqualIID(iid, &IID_IVssProviderNotifications))
        p->has_notifications = false;
}

unsigned script_provider_forced(struct script_provider *p)
{
    return p->n_forced;
}

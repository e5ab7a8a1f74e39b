/* SPDX-License-Identifier: MIT */
/* run: alone */
/* The table of class objects: registering, asking, revoking; creating objects and refusing to.
 * Learn: "CoRegisterClassObject", "CoGetClassObject", "CoCreateInstance", "CoCreateInstanceEx". */
#define INITGUID
#include "say.h"

#include <objbase.h>

static const CLSID some_class = { 0xc0c1a550, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CLSID other_class = { 0xc0c1a551, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const IID no_interface = { 0x10, 0x20, 0x30, { 1 } };
static LONG n_factory, n_created;

/* ---- a class object whose objects are itself ---- */

static HRESULT WINAPI factory_query(IClassFactory *face, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *out = face;
    InterlockedIncrement(&n_factory);
    return S_OK;
}
static ULONG WINAPI factory_add(IClassFactory *face)
{
    (void)face;
    return (ULONG)InterlockedIncrement(&n_factory);
}
static ULONG WINAPI factory_release(IClassFactory *face)
{
    (void)face;
    return (ULONG)InterlockedDecrement(&n_factory);
}
static HRESULT WINAPI factory_create(IClassFactory *face, IUnknown *outer, REFIID iid, void **out)
{
    *out = NULL;
    n_created++;
    return outer ? CLASS_E_NOAGGREGATION : factory_query(face, iid, out);
}
static HRESULT WINAPI factory_lock(IClassFactory *face, BOOL locks)
{
    (void)face, (void)locks;
    return S_OK;
}
static IClassFactoryVtbl factory_vtbl = { factory_query, factory_add, factory_release,
                                          factory_create, factory_lock };
static IClassFactory factory = { &factory_vtbl };
#define FACTORY ((IUnknown *)(void *)&factory)

static void create(const char *what, REFCLSID class_id, IUnknown *outer, REFIID iid)
{
    IUnknown *object = (IUnknown *)(void *)&object;
    HRESULT hr = CoCreateInstance(class_id, outer, CLSCTX_INPROC_SERVER, iid, (void **)&object);

    say("%s: 0x%08x, %s, created %d", what, (unsigned)hr, object ? "an object" : "NULL",
        (int)n_created);
    if (object)
        object->lpVtbl->Release(object);
}

static void registration(void)
{
    DWORD cookie = 0, second = 0;
    void *object = NULL;

    SAY_CODE(CoRegisterClassObject(&some_class, NULL, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                   &cookie));
    SAY_CODE(CoRegisterClassObject(&some_class, FACTORY, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                   NULL));
    create("not yet", &some_class, NULL, &IID_IUnknown);
    SAY_CODE(CoRegisterClassObject(&some_class, FACTORY, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                   &cookie));
    SAY_NUMBER(cookie != 0);
    SAY_NUMBER(n_factory > 0);
    create("registered", &some_class, NULL, &IID_IUnknown);
    create("its interface", &some_class, NULL, &IID_IClassFactory);
    create("one it has not", &some_class, NULL, &no_interface);
    create("another class", &other_class, NULL, &IID_IUnknown);
    SAY_CODE(
        CoGetClassObject(&some_class, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, &object));
    SAY_NUMBER(object == (void *)&factory);
    factory_release(&factory);
    SAY_CODE(CoGetClassObject(&some_class, CLSCTX_INPROC_SERVER, NULL, &no_interface, &object));
    SAY_NUMBER(object == NULL);
    SAY_CODE(CoGetClassObject(&some_class, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, NULL));
    SAY_CODE(CoRegisterClassObject(&some_class, FACTORY, CLSCTX_INPROC_SERVER, REGCLS_SINGLEUSE,
                                   &second));
    SAY_CODE(CoRevokeClassObject(cookie));
    SAY_CODE(CoRevokeClassObject(cookie));
    SAY_CODE(CoRevokeClassObject(0));
    SAY_NUMBER(n_factory);
    create("revoked", &some_class, NULL, &IID_IUnknown);
}

static void several_interfaces(void)
{
    MULTI_QI all[2] = { { &IID_IUnknown, NULL, 1 }, { &IID_IClassFactory, NULL, 1 } };
    MULTI_QI some[2] = { { &IID_IUnknown, NULL, 1 }, { &no_interface, NULL, 1 } };
    MULTI_QI none[1] = { { &no_interface, NULL, 1 } };
    DWORD cookie = 0;

    SAY_CODE(CoRegisterClassObject(&some_class, FACTORY, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                   &cookie));
    SAY_CODE(CoCreateInstanceEx(&some_class, NULL, CLSCTX_INPROC_SERVER, NULL, 2, all));
    SAY_CODE(all[0].hr);
    SAY_CODE(all[1].hr);
    SAY_CODE(CoCreateInstanceEx(&some_class, NULL, CLSCTX_INPROC_SERVER, NULL, 2, some));
    SAY_CODE(some[0].hr);
    SAY_CODE(some[1].hr);
    SAY_CODE(CoCreateInstanceEx(&some_class, NULL, CLSCTX_INPROC_SERVER, NULL, 1, none));
    SAY_CODE(none[0].hr);
    SAY_CODE(CoCreateInstanceEx(&some_class, NULL, CLSCTX_INPROC_SERVER, NULL, 0, all));
    for (int i = 0; i < 2; i++)
        all[i].pItf->lpVtbl->Release(all[i].pItf);
    some[0].pItf->lpVtbl->Release(some[0].pItf);
    SAY_CODE(CoRevokeClassObject(cookie));
    SAY_NUMBER(n_factory);
}

int main(void)
{
    DWORD cookie = 0;

    create("before CoInitialize", &some_class, NULL, &IID_IUnknown);
    SAY_CODE(CoInitializeEx(NULL, COINIT_MULTITHREADED));
    registration();
    several_interfaces();
    SAY_CODE(CoRegisterClassObject(&some_class, FACTORY, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                   &cookie));
    create("aggregated", &some_class, FACTORY, &IID_IUnknown);
    SAY_CODE(CoRevokeClassObject(cookie));
    SAY_NUMBER(CoAddRefServerProcess());
    SAY_NUMBER(CoAddRefServerProcess());
    SAY_NUMBER(CoReleaseServerProcess());
    SAY_NUMBER(CoReleaseServerProcess());
    CoUninitialize();
    return 0;
}

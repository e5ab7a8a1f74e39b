/* SPDX-License-Identifier: MIT */
/* The table of class objects of this process, and how objects are made from them: those that the
 * program has registered, then those of libvssapi itself, then the DLLs (class_server.c). Learn:
 * "COM Functions". Nothing is ever served by another process. */
#include "fakes/windows/classes.h"
#include "fakes/windows/com.h"
#include "fakes/windows/vds/service.h"

#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"

#include <pthread.h>
#include <stdlib.h>

typedef HRESULT create_function(REFIID iid, void **ret_object);

struct class_entry {
    CLSID class_id;
    create_function *create; /* of libvssapi's own, or */
    IUnknown *object;        /* the class object that was registered, a reference */
    DWORD flags, cookie;
    bool is_suspended;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct class_entry) classes;
static DWORD last_cookie;
static LONG n_process_references;

/* ---- the table ---- */

static void remove_entry(size_t i)
{
    array_remove(&classes, i);
    if (!classes.count)
        array_free(&classes);
}

void com_register_class(const CLSID *class_id, create_function *create)
{
    pthread_mutex_lock(&lock);
    for (size_t i = classes.count; i-- > 0;) {
        if (classes.items[i].create && guid_is_equal(&classes.items[i].class_id, class_id))
            remove_entry(i);
    }
    if (create)
        array_add(&classes, ((struct class_entry){ .class_id = *class_id, .create = create }));
    pthread_mutex_unlock(&lock);
}

/* The newest one that is open; one for a single use is taken out. Under no lock. */
static struct class_entry find(REFCLSID class_id)
{
    struct class_entry found = { 0 };

    if (guid_is_equal(class_id, &CLSID_VdsLoader))
        found.create = vds_loader_create;

    pthread_mutex_lock(&lock);
    for (size_t i = classes.count; i-- > 0 && !found.object;) {
        struct class_entry *e = &classes.items[i];

        if (e->is_suspended || !guid_is_equal(&e->class_id, class_id) ||
            (e->create && found.create))
            continue;
        found = *e;
        if (e->object)
            e->object->lpVtbl->AddRef(e->object);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* Learn: "REGCLS": REGCLS_SINGLEUSE is 0: the class object serves one activation. */
static void use_up(const struct class_entry *entry)
{
    IUnknown *object = NULL;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < classes.count; i++) {
        struct class_entry *e = &classes.items[i];

        if (e->object && e->cookie == entry->cookie &&
            !(e->flags & (REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE))) {
            object = e->object;
            remove_entry(i);
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    if (object)
        object->lpVtbl->Release(object);
}

HRESULT WINAPI CoRegisterClassObject(REFCLSID class_id, LPUNKNOWN object, DWORD context,
                                     DWORD flags, LPDWORD ret_cookie)
{
    if (!class_id || !object || !ret_cookie)
        return E_INVALIDARG;
    if (!com_is_initialised())
        return CO_E_NOTINITIALIZED;
    struct class_entry there = find(class_id);
    bool is_there = there.object != NULL;

    (void)context; /* the process is client and server of all its classes */
    if (is_there)
        there.object->lpVtbl->Release(there.object);
    if (is_there && !(flags & REGCLS_MULTIPLEUSE))
        return CO_E_OBJISREG;
    object->lpVtbl->AddRef(object);
    pthread_mutex_lock(&lock);
    *ret_cookie = ++last_cookie;
    array_add(&classes, ((struct class_entry){ .class_id = *class_id,
                                               .object = object,
                                               .flags = flags,
                                               .cookie = last_cookie,
                                               .is_suspended = (flags & REGCLS_SUSPENDED) != 0 }));
    pthread_mutex_unlock(&lock);
    return S_OK;
}

HRESULT WINAPI CoRevokeClassObject(DWORD cookie)
{
    IUnknown *object = NULL;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < classes.count && !object; i++) {
        if (classes.items[i].object && classes.items[i].cookie == cookie) {
            object = classes.items[i].object;
            remove_entry(i);
        }
    }
    pthread_mutex_unlock(&lock);
    if (!object)
        return E_INVALIDARG;
    object->lpVtbl->Release(object);
    return S_OK;
}

static HRESULT suspend(bool is_suspended)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < classes.count; i++) {
        if (classes.items[i].object)
            classes.items[i].is_suspended = is_suspended;
    }
    pthread_mutex_unlock(&lock);
    return S_OK;
}

HRESULT WINAPI CoResumeClassObjects(void)
{
    return suspend(false);
}

HRESULT WINAPI CoSuspendClassObjects(void)
{
    return suspend(true);
}

ULONG WINAPI CoAddRefServerProcess(void)
{
    return (ULONG)__atomic_add_fetch(&n_process_references, 1, __ATOMIC_SEQ_CST);
}

/* Learn: "CoReleaseServerProcess": the last one suspends the process's class objects. */
ULONG WINAPI CoReleaseServerProcess(void)
{
    ULONG left = (ULONG)__atomic_sub_fetch(&n_process_references, 1, __ATOMIC_SEQ_CST);

    if (!left)
        suspend(true);
    return left;
}

/* ---- a class object for those of libvssapi ---- */

struct class_factory {
    struct com_object com;
    IClassFactory IClassFactory;
    create_function *create;
};
COM_UNKNOWN_METHODS(class_factory, IClassFactory)

static HRESULT WINAPI class_factory_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                   void **ret_object)
{
    if (!ret_object)
        return E_POINTER;
    *ret_object = NULL;
    return outer ? CLASS_E_NOAGGREGATION
                 : class_factory_from_IClassFactory(face)->create(iid, ret_object);
}

static HRESULT WINAPI class_factory_LockServer(IClassFactory *face, BOOL locks)
{
    (void)face, (void)locks; /* the library stays as long as the process */
    return S_OK;
}

static const IClassFactoryVtbl class_factory_vtbl = {
    COM_UNKNOWN_SLOTS(class_factory, IClassFactory),
    .CreateInstance = class_factory_CreateInstance,
    .LockServer = class_factory_LockServer,
};
COM_CLASS(class_factory, NULL, COM_FACE(class_factory, IClassFactory));

static HRESULT make_factory(create_function *create, REFIID iid, void **ret_object)
{
    struct class_factory *factory = COM_NEW(class_factory);

    factory->IClassFactory.lpVtbl = &class_factory_vtbl;
    factory->create = create;
    HRESULT hr = com_object_query(&factory->com, iid, ret_object);
    com_object_release(&factory->com);
    return hr;
}

/* ---- making objects ---- */

HRESULT WINAPI CoGetClassObject(REFCLSID class_id, DWORD context, COSERVERINFO *server, REFIID iid,
                                LPVOID *ret_object)
{
    (void)context, (void)server;
    if (!ret_object || !class_id || !iid)
        return E_INVALIDARG;
    *ret_object = NULL;
    if (!com_is_initialised())
        return CO_E_NOTINITIALIZED;
    struct class_entry found = find(class_id);

    if (found.object) {
        HRESULT hr = found.object->lpVtbl->QueryInterface(found.object, iid, ret_object);

        found.object->lpVtbl->Release(found.object);
        use_up(&found);
        return hr;
    }
    return found.create ? make_factory(found.create, iid, ret_object)
                        : class_server_get(class_id, iid, ret_object);
}

HRESULT WINAPI CoCreateInstance(REFCLSID class_id, LPUNKNOWN outer, DWORD context, REFIID iid,
                                LPVOID *ret_object)
{
    auto_release(IClassFactory) *factory = NULL;

    if (!ret_object)
        return E_POINTER;
    *ret_object = NULL;
    if (!class_id || !iid)
        return E_INVALIDARG;
    HRESULT hr = CoGetClassObject(class_id, context, NULL, &IID_IClassFactory, (void **)&factory);

    /* Learn: "CoCreateInstance": who aggregates asks for IUnknown. */
    if (SUCCEEDED(hr) && outer && !guid_is_equal(iid, &IID_IUnknown))
        return CLASS_E_NOAGGREGATION;
    return FAILED(hr) ? hr : factory->lpVtbl->CreateInstance(factory, outer, iid, ret_object);
}

/* Learn: "CoCreateInstanceEx": one object, several of its interfaces. */
HRESULT WINAPI CoCreateInstanceEx(REFCLSID class_id, LPUNKNOWN outer, DWORD context,
                                  COSERVERINFO *server, DWORD n, MULTI_QI *results)
{
    auto_release(IUnknown) *object = NULL;
    DWORD n_good = 0;

    (void)server;
    if (!n || !results)
        return E_INVALIDARG;
    for (DWORD i = 0; i < n; i++) {
        results[i].pItf = NULL;
        results[i].hr = E_NOINTERFACE;
    }
    HRESULT hr = CoCreateInstance(class_id, outer, context, &IID_IUnknown, (void **)&object);

    for (DWORD i = 0; i < n; i++) {
        results[i].hr = FAILED(hr) ? hr
                                   : object->lpVtbl->QueryInterface(object, results[i].pIID,
                                                                    (void **)&results[i].pItf);
        n_good += SUCCEEDED(results[i].hr);
    }
    if (FAILED(hr))
        return hr;
    return n_good == n ? S_OK : n_good ? CO_S_NOTALLINTERFACES : E_NOINTERFACE;
}

void WINAPI CoFreeUnusedLibraries(void)
{
    class_server_free_unused();
}

void WINAPI CoFreeUnusedLibrariesEx(DWORD delay_ms, DWORD reserved)
{
    (void)delay_ms, (void)reserved;
    class_server_free_unused();
}

/* ---- the port ---- */

static HRESULT create(const CLSID *class_id, REFIID iid, void **ret_object)
{
    return CoCreateInstance(class_id, NULL, CLSCTX_ALL, iid, ret_object);
}

static void enter_apartment(void)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
}

static HRESULT call(HRESULT (*function)(void *arg), void *arg)
{
    class_catcher *catcher = class_server_catcher();

    return catcher ? catcher(function, arg) : function(arg);
}

const struct classes *com_classes(void)
{
    static const struct classes port = { .create = create,
                                         .enter_apartment = enter_apartment,
                                         .leave_apartment = CoUninitialize,
                                         .call = call,
                                         .free_unused = class_server_free_unused };

    return &port;
}

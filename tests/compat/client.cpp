/* SPDX-License-Identifier: MIT */
/* The client of the server in the shared object that it is given: by hand, registered, aggregated,
 * and with an exception that carries a std::wstring across. */
#include <atlbase.h>
#include <atlcom.h>

#include "check.h"
#include "server.h"

typedef HRESULT(WINAPI *get_class_object_function)(REFCLSID, REFIID, LPVOID *);
typedef HRESULT(WINAPI *plain_function)(void);

static void by_hand(HMODULE dll)
{
    get_class_object_function get_class_object =
        (get_class_object_function)GetProcAddress(dll, "DllGetClassObject");
    plain_function can_unload = (plain_function)GetProcAddress(dll, "DllCanUnloadNow");
    CComPtr<IClassFactory> factory;
    CComPtr<IUnknown> unknown;

    CHECK(get_class_object && can_unload && can_unload() == S_OK);
    CHECK(get_class_object(GUID_NULL, IID_IClassFactory, (void **)&factory) ==
          CLASS_E_CLASSNOTAVAILABLE);
    CHECK(get_class_object(__uuidof(Counter), IID_IClassFactory, (void **)&factory) == S_OK);
    CHECK(factory->CreateInstance(NULL, IID_IUnknown, (void **)&unknown) == S_OK);
    CHECK(can_unload() == S_FALSE);

    CComQIPtr<ICounter> counter(unknown);
    CComQIPtr<INamed> named(counter);
    CComQIPtr<IDispatch> none(counter);
    CComQIPtr<ISupportErrorInfo> errors(counter);
    LONG sum = 0;
    CComBSTR name;
    CHECK(counter && named && !none && unknown.IsEqualObject(counter));
    CHECK(counter->Add(5, &sum) == S_OK && counter->Add(2, &sum) == S_OK && sum == 7);
    CHECK(counter->Add(1, NULL) == E_POINTER);
    CHECK(named->GetName(&name) == S_OK && name == L"counter");
    CHECK(errors && errors->InterfaceSupportsErrorInfo(__uuidof(ICounter)) == S_OK);
    bool has_come = false;
    try {
        counter->Fail(CComBSTR(L"a text that crosses from a shared object and back"));
    } catch (const std::wstring &text) {
        has_come = text == L"a text that crosses from a shared object and back";
    }
    CHECK(has_come);

    named.Release(), errors.Release(), counter.Release(), unknown.Release();
    CHECK(factory->LockServer(TRUE) == S_OK && factory->LockServer(FALSE) == S_OK);
    factory.Release();
    CHECK(can_unload() == S_OK);
}

/* The outer of an aggregate is asked for what the inner's interface is asked. */
class COuter : public CComObjectRoot, public IPersist
{
  public:
    CComPtr<IUnknown> inner;
    BEGIN_COM_MAP(COuter)
    COM_INTERFACE_ENTRY(IPersist)
    COM_INTERFACE_ENTRY_AGGREGATE_BLIND(inner.p)
    END_COM_MAP()
    DECLARE_PROTECT_FINAL_CONSTRUCT()
    HRESULT FinalConstruct()
    {
        return CoCreateInstance(__uuidof(Counter), GetUnknown(), CLSCTX_ALL, IID_IUnknown,
                                (void **)&inner);
    }
    STDMETHOD(GetClassID)(CLSID *id)
    {
        *id = GUID_NULL;
        return S_OK;
    }
};

static void registered(HMODULE dll)
{
    plain_function register_server = (plain_function)GetProcAddress(dll, "DllRegisterServer");
    plain_function unregister = (plain_function)GetProcAddress(dll, "DllUnregisterServer");
    LONG sum = 0;

    CHECK(register_server && register_server() == S_OK);
    {
        CComPtr<ICounter> counter;
        CHECK(counter.CoCreateInstance(__uuidof(Counter)) == S_OK);
        CHECK(counter && counter->Add(3, &sum) == S_OK && sum == 3);

        CComObject<COuter> *outer = NULL;
        CHECK(CComObject<COuter>::CreateInstance(&outer) == S_OK);
        CComPtr<IPersist> persist(outer);
        CComQIPtr<ICounter> aggregated(persist);
        CComQIPtr<IPersist> back(aggregated);
        CHECK(aggregated && back && back == persist);
        CHECK(aggregated && aggregated->Add(4, &sum) == S_OK && sum == 4);
    }
    CHECK(unregister && unregister() == S_OK);
    CComPtr<ICounter> gone;
    CoFreeUnusedLibraries();
    CHECK(gone.CoCreateInstance(__uuidof(Counter)) == REGDB_E_CLASSNOTREG);
}

int wmain(int argc, wchar_t **argv)
{
    CHECK(argc == 2 && SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)));
    HMODULE dll = LoadLibraryW(argv[1]);
    CHECK(dll != NULL);
    /* Its name alone: beside the program, and what was a .dll is a .so here. */
    HMODULE again = LoadLibraryA("compat_server.dll");
    CHECK(again == dll && GetModuleHandleW(L"compat_server.dll") == dll);
    FreeLibrary(again);
    CHECK(!LoadLibraryA("no_such_server.dll") && GetLastError() == ERROR_MOD_NOT_FOUND);
    if (dll) {
        by_hand(dll);
        registered(dll);
        CHECK(!GetEnvironmentVariableW(L"SERVER_WAS_DETACHED", NULL, 0)); /* one is left */
        FreeLibrary(dll);
        CHECK(GetEnvironmentVariableW(L"SERVER_WAS_DETACHED", NULL, 0) == 4);
    }
    CoUninitialize();
    return check_result();
}

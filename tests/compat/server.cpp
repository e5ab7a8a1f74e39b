/* SPDX-License-Identifier: MIT */
/* An in-process server as ATL's wizard makes one: maps of interfaces, a class factory, a module,
 * the exports of a DLL. */
#define _ATL_APARTMENT_THREADED
#define _ATL_NO_AUTOMATIC_NAMESPACE
#define _ATL_CSTRING_EXPLICIT_CONSTRUCTORS
#include <atlbase.h>
#include <atlcom.h>
using namespace ATL;

#include "server.h"

const CLSID CLSID_Counter = __uuidof(Counter);

#define IDR_COUNTER 101

/* What a class inherits its map from. */
class ATL_NO_VTABLE CNamed : public CComObjectRootEx<CComMultiThreadModel>, public INamed
{
  public:
    BEGIN_COM_MAP(CNamed)
    COM_INTERFACE_ENTRY(INamed)
    END_COM_MAP()

    STDMETHOD(GetName)(BSTR *ret_name)
    {
        if (!ret_name)
            return E_POINTER;
        return CComBSTR(L"counter").CopyTo(ret_name);
    }
};

class ATL_NO_VTABLE CCounter : public CComObjectRootEx<CComMultiThreadModel>,
                               public CComCoClass<CCounter, &CLSID_Counter>,
                               public ICounter,
                               public ISupportErrorInfoImpl<&__uuidof(ICounter)>
{
  public:
    CCounter() : m_sum(0), m_named(NULL) {}

    DECLARE_REGISTRY_RESOURCEID(IDR_COUNTER)
    DECLARE_PROTECT_FINAL_CONSTRUCT()
    DECLARE_GET_CONTROLLING_UNKNOWN()

    BEGIN_COM_MAP(CCounter)
    COM_INTERFACE_ENTRY(ICounter)
    COM_INTERFACE_ENTRY(ISupportErrorInfo)
    COM_INTERFACE_ENTRY_NOINTERFACE(IDispatch)
    COM_INTERFACE_ENTRY_AGGREGATE(__uuidof(INamed), m_named.p)
    END_COM_MAP()

    HRESULT FinalConstruct()
    {
        CComObject<CNamed> *named = NULL;
        HRESULT hr = CComObject<CNamed>::CreateInstance(&named);
        if (SUCCEEDED(hr))
            m_named = static_cast<INamed *>(named);
        return hr;
    }
    void FinalRelease() { m_named.Release(); }

    STDMETHOD(Add)(LONG n, LONG *ret_sum)
    {
        ObjectLock lock(this);
        if (!ret_sum)
            return Error(L"nowhere to put it", __uuidof(ICounter), E_POINTER);
        *ret_sum = m_sum += n;
        return S_OK;
    }
    STDMETHOD(Fail)(BSTR text) { throw std::wstring(text); }

  private:
    LONG m_sum;
    CComPtr<IUnknown> m_named;
};

OBJECT_ENTRY_AUTO(__uuidof(Counter), CCounter)

class CServerModule : public CAtlDllModuleT<CServerModule>
{
  public:
    DECLARE_LIBID(CLSID_Counter)
    DECLARE_REGISTRY_APPID_RESOURCEID(100, "{9A3C1F63-5C1E-4A0B-9D7F-0C7B1D2E3F40}")
};
CServerModule _AtlModule;

extern "C" BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    instance;
    if (reason == DLL_PROCESS_DETACH)
        SetEnvironmentVariableW(L"SERVER_WAS_DETACHED", L"yes");
    return _AtlModule.DllMain(reason, reserved);
}
STDAPI DllCanUnloadNow(void)
{
    return _AtlModule.DllCanUnloadNow();
}
_Check_return_ STDAPI DllGetClassObject(_In_ REFCLSID rclsid, _In_ REFIID riid,
                                        _Outptr_ LPVOID *ppv)
{
    return _AtlModule.DllGetClassObject(rclsid, riid, ppv);
}
STDAPI DllRegisterServer(void)
{
    return _AtlModule.DllRegisterServer();
}
STDAPI DllUnregisterServer(void)
{
    return _AtlModule.DllUnregisterServer();
}

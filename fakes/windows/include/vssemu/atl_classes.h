/* SPDX-License-Identifier: MIT */
/* ATL's class factories and the macros by which a class says how it is made and registered. Part
 * of atlcom.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

template <class T> class CComCreator
{
  public:
    static HRESULT WINAPI CreateInstance(void *pv, REFIID iid, LPVOID *ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = NULL;
        T *const object = vssemu_atl_new_<T>(pv);
        if (!object)
            return E_OUTOFMEMORY;
        HRESULT hr = vssemu_atl_construct_(object, pv);
        if (hr == S_OK) {
            hr = object->QueryInterface(iid, ret);
            if (hr == S_OK)
                return hr;
        }
        delete object;
        return hr;
    }
};

template <HRESULT hr> class CComFailCreator
{
  public:
    static HRESULT WINAPI CreateInstance(void *, REFIID, LPVOID *ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = NULL;
        return hr;
    }
};

template <class Alone, class Aggregated> class CComCreator2
{
  public:
    static HRESULT WINAPI CreateInstance(void *pv, REFIID iid, LPVOID *ret)
    {
        return pv ? Aggregated::CreateInstance(pv, iid, ret)
                  : Alone::CreateInstance(NULL, iid, ret);
    }
};

class CComClassFactory : public IClassFactory, public CComObjectRootEx<CComGlobalsThreadModel>
{
  public:
    _ATL_CREATORFUNC *m_pfnCreateInstance;

    BEGIN_COM_MAP(CComClassFactory)
    COM_INTERFACE_ENTRY(IClassFactory)
    END_COM_MAP()

    void SetVoid(void *pv) { m_pfnCreateInstance = reinterpret_cast<_ATL_CREATORFUNC *>(pv); }
    STDMETHOD(CreateInstance)(LPUNKNOWN outer, REFIID iid, void **ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = NULL;
        /* Learn: "IClassFactory::CreateInstance": an aggregate's first interface is IUnknown. */
        if (outer && !InlineIsEqualUnknown(iid))
            return CLASS_E_NOAGGREGATION;
        return m_pfnCreateInstance(outer, iid, ret);
    }
    STDMETHOD(LockServer)(BOOL locks)
    {
        vssemu_atl_module_lock_(locks);
        return S_OK;
    }
};

/* All clients get one object. */
template <class T> class CComClassFactorySingleton : public CComClassFactory
{
  public:
    STDMETHOD(CreateInstance)(LPUNKNOWN outer, REFIID iid, void **ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = NULL;
        if (outer)
            return CLASS_E_NOAGGREGATION;
        Lock();
        HRESULT hr = S_OK;
        if (!m_spObj) {
            CComObjectCached<T> *made = vssemu_atl_new_<CComObjectCached<T>>();
            hr = made ? vssemu_atl_construct_(made, NULL) : E_OUTOFMEMORY;
            if (SUCCEEDED(hr))
                hr = made->QueryInterface(IID_IUnknown, reinterpret_cast<void **>(&m_spObj));
            if (FAILED(hr))
                delete made;
        }
        Unlock();
        return SUCCEEDED(hr) ? m_spObj->QueryInterface(iid, ret) : hr;
    }

  private:
    CComPtr<IUnknown> m_spObj;
};

HRESULT inline AtlReportError(const CLSID &, LPCOLESTR, const IID & = GUID_NULL, HRESULT hr = 0)
{
    return hr ? hr : DISP_E_EXCEPTION; /* nobody here asks for the text */
}

template <class T, const CLSID *pclsid = &CLSID_NULL> class CComCoClass
{
  public:
    static const CLSID &WINAPI GetObjectCLSID() { return *pclsid; }
    static LPCTSTR WINAPI GetObjectDescription() { return NULL; }
    static HRESULT WINAPI UpdateRegistry(BOOL) { return S_OK; }
    static HRESULT WINAPI Error(LPCOLESTR text, const IID &iid = GUID_NULL, HRESULT hr = 0)
    {
        return AtlReportError(GetObjectCLSID(), text, iid, hr);
    }
    template <class Q> static HRESULT CreateInstance(Q **ret)
    {
        return T::_CreatorClass::CreateInstance(NULL, __uuidof(Q), (void **)ret);
    }
    template <class Q> static HRESULT CreateInstance(IUnknown *outer, Q **ret)
    {
        return T::_CreatorClass::CreateInstance(outer, __uuidof(Q), (void **)ret);
    }
    /* What DECLARE_CLASSFACTORY and DECLARE_AGGREGATABLE say, when the class says nothing. */
    typedef CComCreator<CComObjectCached<CComClassFactory>> _ClassFactoryCreatorClass;
    typedef CComCreator2<CComCreator<CComObject<T>>, CComCreator<CComAggObject<T>>> _CreatorClass;
};

} // namespace ATL

#define DECLARE_CLASSFACTORY_EX(factory) \
    typedef ATL::CComCreator<ATL::CComObjectCached<factory>> _ClassFactoryCreatorClass;
#define DECLARE_CLASSFACTORY() DECLARE_CLASSFACTORY_EX(ATL::CComClassFactory)
#define DECLARE_CLASSFACTORY_SINGLETON(object) \
    DECLARE_CLASSFACTORY_EX(ATL::CComClassFactorySingleton<object>)

#define DECLARE_NOT_AGGREGATABLE(x)                                        \
  public:                                                                  \
    typedef ATL::CComCreator2<ATL::CComCreator<ATL::CComObject<x>>,        \
                              ATL::CComFailCreator<CLASS_E_NOAGGREGATION>> \
        _CreatorClass;
#define DECLARE_AGGREGATABLE(x)                                        \
  public:                                                              \
    typedef ATL::CComCreator2<ATL::CComCreator<ATL::CComObject<x>>,    \
                              ATL::CComCreator<ATL::CComAggObject<x>>> \
        _CreatorClass;
#define DECLARE_ONLY_AGGREGATABLE(x)                                   \
  public:                                                              \
    typedef ATL::CComCreator2<ATL::CComFailCreator<E_FAIL>,            \
                              ATL::CComCreator<ATL::CComAggObject<x>>> \
        _CreatorClass;
#define DECLARE_POLY_AGGREGATABLE(x) \
  public:                            \
    typedef ATL::CComCreator<ATL::CComPolyObject<x>> _CreatorClass;

#define DECLARE_REGISTRY_RESOURCEID(x)         \
    static HRESULT WINAPI UpdateRegistry(BOOL) \
    {                                          \
        return S_OK;                           \
    }
#define DECLARE_REGISTRY_RESOURCE(x)                             DECLARE_REGISTRY_RESOURCEID(x)
#define DECLARE_NO_REGISTRY()                                    DECLARE_REGISTRY_RESOURCEID(0)
#define DECLARE_REGISTRY(clsid, id, version, description, flags) DECLARE_REGISTRY_RESOURCEID(0)
#define DECLARE_OBJECT_DESCRIPTION(x)            \
    static LPCTSTR WINAPI GetObjectDescription() \
    {                                            \
        return _T(x);                            \
    }
#define DECLARE_GET_CONTROLLING_UNKNOWN()     \
  public:                                     \
    virtual IUnknown *GetControllingUnknown() \
    {                                         \
        return GetUnknown();                  \
    }
#define DECLARE_PROTECT_FINAL_CONSTRUCT() \
    void InternalFinalConstructAddRef()   \
    {                                     \
        InternalAddRef();                 \
    }                                     \
    void InternalFinalConstructRelease()  \
    {                                     \
        InternalRelease();                \
    }

#define VSSEMU_ATL_ENTRY_(clsid, c)                                              \
    {                                                                            \
        &clsid, c::UpdateRegistry, c::_ClassFactoryCreatorClass::CreateInstance, \
            c::_CreatorClass::CreateInstance, c::ObjectMain, NULL, 0             \
    }
#define VSSEMU_ATL_PASTE2_(a, b) a##b
#define VSSEMU_ATL_PASTE_(a, b)  VSSEMU_ATL_PASTE2_(a, b)
#define OBJECT_ENTRY_AUTO(clsid, c)                                                     \
    static ATL::vssemu_atl_class_ VSSEMU_ATL_PASTE_(vssemu_atl_class_at_, __COUNTER__)( \
        ATL::_ATL_OBJMAP_ENTRY VSSEMU_ATL_ENTRY_(clsid, c));
#define OBJECT_ENTRY_NON_CREATEABLE_EX_AUTO(clsid, c)                                   \
    static ATL::vssemu_atl_class_ VSSEMU_ATL_PASTE_(vssemu_atl_class_at_, __COUNTER__)( \
        ATL::_ATL_OBJMAP_ENTRY{ &clsid, c::UpdateRegistry, NULL, NULL, c::ObjectMain, NULL, 0 });

/* The older way: a table that CComModule::Init takes. */
#define BEGIN_OBJECT_MAP(name) static ATL::_ATL_OBJMAP_ENTRY name[] = {
#define OBJECT_ENTRY(clsid, c) VSSEMU_ATL_ENTRY_(clsid, c),
#define END_OBJECT_MAP()                      \
    {                                         \
        NULL, NULL, NULL, NULL, NULL, NULL, 0 \
    }                                         \
    }                                         \
    ;

namespace ATL
{

class CComModule : public CAtlModuleT<CComModule>
{
  public:
    HINSTANCE m_hInst = NULL;

    HRESULT Init(_ATL_OBJMAP_ENTRY *map, HINSTANCE instance, const GUID *libid = NULL)
    {
        m_hInst = instance;
        if (libid)
            Libid() = *libid;
        for (; map && map->pclsid; map++)
            entries.emplace_back(new vssemu_atl_class_(*map));
        return S_OK;
    }
    void Term() { CAtlModule::Term(); }
    HINSTANCE GetModuleInstance() { return m_hInst; }

  private:
    std::vector<vssemu_atl_class_ *> entries; /* on the module's list, for good */
};

} // namespace ATL

#endif

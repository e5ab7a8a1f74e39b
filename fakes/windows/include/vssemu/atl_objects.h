/* SPDX-License-Identifier: MIT */
/* ATL's objects: what a user's class becomes when it is made. Part of atlcom.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

/* The module is held while an object lives, when there is one. */
inline void vssemu_atl_module_lock_(bool holds)
{
    CAtlModule *const module = CAtlModule::Current();
    if (module && holds)
        module->Lock();
    else if (module)
        module->Unlock();
}

/* FinalConstruct may give out references to the object, whose count begins with 0. */
template <class Object> HRESULT vssemu_atl_construct_(Object *object, void *pv)
{
    object->SetVoid(pv);
    object->InternalFinalConstructAddRef();
    HRESULT hr = object->_AtlInitialConstruct();
    if (SUCCEEDED(hr))
        hr = object->FinalConstruct();
    if (SUCCEEDED(hr))
        hr = object->_AtlFinalConstruct();
    object->InternalFinalConstructRelease();
    return hr;
}

template <class T, class... Arguments> T *vssemu_atl_new_(Arguments... arguments)
{
    try {
        return new T(arguments...);
    } catch (const std::bad_alloc &) {
        return NULL;
    }
}

#define VSSEMU_ATL_QUERY_                                                       \
    STDMETHOD(QueryInterface)(REFIID iid, void **ppvObject) throw()             \
    {                                                                           \
        return this->_InternalQueryInterface(iid, ppvObject);                   \
    }                                                                           \
    template <class Q> HRESULT STDMETHODCALLTYPE QueryInterface(Q **pp) throw() \
    {                                                                           \
        return QueryInterface(__uuidof(Q), reinterpret_cast<void **>(pp));      \
    }

template <class Base> class CComObject : public Base
{
  public:
    typedef Base _BaseClass;

    CComObject(void * = NULL) { vssemu_atl_module_lock_(true); }
    virtual ~CComObject()
    {
        this->m_dwRef = -(LONG_MAX / 2); /* references taken in FinalRelease end nothing */
        this->FinalRelease();
        this->_AtlFinalRelease();
        vssemu_atl_module_lock_(false);
    }
    STDMETHOD_(ULONG, AddRef)() throw() { return this->InternalAddRef(); }
    STDMETHOD_(ULONG, Release)() throw()
    {
        const ULONG n = this->InternalRelease();
        if (n == 0)
            delete this;
        return n;
    }
    VSSEMU_ATL_QUERY_

    /* The object's count is 0: the caller adds its reference. */
    static HRESULT WINAPI CreateInstance(CComObject<Base> **ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = NULL;
        CComObject<Base> *const object = vssemu_atl_new_<CComObject<Base>>();
        if (!object)
            return E_OUTOFMEMORY;
        const HRESULT hr = vssemu_atl_construct_(object, NULL);
        if (hr == S_OK)
            *ret = object;
        else
            delete object;
        return hr;
    }
};

/* As CComObject, without holding the module. */
template <class Base> class CComObjectNoLock : public Base
{
  public:
    CComObjectNoLock(void * = NULL) {}
    virtual ~CComObjectNoLock()
    {
        this->m_dwRef = -(LONG_MAX / 2);
        this->FinalRelease();
        this->_AtlFinalRelease();
    }
    STDMETHOD_(ULONG, AddRef)() throw() { return this->InternalAddRef(); }
    STDMETHOD_(ULONG, Release)() throw()
    {
        const ULONG n = this->InternalRelease();
        if (n == 0)
            delete this;
        return n;
    }
    VSSEMU_ATL_QUERY_
};

/* Class factories: the module's own reference does not hold the module. */
template <class Base> class CComObjectCached : public Base
{
  public:
    CComObjectCached(void * = NULL) {}
    virtual ~CComObjectCached()
    {
        this->m_dwRef = -(LONG_MAX / 2);
        this->FinalRelease();
        this->_AtlFinalRelease();
    }
    STDMETHOD_(ULONG, AddRef)() throw()
    {
        const ULONG n = this->InternalAddRef();
        if (n == 2)
            vssemu_atl_module_lock_(true);
        return n;
    }
    STDMETHOD_(ULONG, Release)() throw()
    {
        const ULONG n = this->InternalRelease();
        if (n == 0)
            delete this;
        else if (n == 1)
            vssemu_atl_module_lock_(false);
        return n;
    }
    VSSEMU_ATL_QUERY_
};

/* On the stack or in another object: counts do not end it. */
template <class Base> class CComObjectStack : public Base
{
  public:
    HRESULT m_hResFinalConstruct;

    CComObjectStack(void * = NULL)
    {
        m_hResFinalConstruct = this->_AtlInitialConstruct();
        if (SUCCEEDED(m_hResFinalConstruct))
            m_hResFinalConstruct = this->FinalConstruct();
    }
    virtual ~CComObjectStack()
    {
        this->FinalRelease();
        this->_AtlFinalRelease();
    }
    STDMETHOD_(ULONG, AddRef)() throw() { return 0; }
    STDMETHOD_(ULONG, Release)() throw() { return 0; }
    STDMETHOD(QueryInterface)(REFIID, void **) throw() { return E_UNEXPECTED; }
};
template <class Base> class CComObjectStackEx : public CComObjectStack<Base>
{
  public:
    STDMETHOD(QueryInterface)(REFIID iid, void **ppvObject) throw()
    {
        return this->_InternalQueryInterface(iid, ppvObject);
    }
};

/* Global: holds the module while it is referred to. */
template <class Base> class CComObjectGlobal : public Base
{
  public:
    HRESULT m_hResFinalConstruct;

    CComObjectGlobal(void * = NULL) { m_hResFinalConstruct = this->FinalConstruct(); }
    virtual ~CComObjectGlobal() { this->FinalRelease(); }
    STDMETHOD_(ULONG, AddRef)() throw()
    {
        vssemu_atl_module_lock_(true);
        return 2;
    }
    STDMETHOD_(ULONG, Release)() throw()
    {
        vssemu_atl_module_lock_(false);
        return 1;
    }
    VSSEMU_ATL_QUERY_
};

/* ---- aggregation ---- */

/* The part of an aggregate that asks its outer for everything. */
template <class Base> class CComContainedObject : public Base
{
  public:
    typedef Base _BaseClass;

    CComContainedObject(void *outer) { this->m_pOuterUnknown = static_cast<IUnknown *>(outer); }
    STDMETHOD_(ULONG, AddRef)() throw() { return this->OuterAddRef(); }
    STDMETHOD_(ULONG, Release)() throw() { return this->OuterRelease(); }
    STDMETHOD(QueryInterface)(REFIID iid, void **ppvObject) throw()
    {
        return this->OuterQueryInterface(iid, ppvObject);
    }
    template <class Q> HRESULT STDMETHODCALLTYPE QueryInterface(Q **pp)
    {
        return QueryInterface(__uuidof(Q), reinterpret_cast<void **>(pp));
    }
    IUnknown *GetControllingUnknown() throw() { return this->m_pOuterUnknown; }
};

template <class contained>
class CComAggObject : public IUnknown,
                      public CComObjectRootEx<typename contained::_ThreadModel::ThreadModelNoCS>
{
  public:
    typedef contained _BaseClass;
    CComContainedObject<contained> m_contained;

    CComAggObject(void *outer)
        : m_contained(outer ? outer : static_cast<void *>(static_cast<IUnknown *>(this)))
    {
        vssemu_atl_module_lock_(true);
    }
    virtual ~CComAggObject()
    {
        this->m_dwRef = -(LONG_MAX / 2);
        m_contained.FinalRelease();
        vssemu_atl_module_lock_(false);
    }
    HRESULT _AtlInitialConstruct() { return m_contained._AtlInitialConstruct(); }
    HRESULT FinalConstruct() { return m_contained.FinalConstruct(); }
    STDMETHOD_(ULONG, AddRef)() throw() { return this->InternalAddRef(); }
    STDMETHOD_(ULONG, Release)() throw()
    {
        const ULONG n = this->InternalRelease();
        if (n == 0)
            delete this;
        return n;
    }
    STDMETHOD(QueryInterface)(REFIID iid, void **ppvObject) throw()
    {
        if (!ppvObject)
            return E_POINTER;
        *ppvObject = NULL;
        if (!InlineIsEqualUnknown(iid))
            return m_contained._InternalQueryInterface(iid, ppvObject);
        *ppvObject = static_cast<IUnknown *>(this);
        AddRef();
        return S_OK;
    }
};

/* One class for both cases. */
template <class contained> class CComPolyObject : public CComAggObject<contained>
{
  public:
    CComPolyObject(void *outer) : CComAggObject<contained>(outer) {}
};

} // namespace ATL

#endif

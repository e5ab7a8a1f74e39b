/* SPDX-License-Identifier: MIT */
/* ATL's maps of interfaces, and the object's root that reads them. Part of atlcom.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

class CComObjectRootBase
{
  public:
    union {
        LONG m_dwRef;
        IUnknown *m_pOuterUnknown;
    };

    CComObjectRootBase() : m_pOuterUnknown(NULL) {}
    HRESULT FinalConstruct() { return S_OK; }
    void FinalRelease() {}
    HRESULT _AtlFinalConstruct() { return S_OK; }
    void _AtlFinalRelease() {}
    void SetVoid(void *) {}
    void InternalFinalConstructAddRef() {}
    void InternalFinalConstructRelease() {}
    static void WINAPI ObjectMain(bool) {}

    ULONG OuterAddRef() { return m_pOuterUnknown->AddRef(); }
    ULONG OuterRelease() { return m_pOuterUnknown->Release(); }
    HRESULT OuterQueryInterface(REFIID iid, void **ret)
    {
        return m_pOuterUnknown->QueryInterface(iid, ret);
    }

    static HRESULT WINAPI InternalQueryInterface(void *object, const _ATL_INTMAP_ENTRY *map,
                                                 REFIID iid, void **ret)
    {
        if (!ret)
            return E_POINTER;
        *ret = NULL;
        if (InlineIsEqualUnknown(iid)) /* one identity: the first face */
            return Face(object, map, ret);
        for (; map->pFunc; map++) {
            if (map->piid && !InlineIsEqualGUID(*map->piid, iid))
                continue;
            if (map->pFunc == _ATL_SIMPLEMAPENTRY)
                return Face(object, map, ret);
            const HRESULT hr = map->pFunc(object, iid, ret, map->dw);
            if (hr == S_OK || (map->piid && FAILED(hr)))
                return hr;
        }
        return E_NOINTERFACE;
    }

    static HRESULT WINAPI _Break(void *, REFIID, void **, DWORD_PTR) { return S_FALSE; }
    static HRESULT WINAPI _NoInterface(void *, REFIID, void **, DWORD_PTR) { return E_NOINTERFACE; }
    static HRESULT WINAPI _Delegate(void *object, REFIID iid, void **ret, DWORD_PTR offset)
    {
        IUnknown *const inner = *reinterpret_cast<IUnknown **>((char *)object + offset);
        return inner ? inner->QueryInterface(iid, ret) : E_NOINTERFACE;
    }
    /* The map of a base class: dw points to the base's offset and map. */
    struct chain {
        DWORD_PTR offset;
        const _ATL_INTMAP_ENTRY *(WINAPI *map)();
    };
    static HRESULT WINAPI _Chain(void *object, REFIID iid, void **ret, DWORD_PTR dw)
    {
        const chain *const base = reinterpret_cast<const chain *>(dw);
        return InternalQueryInterface((char *)object + base->offset, base->map(), iid, ret);
    }

  private:
    static HRESULT Face(void *object, const _ATL_INTMAP_ENTRY *map, void **ret)
    {
        IUnknown *const face = reinterpret_cast<IUnknown *>((char *)object + map->dw);
        face->AddRef();
        *ret = face;
        return S_OK;
    }
};

template <class ThreadModel> class CComObjectRootEx : public CComObjectRootBase
{
  public:
    typedef ThreadModel _ThreadModel;
    typedef typename ThreadModel::AutoCriticalSection _CritSec;

    class ObjectLock
    {
      public:
        explicit ObjectLock(CComObjectRootEx *of) : object(of) { object->Lock(); }
        ~ObjectLock() { object->Unlock(); }
        ObjectLock(const ObjectLock &) = delete;
        ObjectLock &operator=(const ObjectLock &) = delete;

      private:
        CComObjectRootEx *const object;
    };

    ULONG InternalAddRef() { return ThreadModel::Increment(&m_dwRef); }
    ULONG InternalRelease() { return ThreadModel::Decrement(&m_dwRef); }
    HRESULT _AtlInitialConstruct() { return S_OK; }
    void Lock() { m_critsec.Lock(); }
    void Unlock() { m_critsec.Unlock(); }

  private:
    _CritSec m_critsec;
};

typedef CComObjectRootEx<CComObjectThreadModel> CComObjectRoot;

/* How far a face lies in its object; no pointer is followed. */
template <class Face, class Object> DWORD_PTR vssemu_atl_offset_()
{
    alignas(16) static char place[16];
    Object *const object = reinterpret_cast<Object *>(place);
    return (DWORD_PTR)(reinterpret_cast<char *>(static_cast<Face *>(object)) - place);
}

} // namespace ATL

#define offsetofclass(base, derived) (ATL::vssemu_atl_offset_<base, derived>())
#define _ATL_IIDOF(x)                __uuidof(x)

#define BEGIN_COM_MAP(x)                                                                         \
  public:                                                                                        \
    typedef x _ComMapClass;                                                                      \
    IUnknown *_GetRawUnknown() throw()                                                           \
    {                                                                                            \
        return reinterpret_cast<IUnknown *>(reinterpret_cast<char *>(this) + _GetEntries()->dw); \
    }                                                                                            \
    IUnknown *GetUnknown() throw()                                                               \
    {                                                                                            \
        return _GetRawUnknown();                                                                 \
    }                                                                                            \
    HRESULT _InternalQueryInterface(REFIID iid, void **ppvObject) throw()                        \
    {                                                                                            \
        return InternalQueryInterface(this, _GetEntries(), iid, ppvObject);                      \
    }                                                                                            \
    static const ATL::_ATL_INTMAP_ENTRY *WINAPI _GetEntries() throw()                            \
    {                                                                                            \
        static const ATL::_ATL_INTMAP_ENTRY _entries[] = {
#define END_COM_MAP()                                      \
    {                                                      \
        NULL, 0, NULL                                      \
    }                                                      \
    }                                                      \
    ;                                                      \
    return _entries;                                       \
    }                                                      \
    virtual ULONG STDMETHODCALLTYPE AddRef() throw() = 0;  \
    virtual ULONG STDMETHODCALLTYPE Release() throw() = 0; \
    STDMETHOD(QueryInterface)(REFIID, void **) throw() = 0;

#define COM_INTERFACE_ENTRY(x) \
    { &_ATL_IIDOF(x), offsetofclass(x, _ComMapClass), _ATL_SIMPLEMAPENTRY },
#define COM_INTERFACE_ENTRY_IID(iid, x) \
    { &iid, offsetofclass(x, _ComMapClass), _ATL_SIMPLEMAPENTRY },
#define COM_INTERFACE_ENTRY2(x, x2) \
    { &_ATL_IIDOF(x), offsetofclass(x2, _ComMapClass) + offsetofclass(x, x2), _ATL_SIMPLEMAPENTRY },
#define COM_INTERFACE_ENTRY2_IID(iid, x, x2) \
    { &iid, offsetofclass(x2, _ComMapClass) + offsetofclass(x, x2), _ATL_SIMPLEMAPENTRY },
#define COM_INTERFACE_ENTRY_FUNC(iid, dw, func)  { &iid, (DWORD_PTR)(dw), func },
#define COM_INTERFACE_ENTRY_FUNC_BLIND(dw, func) { NULL, (DWORD_PTR)(dw), func },
#define COM_INTERFACE_ENTRY_BREAK(x)             { &_ATL_IIDOF(x), 0, _Break },
#define COM_INTERFACE_ENTRY_NOINTERFACE(x)       { &_ATL_IIDOF(x), 0, _NoInterface },
#define COM_INTERFACE_ENTRY_AGGREGATE(iid, punk) \
    { &iid, (DWORD_PTR)offsetof(_ComMapClass, punk), _Delegate },
#define COM_INTERFACE_ENTRY_AGGREGATE_BLIND(punk) \
    { NULL, (DWORD_PTR)offsetof(_ComMapClass, punk), _Delegate },
#define COM_INTERFACE_ENTRY_CHAIN(base)                                                         \
    { NULL, reinterpret_cast<DWORD_PTR>([]() -> const ATL::CComObjectRootBase::chain * {        \
          static const ATL::CComObjectRootBase::chain of = { offsetofclass(base, _ComMapClass), \
                                                             &base::_GetEntries };              \
          return &of;                                                                           \
      }()),                                                                                     \
      _Chain },

#endif

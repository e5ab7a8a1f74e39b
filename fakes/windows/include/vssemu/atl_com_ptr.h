/* SPDX-License-Identifier: MIT */
/* ATL's counted pointers to interfaces (Learn: "CComPtr Class", "CComQIPtr Class"). Part of
 * atlcomcli.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

/* A counted pointer to an interface. & of an empty one takes a new reference in. */
template <class T> class CComPtr
{
  public:
    T *p;

    CComPtr() noexcept : p(NULL) {}
    CComPtr(int) noexcept : p(NULL) {}
    CComPtr(long) noexcept : p(NULL) {} /* the type of NULL */
    CComPtr(T *other) noexcept : p(other) { AddRefIt(); }
    CComPtr(const CComPtr &other) noexcept : p(other.p) { AddRefIt(); }
    CComPtr(CComPtr &&other) noexcept : p(other.Detach()) {}
    template <class Q> CComPtr(const CComPtr<Q> &other) noexcept : p(other.p) { AddRefIt(); }
    ~CComPtr() { Release(); }

    T *operator=(T *other) noexcept
    {
        if (other != p)
            CComPtr(other).Swap(*this);
        return p;
    }
    T *operator=(const CComPtr &other) noexcept { return *this = other.p; }
    T *operator=(CComPtr &&other) noexcept
    {
        CComPtr(static_cast<CComPtr &&>(other)).Swap(*this);
        return p;
    }
    template <class Q> T *operator=(const CComPtr<Q> &other) noexcept
    {
        T *found = NULL;
        if (other.p)
            other.p->QueryInterface(__uuidof(T), reinterpret_cast<void **>(&found));
        Release();
        return p = found;
    }

    operator T *() const noexcept { return p; }
    T &operator*() const { return *p; }
    T **operator&() { return &p; }
    T *operator->() const { return p; }
    bool operator!() const noexcept { return p == NULL; }
    bool operator<(T *other) const noexcept { return p < other; }
    bool operator==(T *other) const noexcept { return p == other; }
    bool operator!=(T *other) const noexcept { return p != other; }

    void Release() noexcept
    {
        T *old = p;
        p = NULL;
        if (old)
            old->Release();
    }
    void Attach(T *other) noexcept
    {
        Release();
        p = other;
    }
    T *Detach() noexcept
    {
        T *old = p;
        p = NULL;
        return old;
    }
    HRESULT CopyTo(T **ret) noexcept
    {
        if (!ret)
            return E_POINTER;
        *ret = p;
        AddRefIt();
        return S_OK;
    }
    bool IsEqualObject(IUnknown *other) noexcept
    {
        CComPtr<IUnknown> mine, others;
        if (!p || !other)
            return !p && !other;
        p->QueryInterface(IID_IUnknown, reinterpret_cast<void **>(&mine));
        other->QueryInterface(IID_IUnknown, reinterpret_cast<void **>(&others));
        return mine.p == others.p;
    }
    HRESULT CoCreateInstance(REFCLSID id, IUnknown *outer = NULL, DWORD context = CLSCTX_ALL)
    {
        return ::CoCreateInstance(id, outer, context, __uuidof(T), reinterpret_cast<void **>(&p));
    }
    HRESULT CoCreateInstance(LPCOLESTR name, IUnknown *outer = NULL, DWORD context = CLSCTX_ALL)
    {
        CLSID id;
        HRESULT hr = CLSIDFromProgID(name, &id);
        return FAILED(hr) ? hr : CoCreateInstance(id, outer, context);
    }
    template <class Q> HRESULT QueryInterface(Q **ret) const
    {
        return p->QueryInterface(__uuidof(Q), reinterpret_cast<void **>(ret));
    }
    void Swap(CComPtr &other) noexcept
    {
        T *old = p;
        p = other.p;
        other.p = old;
    }

  private:
    void AddRefIt() noexcept
    {
        if (p)
            p->AddRef();
    }
};

/* One that asks for its interface when it is given another. */
template <class T, const IID *piid = &__uuidof(T)> class CComQIPtr : public CComPtr<T>
{
  public:
    CComQIPtr() noexcept {}
    CComQIPtr(T *other) noexcept : CComPtr<T>(other) {}
    CComQIPtr(const CComQIPtr &other) noexcept : CComPtr<T>(other.p) {}
    CComQIPtr(const CComPtr<T> &other) noexcept : CComPtr<T>(other.p) {}
    CComQIPtr(IUnknown *other) noexcept { Ask(other); }
    template <class Q> CComQIPtr(const CComPtr<Q> &other) noexcept { Ask(other.p); }
    T *operator=(T *other) noexcept { return CComPtr<T>::operator=(other); }
    T *operator=(const CComQIPtr &other) noexcept { return CComPtr<T>::operator=(other.p); }
    T *operator=(const CComPtr<T> &other) noexcept { return CComPtr<T>::operator=(other.p); }
    T *operator=(IUnknown *other) noexcept
    {
        CComQIPtr found(other); /* the old one may be all that keeps other alive */
        this->Swap(found);
        return this->p;
    }
    template <class Q> T *operator=(const CComPtr<Q> &other) noexcept
    {
        return *this = static_cast<IUnknown *>(other.p);
    }

  private:
    void Ask(IUnknown *other) noexcept
    {
        if (other && FAILED(other->QueryInterface(*piid, reinterpret_cast<void **>(&this->p))))
            this->p = NULL;
    }
};

/* Of IUnknown itself nothing must be asked twice. */
template <> class CComQIPtr<IUnknown, &__uuidof(IUnknown)> : public CComPtr<IUnknown>
{
  public:
    CComQIPtr() noexcept {}
    CComQIPtr(IUnknown *other) noexcept
    {
        if (other)
            other->QueryInterface(IID_IUnknown, reinterpret_cast<void **>(&p));
    }
    CComQIPtr(const CComQIPtr &other) noexcept : CComPtr<IUnknown>(other.p) {}
    IUnknown *operator=(IUnknown *other) noexcept
    {
        CComQIPtr found(other);
        Swap(found);
        return p;
    }
    IUnknown *operator=(const CComQIPtr &other) noexcept
    {
        return CComPtr<IUnknown>::operator=(other.p);
    }
};

inline IUnknown *AtlComPtrAssign(IUnknown **to, IUnknown *other)
{
    if (other)
        other->AddRef();
    if (*to)
        (*to)->Release();
    return *to = other;
}
inline IUnknown *AtlComQIPtrAssign(IUnknown **to, IUnknown *other, REFIID iid)
{
    IUnknown *const old = *to;
    *to = NULL;
    if (other)
        other->QueryInterface(iid, reinterpret_cast<void **>(to));
    if (old)
        old->Release();
    return *to;
}

} // namespace ATL

#endif

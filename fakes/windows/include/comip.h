/* SPDX-License-Identifier: MIT */
/* The compiler's support for COM: _com_ptr_t, what #import makes IFooPtr of (Learn: "_com_ptr_t
 * class"). Unlike CComPtr it asks for its interface whatever it is given, and throws _com_error
 * when it is used while empty. */
#pragma once

#ifdef __cplusplus

#include <comutil.h>

template <class T, const IID *piid> class _com_IIID
{
  public:
    typedef T Interface;
    static T *GetInterfacePtr() noexcept { return NULL; }
    static const IID &GetIID() noexcept { return *piid; }
};

template <class IIID> class _com_ptr_t
{
  public:
    typedef IIID ThisIIID;
    typedef typename IIID::Interface Interface;

    static const IID &GetIID() noexcept { return IIID::GetIID(); }

    _com_ptr_t() noexcept : m_pInterface(NULL) {}
    _com_ptr_t(int) noexcept : m_pInterface(NULL) {}
    _com_ptr_t(long) noexcept : m_pInterface(NULL) {}
    _com_ptr_t(Interface *other) noexcept : m_pInterface(other) { AddRefIt(); }
    _com_ptr_t(Interface *other, bool counts) noexcept : m_pInterface(other)
    {
        if (counts)
            AddRefIt();
    }
    _com_ptr_t(const _com_ptr_t &other) noexcept : m_pInterface(other.m_pInterface) { AddRefIt(); }
    _com_ptr_t(_com_ptr_t &&other) noexcept : m_pInterface(other.Detach()) {}
    template <class Other> _com_ptr_t(const _com_ptr_t<Other> &other) : m_pInterface(NULL)
    {
        Ask(static_cast<IUnknown *>(other.GetInterfacePtr()));
    }
    template <class Other> explicit _com_ptr_t(Other *other) : m_pInterface(NULL)
    {
        Ask(static_cast<IUnknown *>(other));
    }
    explicit _com_ptr_t(const CLSID &id, IUnknown *outer = NULL, DWORD context = CLSCTX_ALL)
        : m_pInterface(NULL)
    {
        _com_util::CheckError(CreateInstance(id, outer, context));
    }
    ~_com_ptr_t() noexcept { ReleaseIt(); }

    _com_ptr_t &operator=(const _com_ptr_t &other) noexcept { return *this = other.m_pInterface; }
    _com_ptr_t &operator=(Interface *other) noexcept
    {
        if (other)
            other->AddRef();
        ReleaseIt();
        m_pInterface = other;
        return *this;
    }
    template <class Other> _com_ptr_t &operator=(const _com_ptr_t<Other> &other)
    {
        _com_ptr_t found(other);
        return *this = found;
    }
    template <class Other> _com_ptr_t &operator=(Other *other)
    {
        _com_ptr_t found(other);
        return *this = found;
    }

    operator Interface *() const noexcept { return m_pInterface; }
    operator bool() const noexcept { return m_pInterface != NULL; }
    bool operator!() const noexcept { return m_pInterface == NULL; }
    Interface *operator->() const
    {
        Require();
        return m_pInterface;
    }
    Interface &operator*() const
    {
        Require();
        return *m_pInterface;
    }
    /* Ready to be filled: what it held is released. */
    Interface **operator&() noexcept
    {
        ReleaseIt();
        return &m_pInterface;
    }

    void Attach(Interface *other) noexcept
    {
        ReleaseIt();
        m_pInterface = other;
    }
    void Attach(Interface *other, bool counts) noexcept
    {
        Attach(other);
        if (counts)
            AddRefIt();
    }
    Interface *Detach() noexcept
    {
        Interface *const old = m_pInterface;
        m_pInterface = NULL;
        return old;
    }
    Interface *GetInterfacePtr() const noexcept { return m_pInterface; }
    Interface *&GetInterfacePtr() noexcept { return m_pInterface; }
    void AddRef()
    {
        Require();
        m_pInterface->AddRef();
    }
    void Release()
    {
        Require();
        ReleaseIt();
    }
    HRESULT CreateInstance(const CLSID &id, IUnknown *outer = NULL, DWORD context = CLSCTX_ALL)
    {
        ReleaseIt();
        return CoCreateInstance(id, outer, context, GetIID(),
                                reinterpret_cast<void **>(&m_pInterface));
    }
    /* By the identifier as text, {...}, or the program's. */
    HRESULT CreateInstance(LPCOLESTR name, IUnknown *outer = NULL, DWORD context = CLSCTX_ALL)
    {
        CLSID id;
        if (!name)
            return E_INVALIDARG;
        HRESULT hr = *name == L'{' ? CLSIDFromString(name, &id) : CLSIDFromProgID(name, &id);
        return FAILED(hr) ? hr : CreateInstance(id, outer, context);
    }
    HRESULT CreateInstance(LPCSTR name, IUnknown *outer = NULL, DWORD context = CLSCTX_ALL)
    {
        return name ? CreateInstance(static_cast<LPCOLESTR>(_bstr_t(name)), outer, context)
                    : E_INVALIDARG;
    }
    template <class Other> HRESULT QueryInterface(const IID &iid, Other *&ret) const
    {
        ret = NULL;
        return m_pInterface ? m_pInterface->QueryInterface(iid, reinterpret_cast<void **>(&ret))
                            : E_POINTER;
    }
    template <class Other> HRESULT QueryInterface(const IID &iid, Other **ret) const
    {
        return QueryInterface(iid, *ret);
    }

  private:
    void Require() const
    {
        if (!m_pInterface)
            _com_issue_error(E_POINTER);
    }
    void AddRefIt() noexcept
    {
        if (m_pInterface)
            m_pInterface->AddRef();
    }
    void ReleaseIt() noexcept
    {
        Interface *const old = m_pInterface;
        m_pInterface = NULL;
        if (old)
            old->Release();
    }
    /* Another interface of the object; none is no error. */
    void Ask(IUnknown *other)
    {
        const HRESULT hr =
            other ? other->QueryInterface(GetIID(), reinterpret_cast<void **>(&m_pInterface))
                  : S_OK;
        if (FAILED(hr)) {
            m_pInterface = NULL;
            if (hr != E_NOINTERFACE)
                _com_issue_error(hr);
        }
    }

    Interface *m_pInterface;
};

#endif

/* SPDX-License-Identifier: MIT */
/* The part of Microsoft's Active Template Library that VSS programs use for memory: CComPtr,
 * CComQIPtr, CComBSTR and CComHeapPtr. Learn: "ATL classes".
 * C++ only. Server classes and windows are not here. */
#pragma once

#ifdef __cplusplus

#include <windows.h>
#include <ole2.h>
#include <oleauto.h>

#ifndef ATLASSERT
#define ATLASSERT(condition) ((void)0)
#endif
#define ATLENSURE(condition) \
    do {                     \
        if (!(condition))    \
            throw E_FAIL;    \
    } while (0)

namespace ATL
{

/* A counted pointer to an interface. & of an empty one takes a new reference in. */
template <class T> class CComPtr
{
  public:
    T *p;

    CComPtr() noexcept : p(NULL) {}
    CComPtr(int null) noexcept : p(NULL) { (void)null; }
    CComPtr(T *other) noexcept : p(other) { AddRefIt(); }
    CComPtr(const CComPtr &other) noexcept : p(other.p) { AddRefIt(); }
    CComPtr(CComPtr &&other) noexcept : p(other.Detach()) {}
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
    T *operator=(T *other) noexcept { return CComPtr<T>::operator=(other); }
    T *operator=(const CComQIPtr &other) noexcept { return CComPtr<T>::operator=(other.p); }
    T *operator=(IUnknown *other) noexcept
    {
        this->Release();
        Ask(other);
        return this->p;
    }

  private:
    void Ask(IUnknown *other) noexcept
    {
        if (other && FAILED(other->QueryInterface(*piid, reinterpret_cast<void **>(&this->p))))
            this->p = NULL;
    }
};

/* A BSTR that frees itself. */
class CComBSTR
{
  public:
    BSTR m_str;

    CComBSTR() noexcept : m_str(NULL) {}
    CComBSTR(LPCOLESTR text) : m_str(Copy(text)) {}
    CComBSTR(int length) : m_str(SysAllocStringLen(NULL, (UINT)length)) {}
    CComBSTR(int length, LPCOLESTR text) : m_str(SysAllocStringLen(text, (UINT)length)) {}
    CComBSTR(LPCSTR text) : m_str(Widen(text)) {}
    CComBSTR(REFGUID guid) : m_str(NULL)
    {
        OLECHAR text[64];
        StringFromGUID2(guid, text, 64);
        m_str = Copy(text);
    }
    CComBSTR(const CComBSTR &other) : m_str(other.Copy()) {}
    CComBSTR(CComBSTR &&other) noexcept : m_str(other.Detach()) {}
    ~CComBSTR() { SysFreeString(m_str); }

    CComBSTR &operator=(const CComBSTR &other)
    {
        if (m_str != other.m_str)
            Attach(other.Copy());
        return *this;
    }
    CComBSTR &operator=(CComBSTR &&other) noexcept
    {
        if (m_str != other.m_str)
            Attach(other.Detach());
        return *this;
    }
    CComBSTR &operator=(LPCOLESTR text)
    {
        BSTR copy = Copy(text); /* text may be part of this one */
        Attach(copy);
        return *this;
    }

    operator BSTR() const noexcept { return m_str; }
    BSTR *operator&() noexcept { return &m_str; }
    bool operator!() const noexcept { return m_str == NULL; }
    bool operator==(const CComBSTR &other) const { return Compare(other.m_str) == 0; }
    bool operator==(LPCOLESTR other) const { return Compare(other) == 0; }
    bool operator!=(const CComBSTR &other) const { return Compare(other.m_str) != 0; }
    bool operator!=(LPCOLESTR other) const { return Compare(other) != 0; }
    bool operator<(const CComBSTR &other) const { return Compare(other.m_str) < 0; }
    CComBSTR &operator+=(LPCOLESTR text)
    {
        Append(text);
        return *this;
    }

    unsigned Length() const noexcept { return SysStringLen(m_str); }
    unsigned ByteLength() const noexcept { return SysStringLen(m_str) * (unsigned)sizeof(OLECHAR); }
    BSTR Copy() const { return m_str ? SysAllocStringLen(m_str, SysStringLen(m_str)) : NULL; }
    HRESULT CopyTo(BSTR *ret) const
    {
        *ret = Copy();
        return S_OK;
    }
    void Attach(BSTR text) noexcept
    {
        if (m_str == text)
            return;
        SysFreeString(m_str);
        m_str = text;
    }
    BSTR Detach() noexcept
    {
        BSTR text = m_str;
        m_str = NULL;
        return text;
    }
    void Empty() noexcept { Attach(NULL); }
    HRESULT Append(LPCOLESTR text) { return Append(text, (int)wcslen(text)); }
    HRESULT Append(const CComBSTR &other) { return Append(other.m_str, (int)other.Length()); }
    HRESULT Append(LPCOLESTR text, int length)
    {
        unsigned mine = Length();
        BSTR both = SysAllocStringLen(NULL, mine + (unsigned)length);
        wmemcpy(both, m_str ? m_str : L"", mine);
        wmemcpy(both + mine, text ? text : L"", (size_t)length);
        Attach(both);
        return S_OK;
    }

  private:
    static BSTR Copy(LPCOLESTR text) { return text ? SysAllocString(text) : NULL; }
    static BSTR Widen(LPCSTR text)
    {
        if (!text)
            return NULL;
        size_t length = mbstowcs(NULL, text, 0);
        BSTR wide = SysAllocStringLen(NULL, (UINT)length);
        mbstowcs(wide, text, length);
        return wide;
    }
    int Compare(LPCOLESTR other) const { return wcscmp(m_str ? m_str : L"", other ? other : L""); }
};

/* Memory of CoTaskMemAlloc that frees itself. */
template <class T> class CComHeapPtr
{
  public:
    T *m_pData;

    CComHeapPtr() noexcept : m_pData(NULL) {}
    explicit CComHeapPtr(T *data) noexcept : m_pData(data) {}
    CComHeapPtr(const CComHeapPtr &) = delete;
    CComHeapPtr &operator=(const CComHeapPtr &) = delete;
    ~CComHeapPtr() { Free(); }
    operator T *() const noexcept { return m_pData; }
    T *operator->() const noexcept { return m_pData; }
    T **operator&() noexcept { return &m_pData; }
    bool Allocate(size_t n = 1) noexcept
    {
        m_pData = static_cast<T *>(CoTaskMemAlloc(n * sizeof(T)));
        return m_pData != NULL;
    }
    void Attach(T *data) noexcept { m_pData = data; }
    T *Detach() noexcept
    {
        T *data = m_pData;
        m_pData = NULL;
        return data;
    }
    void Free() noexcept
    {
        CoTaskMemFree(m_pData);
        m_pData = NULL;
    }
};

} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif

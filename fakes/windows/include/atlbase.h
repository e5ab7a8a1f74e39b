/* SPDX-License-Identifier: MIT */
/* The Active Template Library (Learn: "ATL classes"): owners of handles, locks, pointers and
 * registry keys, and the module of a program or of a server. Windows and dialogs are not here.
 * C++ only. */
#pragma once

#ifdef __cplusplus

#include <atldef.h>
#include <atlalloc.h>
#include <atlcomcli.h>
#include <atlconv.h>
#include <atlsimpcoll.h>
#include <shlwapi.h>
#include <string.h>

#include <vssemu/atl_registry.h>
#include <vssemu/atl_module.h>

namespace ATL
{

/* ---- locks ---- */

class CComCriticalSection
{
  public:
    CRITICAL_SECTION m_sec;

    CComCriticalSection() noexcept { memset(&m_sec, 0, sizeof(m_sec)); }
    HRESULT Init()
    {
        InitializeCriticalSection(&m_sec);
        return S_OK;
    }
    HRESULT Term()
    {
        DeleteCriticalSection(&m_sec);
        return S_OK;
    }
    HRESULT Lock()
    {
        EnterCriticalSection(&m_sec);
        return S_OK;
    }
    HRESULT Unlock()
    {
        LeaveCriticalSection(&m_sec);
        return S_OK;
    }
};

class CComAutoCriticalSection : public CComCriticalSection
{
  public:
    CComAutoCriticalSection() { Init(); }
    ~CComAutoCriticalSection() { Term(); }
};

class CComSafeDeleteCriticalSection : public CComAutoCriticalSection
{
};
class CComAutoDeleteCriticalSection : public CComAutoCriticalSection
{
};

class CComFakeCriticalSection
{
  public:
    HRESULT Lock() { return S_OK; }
    HRESULT Unlock() { return S_OK; }
    HRESULT Init() { return S_OK; }
    HRESULT Term() { return S_OK; }
};

template <class TLock> class CComCritSecLock
{
  public:
    CComCritSecLock(TLock &lock, bool locks = true) : m_cs(lock), m_bLocked(false)
    {
        if (locks)
            Lock();
    }
    ~CComCritSecLock() { Unlock(); }
    HRESULT Lock()
    {
        const HRESULT hr = m_cs.Lock();
        m_bLocked = SUCCEEDED(hr);
        return hr;
    }
    void Unlock()
    {
        if (m_bLocked)
            m_cs.Unlock();
        m_bLocked = false;
    }
    CComCritSecLock(const CComCritSecLock &) = delete;
    CComCritSecLock &operator=(const CComCritSecLock &) = delete;

  private:
    TLock &m_cs;
    bool m_bLocked;
};

/* ---- owners ---- */

class CHandle
{
  public:
    HANDLE m_h;

    CHandle() noexcept : m_h(NULL) {}
    CHandle(CHandle &other) noexcept : m_h(other.Detach()) {} /* moves, as Microsoft's */
    CHandle(CHandle &&other) noexcept : m_h(other.Detach()) {}
    explicit CHandle(HANDLE handle) noexcept : m_h(handle) {}
    ~CHandle() { Close(); }
    CHandle &operator=(CHandle &other) noexcept
    {
        if (this != &other)
            Attach(other.Detach());
        return *this;
    }
    operator HANDLE() const noexcept { return m_h; }
    void Attach(HANDLE handle) noexcept
    {
        Close();
        m_h = handle;
    }
    HANDLE Detach() noexcept
    {
        const HANDLE handle = m_h;
        m_h = NULL;
        return handle;
    }
    void Close() noexcept
    {
        if (m_h)
            CloseHandle(m_h);
        m_h = NULL;
    }
};

/* What deletes differs, all else does not. */
template <class T, bool is_array> class vssemu_atl_owner_
{
  public:
    T *m_p;

    vssemu_atl_owner_(const vssemu_atl_owner_ &) = delete;
    vssemu_atl_owner_ &operator=(const vssemu_atl_owner_ &) = delete;
    operator T *() const noexcept { return m_p; }
    void Attach(T *p) noexcept { m_p = p; }
    T *Detach() noexcept
    {
        T *const p = m_p;
        m_p = NULL;
        return p;
    }
    void Free() noexcept
    {
        if (is_array)
            delete[] m_p;
        else
            delete m_p;
        m_p = NULL;
    }

  protected:
    vssemu_atl_owner_(T *p) noexcept : m_p(p) {}
    ~vssemu_atl_owner_() { Free(); }
    void Take(T *p) noexcept
    {
        if (p != m_p)
            Free();
        m_p = p;
    }
};

template <class T> class CAutoPtr : public vssemu_atl_owner_<T, false>
{
    typedef vssemu_atl_owner_<T, false> owner;

  public:
    CAutoPtr() noexcept : owner(NULL) {}
    explicit CAutoPtr(T *p) noexcept : owner(p) {}
    CAutoPtr(CAutoPtr &other) noexcept : owner(other.Detach()) {} /* moves, as Microsoft's */
    CAutoPtr(CAutoPtr &&other) noexcept : owner(other.Detach()) {}
    template <class D> CAutoPtr(CAutoPtr<D> &other) noexcept : owner(other.Detach()) {}
    CAutoPtr &operator=(CAutoPtr &other) noexcept
    {
        this->Take(other.Detach());
        return *this;
    }
    CAutoPtr &operator=(CAutoPtr &&other) noexcept
    {
        this->Take(other.Detach());
        return *this;
    }
    T *operator->() const noexcept { return this->m_p; }
};

template <class T> class CAutoVectorPtr : public vssemu_atl_owner_<T, true>
{
    typedef vssemu_atl_owner_<T, true> owner;

  public:
    CAutoVectorPtr() noexcept : owner(NULL) {}
    explicit CAutoVectorPtr(T *p) noexcept : owner(p) {}
    CAutoVectorPtr(CAutoVectorPtr &other) noexcept : owner(other.Detach()) {}
    CAutoVectorPtr &operator=(CAutoVectorPtr &other) noexcept
    {
        this->Take(other.Detach());
        return *this;
    }
    bool Allocate(size_t n) noexcept
    {
        this->m_p = new (std::nothrow) T[n];
        return this->m_p != NULL;
    }
};

} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* ATL's owners of objects to wait for (Learn: "CEvent Class", "CMutex Class", "CSemaphore
 * Class"). */
#pragma once

#ifdef __cplusplus

#include <atlbase.h>

namespace ATL
{

class CEvent : public CHandle
{
  public:
    CEvent() noexcept {}
    CEvent(CEvent &other) noexcept : CHandle(other) {}
    explicit CEvent(HANDLE handle) noexcept : CHandle(handle) {}
    CEvent(BOOL manual, BOOL is_set)
    {
        if (!Create(NULL, manual, is_set, NULL))
            AtlThrowLastWin32();
    }
    CEvent(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL is_set, LPCTSTR name)
    {
        if (!Create(security, manual, is_set, name))
            AtlThrowLastWin32();
    }
    BOOL Create(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL is_set, LPCTSTR name) noexcept
    {
        m_h = CreateEvent(security, manual, is_set, name);
        return m_h != NULL;
    }
    BOOL Open(DWORD access, BOOL inherit, LPCTSTR name) noexcept
    {
        m_h = OpenEvent(access, inherit, name);
        return m_h != NULL;
    }
    BOOL Set() noexcept { return SetEvent(m_h); }
    BOOL Reset() noexcept { return ResetEvent(m_h); }
};

class CMutex : public CHandle
{
  public:
    CMutex() noexcept {}
    CMutex(CMutex &other) noexcept : CHandle(other) {}
    explicit CMutex(HANDLE handle) noexcept : CHandle(handle) {}
    explicit CMutex(BOOL is_owned)
    {
        if (!Create(NULL, is_owned, NULL))
            AtlThrowLastWin32();
    }
    CMutex(LPSECURITY_ATTRIBUTES security, BOOL is_owned, LPCTSTR name)
    {
        if (!Create(security, is_owned, name))
            AtlThrowLastWin32();
    }
    BOOL Create(LPSECURITY_ATTRIBUTES security, BOOL is_owned, LPCTSTR name) noexcept
    {
        m_h = CreateMutex(security, is_owned, name);
        return m_h != NULL;
    }
    BOOL Open(DWORD access, BOOL inherit, LPCTSTR name) noexcept
    {
        m_h = OpenMutex(access, inherit, name);
        return m_h != NULL;
    }
    BOOL Release() noexcept { return ReleaseMutex(m_h); }
};

class CSemaphore : public CHandle
{
  public:
    CSemaphore() noexcept {}
    CSemaphore(CSemaphore &other) noexcept : CHandle(other) {}
    explicit CSemaphore(HANDLE handle) noexcept : CHandle(handle) {}
    CSemaphore(LONG first, LONG most)
    {
        if (!Create(NULL, first, most, NULL))
            AtlThrowLastWin32();
    }
    CSemaphore(LPSECURITY_ATTRIBUTES security, LONG first, LONG most, LPCTSTR name)
    {
        if (!Create(security, first, most, name))
            AtlThrowLastWin32();
    }
    BOOL Create(LPSECURITY_ATTRIBUTES security, LONG first, LONG most, LPCTSTR name) noexcept
    {
        m_h = CreateSemaphore(security, first, most, name);
        return m_h != NULL;
    }
    BOOL Open(DWORD access, BOOL inherit, LPCTSTR name) noexcept
    {
        m_h = OpenSemaphore(access, inherit, name);
        return m_h != NULL;
    }
    BOOL Release(LONG n = 1, LONG *ret_previous = NULL) noexcept
    {
        return ReleaseSemaphore(m_h, n, ret_previous);
    }
};

} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* What ATL throws (Learn: "CAtlException Class", "AtlThrow"). */
#pragma once

#ifdef __cplusplus

#include <windows.h>

namespace ATL
{

class CAtlException
{
  public:
    HRESULT m_hr;

    CAtlException() noexcept : m_hr(E_FAIL) {}
    CAtlException(HRESULT hr) noexcept : m_hr(hr) {}
    operator HRESULT() const noexcept { return m_hr; }
};

[[noreturn]] inline void AtlThrow(HRESULT hr)
{
    throw CAtlException(hr);
}
inline HRESULT AtlHresultFromWin32(DWORD error)
{
    return HRESULT_FROM_WIN32(error);
}
inline HRESULT AtlHresultFromLastError()
{
    return HRESULT_FROM_WIN32(GetLastError());
}
[[noreturn]] inline void AtlThrowLastWin32()
{
    AtlThrow(AtlHresultFromLastError());
}

} // namespace ATL

#define _ATLTRY        try
#define _ATLCATCH(e)   catch (const ATL::CAtlException &e)
#define _ATLCATCHALL() catch (...)
#define _ATLRETHROW    throw
#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif

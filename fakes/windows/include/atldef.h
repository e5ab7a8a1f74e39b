/* SPDX-License-Identifier: MIT */
/* The small macros that ATL sources use everywhere (Learn: "ATL Macros"). Traces and assertions say
 * nothing, as in Microsoft's release builds. */
#pragma once

#ifdef __cplusplus

#include <windows.h>
#include <ole2.h>
#include <oleauto.h>
#include <tchar.h>

#define _ATL_VER 0x0900

#ifndef ATLASSERT
#define ATLASSERT(condition) ((void)0)
#endif
#ifndef ATLASSUME
#define ATLASSUME(condition) ((void)0)
#endif
#ifndef ATLVERIFY
#define ATLVERIFY(condition) ((void)(condition))
#endif
#ifndef ATLTRACE
#define ATLTRACE(...)  ((void)0)
#define ATLTRACE2(...) ((void)0)
#endif
#define ATLTRACENOTIMPL(name) return E_NOTIMPL

#ifndef ATL_NO_VTABLE
#define ATL_NO_VTABLE
#endif
#define ATLAPI     HRESULT
#define ATLAPI_(x) x
#define ATLINLINE  inline
#define ATL_NOINLINE

#define ATLENSURE_THROW(condition, hr) \
    do {                               \
        if (!(condition))              \
            ATL::AtlThrow(hr);         \
    } while (0)
#define ATLENSURE(condition) ATLENSURE_THROW(condition, E_FAIL)
#define ATLENSURE_SUCCEEDED(hr)     \
    do {                            \
        HRESULT atl_hr_ = (hr);     \
        if (FAILED(atl_hr_))        \
            ATL::AtlThrow(atl_hr_); \
    } while (0)
#define ATLENSURE_RETURN_HR(condition, hr) \
    do {                                   \
        if (!(condition))                  \
            return hr;                     \
    } while (0)
#define ATLENSURE_RETURN(condition) ATLENSURE_RETURN_HR(condition, E_FAIL)

#include <atlexcept.h>

namespace ATL
{
inline BOOL InlineIsEqualUnknown(REFGUID iid)
{
    return InlineIsEqualGUID(iid, IID_IUnknown);
}
} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif

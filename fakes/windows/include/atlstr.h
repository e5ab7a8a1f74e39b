/* SPDX-License-Identifier: MIT */
/* CString, CStringW and CStringA. */
#pragma once

#ifdef __cplusplus

#include <cstringt.h>
#include <functional>

namespace ATL
{
typedef CStringT<wchar_t> CStringW;
typedef CStringT<char> CStringA;
#ifdef _UNICODE
typedef CStringW CString;
#else
typedef CStringA CString;
#endif
typedef CString CAtlString;
typedef CStringW CAtlStringW;
typedef CStringA CAtlStringA;
typedef CSimpleStringT<wchar_t> CSimpleStringW;
typedef CSimpleStringT<char> CSimpleStringA;
#ifdef _UNICODE
typedef CSimpleStringW CSimpleString;
#else
typedef CSimpleStringA CSimpleString;
#endif
} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif

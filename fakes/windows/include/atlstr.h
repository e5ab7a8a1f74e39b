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
typedef CStringW CString;
typedef CStringW CAtlString;
typedef CStringW CAtlStringW;
typedef CStringA CAtlStringA;
typedef CSimpleStringT<wchar_t> CSimpleStringW;
typedef CSimpleStringT<char> CSimpleStringA;
typedef CSimpleStringW CSimpleString;
} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* mingw-w64's vss.h as Microsoft's: bool in C++ where it writes boolean, which rpcndr.h must have
 * declared before. */
#pragma once

#include <windows.h>
#include <ole2.h>
#include <oaidl.h>
#include <ocidl.h>
#include <vsserror.h>

#ifdef __cplusplus
#define boolean bool
#endif
#include_next <vss.h>
#undef boolean

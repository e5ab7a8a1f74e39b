/* SPDX-License-Identifier: MIT */
/* The Windows base types as every file of ours sees them: Wine's headers, compiled natively.
 * Compiler flags that belong to it: -fshort-wchar -fms-extensions (CMakeLists.txt, target
 * windows_types; the drivers vssemu-cc and vssemu-c++ apply the same). Calling conventions are
 * dropped: both sides of every call are compiled here, by the ELF ABI. */
#pragma once

#ifndef ms_abi
#define ms_abi
#endif
#ifndef __ms_va_list
#define __ms_va_list va_list
#endif
#ifndef WINBOOL
#define WINBOOL BOOL
#endif
#ifndef WINE_UNICODE_NATIVE
#define WINE_UNICODE_NATIVE
#endif
#ifndef _FORCENAMELESSUNION
#define _FORCENAMELESSUNION
#endif
#ifndef CONST_VTABLE
#define CONST_VTABLE /* vtables of ours are static const */
#endif
#ifndef DECLSPEC_HIDDEN
#define DECLSPEC_HIDDEN /* interface identifiers are exported by libvssapi */
#endif
#ifndef CONST_VTABLE
#define CONST_VTABLE /* our tables of methods are constants */
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0601
#endif

#include <stdarg.h>
#include <windows.h>
#include <ole2.h>

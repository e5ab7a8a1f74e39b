/* SPDX-License-Identifier: MIT */
/* mingw-w64's vsprov.h as Microsoft's (see vss.h). */
#pragma once

#include <vss.h>
#include <vdslun.h>

#ifdef __cplusplus
#define boolean bool
#endif
#include_next <vsprov.h>
#undef boolean

#if defined(__cplusplus) && defined(__EXCEPTIONS)
/* By this the service calls a provider, so that a C++ exception that it lets out does what it does
 * on Windows, where the provider lives in another process: the call fails. */
extern "C" __attribute__((weak, used, visibility("default"))) HRESULT
vssemu_call_catching(HRESULT (*function)(void *), void *argument)
{
    try {
        return function(argument);
    } catch (...) {
        return RPC_E_SERVERFAULT;
    }
}
#endif

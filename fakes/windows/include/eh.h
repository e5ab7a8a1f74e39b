/* SPDX-License-Identifier: MIT */
/* Where Microsoft declares the handlers of C++ exceptions; the translator of structured exceptions
 * is taken and never called, because there are none. */
#pragma once

#ifdef __cplusplus

#include <exception>

typedef void (*terminate_function)();
typedef void (*unexpected_function)();
typedef void (*_se_translator_function)(unsigned int, struct _EXCEPTION_POINTERS *);
using std::set_terminate;
using std::terminate;

inline _se_translator_function _set_se_translator(_se_translator_function) noexcept
{
    return nullptr;
}

#endif

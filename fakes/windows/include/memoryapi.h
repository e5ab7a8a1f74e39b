/* SPDX-License-Identifier: MIT */
/* Wine's, which wants windows.h before it and has no guard of its own. */
#include <windows.h>

#ifndef VSSEMU_MEMORYAPI_H
#define VSSEMU_MEMORYAPI_H
#include_next <memoryapi.h>
#endif

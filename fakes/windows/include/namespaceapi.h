/* SPDX-License-Identifier: MIT */
/* Wine's, which wants windows.h before it; that may include this one again before it is through. */
#include <windows.h>

#include_next <namespaceapi.h>

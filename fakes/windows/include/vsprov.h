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

/* SPDX-License-Identifier: MIT */
/* mingw-w64's vsmgmt.h as Microsoft's (see vss.h). */
#pragma once

#include <vss.h>

#ifdef __cplusplus
#define boolean bool
#endif
#include_next <vsmgmt.h>
#undef boolean

/* SPDX-License-Identifier: MIT */
/* Functions that glibc's headers declare and that must be ours: those that meet 16-bit characters,
 * those that take a path of the world, and the narrow printf family, whose formats Windows source
 * writes by Microsoft's rules (%ld is 32 bits, %I64d, %S is wide). What glibc declares in <wchar.h>
 * and <wctype.h> needs no line here: these headers are our own altogether, because glibc fixes the
 * symbols of its C++ overloads. */
#pragma once

#pragma redefine_extname printf w16_printf
#pragma redefine_extname fprintf w16_fprintf
#pragma redefine_extname sprintf w16_sprintf
#pragma redefine_extname snprintf w16_snprintf
#pragma redefine_extname vprintf w16_vprintf
#pragma redefine_extname vfprintf w16_vfprintf
#pragma redefine_extname vsprintf w16_vsprintf
#pragma redefine_extname vsnprintf w16_vsnprintf
#pragma redefine_extname mbstowcs w16_mbstowcs
#pragma redefine_extname wcstombs w16_wcstombs
#pragma redefine_extname mbtowc w16_mbtowc
#pragma redefine_extname wctomb w16_wctomb
#pragma redefine_extname fopen w16_fopen
#pragma redefine_extname remove w16_remove
#pragma redefine_extname rename w16_rename
#pragma redefine_extname strtol w16_strtol
#pragma redefine_extname strtoul w16_strtoul

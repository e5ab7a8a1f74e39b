/* SPDX-License-Identifier: MIT */
/* Wine's msxml2.h, which C++ does not take whole: ISAXXMLFilter is derived from an interface that
 * comes after it. The parsers themselves are not here: CoCreateInstance of their classes answers
 * REGDB_E_CLASSNOTREG. */
#pragma once

#ifdef __cplusplus
#define __ISAXXMLFilter_INTERFACE_DEFINED__
#endif
#include_next <msxml2.h>

#ifdef __cplusplus
class DOMDocument30;
__CRT_UUID_DECL(DOMDocument30, 0xf5078f32, 0xc551, 0x11d3, 0x89, 0xb9, 0x00, 0x00, 0xf8, 0x1f, 0xe2,
                0x21)
#endif

/* SPDX-License-Identifier: MIT */
/* Wine's msxml2.h, which C++ does not take whole: ISAXXMLFilter is derived from an interface that
 * comes after it. The parsers themselves are not here: CoCreateInstance of their classes answers
 * REGDB_E_CLASSNOTREG. */
#pragma once

#ifdef __cplusplus
#define __ISAXXMLFilter_INTERFACE_DEFINED__
#endif
#include_next <msxml2.h>

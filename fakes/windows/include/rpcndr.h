/* SPDX-License-Identifier: MIT */
/* Wine's rpcndr.h; interfaces declared as MIDL does it keep their identifiers (vssemu/uuidof.h). */
#pragma once

#include_next <rpcndr.h>

#undef DECLSPEC_UUID
#define DECLSPEC_UUID(text) __declspec(uuid(text))
#undef MIDL_INTERFACE
#define MIDL_INTERFACE(text) struct DECLSPEC_UUID(text) DECLSPEC_NOVTABLE

/* SPDX-License-Identifier: MIT */
/* mingw-w64's vsbackup.h as Microsoft's: bool in C++, and IVssWriterComponentsExt counted like any
 * COM object. It includes vswriter.h in its middle, so that comes first here. */
#pragma once

#include <vss.h>
#include <vswriter.h>

#ifdef __cplusplus
/* mingw-w64 forgets the base IUnknown, without which nobody could release the object. It is the
 * second base: a C implementation has two tables of methods, the second one's This is 8 bytes
 * on. */
#define __IVssWriterComponentsExt_INTERFACE_DEFINED__
MIDL_INTERFACE("00000000-0000-0000-0000-000000000000")
IVssWriterComponentsExt : public IVssWriterComponents, public IUnknown{};
#define boolean bool
#endif
#include_next <vsbackup.h>
#undef boolean

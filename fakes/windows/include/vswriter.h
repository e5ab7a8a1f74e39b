/* SPDX-License-Identifier: MIT */
/* mingw-w64's vswriter.h as Microsoft's: bool in C++, and the class CVssWriter, which a writer
 * derives from (mingw-w64 leaves it out). */
#pragma once

#include <vss.h>

#ifdef __cplusplus
#define boolean bool
#endif
#include_next <vswriter.h>
#undef boolean

#ifdef __cplusplus
extern "C" HRESULT STDAPICALLTYPE CreateVssExpressWriterInternal(IVssExpressWriter **ppWriter);
static inline HRESULT CreateVssExpressWriter(IVssExpressWriter **ppWriter)
{
    return CreateVssExpressWriterInternal(ppWriter);
}
#include <vssemu/cvsswriter.h>
#endif

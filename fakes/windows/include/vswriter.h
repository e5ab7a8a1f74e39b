/* SPDX-License-Identifier: MIT */
/* mingw-w64's vswriter.h as Microsoft's: bool in C++, the function for express writers, and the
 * class CVssWriter, which a writer derives from (mingw-w64 leaves both out). */
#pragma once

#include <vss.h>

#ifdef __cplusplus
#define boolean bool
/* An IVssWriterImpl is made in C, where a method that answers a structure takes a place for it. */
#define WIDL_EXPLICIT_AGGREGATE_RETURNS
#endif
#include_next <vswriter.h>
#undef boolean
#undef WIDL_EXPLICIT_AGGREGATE_RETURNS

#ifdef __cplusplus
extern "C"
#endif
    HRESULT STDAPICALLTYPE
    CreateVssExpressWriterInternal(IVssExpressWriter **ppWriter);
static inline HRESULT CreateVssExpressWriter(IVssExpressWriter **ppWriter)
{
    return CreateVssExpressWriterInternal(ppWriter);
}
#ifdef __cplusplus
#include <vssemu/cvsswriter.h>
#endif

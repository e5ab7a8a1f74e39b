/* SPDX-License-Identifier: MIT */
/* Wine's winnt.h, but for the Interlocked functions: those here are places where the world's other
 * threads may have their turn, before and after (vssemu/interlocked.h). */
#pragma once

#include <vssemu/version.h>

#define InterlockedAdd                    vssemu_plain_InterlockedAdd
#define InterlockedAdd64                  vssemu_plain_InterlockedAdd64
#define InterlockedAnd                    vssemu_plain_InterlockedAnd
#define InterlockedAnd64                  vssemu_plain_InterlockedAnd64
#define InterlockedCompareExchange        vssemu_plain_InterlockedCompareExchange
#define InterlockedCompareExchangePointer vssemu_plain_InterlockedCompareExchangePointer
#define InterlockedCompareExchange64      vssemu_plain_InterlockedCompareExchange64
#define InterlockedExchange               vssemu_plain_InterlockedExchange
#define InterlockedExchangeAdd            vssemu_plain_InterlockedExchangeAdd
#define InterlockedExchangeAdd64          vssemu_plain_InterlockedExchangeAdd64
#define InterlockedIncrement              vssemu_plain_InterlockedIncrement
#define InterlockedIncrement16            vssemu_plain_InterlockedIncrement16
#define InterlockedIncrement64            vssemu_plain_InterlockedIncrement64
#define InterlockedDecrement              vssemu_plain_InterlockedDecrement
#define InterlockedDecrement16            vssemu_plain_InterlockedDecrement16
#define InterlockedDecrement64            vssemu_plain_InterlockedDecrement64
#define InterlockedExchangePointer        vssemu_plain_InterlockedExchangePointer
#define InterlockedOr                     vssemu_plain_InterlockedOr
#define InterlockedOr64                   vssemu_plain_InterlockedOr64
#define InterlockedXor                    vssemu_plain_InterlockedXor
#define InterlockedXor64                  vssemu_plain_InterlockedXor64
#include_next <winnt.h>
#undef InterlockedAdd
#undef InterlockedAdd64
#undef InterlockedAnd
#undef InterlockedAnd64
#undef InterlockedCompareExchange
#undef InterlockedCompareExchangePointer
#undef InterlockedCompareExchange64
#undef InterlockedExchange
#undef InterlockedExchangeAdd
#undef InterlockedExchangeAdd64
#undef InterlockedIncrement
#undef InterlockedIncrement16
#undef InterlockedIncrement64
#undef InterlockedDecrement
#undef InterlockedDecrement16
#undef InterlockedDecrement64
#undef InterlockedExchangePointer
#undef InterlockedOr
#undef InterlockedOr64
#undef InterlockedXor
#undef InterlockedXor64

#include <vssemu/interlocked.h>

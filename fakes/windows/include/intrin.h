/* SPDX-License-Identifier: MIT */
/* Of the intrinsic functions of Microsoft's compiler: what windows.h does not have. The
 * Interlocked functions and _BitScanForward are there. */
#pragma once

#include <windows.h>

#define _ReadWriteBarrier() __asm__ volatile("" ::: "memory")
#define _ReadBarrier()      _ReadWriteBarrier()
#define _WriteBarrier()     _ReadWriteBarrier()
#define __popcnt(value)     ((unsigned)__builtin_popcount(value))
#define _ReturnAddress()    __builtin_return_address(0)

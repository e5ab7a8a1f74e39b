/* SPDX-License-Identifier: MIT */
/* Words of Microsoft's compiler: the suffixes of integers, 5i64 and 5ui64, for which C has no
 * means, and memory of the frame. */
#pragma once

#ifndef _alloca
#define _alloca(size) __builtin_alloca(size)
#endif

#ifdef __cplusplus

constexpr signed char operator"" i8(unsigned long long value)
{
    return static_cast<signed char>(value);
}
constexpr short operator"" i16(unsigned long long value)
{
    return static_cast<short>(value);
}
constexpr int operator"" i32(unsigned long long value)
{
    return static_cast<int>(value);
}
constexpr long long operator"" i64(unsigned long long value)
{
    return static_cast<long long>(value);
}
constexpr unsigned operator"" ui32(unsigned long long value)
{
    return static_cast<unsigned>(value);
}
constexpr unsigned long long operator"" ui64(unsigned long long value)
{
    return value;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Conversions and arithmetic of integers that say when a result does not fit (Learn: "intsafe.h"):
 * INTSAFE_E_ARITHMETIC_OVERFLOW, and all bits of the result set. Each pair of types has its
 * conversion here, also those that cannot fail. */
#pragma once

#include <windows.h>

#define INTSAFE_E_ARITHMETIC_OVERFLOW ((HRESULT)0x80070216)

#ifdef __cplusplus
extern "C" {
#endif

#define VSSEMU_CONVERT_(name, From, To)                   \
    static inline HRESULT name(From value, To *ret)       \
    {                                                     \
        if (!__builtin_add_overflow(value, (From)0, ret)) \
            return S_OK;                                  \
        *ret = (To)-1;                                    \
        return INTSAFE_E_ARITHMETIC_OVERFLOW;             \
    }
#define VSSEMU_CONVERT_FROM_(Name, From)                \
    VSSEMU_CONVERT_(Name##ToInt8, From, INT8)           \
    VSSEMU_CONVERT_(Name##ToUInt8, From, UINT8)         \
    VSSEMU_CONVERT_(Name##ToByte, From, BYTE)           \
    VSSEMU_CONVERT_(Name##ToShort, From, SHORT)         \
    VSSEMU_CONVERT_(Name##ToUShort, From, USHORT)       \
    VSSEMU_CONVERT_(Name##ToWord, From, WORD)           \
    VSSEMU_CONVERT_(Name##ToInt, From, INT)             \
    VSSEMU_CONVERT_(Name##ToUInt, From, UINT)           \
    VSSEMU_CONVERT_(Name##ToLong, From, LONG)           \
    VSSEMU_CONVERT_(Name##ToULong, From, ULONG)         \
    VSSEMU_CONVERT_(Name##ToDWord, From, DWORD)         \
    VSSEMU_CONVERT_(Name##ToLongLong, From, LONGLONG)   \
    VSSEMU_CONVERT_(Name##ToULongLong, From, ULONGLONG) \
    VSSEMU_CONVERT_(Name##ToIntPtr, From, INT_PTR)      \
    VSSEMU_CONVERT_(Name##ToUIntPtr, From, UINT_PTR)    \
    VSSEMU_CONVERT_(Name##ToLongPtr, From, LONG_PTR)    \
    VSSEMU_CONVERT_(Name##ToULongPtr, From, ULONG_PTR)  \
    VSSEMU_CONVERT_(Name##ToDWordPtr, From, DWORD_PTR)  \
    VSSEMU_CONVERT_(Name##ToSSIZET, From, SSIZE_T)      \
    VSSEMU_CONVERT_(Name##ToSizeT, From, size_t)
VSSEMU_CONVERT_FROM_(Int8, INT8)
VSSEMU_CONVERT_FROM_(UInt8, UINT8)
VSSEMU_CONVERT_FROM_(Byte, BYTE)
VSSEMU_CONVERT_FROM_(Short, SHORT)
VSSEMU_CONVERT_FROM_(UShort, USHORT)
VSSEMU_CONVERT_FROM_(Word, WORD)
VSSEMU_CONVERT_FROM_(Int, INT)
VSSEMU_CONVERT_FROM_(UInt, UINT)
VSSEMU_CONVERT_FROM_(Long, LONG)
VSSEMU_CONVERT_FROM_(ULong, ULONG)
VSSEMU_CONVERT_FROM_(DWord, DWORD)
VSSEMU_CONVERT_FROM_(LongLong, LONGLONG)
VSSEMU_CONVERT_FROM_(ULongLong, ULONGLONG)
VSSEMU_CONVERT_FROM_(IntPtr, INT_PTR)
VSSEMU_CONVERT_FROM_(UIntPtr, UINT_PTR)
VSSEMU_CONVERT_FROM_(LongPtr, LONG_PTR)
VSSEMU_CONVERT_FROM_(ULongPtr, ULONG_PTR)
VSSEMU_CONVERT_FROM_(DWordPtr, DWORD_PTR)
VSSEMU_CONVERT_FROM_(SSIZET, SSIZE_T)
VSSEMU_CONVERT_FROM_(SizeT, size_t)
#undef VSSEMU_CONVERT_FROM_
#undef VSSEMU_CONVERT_

#define VSSEMU_COMPUTE_(name, T, operation)               \
    static inline HRESULT name(T a, T b, T *ret)          \
    {                                                     \
        if (!__builtin_##operation##_overflow(a, b, ret)) \
            return S_OK;                                  \
        *ret = (T)-1;                                     \
        return INTSAFE_E_ARITHMETIC_OVERFLOW;             \
    }
#define VSSEMU_COMPUTE_WITH_(Name, T)  \
    VSSEMU_COMPUTE_(Name##Add, T, add) \
    VSSEMU_COMPUTE_(Name##Sub, T, sub) \
    VSSEMU_COMPUTE_(Name##Mult, T, mul)
VSSEMU_COMPUTE_WITH_(Int8, INT8)
VSSEMU_COMPUTE_WITH_(UInt8, UINT8)
VSSEMU_COMPUTE_WITH_(Byte, BYTE)
VSSEMU_COMPUTE_WITH_(Short, SHORT)
VSSEMU_COMPUTE_WITH_(UShort, USHORT)
VSSEMU_COMPUTE_WITH_(Word, WORD)
VSSEMU_COMPUTE_WITH_(Int, INT)
VSSEMU_COMPUTE_WITH_(UInt, UINT)
VSSEMU_COMPUTE_WITH_(Long, LONG)
VSSEMU_COMPUTE_WITH_(ULong, ULONG)
VSSEMU_COMPUTE_WITH_(DWord, DWORD)
VSSEMU_COMPUTE_WITH_(LongLong, LONGLONG)
VSSEMU_COMPUTE_WITH_(ULongLong, ULONGLONG)
VSSEMU_COMPUTE_WITH_(DWordLong, DWORDLONG)
VSSEMU_COMPUTE_WITH_(IntPtr, INT_PTR)
VSSEMU_COMPUTE_WITH_(UIntPtr, UINT_PTR)
VSSEMU_COMPUTE_WITH_(LongPtr, LONG_PTR)
VSSEMU_COMPUTE_WITH_(ULongPtr, ULONG_PTR)
VSSEMU_COMPUTE_WITH_(DWordPtr, DWORD_PTR)
VSSEMU_COMPUTE_WITH_(SSIZET, SSIZE_T)
VSSEMU_COMPUTE_WITH_(SizeT, size_t)
#undef VSSEMU_COMPUTE_WITH_
#undef VSSEMU_COMPUTE_

#ifdef __cplusplus
}
#endif

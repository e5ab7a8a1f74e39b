/* SPDX-License-Identifier: MIT */
/* Strings that always end and never overflow (Learn: "About Strsafe.h"). Implemented in
 * fakes/windows/crt/strsafe.c. Sizes are in characters (Cch) or bytes (Cb). */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#define STRSAFE_MAX_CCH               2147483647
#define STRSAFE_MAX_LENGTH            (STRSAFE_MAX_CCH - 1)
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER   ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE         ((HRESULT)0x80070026)

#define STRSAFE_IGNORE_NULLS       0x00000100
#define STRSAFE_FILL_BEHIND_NULL   0x00000200
#define STRSAFE_FILL_ON_FAILURE    0x00000400
#define STRSAFE_NULL_ON_FAILURE    0x00000800
#define STRSAFE_NO_TRUNCATION      0x00001000
#define STRSAFE_FILL_BYTE(byte)    ((DWORD)(((byte)&0xff) | STRSAFE_FILL_BEHIND_NULL))
#define STRSAFE_FAILURE_BYTE(byte) ((DWORD)(((byte)&0xff) | STRSAFE_FILL_ON_FAILURE))

typedef LPSTR STRSAFE_LPSTR;
typedef LPCSTR STRSAFE_LPCSTR, STRSAFE_PCNZCH;
typedef LPWSTR STRSAFE_LPWSTR;
typedef LPCWSTR STRSAFE_LPCWSTR, STRSAFE_PCNZWCH;

#ifdef __cplusplus
extern "C" {
#endif
#define VSSEMU_STRSAFE_(A, Cx, T)                                                                  \
    HRESULT WINAPI String##Cx##Copy##A(T *to, size_t size, const T *from);                         \
    HRESULT WINAPI String##Cx##CopyEx##A(T *to, size_t size, const T *from, T **ret_end,           \
                                         size_t *ret_remaining, DWORD flags);                      \
    HRESULT WINAPI String##Cx##CopyN##A(T *to, size_t size, const T *from, size_t n);              \
    HRESULT WINAPI String##Cx##CopyNEx##A(T *to, size_t size, const T *from, size_t n,             \
                                          T **ret_end, size_t *ret_remaining, DWORD flags);        \
    HRESULT WINAPI String##Cx##Cat##A(T *to, size_t size, const T *from);                          \
    HRESULT WINAPI String##Cx##CatEx##A(T *to, size_t size, const T *from, T **ret_end,            \
                                        size_t *ret_remaining, DWORD flags);                       \
    HRESULT WINAPI String##Cx##CatN##A(T *to, size_t size, const T *from, size_t n);               \
    HRESULT WINAPI String##Cx##CatNEx##A(T *to, size_t size, const T *from, size_t n, T **ret_end, \
                                         size_t *ret_remaining, DWORD flags);                      \
    HRESULT WINAPI String##Cx##VPrintf##A(T *to, size_t size, const T *format, va_list args);      \
    HRESULT WINAPI String##Cx##VPrintfEx##A(T *to, size_t size, T **ret_end,                       \
                                            size_t *ret_remaining, DWORD flags, const T *format,   \
                                            va_list args);                                         \
    HRESULT String##Cx##Printf##A(T *to, size_t size, const T *format, ...);                       \
    HRESULT String##Cx##PrintfEx##A(T *to, size_t size, T **ret_end, size_t *ret_remaining,        \
                                    DWORD flags, const T *format, ...);                            \
    HRESULT WINAPI String##Cx##Gets##A(T *to, size_t size);                                        \
    HRESULT WINAPI String##Cx##GetsEx##A(T *to, size_t size, T **ret_end, size_t *ret_remaining,   \
                                         DWORD flags);                                             \
    HRESULT WINAPI String##Cx##Length##A(const T *text, size_t max, size_t *ret_length);
VSSEMU_STRSAFE_(A, Cch, char)
VSSEMU_STRSAFE_(W, Cch, wchar_t)
VSSEMU_STRSAFE_(A, Cb, char)
VSSEMU_STRSAFE_(W, Cb, wchar_t)
#undef VSSEMU_STRSAFE_
#ifdef __cplusplus
}
#endif

#ifdef UNICODE
#define VSSEMU_STRSAFE_NAME_(name) name##W
#else
#define VSSEMU_STRSAFE_NAME_(name) name##A
#endif
#define StringCchLength    VSSEMU_STRSAFE_NAME_(StringCchLength)
#define StringCchCopy      VSSEMU_STRSAFE_NAME_(StringCchCopy)
#define StringCchCopyEx    VSSEMU_STRSAFE_NAME_(StringCchCopyEx)
#define StringCchCopyN     VSSEMU_STRSAFE_NAME_(StringCchCopyN)
#define StringCchCopyNEx   VSSEMU_STRSAFE_NAME_(StringCchCopyNEx)
#define StringCchCat       VSSEMU_STRSAFE_NAME_(StringCchCat)
#define StringCchCatEx     VSSEMU_STRSAFE_NAME_(StringCchCatEx)
#define StringCchCatN      VSSEMU_STRSAFE_NAME_(StringCchCatN)
#define StringCchCatNEx    VSSEMU_STRSAFE_NAME_(StringCchCatNEx)
#define StringCchVPrintf   VSSEMU_STRSAFE_NAME_(StringCchVPrintf)
#define StringCchVPrintfEx VSSEMU_STRSAFE_NAME_(StringCchVPrintfEx)
#define StringCchPrintf    VSSEMU_STRSAFE_NAME_(StringCchPrintf)
#define StringCchPrintfEx  VSSEMU_STRSAFE_NAME_(StringCchPrintfEx)
#define StringCchGets      VSSEMU_STRSAFE_NAME_(StringCchGets)
#define StringCchGetsEx    VSSEMU_STRSAFE_NAME_(StringCchGetsEx)
#define StringCbLength     VSSEMU_STRSAFE_NAME_(StringCbLength)
#define StringCbCopy       VSSEMU_STRSAFE_NAME_(StringCbCopy)
#define StringCbCopyEx     VSSEMU_STRSAFE_NAME_(StringCbCopyEx)
#define StringCbCopyN      VSSEMU_STRSAFE_NAME_(StringCbCopyN)
#define StringCbCopyNEx    VSSEMU_STRSAFE_NAME_(StringCbCopyNEx)
#define StringCbCat        VSSEMU_STRSAFE_NAME_(StringCbCat)
#define StringCbCatEx      VSSEMU_STRSAFE_NAME_(StringCbCatEx)
#define StringCbCatN       VSSEMU_STRSAFE_NAME_(StringCbCatN)
#define StringCbCatNEx     VSSEMU_STRSAFE_NAME_(StringCbCatNEx)
#define StringCbVPrintf    VSSEMU_STRSAFE_NAME_(StringCbVPrintf)
#define StringCbVPrintfEx  VSSEMU_STRSAFE_NAME_(StringCbVPrintfEx)
#define StringCbPrintf     VSSEMU_STRSAFE_NAME_(StringCbPrintf)
#define StringCbPrintfEx   VSSEMU_STRSAFE_NAME_(StringCbPrintfEx)
#define StringCbGets       VSSEMU_STRSAFE_NAME_(StringCbGets)
#define StringCbGetsEx     VSSEMU_STRSAFE_NAME_(StringCbGetsEx)

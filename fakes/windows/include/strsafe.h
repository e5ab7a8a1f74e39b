/* SPDX-License-Identifier: MIT */
/* Strings that always end and never overflow (Learn: "Strsafe.h functions"). Inline, as
 * Microsoft's. A text that does not fit is cut and the answer is STRSAFE_E_INSUFFICIENT_BUFFER.
 * Sizes are in characters (Cch) or bytes (Cb). */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#define STRSAFE_MAX_CCH               2147483647
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER   ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE         ((HRESULT)0x80070026)

/* One set for each kind of character; print is a function of the _vsnprintf family. */
#define VSSEMU_STRSAFE_(A, T, print)                                                             \
    static inline HRESULT vssemu_append##A##_(T *to, size_t size, size_t at, const T *from,      \
                                              size_t max)                                        \
    {                                                                                            \
        if (!to || size == 0 || size > STRSAFE_MAX_CCH || at >= size)                            \
            return STRSAFE_E_INVALID_PARAMETER;                                                  \
        for (; max && *from; max--) {                                                            \
            if (at + 1 == size) {                                                                \
                to[at] = 0;                                                                      \
                return STRSAFE_E_INSUFFICIENT_BUFFER;                                            \
            }                                                                                    \
            to[at++] = *from++;                                                                  \
        }                                                                                        \
        to[at] = 0;                                                                              \
        return S_OK;                                                                             \
    }                                                                                            \
    static inline HRESULT StringCchLength##A(const T *s, size_t max, size_t *ret_length)         \
    {                                                                                            \
        size_t n = 0;                                                                            \
        while (s && n < max && s[n])                                                             \
            n++;                                                                                 \
        if (ret_length)                                                                          \
            *ret_length = s && n < max ? n : 0;                                                  \
        return s && n < max && max <= STRSAFE_MAX_CCH ? S_OK : STRSAFE_E_INVALID_PARAMETER;      \
    }                                                                                            \
    static inline size_t vssemu_end##A##_(const T *s, size_t size)                               \
    {                                                                                            \
        size_t n = 0;                                                                            \
        while (s && n < size && s[n])                                                            \
            n++;                                                                                 \
        return n;                                                                                \
    }                                                                                            \
    static inline HRESULT StringCchCopy##A(T *to, size_t size, const T *from)                    \
    {                                                                                            \
        return vssemu_append##A##_(to, size, 0, from, STRSAFE_MAX_CCH);                          \
    }                                                                                            \
    static inline HRESULT StringCchCopyN##A(T *to, size_t size, const T *from, size_t n)         \
    {                                                                                            \
        return vssemu_append##A##_(to, size, 0, from, n);                                        \
    }                                                                                            \
    static inline HRESULT StringCchCat##A(T *to, size_t size, const T *from)                     \
    {                                                                                            \
        return vssemu_append##A##_(to, size, vssemu_end##A##_(to, size), from, STRSAFE_MAX_CCH); \
    }                                                                                            \
    static inline HRESULT StringCchCatN##A(T *to, size_t size, const T *from, size_t n)          \
    {                                                                                            \
        return vssemu_append##A##_(to, size, vssemu_end##A##_(to, size), from, n);               \
    }                                                                                            \
    static inline HRESULT StringCchVPrintf##A(T *to, size_t size, const T *format, va_list args) \
    {                                                                                            \
        if (!to || size == 0 || size > STRSAFE_MAX_CCH)                                          \
            return STRSAFE_E_INVALID_PARAMETER;                                                  \
        int length = print(to, size, format, args);                                              \
        if (length >= 0 && (size_t)length < size)                                                \
            return S_OK;                                                                         \
        to[size - 1] = 0;                                                                        \
        return STRSAFE_E_INSUFFICIENT_BUFFER;                                                    \
    }                                                                                            \
    static inline HRESULT StringCchPrintf##A(T *to, size_t size, const T *format, ...)           \
    {                                                                                            \
        va_list args;                                                                            \
        va_start(args, format);                                                                  \
        HRESULT hr = StringCchVPrintf##A(to, size, format, args);                                \
        va_end(args);                                                                            \
        return hr;                                                                               \
    }                                                                                            \
    static inline HRESULT StringCbPrintf##A(T *to, size_t bytes, const T *format, ...)           \
    {                                                                                            \
        va_list args;                                                                            \
        va_start(args, format);                                                                  \
        HRESULT hr = StringCchVPrintf##A(to, bytes / sizeof(T), format, args);                   \
        va_end(args);                                                                            \
        return hr;                                                                               \
    }                                                                                            \
    static inline HRESULT StringCbVPrintf##A(T *to, size_t bytes, const T *format, va_list args) \
    {                                                                                            \
        return StringCchVPrintf##A(to, bytes / sizeof(T), format, args);                         \
    }                                                                                            \
    static inline HRESULT StringCbCopy##A(T *to, size_t bytes, const T *from)                    \
    {                                                                                            \
        return StringCchCopy##A(to, bytes / sizeof(T), from);                                    \
    }                                                                                            \
    static inline HRESULT StringCbCopyN##A(T *to, size_t bytes, const T *from, size_t n_bytes)   \
    {                                                                                            \
        return StringCchCopyN##A(to, bytes / sizeof(T), from, n_bytes / sizeof(T));              \
    }                                                                                            \
    static inline HRESULT StringCbCat##A(T *to, size_t bytes, const T *from)                     \
    {                                                                                            \
        return StringCchCat##A(to, bytes / sizeof(T), from);                                     \
    }                                                                                            \
    static inline HRESULT StringCbCatN##A(T *to, size_t bytes, const T *from, size_t n_bytes)    \
    {                                                                                            \
        return StringCchCatN##A(to, bytes / sizeof(T), from, n_bytes / sizeof(T));               \
    }                                                                                            \
    static inline HRESULT StringCbLength##A(const T *s, size_t max_bytes, size_t *ret_bytes)     \
    {                                                                                            \
        HRESULT hr = StringCchLength##A(s, max_bytes / sizeof(T), ret_bytes);                    \
        if (ret_bytes)                                                                           \
            *ret_bytes *= sizeof(T);                                                             \
        return hr;                                                                               \
    }

VSSEMU_STRSAFE_(W, WCHAR, _vsnwprintf)
VSSEMU_STRSAFE_(A, char, _vsnprintf)
#undef VSSEMU_STRSAFE_

#ifdef UNICODE
#define VSSEMU_STRSAFE_NAME_(name) name##W
#else
#define VSSEMU_STRSAFE_NAME_(name) name##A
#endif
#define StringCchLength  VSSEMU_STRSAFE_NAME_(StringCchLength)
#define StringCchCopy    VSSEMU_STRSAFE_NAME_(StringCchCopy)
#define StringCchCopyN   VSSEMU_STRSAFE_NAME_(StringCchCopyN)
#define StringCchCat     VSSEMU_STRSAFE_NAME_(StringCchCat)
#define StringCchCatN    VSSEMU_STRSAFE_NAME_(StringCchCatN)
#define StringCchVPrintf VSSEMU_STRSAFE_NAME_(StringCchVPrintf)
#define StringCchPrintf  VSSEMU_STRSAFE_NAME_(StringCchPrintf)
#define StringCbLength   VSSEMU_STRSAFE_NAME_(StringCbLength)
#define StringCbCopy     VSSEMU_STRSAFE_NAME_(StringCbCopy)
#define StringCbCopyN    VSSEMU_STRSAFE_NAME_(StringCbCopyN)
#define StringCbCat      VSSEMU_STRSAFE_NAME_(StringCbCat)
#define StringCbCatN     VSSEMU_STRSAFE_NAME_(StringCbCatN)
#define StringCbVPrintf  VSSEMU_STRSAFE_NAME_(StringCbVPrintf)
#define StringCbPrintf   VSSEMU_STRSAFE_NAME_(StringCbPrintf)

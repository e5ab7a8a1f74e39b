/* SPDX-License-Identifier: MIT */
/* L"" before a predefined name. Microsoft's __FUNCTION__ is a string literal, so its sources paste
 * an L before it (_T(__FUNCTION__), TEXT(__FUNCTION__), GEN_MAKE_W(__FUNCTION__)); what comes out
 * is the token L__FUNCTION__, which is a macro here: the same text with 16-bit characters, of
 * static storage as Microsoft's is.
 * Deviation: __FUNCTION__ is the plain name here, not Class::Name. */
#pragma once

#include <stddef.h>
#include <wchar.h>

#ifdef __cplusplus

template <size_t n> struct vssemu_wide_name_ {
    wchar_t text[n];
    constexpr explicit vssemu_wide_name_(const char (&name)[n]) : text()
    {
        for (size_t i = 0; i < n; i++)
            text[i] = static_cast<unsigned char>(name[i]);
    }
};

#define VSSEMU_WIDE_NAME_(name)                                                  \
    (__extension__({                                                             \
        static constexpr vssemu_wide_name_<sizeof(name)> vssemu_its_text_(name); \
        static_cast<const wchar_t *>(vssemu_its_text_.text);                     \
    }))

#else

static inline const wchar_t *vssemu_wide_name_(const char *name, wchar_t *text, int *is_ready)
{
    if (!__atomic_load_n(is_ready, __ATOMIC_ACQUIRE)) {
        for (size_t i = 0; name[i]; i++)
            text[i] = (unsigned char)name[i];
        __atomic_store_n(is_ready, 1, __ATOMIC_RELEASE);
    }
    return text;
}

#define VSSEMU_WIDE_NAME_(name)                                       \
    (__extension__({                                                  \
        static wchar_t vssemu_its_text_[sizeof(name)];                \
        static int vssemu_is_ready_;                                  \
        vssemu_wide_name_(name, vssemu_its_text_, &vssemu_is_ready_); \
    }))

#endif

#ifndef __FUNCSIG__
#define __FUNCSIG__ __PRETTY_FUNCTION__
#endif
#define L__FUNCTION__ VSSEMU_WIDE_NAME_(__FUNCTION__)
#define L__func__ VSSEMU_WIDE_NAME_(__func__)
#define L__FUNCSIG__ VSSEMU_WIDE_NAME_(__PRETTY_FUNCTION__)
#define L__PRETTY_FUNCTION__        VSSEMU_WIDE_NAME_(__PRETTY_FUNCTION__)
#define L__FILE__                   VSSEMU_WIDE_JOIN_(L, __FILE__)
#define L__DATE__                   VSSEMU_WIDE_JOIN_(L, __DATE__)
#define L__TIME__                   VSSEMU_WIDE_JOIN_(L, __TIME__)
#define VSSEMU_WIDE_JOIN_(l, text)  VSSEMU_WIDE_JOIN2_(l, text)
#define VSSEMU_WIDE_JOIN2_(l, text) l##text

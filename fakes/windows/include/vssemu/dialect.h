/* SPDX-License-Identifier: MIT */
/* Words of Microsoft's compiler: memory of the frame, attributes, inlining, hints, integers of a
 * width, and their suffixes, 5i64 and 5ui64, for which C has no means. */
#pragma once

#ifndef _alloca
#define _alloca(size) __builtin_alloca(size)
#endif

/* C++ gets no always_inline, with which gcc refuses what Microsoft's compiler merely does not
 * inline; C needs it: an inline function without static has no body of its own there. */
#ifdef __cplusplus
#define __forceinline __inline__
#define VSSEMU_THREAD_LOCAL thread_local
#else
#define __forceinline __inline__ __attribute__((__always_inline__))
#define VSSEMU_THREAD_LOCAL _Thread_local
#endif
#define _forceinline __forceinline
#define _inline __inline__

/* As Wine's basetsd.h has them. */
#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long

#define __assume(condition) ((condition) ? (void)0 : __builtin_unreachable())
#define __noop(...)         ((void)0)
enum { __noop }; /* without arguments */
#define __pragma(text) _Pragma(#text)

static inline void __debugbreak(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __asm__ volatile("int3");
#else
    __builtin_trap();
#endif
}

/* __declspec(word) and __declspec(word(arguments)); a word that is not here does not compile. */
#define __declspec(word) __attribute__((VSSEMU_DECLSPEC_##word))
#define VSSEMU_DECLSPEC_
#define VSSEMU_DECLSPEC_align      __aligned__
#define VSSEMU_DECLSPEC_deprecated __deprecated__
#define VSSEMU_DECLSPEC_dllexport  __visibility__("default")
#define VSSEMU_DECLSPEC_dllimport
#define VSSEMU_DECLSPEC_empty_bases
#define VSSEMU_DECLSPEC_noalias
#define VSSEMU_DECLSPEC_noinline __noinline__
#define VSSEMU_DECLSPEC_noreturn __noreturn__
#define VSSEMU_DECLSPEC_nothrow  __nothrow__
#define VSSEMU_DECLSPEC_novtable
#define VSSEMU_DECLSPEC_restrict
#define VSSEMU_DECLSPEC_safebuffers
#define VSSEMU_DECLSPEC_selectany __weak__
#define VSSEMU_DECLSPEC_allocate(section)
#define VSSEMU_DECLSPEC_code_seg(section)
#define VSSEMU_DECLSPEC_guard(what)
#define VSSEMU_DECLSPEC_spectre(what)
/* An attribute without effect, in which the drivers find the text (driver/uuids.h). */
#ifdef __clang__
#define VSSEMU_DECLSPEC_uuid(text) __annotate__("vssemu uuid " text)
#else
#define VSSEMU_DECLSPEC_uuid(text) __warn_if_not_aligned__(sizeof("vssemu uuid " text) ? 1 : 1)
#endif
/* Not an attribute: it closes the list and opens the next one. */
#define VSSEMU_DECLSPEC_thread )) VSSEMU_THREAD_LOCAL __attribute__((

#ifdef __cplusplus

/* What the drivers declare before a class with an identifier; vssemu/uuidof.h has the rest. */
extern "C++" template <unsigned long long high, unsigned long long low> struct vssemu_guid;
extern "C++" template <class T> struct vssemu_class;

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

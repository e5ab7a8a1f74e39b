/* SPDX-License-Identifier: MIT */
/* What the compile drivers include before the first line of every source file (-include): the
 * conditions under which Windows source compiles natively. The order of the parts matters and is
 * explained at each. Nothing else includes it. */
#pragma once

#if __SIZEOF_WCHAR_T__ != 2
#error "Compile this with vssemu-cc or vssemu-c++: Windows source needs a 16-bit wchar_t."
#endif

/* 1. The wide C library of Linux has 32-bit characters and its printf other rules: ours first, so
 *    that every later declaration of the same function means ours. */
#include <vssemu/redirect.h>

/* 2. libstdc++ without the wide instantiations that sit in libstdc++.so: they are made afresh, with
 *    16 bits, in each object. 3. All of libstdc++ now, because it uses the identifiers __in and
 *    __out, which become macros in part 5. */
#ifdef __cplusplus
#include <bits/c++config.h>
#undef _GLIBCXX_USE_WCHAR_T
#include <bits/stdc++.h>
#else
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#endif
#include <wchar.h>
#include <wctype.h>
#include <vssemu/dialect.h>
#include <vssemu/wide_names.h>
#ifdef __cplusplus
#include <vssemu/wide_std.h>
#include <vssemu/wide_facets.h>
#include <vssemu/wide_streams.h>
#endif

/* 4. The world that Windows source expects: wide, unless the driver was told -UUNICODE or the like.
 * _WIN32_WINNT is for the source to define; vssemu/version.h does it later if nobody has. */
#ifndef VSSEMU_NARROW
#ifndef UNICODE
#define UNICODE
#endif
#ifndef _UNICODE
#define _UNICODE
#endif
#endif
#ifndef _WIN64
#define _WIN64 1
#endif
#define WINE_UNICODE_NATIVE
#define _FORCENAMELESSUNION
#define WINBOOL         BOOL
#define DECLSPEC_HIDDEN /* interface identifiers come from libvssapi */

#include <vssemu/narrow_crt.h>

/* 5. Annotations say nothing to gcc. */
#include <vssemu/annotations.h>

#define VSSEMU_FORCED 1

/* Every object says that it was compiled like this: the driver refuses objects without the mark,
 * and linking without the driver fails on this name. */
#ifdef __cplusplus
extern "C" {
#endif
extern const char vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx;
#ifdef __cplusplus
}
#endif
__attribute__((used)) static const char *const vssemu_mark_ =
    &vssemu_link_this_program_with_vssemu_cc_or_vssemu_cxx;

/* SPDX-License-Identifier: MIT */
/* printf by Microsoft's rules, for narrow and wide text alike: %s is text of the format's own
 * width, %S of the other, %ld has 32 bits, %I64d 64, %p sixteen digits. Learn: "Format
 * specification syntax: printf and wprintf functions". The front ends in printf.c and strsafe.c
 * decide what becomes of the text. Narrow text is UTF-8. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/str.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Text under construction: one of the two, by is_wide. */
struct crt_text {
    bool is_wide;
    ARRAY(wchar_t) wide;
    struct str narrow;
};

/* format has 16-bit characters if text->is_wide, bytes otherwise. */
void crt_format(struct crt_text *text, const void *format, va_list args);
size_t crt_text_length(const struct crt_text *text);
void crt_text_free(struct crt_text *text);

/* SPDX-License-Identifier: MIT */
/* scanf by Microsoft's rules, from narrow and wide text and streams: %s and %c of the format's own
 * width, %S and %C of the other, %ld 32 bits, %I64d 64. Learn: "Format specification fields: scanf
 * and wscanf functions". */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Where characters come from: text, of units of the width, or a stream. */
struct scan_source {
    bool is_wide;
    const void *text; /* NULL: the stream */
    size_t limit;     /* units of text that may be read; SIZE_MAX: to its zero */
    FILE *stream;
    size_t at; /* units read so far */
};

/* Answers how many fields were stored, EOF when the source ended before the first. is_checked: a
 * size in units follows each pointer to text, as in sscanf_s. */
int crt_scan(struct scan_source *source, bool is_checked, const void *format, va_list args);

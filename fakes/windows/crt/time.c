/* SPDX-License-Identifier: MIT */
/* wcsftime: the narrow one, between two conversions. */
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"

#include <time.h>

size_t w16_wcsftime(wchar_t *buffer, size_t size, const wchar_t *format, const struct tm *time)
{
    auto_free char *narrow = utf8_from_utf16(format);
    size_t room = size * 4 + 1;
    auto_free char *text = mem_alloc(room);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    strftime(text, room, narrow, time);
#pragma GCC diagnostic pop
    auto_free wchar_t *wide = utf16_from_utf8(text);
    size_t n = utf16_length(wide);
    if (n >= size)
        return 0;
    w16_wmemcpy(buffer, wide, n + 1);
    return n;
}

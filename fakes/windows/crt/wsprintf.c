/* SPDX-License-Identifier: MIT */
/* The printf of user32: what the C library's does, into at most 1024 characters with the zero
 * (Learn: "wsprintfW"). */
#include "emu/include/vssemu_types.h"
#include "fakes/windows/crt/format.h"

#include <string.h>

#define LONGEST 1023u

INT WINAPI wvsprintfW(LPWSTR ret_text, LPCWSTR format, va_list args)
{
    struct crt_text text = { .is_wide = true };

    crt_format(&text, format, args);
    size_t length = crt_text_length(&text), n = length < LONGEST ? length : LONGEST;
    if (n)
        memcpy(ret_text, text.wide.items, n * sizeof(WCHAR));
    ret_text[n] = 0;
    crt_text_free(&text);
    return (INT)n;
}

INT WINAPI wvsprintfA(LPSTR ret_text, LPCSTR format, va_list args)
{
    struct crt_text text = { .is_wide = false };

    crt_format(&text, format, args);
    size_t length = crt_text_length(&text), n = length < LONGEST ? length : LONGEST;
    if (n)
        memcpy(ret_text, text.narrow.text, n);
    ret_text[n] = 0;
    crt_text_free(&text);
    return (INT)n;
}

INT WINAPIV wsprintfW(LPWSTR ret_text, LPCWSTR format, ...)
{
    va_list args;

    va_start(args, format);
    INT n = wvsprintfW(ret_text, format, args);
    va_end(args);
    return n;
}

INT WINAPIV wsprintfA(LPSTR ret_text, LPCSTR format, ...)
{
    va_list args;

    va_start(args, format);
    INT n = wvsprintfA(ret_text, format, args);
    va_end(args);
    return n;
}

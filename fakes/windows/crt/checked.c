/* SPDX-License-Identifier: MIT */
/* The _s functions: copies that know the size of their target. What does not fit leaves an empty
 * string and is an invalid parameter (parameter.h), unless truncation was asked for. */
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include <errno.h>
#include <string.h>

/* Appends at most n units of from at to[at]. */
static crt_errno append(const char *function, wchar_t *to, size_t size, size_t at,
                        const wchar_t *from, size_t n)
{
    if (!to || !size)
        return crt_invalid_parameter(function, EINVAL);
    if (!from && n) {
        to[0] = 0;
        return crt_invalid_parameter(function, EINVAL);
    }
    size_t room = size - at, length = n ? w16_wcsnlen(from, n) : 0;
    if (length < room) {
        memcpy(to + at, from ? from : to, length * sizeof(wchar_t));
        to[at + length] = 0;
        return 0;
    }
    if (n == CRT_TRUNCATE && room) {
        memcpy(to + at, from, (room - 1) * sizeof(wchar_t));
        to[size - 1] = 0;
        return CRT_STRUNCATE;
    }
    to[0] = 0;
    return crt_invalid_parameter(function, ERANGE);
}

crt_errno w16_wcscpy_s(wchar_t *to, size_t size, const wchar_t *from)
{
    return append("wcscpy_s", to, size, 0, from, SIZE_MAX - 1);
}

crt_errno w16_wcsncpy_s(wchar_t *to, size_t size, const wchar_t *from, size_t n)
{
    return append("wcsncpy_s", to, size, 0, from, n);
}

crt_errno w16_wcscat_s(wchar_t *to, size_t size, const wchar_t *from)
{
    return append("wcscat_s", to, size, to ? w16_wcsnlen(to, size) : 0, from, SIZE_MAX - 1);
}

crt_errno w16_wcsncat_s(wchar_t *to, size_t size, const wchar_t *from, size_t n)
{
    return append("wcsncat_s", to, size, to ? w16_wcsnlen(to, size) : 0, from, n);
}

crt_errno w16__wcslwr_s(wchar_t *s, size_t size)
{
    if (!s || w16_wcsnlen(s, size) == size)
        return crt_invalid_parameter("_wcslwr_s", EINVAL);
    w16__wcslwr(s);
    return 0;
}

crt_errno w16__wcsupr_s(wchar_t *s, size_t size)
{
    if (!s || w16_wcsnlen(s, size) == size)
        return crt_invalid_parameter("_wcsupr_s", EINVAL);
    w16__wcsupr(s);
    return 0;
}

/* ---- narrow ---- */

static crt_errno append_narrow(const char *function, char *to, size_t size, size_t at,
                               const char *from, size_t n)
{
    if (!to || !size)
        return crt_invalid_parameter(function, EINVAL);
    if (!from && n) {
        to[0] = 0;
        return crt_invalid_parameter(function, EINVAL);
    }
    size_t room = size - at, length = n ? strnlen(from, n) : 0;
    if (length < room) {
        memcpy(to + at, from ? from : to, length);
        to[at + length] = 0;
        return 0;
    }
    if (n == CRT_TRUNCATE && room) {
        memcpy(to + at, from, room - 1);
        to[size - 1] = 0;
        return CRT_STRUNCATE;
    }
    to[0] = 0;
    return crt_invalid_parameter(function, ERANGE);
}

crt_errno w16_strcpy_s(char *to, size_t size, const char *from)
{
    return append_narrow("strcpy_s", to, size, 0, from, SIZE_MAX - 1);
}

crt_errno w16_strncpy_s(char *to, size_t size, const char *from, size_t n)
{
    return append_narrow("strncpy_s", to, size, 0, from, n);
}

crt_errno w16_strcat_s(char *to, size_t size, const char *from)
{
    return append_narrow("strcat_s", to, size, to ? strnlen(to, size) : 0, from, SIZE_MAX - 1);
}

crt_errno w16_strncat_s(char *to, size_t size, const char *from, size_t n)
{
    return append_narrow("strncat_s", to, size, to ? strnlen(to, size) : 0, from, n);
}

crt_errno w16_memcpy_s(void *to, size_t size, const void *from, size_t n)
{
    if (!n)
        return 0;
    if (!to)
        return crt_invalid_parameter("memcpy_s", EINVAL);
    if (!from || size < n) {
        memset(to, 0, size);
        return crt_invalid_parameter("memcpy_s", from ? ERANGE : EINVAL);
    }
    memmove(to, from, n);
    return 0;
}

char *w16__strupr(char *s)
{
    for (char *p = s; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 32);
    return s;
}

char *w16__strlwr(char *s)
{
    for (char *p = s; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    return s;
}

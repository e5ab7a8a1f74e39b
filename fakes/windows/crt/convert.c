/* SPDX-License-Identifier: MIT */
/* Integers as text: the _itoa, _ltoa, _ultoa, _i64toa and _ui64toa families, narrow and wide, with
 * and without the size. Learn: "_itoa_s, _ltoa_s, _ultoa_s, _i64toa_s, _ui64toa_s, ...": a minus
 * sign in base 10 only, lower case, EINVAL for a bad base or buffer, ERANGE for no room. */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include <errno.h>
#include <stdbool.h>

#define MOST_DIGITS 66

/* Writes digits and sign last first; answers how many. */
static size_t digits_of(uint64_t value, bool is_negative, unsigned base, char *digits)
{
    size_t n = 0;

    value = is_negative ? 0 - value : value;
    do {
        digits[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % base];
        value /= base;
    } while (value);
    if (is_negative)
        digits[n++] = '-';
    return n;
}

static crt_errno fill(bool is_wide, uint64_t value, bool is_negative, void *buffer, size_t size,
                      int base)
{
    char digits[MOST_DIGITS];

    if (!buffer || !size)
        return crt_invalid_parameter("_itoa_s", EINVAL);
    if (is_wide)
        ((wchar_t *)buffer)[0] = 0;
    else
        ((char *)buffer)[0] = 0;
    if (base < 2 || base > 36)
        return crt_invalid_parameter("_itoa_s", EINVAL);
    size_t n = digits_of(value, is_negative && base == 10, (unsigned)base, digits);
    if (n >= size)
        return crt_invalid_parameter("_itoa_s", ERANGE);
    for (size_t i = 0; i <= n; i++) {
        char c = i < n ? digits[n - 1 - i] : 0;
        if (is_wide)
            ((wchar_t *)buffer)[i] = (wchar_t)c;
        else
            ((char *)buffer)[i] = c;
    }
    return 0;
}

/* value_type is what the bits are read as; negative is a condition on value. */
#define FAMILY(T, is_wide, type, unsigned_type, name, negative)                               \
    CRT(crt_errno w16_##name##_s(type value, T *buffer, size_t size, int base))               \
    {                                                                                         \
        return fill(is_wide, negative && base == 10 ? (uint64_t)value : (unsigned_type)value, \
                    negative, buffer, size, base);                                            \
    }                                                                                         \
    CRT(T *w16_##name(type value, T *buffer, int base))                                       \
    {                                                                                         \
        w16_##name##_s(value, buffer, MOST_DIGITS, base);                                     \
        return buffer;                                                                        \
    }

FAMILY(char, false, int, uint32_t, _itoa, value < 0)
FAMILY(wchar_t, true, int, uint32_t, _itow, value < 0)
FAMILY(char, false, unsigned, uint32_t, _ultoa, false)
FAMILY(wchar_t, true, unsigned, uint32_t, _ultow, false)
FAMILY(char, false, int64_t, uint64_t, _i64toa, value < 0)
FAMILY(wchar_t, true, int64_t, uint64_t, _i64tow, value < 0)
FAMILY(char, false, uint64_t, uint64_t, _ui64toa, false)
FAMILY(wchar_t, true, uint64_t, uint64_t, _ui64tow, false)

/* SPDX-License-Identifier: MIT */
/* Dates and times as text, in English of the United States or, for the invariant locale, as that
 * has it (Learn: "GetDateFormatEx", "GetTimeFormatEx", "Day, Month, Year, and Era Format Pictures",
 * "Hour, Minute, and Second Format Pictures"). Results are characters with the zero. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/system/locale.h"

#include <string.h>

static const char *const days[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                    "Thursday", "Friday", "Saturday" };
static const char *const months[] = { "January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December" };

/* Digits with leading zeros up to `width`. */
static void add_number(struct str *out, unsigned value, unsigned width)
{
    str_addf(out, "%0*u", (int)width, value);
}

/* Quoted text: '' is a quote inside it. Answers where it ends. */
static const char *add_quoted(struct str *out, const char *at)
{
    for (at++; *at; at++) {
        if (*at == '\'' && at[1] == '\'')
            at++;
        else if (*at == '\'')
            return at + 1;
        str_add_char(out, *at);
    }
    return at;
}

static size_t run_length(const char *at)
{
    size_t n = 1;

    while (at[n] == at[0])
        n++;
    return n;
}

static void add_date_part(struct str *out, char letter, size_t n, const SYSTEMTIME *t)
{
    switch (letter) {
    case 'd':
        if (n <= 2)
            add_number(out, t->wDay, (unsigned)n);
        else
            str_addf(out, n == 3 ? "%.3s" : "%s", days[t->wDayOfWeek]);
        break;
    case 'M':
        if (n <= 2)
            add_number(out, t->wMonth, (unsigned)n);
        else
            str_addf(out, n == 3 ? "%.3s" : "%s", months[t->wMonth - 1]);
        break;
    case 'y':
        if (n <= 2)
            add_number(out, t->wYear % 100u, (unsigned)n);
        else
            add_number(out, t->wYear, 4);
        break;
    default: /* g: the era */
        str_add(out, "A.D.");
    }
}

static void add_date(struct str *out, const char *picture, const SYSTEMTIME *t)
{
    while (*picture) {
        if (*picture == '\'') {
            picture = add_quoted(out, picture);
        } else if (strchr("dMyg", *picture)) {
            size_t n = run_length(picture);
            add_date_part(out, *picture, n, t);
            picture += n;
        } else {
            str_add_char(out, *picture++);
        }
    }
}

/* A part that the flags leave out takes the separator before it along. */
static void drop_separator(struct str *out)
{
    while (out->length && !strchr("0123456789", out->text[out->length - 1]))
        out->text[--out->length] = 0;
}

static bool add_time_part(struct str *out, char letter, size_t n, const SYSTEMTIME *t, DWORD flags)
{
    unsigned width = n > 1 ? 2 : 1;
    unsigned hour = t->wHour;

    switch (letter) {
    case 'h':
        if (!(flags & TIME_FORCE24HOURFORMAT))
            hour = hour % 12 ? hour % 12 : 12;
        add_number(out, hour, width);
        return true;
    case 'H':
        add_number(out, hour, width);
        return true;
    case 'm':
        if (!(flags & TIME_NOMINUTESORSECONDS))
            add_number(out, t->wMinute, width);
        return !(flags & TIME_NOMINUTESORSECONDS);
    case 's':
        if (!(flags & (TIME_NOMINUTESORSECONDS | TIME_NOSECONDS)))
            add_number(out, t->wSecond, width);
        return !(flags & (TIME_NOMINUTESORSECONDS | TIME_NOSECONDS));
    default:
        if (!(flags & TIME_NOTIMEMARKER))
            str_addf(out, n == 1 ? "%.1s" : "%s", t->wHour < 12 ? "AM" : "PM");
        return !(flags & TIME_NOTIMEMARKER);
    }
}

static void add_time(struct str *out, const char *picture, const SYSTEMTIME *t, DWORD flags)
{
    while (*picture) {
        if (*picture == '\'') {
            picture = add_quoted(out, picture);
        } else if (strchr("hHmst", *picture)) {
            size_t n = run_length(picture);
            if (!add_time_part(out, *picture, n, t, flags))
                drop_separator(out);
            picture += n;
        } else {
            str_add_char(out, *picture++);
        }
    }
}

/* ---- the functions ---- */

static INT hand_out(struct str *text, void *buffer, INT size, bool is_wide)
{
    auto_free char *utf8 = str_take(text);
    auto_free uint16_t *units = is_wide ? utf16_from_utf8(utf8) : NULL;
    INT length = is_wide ? (INT)utf16_length(units) + 1 : (INT)strlen(utf8) + 1;

    if (!size)
        return length;
    if (size < length) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    if (is_wide)
        memcpy(buffer, units, (size_t)length * sizeof(WCHAR));
    else
        memcpy(buffer, utf8, (size_t)length);
    return length;
}

/* The moment that is meant, whole and with its day of the week. */
static bool moment(const SYSTEMTIME *given, bool is_date, SYSTEMTIME *ret)
{
    FILETIME time;

    if (!given) {
        GetLocalTime(ret);
        return true;
    }
    *ret = *given;
    if (!is_date) { /* Learn: "GetTimeFormatEx": the date is not looked at */
        return given->wHour < 24 && given->wMinute < 60 && given->wSecond < 60 &&
               given->wMilliseconds < 1000;
    }
    ret->wHour = ret->wMinute = ret->wSecond = ret->wMilliseconds = 0;
    return SystemTimeToFileTime(ret, &time) && FileTimeToSystemTime(&time, ret);
}

struct format {
    const struct locale_texts *locale; /* NULL: unknown */
    DWORD flags;
    const char *picture; /* NULL: the locale's */
};

static bool fail(DWORD error)
{
    SetLastError(error);
    return false;
}

/* The picture that applies; false: last error is set. */
static bool date_picture(const struct format *format, const char **ret)
{
    const DWORD kinds = DATE_SHORTDATE | DATE_LONGDATE | DATE_YEARMONTH;
    DWORD kind = format->flags & kinds;

    if (!format->locale)
        return fail(ERROR_INVALID_PARAMETER);
    if (kind & (kind - 1) || (format->picture && format->flags & ~(DWORD)LOCALE_USE_CP_ACP))
        return fail(ERROR_INVALID_FLAGS);
    *ret = format->picture          ? format->picture
           : kind == DATE_LONGDATE  ? format->locale->long_date
           : kind == DATE_YEARMONTH ? format->locale->year_month
                                    : format->locale->short_date;
    return true;
}

static INT format_date(const struct format *format, const SYSTEMTIME *date, void *buffer, INT size,
                       bool is_wide)
{
    struct str out = { 0 };
    const char *picture;
    SYSTEMTIME t;

    if (size < 0 || (size && !buffer) || !moment(date, true, &t)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (!date_picture(format, &picture))
        return 0;
    add_date(&out, picture, &t);
    return hand_out(&out, buffer, size, is_wide);
}

/* 24 hours of a picture that has 12: no marker, and the digits stay as wide. */
static INT format_time(const struct format *format, const SYSTEMTIME *time, void *buffer, INT size,
                       bool is_wide)
{
    struct str out = { 0 };
    SYSTEMTIME t;

    if (size < 0 || (size && !buffer) || !moment(time, false, &t) || !format->locale) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    add_time(&out, format->picture ? format->picture : format->locale->time, &t, format->flags);
    return hand_out(&out, buffer, size, is_wide);
}

INT WINAPI GetDateFormatA(LCID locale, DWORD flags, const SYSTEMTIME *date, LPCSTR picture,
                          LPSTR buffer, INT size)
{
    const struct format format = { locale_of_id(locale), flags, picture };

    return format_date(&format, date, buffer, size, false);
}

INT WINAPI GetDateFormatW(LCID locale, DWORD flags, const SYSTEMTIME *date, LPCWSTR picture,
                          LPWSTR buffer, INT size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)picture);
    const struct format format = { locale_of_id(locale), flags, utf8 };

    return format_date(&format, date, buffer, size, true);
}

INT WINAPI GetDateFormatEx(LPCWSTR locale, DWORD flags, const SYSTEMTIME *date, LPCWSTR picture,
                           LPWSTR buffer, INT size, LPCWSTR calendar)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)picture);
    const struct format format = { locale_of_name(locale), flags, utf8 };

    if (calendar) { /* Learn: reserved */
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    return format_date(&format, date, buffer, size, true);
}

INT WINAPI GetTimeFormatA(LCID locale, DWORD flags, const SYSTEMTIME *time, LPCSTR picture,
                          LPSTR buffer, INT size)
{
    const struct format format = { locale_of_id(locale), flags, picture };

    return format_time(&format, time, buffer, size, false);
}

INT WINAPI GetTimeFormatW(LCID locale, DWORD flags, const SYSTEMTIME *time, LPCWSTR picture,
                          LPWSTR buffer, INT size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)picture);
    const struct format format = { locale_of_id(locale), flags, utf8 };

    return format_time(&format, time, buffer, size, true);
}

INT WINAPI GetTimeFormatEx(LPCWSTR locale, DWORD flags, const SYSTEMTIME *time, LPCWSTR picture,
                           LPWSTR buffer, INT size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)picture);
    const struct format format = { locale_of_name(locale), flags, utf8 };

    return format_time(&format, time, buffer, size, true);
}

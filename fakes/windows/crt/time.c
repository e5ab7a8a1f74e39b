/* SPDX-License-Identifier: MIT */
/* Dates of the C library by Microsoft's names, on the world's clock: _time64, localtime_s,
 * _wstrdate_s and relatives. Years as far as the pages allow: 1970 to 3000. Learn: "localtime_s,
 * _localtime32_s, _localtime64_s", "asctime_s, _wasctime_s", "_strdate_s, _wstrdate_s". */
#include "fakes/windows/crt/define.h"
#include "fakes/windows/crt/parameter.h"
#include "fakes/windows/crt/wide.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "emu/include/vssemu_types.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#define LAST_SECOND       32535215999 /* 23:59:59, December 31, 3000, UTC */
#define TICKS_PER_SECOND  10000000
#define SECONDS_FROM_1601 11644473600
#define TIME_LENGTH       26 /* of asctime, with line end and zero */
#define SHORT_LENGTH      9  /* "hh:mm:ss", "mm/dd/yy" */

size_t w16_wcsftime(wchar_t *buffer, size_t size, const wchar_t *format, const struct tm *time)
{
    auto_free char *narrow = utf8_from_utf16(format);
    size_t room = size * 4 + 1;
    auto_free char *text = mem_alloc(room);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    text[strftime(text, room, narrow, time)] = 0;
#pragma GCC diagnostic pop
    auto_free wchar_t *wide = utf16_from_utf8(text);
    size_t n = utf16_length(wide);
    if (n >= size) {
        errno = ERANGE;
        return 0;
    }
    w16_wmemcpy(buffer, wide, n + 1);
    return n;
}

static uint64_t ticks_now(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
}

CRT(int64_t w16__time64(int64_t *ret_time))
{
    int64_t now = (int64_t)(ticks_now() / TICKS_PER_SECOND) - SECONDS_FROM_1601;

    if (ret_time)
        *ret_time = now;
    return now;
}

struct timeb_of_windows {
    int64_t time;
    unsigned short millitm;
    short timezone, dstflag;
};

CRT(crt_errno w16__ftime64_s(struct timeb_of_windows *ret_time))
{
    if (!ret_time)
        return crt_invalid_parameter("_ftime64_s", EINVAL);
    uint64_t ticks = ticks_now();
    tzset();
    *ret_time = (struct timeb_of_windows){
        .time = (int64_t)(ticks / TICKS_PER_SECOND) - SECONDS_FROM_1601,
        .millitm = (unsigned short)(ticks / 10000 % 1000),
        .timezone = (short)(timezone / 60),
        .dstflag = 0,
    };
    return 0;
}

/* What a failed conversion leaves: every field -1. */
static crt_errno convert(const char *function, struct tm *ret_tm, const int64_t *seconds,
                         struct tm *(*convert_r)(const time_t *, struct tm *))
{
    if (!ret_tm)
        return crt_invalid_parameter(function, EINVAL);
    if (seconds && *seconds >= 0 && *seconds <= LAST_SECOND) {
        time_t t = *seconds;
        return convert_r(&t, ret_tm) ? 0 : EINVAL;
    }
    *ret_tm = (struct tm){ .tm_sec = -1,
                           .tm_min = -1,
                           .tm_hour = -1,
                           .tm_mday = -1,
                           .tm_mon = -1,
                           .tm_year = -1,
                           .tm_wday = -1,
                           .tm_yday = -1,
                           .tm_isdst = -1 };
    return seconds ? errno = EINVAL : crt_invalid_parameter(function, EINVAL);
}

CRT(crt_errno w16_localtime_s(struct tm *ret_tm, const int64_t *seconds))
{
    return convert("_localtime64_s", ret_tm, seconds, localtime_r);
}

CRT(crt_errno w16_gmtime_s(struct tm *ret_tm, const int64_t *seconds))
{
    return convert("_gmtime64_s", ret_tm, seconds, gmtime_r);
}

/* ---- texts ---- */

/* Answers 0 and a text of TIME_LENGTH, or EINVAL for a date that does not exist. */
static crt_errno asctime_text(char *text, const struct tm *tm)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (tm->tm_wday < 0 || tm->tm_wday > 6 || tm->tm_mon < 0 || tm->tm_mon > 11 ||
        tm->tm_mday < 1 || tm->tm_mday > 31 || tm->tm_hour < 0 || tm->tm_hour > 23 ||
        tm->tm_min < 0 || tm->tm_min > 59 || tm->tm_sec < 0 || tm->tm_sec > 60 || tm->tm_year < 0 ||
        tm->tm_year > 8099)
        return EINVAL;
    strftime(text, TIME_LENGTH, "??? ??? %d %H:%M:%S %Y\n", tm);
    memcpy(text, days + 3 * tm->tm_wday, 3);
    memcpy(text + 4, months + 3 * tm->tm_mon, 3);
    return 0;
}

/* Gives a text of n bytes with its zero to a buffer of either width. */
static crt_errno give(const char *function, bool is_wide, void *buffer, size_t size,
                      const char *text, size_t n)
{
    if (!buffer || !size)
        return crt_invalid_parameter(function, EINVAL);
    if (!text || size < n) {
        memset(buffer, 0, is_wide ? sizeof(wchar_t) : 1);
        return crt_invalid_parameter(function, text ? ERANGE : EINVAL);
    }
    for (size_t i = 0; i < n; i++) {
        if (is_wide)
            ((wchar_t *)buffer)[i] = (wchar_t)text[i];
        else
            ((char *)buffer)[i] = text[i];
    }
    return 0;
}

static crt_errno give_asctime(bool is_wide, void *buffer, size_t size, const struct tm *tm)
{
    char text[TIME_LENGTH];
    bool is_good = tm && asctime_text(text, tm) == 0;

    return give("asctime_s", is_wide, buffer, size, is_good ? text : NULL, TIME_LENGTH);
}

static crt_errno give_ctime(bool is_wide, void *buffer, size_t size, const int64_t *seconds)
{
    struct tm tm;
    time_t t = seconds ? *seconds : -1;
    bool is_good = t >= 0 && t <= LAST_SECOND && localtime_r(&t, &tm);

    return give_asctime(is_wide, buffer, size, is_good ? &tm : NULL);
}

static crt_errno give_now(bool is_wide, void *buffer, size_t size, bool is_date)
{
    char text[SHORT_LENGTH + 1];
    time_t now = w16__time64(NULL);
    struct tm tm;

    localtime_r(&now, &tm);
    if (is_date)
        strftime(text, sizeof(text), "%m/%d/%y", &tm);
    else
        strftime(text, sizeof(text), "%H:%M:%S", &tm);
    return give("_strdate_s", is_wide, buffer, size, text, SHORT_LENGTH);
}

#define FAMILY(T, is_wide, asctime, ctime, strtime, strdate)                       \
    CRT(crt_errno w16_##asctime##_s(T *buffer, size_t size, const struct tm *tm))  \
    {                                                                              \
        return give_asctime(is_wide, buffer, size, tm);                            \
    }                                                                              \
    CRT(crt_errno w16_##ctime##_s(T *buffer, size_t size, const int64_t *seconds)) \
    {                                                                              \
        return give_ctime(is_wide, buffer, size, seconds);                         \
    }                                                                              \
    CRT(crt_errno w16_##strtime##_s(T *buffer, size_t size))                       \
    {                                                                              \
        return give_now(is_wide, buffer, size, false);                             \
    }                                                                              \
    CRT(crt_errno w16_##strdate##_s(T *buffer, size_t size))                       \
    {                                                                              \
        return give_now(is_wide, buffer, size, true);                              \
    }                                                                              \
    CRT(T *w16_##strtime(T *buffer))                                               \
    {                                                                              \
        return give_now(is_wide, buffer, SHORT_LENGTH, false) ? NULL : buffer;     \
    }                                                                              \
    CRT(T *w16_##strdate(T *buffer))                                               \
    {                                                                              \
        return give_now(is_wide, buffer, SHORT_LENGTH, true) ? NULL : buffer;      \
    }                                                                              \
    CRT(T *w16_##asctime(const struct tm *tm))                                     \
    {                                                                              \
        static _Thread_local T text[TIME_LENGTH];                                  \
        return give_asctime(is_wide, text, TIME_LENGTH, tm) ? NULL : text;         \
    }                                                                              \
    CRT(T *w16_##ctime(const int64_t *seconds))                                    \
    {                                                                              \
        static _Thread_local T text[TIME_LENGTH];                                  \
        return give_ctime(is_wide, text, TIME_LENGTH, seconds) ? NULL : text;      \
    }

FAMILY(char, false, asctime, ctime, _strtime, _strdate)
FAMILY(wchar_t, true, _wasctime, _wctime, _wstrtime, _wstrdate)

/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Dates and times as text, what languages there are. Learn: "GetDateFormatEx", "GetTimeFormatEx",
 * "GetLocaleInfoEx". */
#include "say.h"

static const SYSTEMTIME moment = { 2024, 2, 0, 7, 15, 4, 9, 30 };
static const SYSTEMTIME midnight = { 1999, 12, 0, 31, 0, 30, 0, 0 };

static void dates(void)
{
    WCHAR text[64];
    char narrow[64];
    SYSTEMTIME bad = { 2023, 2, 0, 29, 0, 0, 0, 0 };

    SAY_COUNT(GetDateFormatW(LOCALE_USER_DEFAULT, 0, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetDateFormatW(0x409, DATE_LONGDATE, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetDateFormatW(0x409, DATE_YEARMONTH, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetDateFormatW(0x409, 0, &moment, L"ddd dddd d dd M MM MMM MMMM y yy yyyy", text, 64),
              0);
    SAY_WIDE(text);
    SAY_COUNT(GetDateFormatW(0x409, 0, &moment, L"yyyy-MM-dd", text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetDateFormatW(0x409, 0, &moment, L"'day' d, '''quoted'''", text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetDateFormatW(0x409, 0, &moment, NULL, NULL, 0), 0);
    SAY_COUNT(GetDateFormatW(0x409, 0, &moment, NULL, text, 8), 0);
    SAY_COUNT(GetDateFormatW(0x409, 0, &moment, NULL, text, -1), 0);
    SAY_COUNT(GetDateFormatW(0x409, DATE_SHORTDATE, &moment, L"d", text, 64), 0);
    SAY_COUNT(GetDateFormatW(0x409, DATE_SHORTDATE | DATE_LONGDATE, &moment, NULL, text, 64), 0);
    SAY_COUNT(GetDateFormatW(0x409, 0, &bad, NULL, text, 64), 0);
    SAY_COUNT(GetDateFormatA(0x409, 0, &midnight, "dd MMM yyyy", narrow, 64), 0);
    SAY_NARROW(narrow);
    SAY_COUNT(GetDateFormatEx(L"en-US", 0, &midnight, NULL, text, 64, NULL), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetDateFormatEx(L"en-US", 0, &midnight, NULL, text, 64, L"x"), 0);
    SAY_COUNT(GetDateFormatEx(L"", 0, &midnight, NULL, text, 64, NULL), 0);
    SAY_WIDE(text);
}

static void times(void)
{
    WCHAR text[64];
    char narrow[64];
    SYSTEMTIME bad = { 2023, 2, 0, 28, 24, 0, 0, 0 };

    SAY_COUNT(GetTimeFormatW(LOCALE_USER_DEFAULT, 0, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetTimeFormatW(0x409, 0, &midnight, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetTimeFormatW(0x409, TIME_NOSECONDS, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetTimeFormatW(0x409, TIME_NOMINUTESORSECONDS, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetTimeFormatW(0x409, TIME_NOTIMEMARKER, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetTimeFormatW(0x409, TIME_FORCE24HOURFORMAT, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(
        GetTimeFormatW(0x409, TIME_FORCE24HOURFORMAT | TIME_NOTIMEMARKER, &moment, NULL, text, 64),
        0);
    SAY_WIDE(text);
    SAY_COUNT(GetTimeFormatW(0x409, 0, &moment, L"HH':'mm':'ss h hh m s t tt", text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetTimeFormatW(0x409, 0, &moment, L"HH:mm:ss", NULL, 0), 0);
    SAY_COUNT(GetTimeFormatW(0x409, 0, &moment, L"HH:mm:ss", text, 8), 0);
    SAY_COUNT(GetTimeFormatW(0x409, 0, &moment, L"HH:mm:ss", text, 9), 0);
    SAY_COUNT(GetTimeFormatW(0x409, 0, &bad, NULL, text, 64), 0);
    SAY_COUNT(GetTimeFormatA(0x409, 0, &midnight, "H-m-s", narrow, 64), 0);
    SAY_NARROW(narrow);
    SAY_COUNT(GetTimeFormatEx(L"en-US", 0, &moment, NULL, text, 64), 0);
    SAY_WIDE(text);
}

static void languages(void)
{
    WCHAR text[64];
    DWORD number = 0;

    SAY_NUMBER(GetThreadLocale());
    SAY_NUMBER(GetUserDefaultLCID());
    SAY_COUNT(GetUserDefaultLocaleName(text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetUserDefaultLocaleName(text, 3), 0);
    SAY_COUNT(GetLocaleInfoW(0x409, LOCALE_SSHORTDATE, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetLocaleInfoW(0x409, LOCALE_SDECIMAL, text, 1), 0);
    SAY_COUNT(GetLocaleInfoW(0x409, LOCALE_SENGLANGUAGE, NULL, 0), 0);
    SAY_COUNT(GetLocaleInfoEx(L"en-US", LOCALE_SISO639LANGNAME, text, 64), 0);
    SAY_WIDE(text);
    SAY_COUNT(GetLocaleInfoW(0x409, LOCALE_IDEFAULTANSICODEPAGE | LOCALE_RETURN_NUMBER,
                             (LPWSTR)&number, 2),
              0);
    SAY_NUMBER(number);
    SAY_NUMBER(MulDiv(7, 3, 2));
    SAY_NUMBER(MulDiv(-7, 3, 2));
    SAY_NUMBER(MulDiv(1, 1, 0));
    SAY_NUMBER(MulDiv(0x7fffffff, 2, 1));
}

int wmain(void)
{
    dates();
    times();
    languages();
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* See locale.h. And the questions that programs ask about languages (Learn: "National Language
 * Support Functions"). */
#include "fakes/windows/system/locale.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/wide.h"

#include <stdio.h>
#include <string.h>

#define ENGLISH 0x0409

static const struct locale_texts locales[] = {
    { ENGLISH, "en-US", "M/d/yyyy", "dddd, MMMM d, yyyy", "MMMM yyyy", "h:mm:ss tt" },
    { LOCALE_INVARIANT, "", "MM/dd/yyyy", "dddd, dd MMMM yyyy", "yyyy MMMM", "HH:mm:ss" },
};

const struct locale_texts *locale_of_id(LCID id)
{
    if (id == LOCALE_INVARIANT)
        return &locales[1];
    /* 0, the defaults and neutral English all mean the one that is there. */
    return id == LOCALE_USER_DEFAULT || id == LOCALE_SYSTEM_DEFAULT || id == LOCALE_NEUTRAL ||
                   PRIMARYLANGID(LANGIDFROMLCID(id)) == LANG_ENGLISH
               ? &locales[0]
               : NULL;
}

const struct locale_texts *locale_of_name(LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    if (!utf8 || str_is_equal_nocase(utf8, "!x-sys-default-locale"))
        return &locales[0];
    if (!*utf8)
        return &locales[1];
    return str_is_equal_nocase(utf8, "en-US") || str_is_equal_nocase(utf8, "en") ? &locales[0]
                                                                                 : NULL;
}

LCID WINAPI GetThreadLocale(void)
{
    return ENGLISH;
}

BOOL WINAPI SetThreadLocale(LCID id)
{
    return locale_of_id(id) ? TRUE : win_fail(ERROR_INVALID_PARAMETER);
}

LCID WINAPI GetUserDefaultLCID(void)
{
    return ENGLISH;
}

LCID WINAPI GetSystemDefaultLCID(void)
{
    return ENGLISH;
}

LANGID WINAPI GetUserDefaultLangID(void)
{
    return ENGLISH;
}

LANGID WINAPI GetSystemDefaultLangID(void)
{
    return ENGLISH;
}

LANGID WINAPI GetUserDefaultUILanguage(void)
{
    return ENGLISH;
}

LANGID WINAPI GetSystemDefaultUILanguage(void)
{
    return ENGLISH;
}

static INT fill(const char *text, void *buffer, INT size, bool is_wide)
{
    INT length = (INT)strlen(text) + 1; /* ASCII */

    if (!size)
        return length;
    if (size < length || !buffer) {
        SetLastError(buffer ? ERROR_INSUFFICIENT_BUFFER : ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (is_wide)
        wide_fill(text, buffer, (DWORD)size);
    else
        memcpy(buffer, text, (size_t)length);
    return length;
}

INT WINAPI GetUserDefaultLocaleName(LPWSTR buffer, INT size)
{
    return fill(locales[0].name, buffer, size, true);
}

INT WINAPI GetSystemDefaultLocaleName(LPWSTR buffer, INT size)
{
    return fill(locales[0].name, buffer, size, true);
}

/* clang-format off */
static const struct locale_row {
    LCTYPE type;
    const char *texts[2]; /* English, invariant */
} rows[] = {
    { LOCALE_ILANGUAGE,         { "0409", "007f" } },
    { LOCALE_SNAME,             { "en-US", "" } },
    { LOCALE_SENGLANGUAGE,      { "English", "Invariant Language" } },
    { LOCALE_SENGCOUNTRY,       { "United States", "Invariant Country" } },
    { LOCALE_SISO639LANGNAME,   { "en", "iv" } },
    { LOCALE_SISO3166CTRYNAME,  { "US", "IV" } },
    { LOCALE_SABBREVLANGNAME,   { "ENU", "IVL" } },
    { LOCALE_IDEFAULTANSICODEPAGE, { "1252", "1252" } },
    { LOCALE_IDEFAULTCODEPAGE,  { "437", "437" } },
    { LOCALE_SDECIMAL,          { ".", "." } },
    { LOCALE_STHOUSAND,         { ",", "," } },
    { LOCALE_SGROUPING,         { "3;0", "3;0" } },
    { LOCALE_SLIST,             { ",", "," } },
    { LOCALE_SDATE,             { "/", "/" } },
    { LOCALE_STIME,             { ":", ":" } },
    { LOCALE_SSHORTDATE,        { "M/d/yyyy", "MM/dd/yyyy" } },
    { LOCALE_SLONGDATE,         { "dddd, MMMM d, yyyy", "dddd, dd MMMM yyyy" } },
    { LOCALE_SYEARMONTH,        { "MMMM yyyy", "yyyy MMMM" } },
    { LOCALE_STIMEFORMAT,       { "h:mm:ss tt", "HH:mm:ss" } },
    { LOCALE_SSHORTTIME,        { "h:mm tt", "HH:mm" } },
    { LOCALE_S1159,             { "AM", "AM" } },
    { LOCALE_S2359,             { "PM", "PM" } },
    { LOCALE_ITIME,             { "0", "1" } },
    { LOCALE_IDATE,             { "0", "0" } },
    { LOCALE_IMEASURE,          { "1", "0" } },
    { LOCALE_SCURRENCY,         { "$", "\xC2\xA4" } },
    { LOCALE_SNEGATIVESIGN,     { "-", "-" } },
    { LOCALE_SPOSITIVESIGN,     { "", "+" } },
};
/* clang-format on */

static INT locale_info(const struct locale_texts *locale, LCTYPE type, void *buffer, INT size,
                       bool is_wide)
{
    LCTYPE plain = type & ~(LCTYPE)(LOCALE_NOUSEROVERRIDE | LOCALE_USE_CP_ACP |
                                    LOCALE_RETURN_NUMBER | LOCALE_RETURN_GENITIVE_NAMES);
    unsigned number;

    if (!locale || size < 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *text = rows[i].texts[locale == &locales[1]];
        if (rows[i].type != plain)
            continue;
        if (!(type & LOCALE_RETURN_NUMBER))
            return fill(text, buffer, size, is_wide);
        INT units = (INT)(sizeof(DWORD) / (is_wide ? sizeof(WCHAR) : 1));
        if (sscanf(text, plain == LOCALE_ILANGUAGE ? "%x" : "%u", &number) != 1)
            break;
        if (size && size < units)
            return fill("....", buffer, 1, false); /* says what is wrong */
        if (size)
            memcpy(buffer, &number, sizeof(number));
        return units;
    }
    SetLastError(ERROR_INVALID_FLAGS);
    return 0;
}

INT WINAPI GetLocaleInfoA(LCID id, LCTYPE type, LPSTR buffer, INT size)
{
    return locale_info(locale_of_id(id), type, buffer, size, false);
}

INT WINAPI GetLocaleInfoW(LCID id, LCTYPE type, LPWSTR buffer, INT size)
{
    return locale_info(locale_of_id(id), type, buffer, size, true);
}

INT WINAPI GetLocaleInfoEx(LPCWSTR name, LCTYPE type, LPWSTR buffer, INT size)
{
    return locale_info(locale_of_name(name), type, buffer, size, true);
}

/* Learn: "GetDynamicTimeZoneInformation"; the world has no daylight time. */
DWORD WINAPI GetDynamicTimeZoneInformation(PDYNAMIC_TIME_ZONE_INFORMATION ret_zone)
{
    TIME_ZONE_INFORMATION zone;
    DWORD result = GetTimeZoneInformation(&zone);

    memset(ret_zone, 0, sizeof(*ret_zone));
    memcpy(ret_zone, &zone, sizeof(zone));
    memcpy(ret_zone->TimeZoneKeyName, L"UTC", sizeof(L"UTC"));
    return result;
}

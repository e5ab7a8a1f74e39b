/* SPDX-License-Identifier: MIT */
/* The dates and times of FAT, which archives use, too: two seconds fine, from 1980 to 2107 (Learn:
 * "FileTimeToDosDateTime", "DosDateTimeToFileTime"). */
#include "fakes/windows/last_error.h"

BOOL WINAPI FileTimeToDosDateTime(const FILETIME *from, LPWORD ret_date, LPWORD ret_time)
{
    SYSTEMTIME t;

    if (!FileTimeToSystemTime(from, &t))
        return FALSE;
    if (t.wYear < 1980 || t.wYear > 2107)
        return win_fail(ERROR_INVALID_PARAMETER);
    *ret_date = (WORD)((t.wYear - 1980) << 9 | t.wMonth << 5 | t.wDay);
    *ret_time = (WORD)(t.wHour << 11 | t.wMinute << 5 | t.wSecond / 2);
    return TRUE;
}

BOOL WINAPI DosDateTimeToFileTime(WORD date, WORD time, LPFILETIME ret_time)
{
    const SYSTEMTIME t = { .wYear = (WORD)(1980 + (date >> 9)),
                           .wMonth = date >> 5 & 15,
                           .wDay = date & 31,
                           .wHour = time >> 11,
                           .wMinute = time >> 5 & 63,
                           .wSecond = (WORD)((time & 31) * 2) };

    return SystemTimeToFileTime(&t, ret_time);
}

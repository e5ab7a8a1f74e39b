/* SPDX-License-Identifier: MIT */
/* The time of the world, in the forms of Windows (Learn: "Time Functions"). Local time is UTC. */
#include "emu/port/clock.h"
#include "emu/port/sched.h"
#include "emu/port/world.h"
#include "fakes/windows/last_error.h"

#include <string.h>

#define TICKS_PER_MS      10000
#define TICKS_PER_DAY     INT64_C(864000000000)
#define DAYS_1601_TO_1970 134774

static int64_t ticks_now(void)
{
    struct world_ports *world = world_current();

    sched_look(world->sched);
    return clock_filetime(world->clock);
}

static int64_t since_start_ns(void)
{
    struct world_ports *world = world_current();

    sched_look(world->sched);
    return sched_now(world->sched);
}

static int64_t ticks_of(const FILETIME *time)
{
    return (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

static FILETIME filetime_of(int64_t ticks)
{
    return (FILETIME){ .dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)(ticks >> 32) };
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days from 1601-01-01 to the first day of that year. */
static int64_t days_before_year(int64_t year)
{
    int64_t y = year - 1601;

    return y * 365 + y / 4 - y / 100 + y / 400;
}

/* The day (since 1601-01-01) as year, month and day of the month. */
static void split_day(int64_t days, SYSTEMTIME *time)
{
    int64_t year = 1601 + days * 400 / 146097;
    int month = 1;

    while (days < days_before_year(year))
        year--;
    while (days >= days_before_year(year + 1))
        year++;
    time->wDayOfWeek = (WORD)((days + 1) % 7); /* 1601-01-01 was a Monday */
    days -= days_before_year(year);
    while (days >= days_in_month(year, month))
        days -= days_in_month(year, month++);
    time->wYear = (WORD)year;
    time->wMonth = (WORD)month;
    time->wDay = (WORD)(days + 1);
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *from, LPSYSTEMTIME ret_time)
{
    int64_t ticks = ticks_of(from);

    if (ticks < 0)
        return win_fail(ERROR_INVALID_PARAMETER);
    int64_t ms = ticks % TICKS_PER_DAY / TICKS_PER_MS;
    split_day(ticks / TICKS_PER_DAY, ret_time);
    ret_time->wHour = (WORD)(ms / 3600000);
    ret_time->wMinute = (WORD)(ms / 60000 % 60);
    ret_time->wSecond = (WORD)(ms / 1000 % 60);
    ret_time->wMilliseconds = (WORD)(ms % 1000);
    return TRUE;
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *t, LPFILETIME ret_time)
{
    if (t->wYear < 1601 || t->wYear > 30827 || t->wMonth < 1 || t->wMonth > 12 || t->wDay < 1 ||
        t->wDay > days_in_month(t->wYear, t->wMonth) || t->wHour > 23 || t->wMinute > 59 ||
        t->wSecond > 59 || t->wMilliseconds > 999)
        return win_fail(ERROR_INVALID_PARAMETER);
    int64_t days = days_before_year(t->wYear) + t->wDay - 1;
    for (int month = 1; month < t->wMonth; month++)
        days += days_in_month(t->wYear, month);
    int64_t ms =
        ((t->wHour * INT64_C(60) + t->wMinute) * 60 + t->wSecond) * 1000 + t->wMilliseconds;
    *ret_time = filetime_of(days * TICKS_PER_DAY + ms * TICKS_PER_MS);
    return TRUE;
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *utc, LPFILETIME ret_local)
{
    *ret_local = *utc;
    return TRUE;
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME ret_utc)
{
    *ret_utc = *local;
    return TRUE;
}

LONG WINAPI CompareFileTime(const FILETIME *first, const FILETIME *second)
{
    uint64_t a = (uint64_t)ticks_of(first), b = (uint64_t)ticks_of(second);

    return a < b ? -1 : a > b;
}

/* Minutes that local time lags behind UTC in a zone, without its daylight rules. */
static BOOL shift(const SYSTEMTIME *from, LONG minutes, LPSYSTEMTIME ret_time)
{
    FILETIME time;

    if (!SystemTimeToFileTime(from, &time))
        return FALSE;
    time = filetime_of(ticks_of(&time) - minutes * INT64_C(60000) * TICKS_PER_MS);
    return FileTimeToSystemTime(&time, ret_time);
}

BOOL WINAPI SystemTimeToTzSpecificLocalTime(const TIME_ZONE_INFORMATION *zone,
                                            const SYSTEMTIME *utc, LPSYSTEMTIME ret_local)
{
    return shift(utc, zone ? zone->Bias + zone->StandardBias : 0, ret_local);
}

BOOL WINAPI TzSpecificLocalTimeToSystemTime(const TIME_ZONE_INFORMATION *zone,
                                            const SYSTEMTIME *local, LPSYSTEMTIME ret_utc)
{
    return shift(local, zone ? -(zone->Bias + zone->StandardBias) : 0, ret_utc);
}

DWORD WINAPI GetTimeZoneInformation(LPTIME_ZONE_INFORMATION ret_zone)
{
    memset(ret_zone, 0, sizeof(*ret_zone));
    memcpy(ret_zone->StandardName, L"UTC", sizeof(L"UTC"));
    memcpy(ret_zone->DaylightName, L"UTC", sizeof(L"UTC"));
    return TIME_ZONE_ID_UNKNOWN;
}

VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME ret_time)
{
    *ret_time = filetime_of(ticks_now());
}

VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME ret_time)
{
    *ret_time = filetime_of(ticks_now());
}

VOID WINAPI GetSystemTime(LPSYSTEMTIME ret_time)
{
    FILETIME now = filetime_of(ticks_now());

    FileTimeToSystemTime(&now, ret_time);
}

VOID WINAPI GetLocalTime(LPSYSTEMTIME ret_time)
{
    GetSystemTime(ret_time);
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return (ULONGLONG)(since_start_ns() / SCHED_MS);
}

DWORD WINAPI GetTickCount(void)
{
    return (DWORD)GetTickCount64();
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *ret_count)
{
    ret_count->QuadPart = since_start_ns() / 100;
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *ret_frequency)
{
    ret_frequency->QuadPart = 10000000;
    return TRUE;
}

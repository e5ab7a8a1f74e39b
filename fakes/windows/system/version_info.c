/* SPDX-License-Identifier: MIT */
/* Versions of Windows and what the machine is (Learn: "System Information Functions"): the world's
 * Windows (`--windows`), one processor, 4 GiB of memory. */
#include "emu/base/variables.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/version.h"
#include "fakes/windows/wide.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

DWORD WINAPI GetVersion(void)
{
    const struct windows_release *release = windows_release_current();

    return release->build << 16 | release->minor << 8 | release->major;
}

/* Learn: "GetVersionExW": answers Windows 8 (6.2) to a program whose manifest does not name a newer
 * one. Deviation: programs here have no manifest and are told the truth. */
BOOL WINAPI GetVersionExW(OSVERSIONINFOW *info)
{
    const struct windows_release *release = windows_release_current();
    OSVERSIONINFOEXW *more = (OSVERSIONINFOEXW *)info;

    if (info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOW) &&
        info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXW))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    info->dwMajorVersion = release->major;
    info->dwMinorVersion = release->minor;
    info->dwBuildNumber = release->build;
    info->dwPlatformId = VER_PLATFORM_WIN32_NT;
    memset(info->szCSDVersion, 0, sizeof(info->szCSDVersion));
    wide_fill(release->service_pack, info->szCSDVersion, 128);
    if (info->dwOSVersionInfoSize < sizeof(OSVERSIONINFOEXW))
        return TRUE;
    more->wServicePackMajor =
        *release->service_pack ? (WORD)(release->service_pack[strlen("Service Pack ")] - '0') : 0;
    more->wServicePackMinor = 0;
    more->wSuiteMask = VER_SUITE_TERMINAL | VER_SUITE_SINGLEUSERTS;
    more->wProductType = VER_NT_SERVER;
    more->wReserved = 0;
    return TRUE;
}

BOOL WINAPI GetVersionExA(OSVERSIONINFOA *info)
{
    OSVERSIONINFOEXW wide = { .dwOSVersionInfoSize = sizeof(wide) };
    OSVERSIONINFOEXA *more = (OSVERSIONINFOEXA *)info;

    if (info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOA) &&
        info->dwOSVersionInfoSize != sizeof(OSVERSIONINFOEXA))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    GetVersionExW((OSVERSIONINFOW *)&wide);
    info->dwMajorVersion = wide.dwMajorVersion;
    info->dwMinorVersion = wide.dwMinorVersion;
    info->dwBuildNumber = wide.dwBuildNumber;
    info->dwPlatformId = wide.dwPlatformId;
    memset(info->szCSDVersion, 0, sizeof(info->szCSDVersion));
    narrow_fill(windows_release_current()->service_pack, info->szCSDVersion, 128);
    if (info->dwOSVersionInfoSize < sizeof(OSVERSIONINFOEXA))
        return TRUE;
    more->wServicePackMajor = wide.wServicePackMajor;
    more->wServicePackMinor = 0;
    more->wSuiteMask = wide.wSuiteMask;
    more->wProductType = wide.wProductType;
    more->wReserved = 0;
    return TRUE;
}

NTSTATUS WINAPI RtlGetVersion(RTL_OSVERSIONINFOEXW *info);

NTSTATUS WINAPI RtlGetVersion(RTL_OSVERSIONINFOEXW *info)
{
    DWORD size = info->dwOSVersionInfoSize;

    if (size != sizeof(OSVERSIONINFOEXW))
        info->dwOSVersionInfoSize = sizeof(OSVERSIONINFOW);
    GetVersionExW((OSVERSIONINFOW *)info);
    info->dwOSVersionInfoSize = size;
    return 0;
}

/* ---- comparing ---- */

/* Three bits for each thing that may be asked about, in the order of their VER_ bits. */
ULONGLONG WINAPI VerSetConditionMask(ULONGLONG mask, DWORD types, BYTE condition)
{
    unsigned place = 0;

    if (!types || !(condition & 7))
        return mask;
    while (!(types >> place & 1))
        place++;
    return place < 8 ? mask | (ULONGLONG)(condition & 7) << place * 3 : mask;
}

static DWORD condition_of(ULONGLONG mask, DWORD type)
{
    unsigned place = 0;

    while (!(type >> place & 1))
        place++;
    return (DWORD)(mask >> place * 3 & 7);
}

static bool holds(DWORD have, DWORD want, DWORD condition)
{
    switch (condition) {
    case VER_EQUAL:
        return have == want;
    case VER_GREATER:
        return have > want;
    case VER_GREATER_EQUAL:
        return have >= want;
    case VER_LESS:
        return have < want;
    case VER_LESS_EQUAL:
        return have <= want;
    default:
        return false;
    }
}

/* Major, minor and service pack are one number, compared by the condition of the most significant
 * part that is asked about and, where that is equal, by the next. */
static bool version_holds(const OSVERSIONINFOEXW *have, const OSVERSIONINFOEXW *want, DWORD types,
                          ULONGLONG mask)
{
    const struct {
        DWORD type, have, want;
    } parts[] = {
        { VER_MAJORVERSION, have->dwMajorVersion, want->dwMajorVersion },
        { VER_MINORVERSION, have->dwMinorVersion, want->dwMinorVersion },
        { VER_SERVICEPACKMAJOR, have->wServicePackMajor, want->wServicePackMajor },
        { VER_SERVICEPACKMINOR, have->wServicePackMinor, want->wServicePackMinor },
    };
    DWORD condition = 0;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (!(types & parts[i].type))
            continue;
        if (!condition)
            condition = condition_of(mask, parts[i].type);
        if (parts[i].have != parts[i].want)
            return holds(parts[i].have, parts[i].want, condition);
    }
    return !condition || holds(0, 0, condition);
}

static bool suite_holds(const OSVERSIONINFOEXW *have, const OSVERSIONINFOEXW *want, ULONGLONG mask)
{
    DWORD common = have->wSuiteMask & want->wSuiteMask;

    return condition_of(mask, VER_SUITENAME) == VER_AND ? common == want->wSuiteMask
                                                        : common || !want->wSuiteMask;
}

BOOL WINAPI VerifyVersionInfoW(LPOSVERSIONINFOEXW want, DWORD types, DWORDLONG mask)
{
    const DWORD version =
        VER_MAJORVERSION | VER_MINORVERSION | VER_SERVICEPACKMAJOR | VER_SERVICEPACKMINOR;
    OSVERSIONINFOEXW have = { .dwOSVersionInfoSize = sizeof(have) };
    bool is_good = true;

    if (!types || !mask)
        return win_fail(ERROR_BAD_ARGUMENTS);
    GetVersionExW((OSVERSIONINFOW *)&have);
    if (types & VER_PRODUCT_TYPE)
        is_good =
            holds(have.wProductType, want->wProductType, condition_of(mask, VER_PRODUCT_TYPE));
    if (types & VER_SUITENAME)
        is_good = is_good && suite_holds(&have, want, mask);
    if (types & VER_PLATFORMID)
        is_good = is_good &&
                  holds(have.dwPlatformId, want->dwPlatformId, condition_of(mask, VER_PLATFORMID));
    if (types & VER_BUILDNUMBER)
        is_good = is_good && holds(have.dwBuildNumber, want->dwBuildNumber,
                                   condition_of(mask, VER_BUILDNUMBER));
    if (types & version)
        is_good = is_good && version_holds(&have, want, types, mask);
    return is_good ? TRUE : win_fail(ERROR_OLD_WIN_VERSION);
}

BOOL WINAPI VerifyVersionInfoA(LPOSVERSIONINFOEXA want, DWORD types, DWORDLONG mask)
{
    OSVERSIONINFOEXW wide = { .dwOSVersionInfoSize = sizeof(wide),
                              .dwMajorVersion = want->dwMajorVersion,
                              .dwMinorVersion = want->dwMinorVersion,
                              .dwBuildNumber = want->dwBuildNumber,
                              .dwPlatformId = want->dwPlatformId,
                              .wServicePackMajor = want->wServicePackMajor,
                              .wServicePackMinor = want->wServicePackMinor,
                              .wSuiteMask = want->wSuiteMask,
                              .wProductType = want->wProductType };

    return VerifyVersionInfoW(&wide, types, mask);
}

/* ---- the machine ---- */

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO ret_info)
{
    memset(ret_info, 0, sizeof(*ret_info));
    ret_info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    ret_info->dwPageSize = 4096;
    ret_info->lpMinimumApplicationAddress = (LPVOID)0x10000;
    ret_info->lpMaximumApplicationAddress = (LPVOID)0x7ffffffeffff;
    ret_info->dwActiveProcessorMask = 1;
    ret_info->dwNumberOfProcessors = 1;
    ret_info->dwProcessorType = PROCESSOR_AMD_X8664;
    ret_info->dwAllocationGranularity = 65536;
    ret_info->wProcessorLevel = 6;
}

VOID WINAPI GetNativeSystemInfo(LPSYSTEM_INFO ret_info)
{
    GetSystemInfo(ret_info);
}

BOOL WINAPI IsWow64Process(HANDLE process, PBOOL ret_is_wow64)
{
    if (!GetProcessId(process))
        return FALSE;
    *ret_is_wow64 = FALSE;
    return TRUE;
}

#define MEMORY (UINT64_C(4) << 30)

BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX status)
{
    if (status->dwLength != sizeof(*status))
        return win_fail(ERROR_INVALID_PARAMETER);
    *status = (MEMORYSTATUSEX){ .dwLength = sizeof(*status),
                                .dwMemoryLoad = 50,
                                .ullTotalPhys = MEMORY,
                                .ullAvailPhys = MEMORY / 2,
                                .ullTotalPageFile = MEMORY * 2,
                                .ullAvailPageFile = MEMORY * 3 / 2,
                                .ullTotalVirtual = UINT64_C(0x7fffffff0000),
                                .ullAvailVirtual = UINT64_C(0x7fff00000000) };
    return TRUE;
}

VOID WINAPI GlobalMemoryStatus(LPMEMORYSTATUS status)
{
    *status = (MEMORYSTATUS){ .dwLength = sizeof(*status),
                              .dwMemoryLoad = 50,
                              .dwTotalPhys = MEMORY,
                              .dwAvailPhys = MEMORY / 2,
                              .dwTotalPageFile = MEMORY * 2,
                              .dwAvailPageFile = MEMORY * 3 / 2,
                              .dwTotalVirtual = UINT64_C(0x7fffffff0000),
                              .dwAvailVirtual = UINT64_C(0x7fff00000000) };
}

/* ---- narrow twins of what environment.c has ---- */

UINT WINAPI GetWindowsDirectoryA(LPSTR buffer, UINT size)
{
    return narrow_fill("C:\\Windows", buffer, size);
}

UINT WINAPI GetSystemWindowsDirectoryA(LPSTR buffer, UINT size)
{
    return narrow_fill("C:\\Windows", buffer, size);
}

UINT WINAPI GetSystemDirectoryA(LPSTR buffer, UINT size)
{
    return narrow_fill("C:\\Windows\\system32", buffer, size);
}

BOOL WINAPI GetUserNameA(LPSTR buffer, LPDWORD size)
{
    static const char name[] = VARIABLES_USER;

    if (!buffer || *size < sizeof(name)) {
        *size = sizeof(name);
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(buffer, name, sizeof(name));
    *size = sizeof(name);
    return TRUE;
}

BOOL WINAPI GetComputerNameExA(COMPUTER_NAME_FORMAT format, LPSTR buffer, LPDWORD size)
{
    WCHAR wide[64];
    DWORD length = 64;

    if (!GetComputerNameExW(format, wide, &length))
        return FALSE;
    if (!buffer || *size <= length) {
        *size = length + 1;
        return win_fail(ERROR_MORE_DATA);
    }
    for (DWORD i = 0; i <= length; i++)
        buffer[i] = (char)wide[i];
    *size = length;
    return TRUE;
}

/* Learn: "MulDiv": rounded to the nearest, -1 when it does not fit. */
INT WINAPI MulDiv(INT number, INT numerator, INT denominator)
{
    if (!denominator)
        return -1;
    long long product = (long long)number * numerator;
    long long half = denominator < 0 ? -(long long)denominator : denominator;
    long long size = denominator < 0 ? -(long long)denominator : denominator;
    bool is_negative = (product < 0) != (denominator < 0);
    long long result = ((product < 0 ? -product : product) + half / 2) / size;

    if (result > INT32_MAX)
        return -1;
    return (INT)(is_negative ? -result : result);
}

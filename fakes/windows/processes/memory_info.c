/* SPDX-License-Identifier: MIT */
/* Which processes there are, and how much memory one has (Learn: "EnumProcesses",
 * "GetProcessMemoryInfo"), under the names of kernel32 and of psapi. Deviation: a program sees
 * itself alone among the processes, and only its own memory is known. */
#include "fakes/windows/last_error.h"
#include "fakes/windows/process.h"

#define PSAPI_VERSION 1 /* the plain names; the others are written out */
#include <psapi.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

BOOL WINAPI K32EnumProcesses(DWORD *ids, DWORD size, DWORD *ret_size);
BOOL WINAPI K32GetProcessMemoryInfo(HANDLE handle, PPROCESS_MEMORY_COUNTERS ret, DWORD size);

BOOL WINAPI K32EnumProcesses(DWORD *ids, DWORD size, DWORD *ret_size)
{
    DWORD n = size / sizeof(*ids) ? 1 : 0;

    if (n)
        ids[0] = GetCurrentProcessId();
    *ret_size = n * (DWORD)sizeof(*ids);
    return TRUE;
}

BOOL WINAPI EnumProcesses(DWORD *ids, DWORD size, DWORD *ret_size)
{
    return K32EnumProcesses(ids, size, ret_size);
}

static SIZE_T resident_bytes(void)
{
    unsigned long all, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (file && fscanf(file, "%lu %lu", &all, &resident) != 2)
        resident = 0;
    if (file)
        fclose(file);
    return resident * (SIZE_T)sysconf(_SC_PAGESIZE);
}

BOOL WINAPI K32GetProcessMemoryInfo(HANDLE handle, PPROCESS_MEMORY_COUNTERS ret, DWORD size)
{
    auto_object struct object *object = handle_get(handle, &process_class, 0);
    struct rusage usage;

    if (!object)
        return FALSE;
    if (size < sizeof(*ret))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    if (!process_is_current((struct process *)object))
        return win_fail(ERROR_ACCESS_DENIED);
    getrusage(RUSAGE_SELF, &usage);
    memset(ret, 0, size);
    ret->cb = size;
    ret->PageFaultCount = (DWORD)(usage.ru_minflt + usage.ru_majflt);
    ret->WorkingSetSize = ret->PagefileUsage = resident_bytes();
    ret->PeakWorkingSetSize = (SIZE_T)usage.ru_maxrss * 1024;
    if (ret->PeakWorkingSetSize < ret->WorkingSetSize) /* some hosts do not count it */
        ret->PeakWorkingSetSize = ret->WorkingSetSize;
    ret->PeakPagefileUsage = ret->PeakWorkingSetSize;
    return TRUE;
}

BOOL WINAPI GetProcessMemoryInfo(HANDLE handle, PPROCESS_MEMORY_COUNTERS ret, DWORD size)
{
    return K32GetProcessMemoryInfo(handle, ret, size);
}

/* SPDX-License-Identifier: MIT */
/* run: world */
/* Job objects and times of processes. Learn: "Job Objects", "GetProcessTimes". */
#include "say.h"

static WCHAR own[MAX_PATH];

static BOOL start(PROCESS_INFORMATION *ret)
{
    STARTUPINFOW startup;
    WCHAR line[600];

    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    swprintf(line, 600, L"\"%ls\" child", own);
    return CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, ret);
}

static void end(PROCESS_INFORMATION *process)
{
    DWORD code = 77;

    SAY_WAIT(WaitForSingleObject(process->hProcess, INFINITE));
    SAY_BOOL(GetExitCodeProcess(process->hProcess, &code));
    SAY_NUMBER(code);
    CloseHandle(process->hThread);
    CloseHandle(process->hProcess);
}

static void numbers(HANDLE job, const PROCESS_INFORMATION *process)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION accounting;
    JOBOBJECT_BASIC_PROCESS_ID_LIST list;
    BOOL is_in = 77;

    SAY_BOOL(IsProcessInJob(process->hProcess, job, &is_in));
    SAY_NUMBER(is_in);
    if (SAY_BOOL(QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &accounting,
                                           sizeof(accounting), NULL))) {
        SAY_NUMBER(accounting.TotalProcesses);
        SAY_NUMBER(accounting.ActiveProcesses);
    }
    if (SAY_BOOL(QueryInformationJobObject(job, JobObjectBasicProcessIdList, &list, sizeof(list),
                                           NULL))) {
        SAY_NUMBER(list.NumberOfAssignedProcesses);
        if (list.NumberOfProcessIdsInList)
            SAY_NUMBER(list.ProcessIdList[0] == process->dwProcessId);
    }
}

static void terminated(void)
{
    HANDLE job = SAY_HANDLE(CreateJobObjectW(NULL, NULL));
    PROCESS_INFORMATION process;

    if (!start(&process))
        return;
    SAY_BOOL(AssignProcessToJobObject(job, process.hProcess));
    numbers(job, &process);
    SAY_WAIT(WaitForSingleObject(job, 0));
    SAY_BOOL(TerminateJobObject(job, 55));
    end(&process);
    SAY_BOOL(CloseHandle(job));
    SAY_BOOL(TerminateJobObject(job, 55));
    SAY_BOOL(AssignProcessToJobObject(NULL, GetCurrentProcess()));
}

static void closed(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    PROCESS_INFORMATION process;

    memset(&limits, 0, sizeof(limits));
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    SAY_BOOL(SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, 8));
    SAY_BOOL(
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits)));
    if (!start(&process))
        return;
    SAY_BOOL(AssignProcessToJobObject(job, process.hProcess));
    SAY_BOOL(CloseHandle(job));
    end(&process);
}

static void times(void)
{
    FILETIME created, ended, kernel, user, now;
    PROCESS_INFORMATION process;

    SAY_BOOL(GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user));
    GetSystemTimeAsFileTime(&now);
    SAY_NUMBER(CompareFileTime(&created, &now) <= 0);
    SAY_BOOL(GetProcessTimes(NULL, &created, &ended, &kernel, &user));
    if (!start(&process))
        return;
    TerminateProcess(process.hProcess, 3);
    WaitForSingleObject(process.hProcess, INFINITE);
    SAY_BOOL(GetProcessTimes(process.hProcess, &created, &ended, &kernel, &user));
    SAY_NUMBER(CompareFileTime(&now, &created) <= 0);
    SAY_NUMBER(CompareFileTime(&created, &ended) <= 0);
    end(&process);
}

int wmain(int n, WCHAR **words)
{
    if (n > 1 && !wcscmp(words[1], L"child"))
        Sleep(60000);
    GetModuleFileNameW(NULL, own, MAX_PATH);
    terminated();
    closed();
    times();
    return 0;
}

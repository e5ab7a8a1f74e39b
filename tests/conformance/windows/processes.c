/* SPDX-License-Identifier: MIT */
/* run: world */
/* Starting this program again: what the child is told, its exit code, waiting, ending it. Learn:
 * "CreateProcessW", "GetExitCodeProcess", "TerminateProcess". */
#include "say.h"

static WCHAR own[MAX_PATH];

static int child(int n, WCHAR **words)
{
    WCHAR value[32];

    if (!wcscmp(words[2], L"code"))
        return _wtoi(words[3]);
    if (!wcscmp(words[2], L"words"))
        for (int i = 3; i < n; i++)
            SAY_WIDE(words[i]);
    if (!wcscmp(words[2], L"variable") &&
        SAY_COUNT(GetEnvironmentVariableW(L"SAY_IT", value, 32), 0))
        SAY_WIDE(value);
    if (!wcscmp(words[2], L"sleep"))
        Sleep(INFINITE);
    return 0;
}

static BOOL start(LPCWSTR rest, DWORD flags, void *environment, PROCESS_INFORMATION *ret)
{
    STARTUPINFOW startup;
    WCHAR line[600];

    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    wcscpy(line, L"\"");
    wcscat(line, own);
    wcscat(line, L"\" child ");
    wcscat(line, rest);
    /* Nothing is said before the child has ended: both write to one stream. */
    BOOL result =
        CreateProcessW(NULL, line, NULL, NULL, TRUE, flags, environment, NULL, &startup, ret);
    if (!result)
        say("CreateProcessW: error %u", (unsigned)GetLastError());
    return result;
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

static void children(void)
{
    static const WCHAR block[] = L"SAY_IT=from the block\0OTHER=1\0";
    PROCESS_INFORMATION process;
    DWORD code = 0;

    if (start(L"code 7", 0, NULL, &process))
        end(&process);
    if (start(L"words \"a b\" c\\\"d \"\" e\\\\", 0, NULL, &process))
        end(&process);
    SetEnvironmentVariableW(L"SAY_IT", L"inherited");
    if (start(L"variable", 0, NULL, &process))
        end(&process);
    if (start(L"variable", CREATE_UNICODE_ENVIRONMENT, (void *)block, &process))
        end(&process);
    if (start(L"sleep", 0, NULL, &process)) {
        SAY_WAIT(WaitForSingleObject(process.hProcess, 0));
        SAY_BOOL(GetExitCodeProcess(process.hProcess, &code));
        SAY_NUMBER(code == STILL_ACTIVE);
        SAY_BOOL(TerminateProcess(process.hProcess, 1234));
        SAY_NUMBER(GetProcessId(process.hProcess) == process.dwProcessId);
        end(&process);
    }
}

static void failures(void)
{
    STARTUPINFOW startup;
    PROCESS_INFORMATION process;
    WCHAR line[] = L"no_such_program_here and words";

    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    SAY_BOOL(CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    SAY_BOOL(CreateProcessW(L"no_such_program_here", line, NULL, NULL, FALSE, 0, NULL, NULL,
                            &startup, &process));
    SAY_HANDLE(OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, 3));
    SAY_BOOL(GetExitCodeProcess(NULL, NULL));
}

int wmain(int n, WCHAR **words)
{
    if (n > 2 && !wcscmp(words[1], L"child"))
        return child(n, words);
    GetModuleFileNameW(NULL, own, MAX_PATH);
    children();
    failures();
    return 0;
}

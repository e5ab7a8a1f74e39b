/* SPDX-License-Identifier: MIT */
/* Starts programs as a requester starts its scripts, and tells how it went: PARENT LINE
 * [APPLICATION [DIRECTORY]]. "suspended" as the line asks for CREATE_SUSPENDED. */
#include <windows.h>

#include <stdio.h>

int wmain(int n, WCHAR **words)
{
    STARTUPINFOW startup = { .cb = sizeof(startup) };
    PROCESS_INFORMATION process;
    DWORD code = 0, begin = GetTickCount();
    DWORD flags = n > 1 && !lstrcmpW(words[1], L"suspended") ? CREATE_SUSPENDED : 0;
    LPCWSTR application = n > 2 && *words[2] ? words[2] : NULL;

    if (!CreateProcessW(application, words[1], NULL, NULL, FALSE, flags, NULL,
                        n > 3 ? words[3] : NULL, &startup, &process)) {
        printf("error %u\n", (unsigned)GetLastError());
        return 1;
    }
    DWORD waited = WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    printf("wait %u, code %u, %u ms\n", (unsigned)waited, (unsigned)code,
           (unsigned)(GetTickCount() - begin));
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return 0;
}

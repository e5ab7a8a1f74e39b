/* SPDX-License-Identifier: MIT */
/* For test_inheritance.py: "parent KIND FILE LINE" makes an inheritable object and starts LINE, in
 * which %d stands for the value of its handle; "child KIND VALUE" uses it. For test_processes.py:
 * "child world FILE" looks at the volumes. */
#include <windows.h>

#include <stdio.h>
#include <wchar.h>

static SECURITY_ATTRIBUTES inheritable = { sizeof(inheritable), NULL, TRUE };

static void show(const char *what, BOOL result)
{
    printf("%s: %s", what, result ? "yes" : "no");
    if (!result)
        printf(", error %u", (unsigned)GetLastError());
    printf("\n");
    fflush(stdout);
}

static HANDLE make(const WCHAR *kind, const WCHAR *file)
{
    if (!wcscmp(kind, L"event"))
        return CreateEventW(&inheritable, TRUE, FALSE, NULL);
    if (!wcscmp(kind, L"file"))
        return CreateFileW(file, GENERIC_READ | GENERIC_WRITE, 0, &inheritable, OPEN_ALWAYS, 0,
                           NULL);
    return CreateWaitableTimerW(&inheritable, TRUE, NULL);
}

static int parent(const WCHAR *kind, const WCHAR *file, const WCHAR *format)
{
    STARTUPINFOW startup = { .cb = sizeof(startup) };
    PROCESS_INFORMATION process;
    HANDLE handle = make(kind, file), copy;
    LARGE_INTEGER none = { .QuadPart = 0 }, at;
    WCHAR line[1000];
    DWORD code, n;

    swprintf(line, 1000, format, (int)(UINT_PTR)handle);
    if (!wcscmp(kind, L"file"))
        WriteFile(handle, "parent\n", 7, &n, NULL);
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
        show("start", FALSE);
        return 1;
    }
    if (!wcscmp(kind, L"event"))
        show("set by the child", WaitForSingleObject(handle, 60000) == WAIT_OBJECT_0);
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    if (!wcscmp(kind, L"file") && SetFilePointerEx(handle, none, &at, FILE_CURRENT))
        printf("at %d\n", (int)at.QuadPart);
    if (!wcscmp(kind, L"timer"))
        show("duplicated", DuplicateHandle(process.hProcess, handle, GetCurrentProcess(), &copy, 0,
                                           FALSE, DUPLICATE_SAME_ACCESS));
    printf("code %u\n", (unsigned)code);
    return 0;
}

/* The volumes of the parent, as far as this process has them. */
static int see_world(const WCHAR *file)
{
    char text[40] = "";
    DWORD n;
    HANDLE handle = CreateFileW(file, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);

    show("read", ReadFile(handle, text, 39, &n, NULL));
    printf("text: %s\n", text);
    CloseHandle(handle);
    show("changed", SetFileAttributesW(file, FILE_ATTRIBUTE_HIDDEN));
    handle = CreateFileW(L"C:\\of the child", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    show("made", handle != INVALID_HANDLE_VALUE);
    printf("process %u\n", (unsigned)GetCurrentProcessId());
    return 0;
}

static int child(const WCHAR *kind, HANDLE handle)
{
    DWORD n;

    if (!wcscmp(kind, L"event"))
        show("set", SetEvent(handle));
    else if (!wcscmp(kind, L"file"))
        show("written", WriteFile(handle, "child\n", 6, &n, NULL));
    else
        show("cancelled", CancelWaitableTimer(handle));
    show("no list in the environment", !GetEnvironmentVariableW(L"VSSEMU_HANDLES", NULL, 0) &&
                                           GetLastError() == ERROR_ENVVAR_NOT_FOUND);
    return 0;
}

int wmain(int n, WCHAR **words)
{
    if (n > 4 && !wcscmp(words[1], L"parent"))
        return parent(words[2], words[3], words[4]);
    if (n > 3 && !wcscmp(words[2], L"world"))
        return see_world(words[3]);
    return n > 3 ? child(words[2], (HANDLE)(UINT_PTR)_wtoi(words[3])) : 2;
}

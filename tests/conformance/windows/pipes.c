/* SPDX-License-Identifier: MIT */
/* run: world */
/* A child's output through a pipe, and a pipe between two threads. Learn: "Creating a Child Process
 * with Redirected Input and Output", "Anonymous Pipe Operations". */
#include "say.h"

static HANDLE reader, writer;

static DWORD WINAPI write_later(void *argument)
{
    DWORD n;

    (void)argument;
    Sleep(20);
    WriteFile(writer, "from a thread", 13, &n, NULL);
    CloseHandle(writer);
    return 0;
}

static void read_all(void)
{
    char text[64];
    DWORD n = 0, length = 0;

    while (ReadFile(reader, text + length, sizeof(text) - 1 - length, &n, NULL) && n)
        length += n;
    say("error %u", (unsigned)GetLastError());
    SAY_NARROW_N(text, length);
    CloseHandle(reader);
}

static void child_output(WCHAR *own)
{
    SECURITY_ATTRIBUTES inherited = { sizeof(inherited), NULL, TRUE };
    PROCESS_INFORMATION process;
    STARTUPINFOW startup;
    WCHAR line[600];

    SAY_BOOL(CreatePipe(&reader, &writer, &inherited, 0));
    SetHandleInformation(reader, HANDLE_FLAG_INHERIT, 0);
    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = writer;
    startup.hStdError = writer;
    wcscpy(line, L"\"");
    wcscat(line, own);
    wcscat(line, L"\" child");
    SAY_BOOL(CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process));
    CloseHandle(writer);
    read_all();
    SAY_WAIT(WaitForSingleObject(process.hProcess, INFINITE));
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
}

static void between_threads(void)
{
    DWORD n = 7;

    SAY_BOOL(CreatePipe(&reader, &writer, NULL, 0));
    SAY_BOOL(PeekNamedPipe(reader, NULL, 0, NULL, &n, NULL));
    SAY_NUMBER(n);
    HANDLE thread = CreateThread(NULL, 0, write_later, NULL, 0, NULL);
    read_all();
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

int wmain(int n, WCHAR **words)
{
    WCHAR own[MAX_PATH];
    DWORD written;

    (void)words;
    if (n > 1)
        return WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "said by the child", 17, &written, NULL)
                   ? 0
                   : 1;
    GetModuleFileNameW(NULL, own, MAX_PATH);
    child_output(own);
    between_threads();
    return 0;
}

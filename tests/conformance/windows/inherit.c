/* SPDX-License-Identifier: MIT */
/* run: world */
/* Handles that a child inherits, at the same values: events, mutexes, semaphores, pipes, files,
 * sections, processes. Learn: "Handle Inheritance", "CreateProcessW",
 * "UpdateProcThreadAttribute". */
#include "say.h"

static WCHAR own[MAX_PATH];
static SECURITY_ATTRIBUTES inheritable = { sizeof(inheritable), NULL, TRUE };

/* ---- the child ---- */

static void use_file(HANDLE file)
{
    LARGE_INTEGER none = { .QuadPart = 0 }, at;
    DWORD n;

    SAY_BOOL(WriteFile(file, "child ", 6, &n, NULL));
    if (SAY_BOOL(SetFilePointerEx(file, none, &at, FILE_CURRENT)))
        SAY_NUMBER(at.QuadPart);
}

static void use_process(HANDLE process, HANDLE id)
{
    DWORD code = 77;

    SAY_NUMBER(GetProcessId(process) == (DWORD)(UINT_PTR)id);
    SAY_WAIT(WaitForSingleObject(process, 0));
    SAY_BOOL(GetExitCodeProcess(process, &code));
    SAY_NUMBER(code);
}

static void use_section(HANDLE section)
{
    char *view = SAY_POINTER(MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0));

    if (view)
        strcpy(view, "from the child");
}

static int child(WCHAR **words)
{
    HANDLE a = (HANDLE)(UINT_PTR)_wtoi(words[3]), b = (HANDLE)(UINT_PTR)_wtoi(words[4]);
    DWORD flags = 77, n = GetCurrentProcessId();
    LONG previous = 77;

    if (!wcscmp(words[2], L"set") && SAY_BOOL(SetEvent(a)) &&
        SAY_BOOL(GetHandleInformation(a, &flags)))
        SAY_NUMBER(flags);
    if (!wcscmp(words[2], L"both")) {
        SAY_BOOL(SetEvent(a));
        SAY_BOOL(SetEvent(b));
    }
    if (!wcscmp(words[2], L"answer")) {
        SAY_WAIT(WaitForSingleObject(a, INFINITE));
        SAY_BOOL(SetEvent(b));
    }
    if (!wcscmp(words[2], L"wait"))
        SAY_WAIT(WaitForSingleObject(a, 0));
    if (!wcscmp(words[2], L"release") && SAY_BOOL(ReleaseSemaphore(a, 2, &previous)))
        SAY_NUMBER(previous);
    if (!wcscmp(words[2], L"id"))
        SAY_BOOL(WriteFile(a, &n, sizeof(n), &flags, NULL));
    if (!wcscmp(words[2], L"file"))
        use_file(a);
    if (!wcscmp(words[2], L"process"))
        use_process(a, b);
    if (!wcscmp(words[2], L"section"))
        use_section(a);
    return 7;
}

/* ---- the parent ---- */

static BOOL start(LPCWSTR what, HANDLE a, HANDLE b, BOOL inherits,
                  LPPROC_THREAD_ATTRIBUTE_LIST list, PROCESS_INFORMATION *ret)
{
    STARTUPINFOEXW startup;
    WCHAR line[600];

    memset(&startup, 0, sizeof(startup));
    startup.StartupInfo.cb = list ? sizeof(startup) : sizeof(startup.StartupInfo);
    startup.lpAttributeList = list;
    swprintf(line, 600, L"\"%ls\" child %ls %d %d", own, what, (int)(UINT_PTR)a, (int)(UINT_PTR)b);
    return CreateProcessW(NULL, line, NULL, NULL, inherits, list ? EXTENDED_STARTUPINFO_PRESENT : 0,
                          NULL, NULL, &startup.StartupInfo, ret);
}

static void end(PROCESS_INFORMATION *process)
{
    WaitForSingleObject(process->hProcess, INFINITE);
    CloseHandle(process->hThread);
    CloseHandle(process->hProcess);
}

static void run(LPCWSTR what, HANDLE a, HANDLE b, BOOL inherits)
{
    PROCESS_INFORMATION process;

    if (start(what, a, b, inherits, NULL, &process))
        end(&process);
    else
        say("%ls: error %u", what, (unsigned)GetLastError());
}

static void events(void)
{
    HANDLE event = CreateEventW(&inheritable, FALSE, FALSE, NULL), other, copy;
    PROCESS_INFORMATION process;

    run(L"set", event, NULL, TRUE);
    SAY_WAIT(WaitForSingleObject(event, 0));
    run(L"set", event, NULL, FALSE);
    SAY_WAIT(WaitForSingleObject(event, 0));
    SAY_BOOL(SetHandleInformation(event, HANDLE_FLAG_INHERIT, 0));
    run(L"set", event, NULL, TRUE);
    SAY_BOOL(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, TRUE,
                             DUPLICATE_SAME_ACCESS));
    run(L"set", copy, NULL, TRUE);
    SAY_WAIT(WaitForSingleObject(event, 0));
    SAY_BOOL(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, SYNCHRONIZE,
                             TRUE, 0));
    run(L"set", copy, NULL, TRUE);
    other = CreateEventW(&inheritable, TRUE, FALSE, NULL);
    SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    if (start(L"answer", event, other, TRUE, NULL, &process)) {
        SetEvent(event);
        WaitForSingleObject(process.hProcess, INFINITE);
        SAY_WAIT(WaitForSingleObject(other, 0));
        end(&process);
    }
}

static void mutexes_and_semaphores(void)
{
    HANDLE mutex = CreateMutexW(&inheritable, TRUE, NULL);
    HANDLE semaphore = CreateSemaphoreW(&inheritable, 1, 5, NULL);

    run(L"wait", mutex, NULL, TRUE);
    SAY_BOOL(ReleaseMutex(mutex));
    run(L"wait", mutex, NULL, TRUE);
    SAY_WAIT(WaitForSingleObject(mutex, 0));
    SAY_BOOL(ReleaseMutex(mutex));
    run(L"release", semaphore, NULL, TRUE);
    for (int i = 0; i < 4; i++)
        SAY_WAIT(WaitForSingleObject(semaphore, 0));
}

static void pipes_and_files(void)
{
    LARGE_INTEGER none = { .QuadPart = 0 }, at;
    HANDLE ends[2], file;
    char text[40] = "";
    DWORD n, id = 0;
    PROCESS_INFORMATION process;

    SAY_BOOL(CreatePipe(&ends[0], &ends[1], &inheritable, 0));
    SetHandleInformation(ends[0], HANDLE_FLAG_INHERIT, 0);
    if (start(L"id", ends[1], NULL, TRUE, NULL, &process)) {
        CloseHandle(ends[1]);
        ReadFile(ends[0], &id, sizeof(id), &n, NULL);
        end(&process);
        SAY_NUMBER(id == process.dwProcessId);
        SAY_BOOL(ReadFile(ends[0], &id, sizeof(id), &n, NULL));
    }
    file = CreateFileW(L"inherited.txt", GENERIC_READ | GENERIC_WRITE, 0, &inheritable,
                       CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    SAY_BOOL(WriteFile(file, "parent ", 7, &n, NULL));
    run(L"file", file, NULL, TRUE);
    if (SAY_BOOL(SetFilePointerEx(file, none, &at, FILE_CURRENT)))
        SAY_NUMBER(at.QuadPart);
    SAY_BOOL(WriteFile(file, "again", 5, &n, NULL));
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    SAY_BOOL(ReadFile(file, text, 30, &n, NULL));
    SAY_NARROW(text);
    CloseHandle(file);
}

static void sections_and_processes(void)
{
    HANDLE section =
        CreateFileMappingW(INVALID_HANDLE_VALUE, &inheritable, PAGE_READWRITE, 0, 4096, NULL);
    HANDLE self;
    PROCESS_INFORMATION process;

    run(L"section", section, NULL, TRUE);
    SAY_NARROW(MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0));
    SAY_BOOL(DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), &self,
                             0, TRUE, DUPLICATE_SAME_ACCESS));
    run(L"process", self, (HANDLE)(UINT_PTR)GetCurrentProcessId(), TRUE);
    if (!start(L"exit", NULL, NULL, TRUE, NULL, &process))
        return;
    WaitForSingleObject(process.hProcess, INFINITE);
    SetHandleInformation(process.hProcess, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    run(L"process", process.hProcess, (HANDLE)(UINT_PTR)process.dwProcessId, TRUE);
    end(&process);
}

static void lists(void)
{
    HANDLE listed = CreateEventW(&inheritable, FALSE, FALSE, NULL);
    HANDLE other = CreateEventW(&inheritable, FALSE, FALSE, NULL);
    char room[500];
    LPPROC_THREAD_ATTRIBUTE_LIST list = (LPPROC_THREAD_ATTRIBUTE_LIST)room;
    PROCESS_INFORMATION process;
    SIZE_T size = 0;

    SAY_BOOL(InitializeProcThreadAttributeList(NULL, 1, 0, &size));
    size = sizeof(room);
    SAY_BOOL(InitializeProcThreadAttributeList(list, 2, 0, &size));
    SAY_BOOL(UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &listed, 3, NULL,
                                       NULL));
    SAY_BOOL(UpdateProcThreadAttribute(list, 0, 0x2ffff, &listed, sizeof(listed), NULL, NULL));
    SAY_BOOL(UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &listed,
                                       sizeof(listed), NULL, NULL));
    SAY_BOOL(UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &listed,
                                       sizeof(listed), NULL, NULL));
    if (start(L"both", listed, other, TRUE, list, &process))
        end(&process);
    SAY_WAIT(WaitForSingleObject(listed, 0));
    SAY_WAIT(WaitForSingleObject(other, 0));
    SetHandleInformation(listed, HANDLE_FLAG_INHERIT, 0);
    SAY_BOOL(start(L"exit", listed, other, TRUE, list, &process));
    SetHandleInformation(listed, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    SAY_BOOL(start(L"exit", listed, other, FALSE, list, &process));
    DeleteProcThreadAttributeList(list);
}

int wmain(int n, WCHAR **words)
{
    if (n > 4 && !wcscmp(words[1], L"child"))
        return child(words);
    GetModuleFileNameW(NULL, own, MAX_PATH);
    events();
    mutexes_and_semaphores();
    pipes_and_files();
    sections_and_processes();
    lists();
    return 0;
}

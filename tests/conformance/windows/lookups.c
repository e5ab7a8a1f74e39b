/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Files that are searched for and opened again; what is asked about users and processes. Learn:
 * "SearchPathW", "ReOpenFile", "GetUserProfileDirectoryW", "EnumProcesses". */
#include "say.h"

#include <psapi.h>
#include <userenv.h>

static void make_file(const char *name)
{
    DWORD n;
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

    WriteFile(file, "text", 4, &n, NULL);
    CloseHandle(file);
}

static void searching(void)
{
    WCHAR path[MAX_PATH] = L"", *file = NULL;
    char narrow[MAX_PATH] = "", *narrow_file = NULL;

    CreateDirectoryA("V:\\one", NULL);
    CreateDirectoryA("V:\\two", NULL);
    CreateDirectoryA("V:\\two\\below", NULL);
    make_file("V:\\two\\tool.ini");
    make_file("V:\\two\\plain");
    make_file("V:\\two\\below\\deep.txt");
    SAY_COUNT(SearchPathW(L"V:\\one;V:\\two", L"tool.ini", NULL, MAX_PATH, path, &file), 0);
    say("%ls, %ls", path, file);
    SAY_COUNT(SearchPathW(L"V:\\one;V:\\two\\", L"tool", L".ini", MAX_PATH, path, &file), 0);
    say("%ls, %ls", path, file);
    SAY_COUNT(SearchPathW(L"V:\\one;V:\\two", L"tool", NULL, MAX_PATH, path, &file), 0);
    SAY_COUNT(SearchPathW(L"V:\\one;V:\\two", L"plain", NULL, MAX_PATH, path, NULL), 0);
    SAY_COUNT(SearchPathW(L"V:\\one;V:\\two", L"below\\deep.txt", NULL, MAX_PATH, path, &file), 0);
    say("%ls, %ls", path, file);
    SAY_COUNT(SearchPathW(L"V:\\one;V:\\two", L"tool.ini", NULL, 5, path, &file), 0);
    SAY_COUNT(SearchPathW(L"V:\\two", L"tool.ini", NULL, 15, path, &file), 0);
    SAY_COUNT(SearchPathW(L"V:\\two", L"tool.ini", NULL, 16, path, &file), 0);
    SAY_COUNT(SearchPathW(L"V:\\two", L"tool.ini", NULL, 0, NULL, NULL), 0);
    SAY_COUNT(SearchPathW(L"V:\\one", L"tool.ini", NULL, MAX_PATH, path, &file), 0);
    SAY_COUNT(SearchPathW(L"V:\\one", L"V:\\two\\tool.ini", NULL, MAX_PATH, path, &file), 0);
    say("%ls, %ls", path, file);
    SAY_COUNT(SearchPathW(NULL, L"no such file at all", NULL, MAX_PATH, path, &file), 0);
    SAY_COUNT(SearchPathW(L"V:\\two", NULL, NULL, MAX_PATH, path, &file), 0);
    SAY_COUNT(SearchPathW(L"V:\\two", L"", NULL, MAX_PATH, path, &file), 0);
    SAY_COUNT(SearchPathA("V:\\two", "tool", ".ini", MAX_PATH, narrow, &narrow_file), 0);
    say("%s, %s", narrow, narrow_file);
}

static void opening_again(void)
{
    char text[10] = "";
    DWORD n = 0;
    HANDLE first =
        CreateFileA("V:\\two\\plain", GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE second = SAY_HANDLE(ReOpenFile(first, GENERIC_READ, FILE_SHARE_READ, 0));

    ReadFile(first, text, 2, &n, NULL);
    SAY_BOOL(ReadFile(second, text, 10, &n, NULL));
    say("%s, %u bytes", text, (unsigned)n); /* a place of its own */
    CloseHandle(second);
    SAY_HANDLE(ReOpenFile(first, GENERIC_WRITE, FILE_SHARE_READ, 0));
    CloseHandle(first);
    SAY_HANDLE(ReOpenFile(INVALID_HANDLE_VALUE, GENERIC_READ, FILE_SHARE_READ, 0));
}

static void opening_by_number(void)
{
    FILE_ID_DESCRIPTOR id = { sizeof(id), FileIdType };
    BY_HANDLE_FILE_INFORMATION info, again;
    HANDLE root = CreateFileA("V:\\", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    HANDLE file = CreateFileA("V:\\two\\below\\deep.txt", GENERIC_READ, FILE_SHARE_READ, NULL,
                              OPEN_EXISTING, 0, NULL);

    GetFileInformationByHandle(file, &info);
    CloseHandle(file);
    id.FileId.LowPart = info.nFileIndexLow;
    id.FileId.HighPart = (LONG)info.nFileIndexHigh;
    file = SAY_HANDLE(OpenFileById(root, &id, GENERIC_READ, FILE_SHARE_READ, NULL, 0));
    GetFileInformationByHandle(file, &again);
    say("%d, %u bytes", again.nFileIndexLow == info.nFileIndexLow, (unsigned)again.nFileSizeLow);
    CloseHandle(file);
    SAY_HANDLE(OpenFileById(root, NULL, GENERIC_READ, FILE_SHARE_READ, NULL, 0));
    CloseHandle(root);
}

static LONG CALLBACK filter(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    return EXCEPTION_CONTINUE_SEARCH;
}

static void asking(void)
{
    WCHAR path[MAX_PATH];
    DWORD size = 0, needed, ids[1000], i, n = 0;
    PROCESS_MEMORY_COUNTERS memory = { 0 };

    SAY_BOOL(SetUnhandledExceptionFilter(filter) != filter);
    SAY_BOOL(SetUnhandledExceptionFilter(NULL) == filter);
    OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, (HANDLE *)&ids);
    SAY_BOOL(GetUserProfileDirectoryW(*(HANDLE *)ids, NULL, &size));
    needed = size;
    SAY_BOOL(GetUserProfileDirectoryW(*(HANDLE *)ids, path, &size));
    say("%d, %d", size == needed, needed == (DWORD)lstrlenW(path) + 1);
    size = 2;
    SAY_BOOL(GetUserProfileDirectoryW(*(HANDLE *)ids, path, &size));
    SAY_BOOL(EnumProcesses(ids, sizeof(ids), &size));
    for (i = 0; i < size / sizeof(*ids); i++)
        n += ids[i] == GetCurrentProcessId();
    say("%u times", (unsigned)n);
    SAY_BOOL(GetProcessMemoryInfo(GetCurrentProcess(), &memory, sizeof(memory)));
    say("%d, %d", memory.WorkingSetSize > 0, memory.PeakWorkingSetSize >= memory.WorkingSetSize);
    SAY_BOOL(GetProcessMemoryInfo(GetCurrentProcess(), &memory, sizeof(memory) - 1));
}

int main(void)
{
    searching();
    opening_again();
    opening_by_number();
    asking();
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Hard links, and changes in a directory as a handle tells them. Learn: "CreateHardLinkW",
 * "FindFirstChangeNotificationW", "ReadDirectoryChangesW". */
#include "say.h"

#define NAMES (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME)

static void make(const WCHAR *name)
{
    CloseHandle(CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
}

static DWORD n_links(const WCHAR *name)
{
    BY_HANDLE_FILE_INFORMATION info = { 0 };
    HANDLE file = CreateFileW(name, 0, 7, NULL, OPEN_EXISTING, 0, NULL);

    GetFileInformationByHandle(file, &info);
    CloseHandle(file);
    return info.nNumberOfLinks;
}

static void hard_links(void)
{
    make(L"V:\\one");
    SAY_NUMBER(n_links(L"V:\\one"));
    SAY_BOOL(CreateHardLinkW(L"V:\\two", L"V:\\one", NULL));
    SAY_BOOL(CreateHardLinkW(L"V:\\two", L"V:\\one", NULL));
    SAY_BOOL(CreateHardLinkW(L"V:\\three", L"V:\\none", NULL));
    SAY_BOOL(CreateHardLinkW(L"V:\\none\\three", L"V:\\one", NULL));
    SAY_NUMBER(n_links(L"V:\\two"));
    SAY_BOOL(DeleteFileW(L"V:\\one"));
    SAY_NUMBER(n_links(L"V:\\two"));
    SAY_BOOL(DeleteFileW(L"V:\\two"));
}

static void handles(void)
{
    CreateDirectoryW(L"V:\\dir", NULL);
    make(L"V:\\plain");
    SAY_HANDLE(FindFirstChangeNotificationW(L"V:\\none", FALSE, NAMES));
    HANDLE change = SAY_HANDLE(FindFirstChangeNotificationW(L"V:\\dir", FALSE, NAMES));
    SAY_WAIT(WaitForSingleObject(change, 10));
    make(L"V:\\dir\\new");
    SAY_WAIT(WaitForSingleObject(change, INFINITE));
    SAY_WAIT(WaitForSingleObject(change, 0));
    SAY_BOOL(FindNextChangeNotification(change));
    SAY_WAIT(WaitForSingleObject(change, 10));
    SAY_BOOL(DeleteFileW(L"V:\\dir\\new"));
    SAY_WAIT(WaitForSingleObject(change, INFINITE));
    SAY_BOOL(FindCloseChangeNotification(change));
}

static void records(void)
{
    static DWORD buffer[256];
    const FILE_NOTIFY_INFORMATION *info = (const FILE_NOTIFY_INFORMATION *)buffer;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    OVERLAPPED call = { .hEvent = event };
    DWORD n = 0;
    HANDLE directory = CreateFileW(L"V:\\dir", FILE_LIST_DIRECTORY, 7, NULL, OPEN_EXISTING,
                                   FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);

    SAY_BOOL(
        ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, NAMES, NULL, &call, NULL));
    SAY_BOOL(GetOverlappedResult(directory, &call, &n, FALSE));
    make(L"V:\\dir\\made");
    SAY_BOOL(GetOverlappedResult(directory, &call, &n, TRUE));
    SAY_NUMBER(n);
    SAY_NUMBER(info->Action);
    SAY_WIDE_N(info->FileName, info->FileNameLength / sizeof(WCHAR));
    SAY_BOOL(
        ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, NAMES, NULL, &call, NULL));
    SAY_BOOL(CancelIo(directory));
    SAY_BOOL(GetOverlappedResult(directory, &call, &n, TRUE));
    CloseHandle(directory);
    CloseHandle(event);
    DeleteFileW(L"V:\\dir\\made");
    DeleteFileW(L"V:\\plain");
    RemoveDirectoryW(L"V:\\dir");
}

int main(void)
{
    hard_links();
    handles();
    records();
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* What changes in directories, told to those who listen: ReadDirectoryChangesW in its forms,
 * FindFirstChangeNotification. Learn: "Obtaining Directory Change Notifications" and the pages of
 * the functions. */
#include "files_check.h"

#define NAMES  (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME)
#define WRITES FILE_NOTIFY_CHANGE_LAST_WRITE

static DWORD buffer[256];

static void show(const void *records, DWORD n)
{
    static const char *const actions[] = { "?", "added", "removed", "modified", "from", "to" };
    const char *at = records;

    printf("  %s:", n ? "changes" : "too many changes");
    for (DWORD next = 1; n && next;) {
        const FILE_NOTIFY_INFORMATION *info = (const FILE_NOTIFY_INFORMATION *)at;
        printf(" %s %.*ls", actions[info->Action <= 5 ? info->Action : 0],
               (int)(info->FileNameLength / sizeof(WCHAR)), info->FileName);
        next = info->NextEntryOffset;
        at += next;
    }
    printf("\n");
}

static HANDLE open_directory(const WCHAR *name, DWORD flags)
{
    return open_file(name, FILE_LIST_DIRECTORY, SHARE_ALL, OPEN_EXISTING,
                     FILE_FLAG_BACKUP_SEMANTICS | flags);
}

static BOOL read_changes(HANDLE directory, BOOL subtree, DWORD kinds, DWORD size)
{
    DWORD n = 0;

    if (!ReadDirectoryChangesW(directory, buffer, size, subtree, kinds, &n, NULL, NULL))
        return FALSE;
    show(buffer, n);
    return TRUE;
}

/* ---- blocking ---- */

static DWORD WINAPI make_later(void *name)
{
    Sleep(500);
    make_file(name, "");
    return 0;
}

static void blocking(void)
{
    heading("blocking");
    CreateDirectoryW(L"dir", NULL);
    CreateDirectoryW(L"dir\\below", NULL);
    make_file(L"plain", "");
    HANDLE directory = open_directory(L"dir", 0), file;
    DWORD n;

    DOES(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), TRUE, 0, &n, NULL, NULL));
    DOES(ReadDirectoryChangesW(directory, (char *)buffer + 1, 99, TRUE, NAMES, &n, NULL, NULL));
    OPENS(file, open_file(L"plain", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(ReadDirectoryChangesW(file, buffer, sizeof(buffer), TRUE, NAMES, &n, NULL, NULL));
    CloseHandle(file);
    OPENS(file, open_file(L"dir", FILE_READ_ATTRIBUTES, SHARE_ALL, OPEN_EXISTING,
                          FILE_FLAG_BACKUP_SEMANTICS));
    DOES(ReadDirectoryChangesW(file, buffer, sizeof(buffer), TRUE, NAMES, &n, NULL, NULL));
    CloseHandle(file);
    HANDLE thread = CreateThread(NULL, 0, make_later, (void *)L"dir\\first", 0, NULL);
    DOES(read_changes(directory, TRUE, NAMES | WRITES, sizeof(buffer)));
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    /* What comes in between is kept. */
    make_file(L"dir\\second", "text");
    make_file(L"dir\\below\\third", "");
    make_file(L"beside", "");
    DOES(read_changes(directory, TRUE, NAMES, sizeof(buffer)));
    MoveFileW(L"dir\\second", L"dir\\2");
    MoveFileW(L"dir\\2", L"dir\\below\\2");
    MoveFileW(L"dir\\below", L"dir\\under");
    MoveFileW(L"beside", L"dir\\beside");
    DOES(read_changes(directory, TRUE, NAMES, sizeof(buffer)));
    CreateDirectoryW(L"dir\\new", NULL);
    RemoveDirectoryW(L"dir\\new");
    DeleteFileW(L"dir\\first");
    CreateHardLinkW(L"dir\\hard", L"plain", NULL);
    CreateSymbolicLinkW(L"dir\\soft", L"plain", 0);
    CopyFileW(L"plain", L"dir\\copy", TRUE);
    DOES(read_changes(directory, TRUE, NAMES, sizeof(buffer)));
    for (int i = 0; i < 100; i++) {
        WCHAR name[32];
        swprintf(name, 32, L"dir\\number %d", i);
        make_file(name, "");
    }
    DOES(read_changes(directory, TRUE, NAMES, sizeof(buffer)));
    DeleteFileW(L"dir\\number 5");
    DOES(read_changes(directory, TRUE, NAMES, sizeof(buffer)));
    CloseHandle(directory);
}

/* ---- overlapped ---- */

static DWORD WINAPI close_later(void *handle)
{
    Sleep(20);
    CloseHandle(handle);
    return 0;
}

static void CALLBACK has_ended(DWORD error, DWORD n, OVERLAPPED *overlapped)
{
    printf("  the routine: error %u%s\n", (unsigned)error, overlapped->hEvent ? "" : ", no event");
    show(buffer, n);
}

static void overlapped(void)
{
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL), port;
    HANDLE directory = open_directory(L"dir", FILE_FLAG_OVERLAPPED);
    OVERLAPPED call = { .hEvent = event }, *ended = NULL;
    ULONG_PTR key = 0;
    DWORD n = 0;

    heading("overlapped");
    DOES(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, NAMES, NULL, NULL, NULL));
    DOES(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, NAMES | WRITES, NULL,
                               &call, NULL));
    DOES(GetOverlappedResult(directory, &call, &n, FALSE));
    COUNTS(WaitForSingleObject(event, 1), WAIT_FAILED);
    make_file(L"dir\\under\\deep", "");
    COUNTS(WaitForSingleObject(event, 1), WAIT_FAILED);
    DeleteFileW(L"dir\\number 1");
    COUNTS(WaitForSingleObject(event, INFINITE), WAIT_FAILED);
    DOES(GetOverlappedResult(directory, &call, &n, FALSE));
    show(buffer, n);
    DOES(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, NAMES, NULL, &call, NULL));
    DOES(CancelIo(directory));
    DOES(GetOverlappedResult(directory, &call, &n, TRUE));
    DOES(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, NAMES, NULL, &call,
                               has_ended));
    DeleteFileW(L"dir\\number 2");
    COUNTS(SleepEx(INFINITE, TRUE), WAIT_FAILED);
    DOES(ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, NAMES, NULL, &call, NULL));
    HANDLE thread = CreateThread(NULL, 0, close_later, directory, 0, NULL);
    COUNTS(WaitForSingleObject(event, INFINITE), WAIT_FAILED);
    printf("  status %x, %u bytes\n", (unsigned)call.Internal, (unsigned)call.InternalHigh);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    directory = open_directory(L"dir", FILE_FLAG_OVERLAPPED);
    call.hEvent = NULL;
    port = CreateIoCompletionPort(directory, NULL, 7, 1);
    DOES(
        ReadDirectoryChangesW(directory, buffer, sizeof(buffer), FALSE, WRITES, NULL, &call, NULL));
    make_file(L"dir\\number 3", "more");
    DOES(GetQueuedCompletionStatus(port, &n, &key, &ended, INFINITE) && key == 7 && ended == &call);
    show(buffer, n);
    CloseHandle(directory);
    CloseHandle(port);
    CloseHandle(event);
}

/* ---- notifications ---- */

static void notifications(void)
{
    HANDLE names, sizes;

    heading("notifications");
    OPENS(names, FindFirstChangeNotificationW(L"none", FALSE, NAMES));
    OPENS(names, FindFirstChangeNotificationW(L"plain", FALSE, NAMES));
    OPENS(names, FindFirstChangeNotificationW(L"dir", FALSE, 0));
    OPENS(names, FindFirstChangeNotificationW(L"dir", FALSE, NAMES));
    OPENS(sizes, FindFirstChangeNotificationW(L"dir", TRUE, FILE_NOTIFY_CHANGE_SIZE));
    COUNTS(WaitForSingleObject(names, 20), WAIT_FAILED);
    DeleteFileW(L"dir\\under\\deep");
    COUNTS(WaitForSingleObject(names, 0), WAIT_FAILED);
    DeleteFileW(L"dir\\number 4");
    COUNTS(WaitForSingleObject(names, INFINITE), WAIT_FAILED);
    COUNTS(WaitForSingleObject(names, 0), WAIT_FAILED);
    COUNTS(WaitForSingleObject(sizes, 0), WAIT_FAILED);
    DOES(FindNextChangeNotification(names));
    COUNTS(WaitForSingleObject(names, 0), WAIT_FAILED);
    CreateDirectoryW(L"dir\\a", NULL);
    CreateDirectoryW(L"dir\\b", NULL);
    DOES(FindNextChangeNotification(names));
    COUNTS(WaitForSingleObject(names, 0), WAIT_FAILED);
    DOES(FindNextChangeNotification(names));
    COUNTS(WaitForSingleObject(names, 0), WAIT_FAILED);
    make_file(L"dir\\under\\size", "size");
    const HANDLE both[] = { names, sizes };
    COUNTS(WaitForMultipleObjects(2, both, FALSE, INFINITE), WAIT_FAILED);
    DOES(FindCloseChangeNotification(names));
    DOES(FindNextChangeNotification(names));
    DOES(FindCloseChangeNotification(sizes));
}

static void checks(void)
{
    blocking();
    overlapped();
    notifications();
}

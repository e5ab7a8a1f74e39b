/* SPDX-License-Identifier: MIT */
/* Files by handle: sharing, deletion and renaming while open, locks, positions beyond 4 GiB,
 * overlapped calls, details, C streams. Learn: "Creating and Opening Files", "Locking and Unlocking
 * Byte Ranges in Files", "fopen, _wfopen". */
#include "files_check.h"

#include <errno.h>
#include <io.h>
#include <share.h>

static void sharing(void)
{
    HANDLE first;

    heading("sharing");
    make_file(L"file", "x");
    OPENS(first, open_file(L"file", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0));
    TRIES(open_file(L"file", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0));
    TRIES(open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"file", GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(L"file", GENERIC_WRITE, SHARE_ALL, CREATE_ALWAYS, 0));
    TRIES(open_file(L"file", DELETE, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(L"file", FILE_READ_ATTRIBUTES, 0, OPEN_EXISTING, 0));
    COUNTS(GetFileSize(first, NULL), INVALID_FILE_SIZE); /* the refused one truncated nothing */
    DOES(CopyFileW(L"file", L"copy", FALSE));
    DOES(CopyFileW(L"copy", L"file", FALSE));
    DOES(DeleteFileW(L"file"));
    DOES(MoveFileW(L"file", L"moved"));
    DOES(CloseHandle(first));
    OPENS(first, open_file(L"file", GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"file", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(CopyFileW(L"file", L"copy", FALSE));
    TRIES(open_file(L"file", FILE_READ_ATTRIBUTES, 0, OPEN_EXISTING, 0));
    DOES(CloseHandle(first));
    DOES(CloseHandle(first));
    TRIES(open_file(L"file", GENERIC_READ, 8, OPEN_EXISTING, 0));
}

static void deletion(void)
{
    const WCHAR moved[] = L"moved";
    HANDLE first, second;

    heading("open files: deleted and renamed");
    make_file(L"file", "x");
    OPENS(first, open_file(L"file", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(MoveFileW(L"file", moved));
    TRIES(open_file(L"file", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    OPENS(second,
          open_file(L"moved", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, FILE_FLAG_DELETE_ON_CLOSE));
    TRIES(open_file(L"moved", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0));
    DOES(CloseHandle(second));
    TRIES(open_file(L"moved", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(CloseHandle(first));
    TRIES(open_file(L"moved", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    CreateDirectoryW(L"dir", NULL);
    make_file(L"dir\\file", "x");
    OPENS(first, open_file(L"dir\\file", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(MoveFileW(L"dir", L"dir2"));
    DOES(CloseHandle(first));
    DOES(MoveFileW(L"dir", L"dir2"));
}

static void locks(void)
{
    HANDLE first, second;
    OVERLAPPED at = { 0 };
    char c;
    DWORD n;

    heading("locks");
    make_file(L"file", "0123456789");
    OPENS(first, open_file(L"file", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0));
    OPENS(second, open_file(L"file", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(LockFile(first, 0, 0, 4, 0));
    DOES(LockFile(second, 3, 0, 4, 0));
    DOES(LockFile(second, 4, 0, 4, 0));
    DOES(ReadFile(second, &c, 1, &n, NULL));
    DOES(WriteFile(second, "x", 1, &n, NULL));
    DOES(WriteFile(first, "x", 1, &n, NULL));
    DOES(UnlockFile(first, 0, 0, 3, 0));
    DOES(UnlockFile(first, 0, 0, 4, 0));
    DOES(ReadFile(second, &c, 1, &n, NULL));
    DOES(LockFileEx(first, LOCKFILE_FAIL_IMMEDIATELY, 0, 2, 0, &at));
    DOES(LockFileEx(second, LOCKFILE_FAIL_IMMEDIATELY, 0, 2, 0, &at));
    DOES(LockFileEx(second, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at));
    DOES(CloseHandle(first));
    DOES(CloseHandle(second));
}

static void positions(void)
{
    LARGE_INTEGER far_away = { .QuadPart = 5000000000LL }, at;
    HANDLE file;
    char buffer[16];
    DWORD n;
    LONG high;

    heading("positions");
    make_file(L"file", "0123456789");
    OPENS(file, open_file(L"file", GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    COUNTS(SetFilePointer(file, -3, NULL, FILE_END), INVALID_SET_FILE_POINTER);
    DOES(ReadFile(file, buffer, 16, &n, NULL));
    COUNTS(n, -1);
    DOES(ReadFile(file, buffer, 16, &n, NULL)); /* at the end: yes, and nothing */
    COUNTS(n, -1);
    COUNTS(SetFilePointer(file, -11, NULL, FILE_CURRENT), INVALID_SET_FILE_POINTER);
    COUNTS(SetFilePointer(file, 0, NULL, 3), INVALID_SET_FILE_POINTER);
    DOES(SetFilePointerEx(file, far_away, &at, FILE_BEGIN));
    COUNTS(SetFilePointer(file, 0, NULL, FILE_CURRENT), INVALID_SET_FILE_POINTER);
    high = 0;
    COUNTS(SetFilePointer(file, 0, &high, FILE_CURRENT), INVALID_SET_FILE_POINTER);
    COUNTS(high, -1);
    DOES(WriteFile(file, "x", 1, &n, NULL));
    DOES(GetFileSizeEx(file, &at));
    COUNTS(at.QuadPart, -1);
    SetFilePointer(file, 4, NULL, FILE_BEGIN);
    DOES(SetEndOfFile(file));
    COUNTS(GetFileSize(file, NULL), INVALID_FILE_SIZE);
    DOES(FlushFileBuffers(file));
    DOES(CloseHandle(file));
    OPENS(file, open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, 0));
    DOES(WriteFile(file, "x", 1, &n, NULL));
    DOES(SetEndOfFile(file));
    DOES(FlushFileBuffers(file));
    DOES(CloseHandle(file));
    OPENS(file, open_file(L"file", FILE_APPEND_DATA, 0, OPEN_EXISTING, 0));
    DOES(WriteFile(file, "45", 2, &n, NULL)); /* at the end, wherever the position is */
    DOES(ReadFile(file, buffer, 1, &n, NULL));
    DOES(CloseHandle(file));
}

static void overlapped(void)
{
    OVERLAPPED at = { .Offset = 4 };
    HANDLE file;
    char buffer[8];
    DWORD n;

    heading("overlapped");
    make_file(L"file", "0123456789");
    OPENS(file, open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, 0));
    DOES(ReadFile(file, buffer, 2, &n, &at)); /* a synchronous handle, from an offset */
    IS(memcmp(buffer, "45", 2) == 0);
    DOES(ReadFile(file, buffer, 2, &n, NULL));
    IS(memcmp(buffer, "67", 2) == 0);
    at.Offset = 100;
    DOES(ReadFile(file, buffer, 2, &n, &at));
    DOES(CloseHandle(file));
    OPENS(file, open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, FILE_FLAG_NO_BUFFERING));
    DOES(ReadFile(file, buffer, 2, &n, NULL));
    DOES(CloseHandle(file));
    OPENS(file, open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, FILE_FLAG_OVERLAPPED));
    DOES(ReadFile(file, buffer, 2, &n, NULL));
    at.Offset = 8;
    at.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!ReadFile(file, buffer, 8, NULL, &at) && GetLastError() != ERROR_IO_PENDING)
        line("ReadFile", "no", GetLastError());
    DOES(GetOverlappedResult(file, &at, &n, TRUE));
    COUNTS(n, -1);
    CloseHandle(at.hEvent);
    DOES(CloseHandle(file));
}

static void locks_that_wait(void)
{
    OVERLAPPED held = { .Offset = 10 }, wanted = { .Offset = 10 };
    HANDLE first, second;
    DWORD n;

    heading("locks that wait");
    first = open_file(L"file", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0);
    second = open_file(L"file", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED);
    wanted.hEvent = CreateEventW(NULL, TRUE, TRUE, NULL);
    DOES(LockFileEx(first, LOCKFILE_EXCLUSIVE_LOCK, 0, 5, 0, &held));
    DOES(LockFileEx(second, LOCKFILE_FAIL_IMMEDIATELY, 0, 5, 0, &wanted));
    DOES(LockFileEx(second, 0, 0, 5, 0, &wanted));
    DOES(GetOverlappedResult(second, &wanted, &n, FALSE));
    DOES(GetOverlappedResultEx(second, &wanted, &n, 10, FALSE));
    DOES(UnlockFileEx(first, 0, 5, 0, &held));
    DOES(GetOverlappedResult(second, &wanted, &n, TRUE));
    DOES(UnlockFileEx(second, 0, 5, 0, &wanted));
    DOES(LockFileEx(first, LOCKFILE_EXCLUSIVE_LOCK, 0, 5, 0, &held));
    DOES(LockFileEx(second, LOCKFILE_EXCLUSIVE_LOCK, 0, 5, 0, &wanted));
    DOES(CancelIoEx(second, &wanted));
    DOES(GetOverlappedResult(second, &wanted, &n, TRUE));
    DOES(CancelIoEx(second, NULL));
    CloseHandle(wanted.hEvent);
    CloseHandle(second);
    CloseHandle(first);
}

static void details(void)
{
    FILE_STANDARD_INFO standard;
    FILE_BASIC_INFO basic = { 0 };
    FILE_END_OF_FILE_INFO end = { .EndOfFile.QuadPart = 3 };
    BY_HANDLE_FILE_INFORMATION info;
    WCHAR name[MAX_PATH];
    HANDLE file;

    heading("details");
    make_file(L"file", "0123456789");
    OPENS(file, open_file(L"FILE", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof(standard)));
    COUNTS(standard.EndOfFile.QuadPart, -1);
    COUNTS(standard.NumberOfLinks, 0);
    IS(standard.Directory);
    DOES(SetFileInformationByHandle(file, FileEndOfFileInfo, &end, sizeof(end)));
    basic.FileAttributes = FILE_ATTRIBUTE_HIDDEN;
    DOES(SetFileInformationByHandle(file, FileBasicInfo, &basic, sizeof(basic)));
    DOES(GetFileInformationByHandle(file, &info));
    COUNTS(info.nFileSizeLow, -1);
    COUNTS(info.dwFileAttributes, 0);
    DOES(GetFinalPathNameByHandleW(file, name, MAX_PATH, VOLUME_NAME_NONE));
    printf("  %S\n", name);
    COUNTS(GetFileType(file), FILE_TYPE_UNKNOWN);
    DOES(CloseHandle(file));
    DOES(SetFileAttributesW(L"file", FILE_ATTRIBUTE_NORMAL));
}

static void lists(void)
{
    union {
        LARGE_INTEGER aligned;
        char bytes[200];
    } buffer;
    FILE_STREAM_INFO *stream = (FILE_STREAM_INFO *)buffer.bytes;
    FILE_ID_INFO id;
    HANDLE dir, file;
    DWORD n = 0;

    heading("lists by handle");
    CreateDirectoryW(L"listed", NULL);
    make_file(L"listed\\first", "1");
    make_file(L"listed\\second", "22");
    make_file(L"listed\\second:other", "333");
    OPENS(dir,
          open_file(L"listed", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS));
    while (GetFileInformationByHandleEx(dir, FileFullDirectoryInfo, &buffer, sizeof(buffer)))
        for (char *at = buffer.bytes;; at += ((FILE_FULL_DIR_INFO *)at)->NextEntryOffset) {
            FILE_FULL_DIR_INFO *info = (FILE_FULL_DIR_INFO *)at;
            printf("    %.*S %u\n", (int)(info->FileNameLength / sizeof(WCHAR)), info->FileName,
                   (unsigned)info->EndOfFile.QuadPart);
            n++;
            if (!info->NextEntryOffset)
                break;
        }
    line("then", error_name(GetLastError()), 0);
    COUNTS(n, -1);
    DOES(GetFileInformationByHandleEx(dir, FileIdExtdDirectoryRestartInfo, &buffer, 60));
    DOES(GetFileInformationByHandleEx(dir, FileIdExtdDirectoryRestartInfo, &buffer, 92));
    IS(((FILE_ID_EXTD_DIR_INFO *)buffer.bytes)->FileNameLength == 2);
    DOES(GetFileInformationByHandleEx(dir, FileIdExtdDirectoryInfo, &buffer, 91));
    DOES(GetFileInformationByHandleEx(dir, FileStreamInfo, &buffer, sizeof(buffer)));
    CloseHandle(dir);
    OPENS(file, open_file(L"listed\\second", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(GetFileInformationByHandleEx(file, FileIdBothDirectoryInfo, &buffer, sizeof(buffer)));
    DOES(GetFileInformationByHandleEx(file, FileStreamInfo, &buffer, sizeof(buffer)));
    IS(stream->StreamNameLength == 14 && stream->StreamSize.QuadPart == 2);
    stream = (FILE_STREAM_INFO *)(buffer.bytes + stream->NextEntryOffset);
    IS(!memcmp(stream->StreamName, L":other:$DATA", 24) && stream->StreamSize.QuadPart == 3);
    DOES(GetFileInformationByHandleEx(file, FileStreamInfo, &buffer, 60));
    DOES(GetFileInformationByHandleEx(file, FileIdInfo, &id, sizeof(id)));
    DOES(SetFileValidData(file, 1));
    CloseHandle(file);
}

static void report(const char *call, int is_good)
{
    static const struct {
        int error;
        const char *name;
    } rows[] = { { ENOENT, "ENOENT" },
                 { EACCES, "EACCES" },
                 { EEXIST, "EEXIST" },
                 { EINVAL, "EINVAL" },
                 { ENOTEMPTY, "ENOTEMPTY" } };
    const char *name = is_good ? "" : "another error";

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !is_good; i++)
        name = rows[i].error == errno ? rows[i].name : name;
    printf("  %-76s %s %s\n", call, is_good ? "yes" : "no", name);
}

#define STREAM(call) report(#call, (call) != 0)

static void streams(void)
{
    char text[16] = "";
    struct _stat status;
    FILE *stream, *other;

    heading("C streams");
    STREAM(stream = _wfopen(L"stream", L"wb"));
    STREAM(fwrite("hello", 1, 5, stream) == 5);
    STREAM(fflush(stream) == 0);
    STREAM(other = _fsopen("stream", "rb", _SH_DENYWR)); /* somebody writes */
    STREAM(other = fopen("stream", "rb"));
    STREAM(fread(text, 1, 16, other) == 5);
    STREAM(fclose(other) == 0);
    STREAM(fclose(stream) == 0);
    STREAM(stream = fopen("stream", "ab"));
    STREAM(fputs(", world", stream) >= 0);
    STREAM(fclose(stream) == 0);
    STREAM(_wstat(L"stream", &status) == 0);
    STREAM(status.st_size == 12);
    STREAM(status.st_mode & _S_IFREG);
    STREAM(fopen("none\\stream", "rb"));
    STREAM(_waccess(L"stream", 6) == 0);
    SetFileAttributesW(L"stream", FILE_ATTRIBUTE_READONLY);
    STREAM(_waccess(L"stream", 2) == 0);
    STREAM(fopen("stream", "wb"));
    STREAM(remove("stream") == 0);
    SetFileAttributesW(L"stream", FILE_ATTRIBUTE_NORMAL);
    STREAM(_wmkdir(L"sdir") == 0);
    STREAM(_wmkdir(L"sdir") == 0);
    STREAM(rename("stream", "sdir\\stream") == 0);
    STREAM(_wrmdir(L"sdir") == 0);
    STREAM(fopen("sdir", "rb"));
    STREAM(remove("sdir\\stream") == 0);
    STREAM(_wremove(L"sdir\\stream") == 0);
    STREAM(_wrmdir(L"sdir") == 0);
}

static void checks(void)
{
    sharing();
    deletion();
    locks();
    positions();
    overlapped();
    locks_that_wait();
    lists();
    details();
    streams();
}

/* SPDX-License-Identifier: MIT */
/* Alternate streams, and BackupRead, BackupSeek and BackupWrite over them. Learn: "File Streams
 * (Local File Systems)", "FindFirstStreamW", "BackupRead", "WIN32_STREAM_ID". */
#include "files_check.h"

#include <stddef.h>

#define HEADER offsetof(WIN32_STREAM_ID, cStreamName)

static char sequence[256 * 1024]; /* what BackupRead gave */

static const char *text_of(LPCWSTR name)
{
    static char text[64];
    DWORD n = 0;
    HANDLE file = open_file(name, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0);

    if (file == INVALID_HANDLE_VALUE)
        return error_name(GetLastError());
    if (!ReadFile(file, text, sizeof(text) - 1, &n, NULL))
        n = 0;
    text[n] = 0;
    CloseHandle(file);
    return text;
}

static void list_streams(LPCWSTR name)
{
    WIN32_FIND_STREAM_DATA data;
    HANDLE find = FindFirstStreamW(name, FindStreamInfoStandard, &data, 0);

    printf("  streams of %S:", name);
    if (find == INVALID_HANDLE_VALUE) {
        printf(" %s\n", error_name(GetLastError()));
        return;
    }
    do
        printf(" %S %u", data.cStreamName, (unsigned)data.StreamSize.QuadPart);
    while (FindNextStreamW(find, &data));
    printf(", then %s\n", error_name(GetLastError()));
    FindClose(find);
}

static void names(void)
{
    HANDLE file, other;
    BY_HANDLE_FILE_INFORMATION info;
    WCHAR path[MAX_PATH];
    DWORD flags = 0;

    heading("names of streams");
    DOES(GetVolumeInformationW(L"C:\\", NULL, 0, NULL, NULL, &flags, NULL, 0));
    IS(flags & FILE_NAMED_STREAMS);
    make_file(L"file", "the data");
    TRIES(open_file(L"file:one", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"file:one", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"file:ONE", GENERIC_WRITE, 0, CREATE_NEW, 0));
    make_file(L"file:one", "first");
    make_file(L"FILE:Two:$data", "second stream");
    line("file", text_of(L"file"), 0);
    line("file::$DATA", text_of(L"file::$DATA"), 0);
    line("file:ONE:$DATA", text_of(L"file:ONE:$DATA"), 0);
    list_streams(L"file");
    TRIES(open_file(L"file:", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"file:a:b", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"file:a:$DATA:c", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"file:a\\b", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"none\\file:a", GENERIC_WRITE, 0, CREATE_NEW, 0));
    make_file(L"made:stream", "makes the file");
    list_streams(L"made");
    COUNTS(GetFileAttributesW(L"file:one"), INVALID_FILE_ATTRIBUTES);
    COUNTS(GetFileAttributesW(L"file:none"), INVALID_FILE_ATTRIBUTES);
    DOES(MoveFileW(L"file:one", L"file:three"));
    DOES(CreateDirectoryW(L"file:dir", NULL));
    heading("handles of streams");
    OPENS(file, open_file(L"file:one", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"file:one", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    OPENS(other, open_file(L"file:two", GENERIC_READ, 0, OPEN_EXISTING, 0));
    COUNTS(GetFileSize(file, NULL), INVALID_FILE_SIZE);
    DOES(GetFileInformationByHandle(file, &info));
    IS(info.dwFileAttributes == FILE_ATTRIBUTE_ARCHIVE);
    IS(GetFinalPathNameByHandleW(file, path, MAX_PATH, 0) &&
       wcsstr(path, L"\\file:one") == path + wcslen(path) - 9);
    DOES(DeleteFileW(L"file"));
    CloseHandle(file);
    CloseHandle(other);
    DOES(DeleteFileW(L"file:one"));
    DOES(DeleteFileW(L"file:one"));
    list_streams(L"file");
    SetFileAttributesW(L"file", FILE_ATTRIBUTE_READONLY);
    TRIES(open_file(L"file:two", GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"file:new", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"file:two", GENERIC_READ, 0, OPEN_EXISTING, 0));
    SetFileAttributesW(L"file", FILE_ATTRIBUTE_NORMAL);
}

static void together(void)
{
    WIN32_FIND_DATAW data;

    heading("streams go with their file");
    make_file(L"file:one", "first");
    DOES(CopyFileW(L"file", L"copy", FALSE));
    list_streams(L"copy");
    DOES(MoveFileW(L"copy", L"moved"));
    list_streams(L"moved");
    line("moved:one", text_of(L"moved:one"), 0);
    make_file(L"copy", "new");
    list_streams(L"copy");
    make_file(L"moved", "written anew"); /* CREATE_ALWAYS */
    list_streams(L"moved");
    DOES(DeleteFileW(L"file"));
    make_file(L"file", "again");
    list_streams(L"file");
    DOES(CopyFileW(L"made", L"D:\\made", FALSE));
    line("D:\\made:stream", text_of(L"D:\\made:stream"), 0);
    DOES(MoveFileExW(L"D:\\made", L"file", MOVEFILE_COPY_ALLOWED | MOVEFILE_REPLACE_EXISTING));
    line("file:stream", text_of(L"file:stream"), 0);
    heading("streams of directories");
    CreateDirectoryW(L"dir", NULL);
    list_streams(L"dir");
    make_file(L"dir:note", "of a directory");
    make_file(L"dir\\below:x", "of a file");
    list_streams(L"dir");
    DOES(MoveFileW(L"dir", L"renamed"));
    list_streams(L"renamed");
    line("renamed\\below:x", text_of(L"renamed\\below:x"), 0);
    DOES(DeleteFileW(L"renamed\\below"));
    DOES(RemoveDirectoryW(L"renamed"));
    CreateDirectoryW(L"renamed", NULL);
    list_streams(L"renamed");
    RemoveDirectoryW(L"renamed");
    heading("where they are kept is hidden");
    HANDLE find = FindFirstFileW(L"C:\\*", &data);
    do
        printf("    %S\n", data.cFileName);
    while (FindNextFileW(find, &data));
    FindClose(find);
    COUNTS(GetFileAttributesW(L"C:\\.vssemu"), INVALID_FILE_ATTRIBUTES);
    TRIES(open_file(L"C:\\.vssemu\\x", GENERIC_WRITE, 0, CREATE_NEW, 0));
}

/* ---- backup ---- */

static HANDLE open_all(LPCWSTR name, DWORD access, DWORD disposition)
{
    return open_file(name, access, SHARE_ALL, disposition, FILE_FLAG_BACKUP_SEMANTICS);
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 8;
}

/* Everything, in pieces of random size; answers how much. `largest` 0: one big buffer. */
static DWORD read_sequence(LPCWSTR name, BOOL with_security, unsigned largest)
{
    HANDLE file = open_all(name, GENERIC_READ, OPEN_EXISTING);
    DWORD total = 0, n = 1;
    void *context = NULL;
    unsigned seed = largest;

    while (n) {
        DWORD size = largest ? 1 + next_random(&seed) % largest : sizeof(sequence) - total;
        if (!BackupRead(file, (BYTE *)sequence + total, size, &n, FALSE, with_security, &context)) {
            line("BackupRead", "no", GetLastError());
            break;
        }
        total += n;
    }
    BackupRead(file, NULL, 0, &n, TRUE, with_security, &context);
    if (context)
        printf("  the context stayed\n");
    CloseHandle(file);
    return total;
}

static void print_sequence(DWORD total)
{
    for (DWORD at = 0; at + HEADER <= total;) {
        WIN32_STREAM_ID id;
        WCHAR name[64] = L"";

        memcpy(&id, sequence + at, HEADER);
        memcpy(name, sequence + at + HEADER, id.dwStreamNameSize);
        printf("    stream %u, attributes %u, size %u, name '%S'\n", (unsigned)id.dwStreamId,
               (unsigned)id.dwStreamAttributes, (unsigned)id.Size.QuadPart, name);
        at += (DWORD)HEADER + id.dwStreamNameSize + (DWORD)id.Size.QuadPart;
        if (at > total)
            printf("    it ends too early\n");
    }
}

static BOOL write_sequence(LPCWSTR name, DWORD total, unsigned largest)
{
    HANDLE file =
        open_all(name, GENERIC_WRITE | WRITE_DAC | WRITE_OWNER,
                 GetFileAttributesW(name) == INVALID_FILE_ATTRIBUTES ? CREATE_NEW : OPEN_EXISTING);
    DWORD n = 0, size;
    void *context = NULL;
    unsigned seed = largest;
    BOOL done = file != INVALID_HANDLE_VALUE;

    for (DWORD at = 0; done && at < total; at += n) {
        size = largest ? 1 + next_random(&seed) % largest : total;
        size = size < total - at ? size : total - at;
        done =
            BackupWrite(file, (BYTE *)sequence + at, size, &n, FALSE, TRUE, &context) && n == size;
    }
    if (!done)
        line("BackupWrite", "no", GetLastError());
    BackupWrite(file, NULL, 0, &n, TRUE, TRUE, &context);
    CloseHandle(file);
    return done && !context;
}

/* The same sequence again from what was restored. */
static BOOL comes_back(LPCWSTR from, LPCWSTR to, unsigned largest)
{
    static char first[sizeof(sequence)];
    DWORD total = read_sequence(from, TRUE, largest);

    memcpy(first, sequence, total);
    if (!write_sequence(to, total, largest))
        return FALSE;
    return read_sequence(to, TRUE, 0) == total && memcmp(first, sequence, total) == 0;
}

static void make_big(LPCWSTR name, DWORD size)
{
    char data[1000];
    unsigned seed = size;
    HANDLE file = open_file(name, GENERIC_WRITE, 0, CREATE_ALWAYS, 0);

    for (DWORD done = 0, n; done < size; done += n) {
        for (size_t i = 0; i < sizeof(data); i++)
            data[i] = (char)next_random(&seed);
        WriteFile(file, data, size - done < sizeof(data) ? size - done : sizeof(data), &n, NULL);
    }
    CloseHandle(file);
}

static void backup(void)
{
    static const unsigned largest[] = { 1, 7, 20, 31, 1000, 5000 };
    WCHAR copy[] = L"restored0";

    heading("backup of a file");
    make_big(L"whole", 7000);
    make_big(L"whole:small", 10);
    make_big(L"whole:a large stream", 3000);
    make_file(L"whole:empty", "");
    print_sequence(read_sequence(L"whole", FALSE, 0));
    print_sequence(read_sequence(L"whole", TRUE, 0));
    for (size_t i = 0; i < sizeof(largest) / sizeof(largest[0]); i++) {
        copy[8] = (WCHAR)('0' + i);
        line("comes_back(L\"whole\", copy, largest[i])",
             comes_back(L"whole", copy, largest[i]) ? "yes" : "no", 0);
    }
    list_streams(copy);
    heading("backup of others");
    make_file(L"empty", "");
    print_sequence(read_sequence(L"empty", FALSE, 0));
    IS(comes_back(L"empty", L"empty2", 3));
    CreateDirectoryW(L"tree", NULL);
    print_sequence(read_sequence(L"tree", FALSE, 0));
    make_file(L"tree:note", "of a directory");
    print_sequence(read_sequence(L"tree", TRUE, 0));
    CreateDirectoryW(L"tree2", NULL);
    IS(comes_back(L"tree", L"tree2", 5));
    line("tree2:note", text_of(L"tree2:note"), 0);
}

static void errors_of_backup(void)
{
    HANDLE file, locker;
    void *context = NULL, *wrong = NULL;
    BYTE buffer[64];
    DWORD n = 9, low, high;

    heading("errors of BackupRead");
    DOES(BackupRead(NULL, buffer, 64, &n, FALSE, FALSE, &context));
    DOES(BackupRead(NULL, NULL, 0, &n, TRUE, FALSE, &context));
    OPENS(file, open_all(L"whole", GENERIC_READ, OPEN_EXISTING));
    DOES(BackupRead(file, buffer, 64, &n, FALSE, FALSE, NULL));
    DOES(BackupSeek(file, 1, 0, &low, &high, &context));
    DOES(BackupRead(file, buffer, 10, &n, FALSE, FALSE, &context));
    COUNTS(n, -1);
    DOES(BackupWrite(file, buffer, 10, &n, FALSE, FALSE, &context));
    heading("BackupSeek");
    DOES(BackupSeek(file, 5, 0, &low, &high, &context));
    COUNTS(low, -1);
    DOES(BackupRead(file, buffer, 10, &n, FALSE, FALSE, &context));
    DOES(BackupSeek(file, 6990, 0, &low, &high, &context));
    COUNTS(low, -1);
    DOES(BackupRead(file, buffer, 4, &n, FALSE, FALSE, &context));
    COUNTS(n, -1);
    DOES(BackupSeek(file, 100, 0, &low, &high, &context));
    COUNTS(low, -1);
    DOES(BackupRead(file, buffer, 20, &n, FALSE, FALSE, &context));
    IS(((WIN32_STREAM_ID *)buffer)->dwStreamId == BACKUP_ALTERNATE_DATA);
    DOES(BackupSeek(file, 1, 0, &low, &high, &context)); /* its name is not read yet */
    DOES(BackupRead(file, NULL, 0, &n, TRUE, FALSE, &context));
    IS(context == NULL);
    CloseHandle(file);
    heading("what a lock keeps, BackupSeek skips");
    OPENS(locker, open_all(L"whole", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING));
    DOES(LockFile(locker, 100, 0, 50, 0));
    OPENS(file, open_all(L"whole", GENERIC_READ, OPEN_EXISTING));
    DOES(BackupRead(file, buffer, 20, &n, FALSE, FALSE, &context));
    DOES(BackupSeek(file, 64, 0, &low, &high, &context));
    DOES(BackupRead(file, buffer, 64, &n, FALSE, FALSE, &context));
    DOES(BackupSeek(file, 86, 0, &low, &high, &context));
    DOES(BackupRead(file, buffer, 64, &n, FALSE, FALSE, &context));
    COUNTS(n, -1);
    BackupRead(file, NULL, 0, &n, TRUE, FALSE, &context);
    CloseHandle(file);
    CloseHandle(locker);
    heading("errors of BackupWrite");
    OPENS(file, open_all(L"bad", GENERIC_WRITE, CREATE_ALWAYS));
    memset(buffer, 0xEE, sizeof(buffer));
    DOES(BackupWrite(file, buffer, 64, &n, FALSE, FALSE, &wrong));
    BackupWrite(file, NULL, 0, &n, TRUE, FALSE, &wrong);
    CloseHandle(file);
    OPENS(file, open_all(L"bad", GENERIC_READ, OPEN_EXISTING));
    memcpy(buffer, &(WIN32_STREAM_ID){ .dwStreamId = BACKUP_DATA, .Size.QuadPart = 4 }, HEADER);
    DOES(BackupWrite(file, buffer, 24, &n, FALSE, FALSE, &wrong));
    BackupWrite(file, NULL, 0, &n, TRUE, FALSE, &wrong);
    CloseHandle(file);
}

static void checks(void)
{
    names();
    together();
    backup();
    errors_of_backup();
}

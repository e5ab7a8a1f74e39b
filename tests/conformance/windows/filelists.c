/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Wildcards of FindFirstFile, and what GetFileInformationByHandleEx tells of files and directories.
 */
#include "say.h"

#include <wchar.h>

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static const WCHAR *names[] = { L"a",   L"a.b",   L"ab.txt", L"abc.txt",       L"B.TXT",
                                L"b.t", L"c.d.e", L"dir.d",  L"long name.html" };

static void path_of(WCHAR *path, const WCHAR *name)
{
    wcscpy(path, L"V:\\list\\");
    wcscat(path, name);
}

static void make_files(void)
{
    WCHAR path[64];

    CreateDirectoryW(L"V:\\list", NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        path_of(path, names[i]);
        if (i == 7)
            CreateDirectoryW(path, NULL);
        else
            CloseHandle(CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
    }
}

static void remove_files(void)
{
    WCHAR path[64];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        path_of(path, names[i]);
        if (!DeleteFileW(path))
            RemoveDirectoryW(path);
    }
    SAY_BOOL(RemoveDirectoryW(L"V:\\list"));
}

static void find(const WCHAR *pattern)
{
    WIN32_FIND_DATAW data;
    WCHAR path[64];

    path_of(path, pattern);
    SetLastError(SAY_UNTOUCHED);
    HANDLE search = FindFirstFileW(path, &data);
    printf("%ls:", pattern);
    if (search == INVALID_HANDLE_VALUE) {
        say(" error %u", (unsigned)GetLastError());
        return;
    }
    do
        printf(" '%ls'", data.cFileName);
    while (FindNextFileW(search, &data));
    say(", then error %u", (unsigned)GetLastError());
    FindClose(search);
}

static void wildcards(void)
{
    static const WCHAR *patterns[] = { L"*",       L"*.*",     L"*.",   L"a*",     L"?",
                                       L"??",      L"?.?",     L"*.t*", L"*b*",    L"*.txt",
                                       L"ab?.txt", L"???.txt", L"c.*",  L"c.*.*",  L"*.d",
                                       L"x*",      L"*e",      L"a?",   L"a??????" };

    say("-- wildcards");
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        find(patterns[i]);
}

static void directory(void)
{
    char buffer[4096];
    HANDLE dir = CreateFileW(L"V:\\list", GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING,
                             FILE_FLAG_BACKUP_SEMANTICS, NULL);

    say("-- a directory by its handle");
    SAY_BOOL(GetFileInformationByHandleEx(dir, FileIdBothDirectoryInfo, buffer, sizeof(buffer)));
    for (char *at = buffer;;) {
        FILE_ID_BOTH_DIR_INFO *info = (FILE_ID_BOTH_DIR_INFO *)at;
        printf("%.*ls attributes %u, size %u, has a number: %d\n", (int)(info->FileNameLength / 2),
               info->FileName, (unsigned)(info->FileAttributes & ~FILE_ATTRIBUTE_ARCHIVE),
               (unsigned)info->EndOfFile.QuadPart, info->FileId.QuadPart != 0);
        if (!info->NextEntryOffset)
            break;
        at += info->NextEntryOffset;
    }
    SAY_BOOL(GetFileInformationByHandleEx(dir, FileIdBothDirectoryInfo, buffer, sizeof(buffer)));
    SAY_BOOL(
        GetFileInformationByHandleEx(dir, FileIdBothDirectoryRestartInfo, buffer, sizeof(buffer)));
    CloseHandle(dir);
}

static void file(void)
{
    FILE_STANDARD_INFO standard;
    FILE_ATTRIBUTE_TAG_INFO tag;
    FILE_BASIC_INFO basic;
    HANDLE handle = CreateFileW(L"V:\\list\\a", GENERIC_READ | GENERIC_WRITE | DELETE, SHARE_ALL,
                                NULL, OPEN_EXISTING, 0, NULL);

    say("-- a file by its handle");
    SAY_BOOL(GetFileInformationByHandleEx(handle, FileStandardInfo, &standard, sizeof(standard)));
    say("links %u, delete %d, directory %d, size %u", (unsigned)standard.NumberOfLinks,
        standard.DeletePending, standard.Directory, (unsigned)standard.EndOfFile.QuadPart);
    SAY_BOOL(GetFileInformationByHandleEx(handle, FileStandardInfo, &standard, 4));
    SAY_BOOL(GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &tag, sizeof(tag)));
    SAY_CODE(tag.FileAttributes);
    SAY_BOOL(GetFileInformationByHandleEx(handle, FileBasicInfo, &basic, sizeof(basic)));
    basic.FileAttributes = FILE_ATTRIBUTE_HIDDEN;
    basic.LastWriteTime.QuadPart = 0x01D0000012345600;
    SAY_BOOL(SetFileInformationByHandle(handle, FileBasicInfo, &basic, sizeof(basic)));
    SAY_BOOL(GetFileInformationByHandleEx(handle, FileBasicInfo, &basic, sizeof(basic)));
    SAY_NUMBER(basic.LastWriteTime.QuadPart == 0x01D0000012345600);
    SAY_COUNT(GetFileType(handle), FILE_TYPE_UNKNOWN);
    CloseHandle(handle);
}

int wmain(void)
{
    make_files();
    wildcards();
    directory();
    file();
    remove_files();
    return 0;
}

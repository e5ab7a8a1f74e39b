/* SPDX-License-Identifier: MIT */
/* Files by name: what a path means, creation dispositions, attributes, directories, searches,
 * copies and moves. Learn: "CreateFileW", "Naming Files, Paths, and Namespaces" and the pages of
 * the functions. */
#include "files_check.h"

static void dispositions(void)
{
    heading("creation dispositions");
    TRIES(open_file(L"new", GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"new", GENERIC_WRITE, 0, TRUNCATE_EXISTING, 0));
    TRIES(open_file(L"new", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"new", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"new", GENERIC_WRITE, 0, CREATE_ALWAYS, 0));
    TRIES(open_file(L"new", GENERIC_WRITE, 0, OPEN_ALWAYS, 0));
    TRIES(open_file(L"other", GENERIC_WRITE, 0, OPEN_ALWAYS, 0));
    TRIES(open_file(L"third", GENERIC_WRITE, 0, CREATE_ALWAYS, 0));
    TRIES(open_file(L"new", GENERIC_READ, 0, TRUNCATE_EXISTING, 0));
    TRIES(open_file(L"new", GENERIC_READ, 0, 9, 0));
    TRIES(open_file(L"NEW", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"none\\new", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"none\\new", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"new\\below", GENERIC_WRITE, 0, CREATE_NEW, 0));
}

static void names(void)
{
    WCHAR longest[300], full[MAX_PATH];

    heading("names");
    make_file(L"name", "x");
    TRIES(open_file(L"name. .", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L".\\name", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"none\\..\\name", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L".//name", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"name\\", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"na*e", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"na|e", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"na<e", GENERIC_WRITE, 0, CREATE_NEW, 0));
    TRIES(open_file(L"", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"nul", GENERIC_WRITE, 0, CREATE_ALWAYS, 0));
    for (int i = 0; i < 299; i++)
        longest[i] = 'n';
    longest[299] = 0;
    TRIES(open_file(longest + 50, GENERIC_WRITE, 0, CREATE_NEW, 0)); /* 249 */
    DOES(DeleteFileW(longest + 50));
    longest[150] = '\\';
    TRIES(open_file(longest + 20, GENERIC_WRITE, 0, CREATE_NEW, 0)); /* too long with the front */
    GetFullPathNameW(L"name", MAX_PATH, full, NULL);
    WCHAR verbatim[MAX_PATH] = L"\\\\?\\";
    wcscat(verbatim, full);
    TRIES(open_file(verbatim, GENERIC_READ, 0, OPEN_EXISTING, 0));
    wcscat(verbatim, L".");
    TRIES(open_file(verbatim, GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"Q:\\name", GENERIC_READ, 0, OPEN_EXISTING, 0));
    COUNTS(GetFileAttributesW(L"name\\"), INVALID_FILE_ATTRIBUTES);
    COUNTS(GetFileAttributesW(L"none\\name"), INVALID_FILE_ATTRIBUTES);
    DOES(DeleteFileW(L"name"));
}

static void attributes(void)
{
    heading("attributes");
    make_file(L"file", "x");
    COUNTS(GetFileAttributesW(L"file"), INVALID_FILE_ATTRIBUTES);
    DOES(SetFileAttributesW(L"file", FILE_ATTRIBUTE_READONLY));
    TRIES(open_file(L"file", GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"file", GENERIC_WRITE, 0, CREATE_ALWAYS, 0));
    TRIES(open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, FILE_FLAG_DELETE_ON_CLOSE));
    TRIES(open_file(L"file", GENERIC_READ, 0, OPEN_EXISTING, 0));
    DOES(DeleteFileW(L"file"));
    DOES(MoveFileW(L"file", L"moved"));
    DOES(MoveFileW(L"moved", L"file"));
    DOES(SetFileAttributesW(L"file", FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM));
    COUNTS(GetFileAttributesW(L"file"), INVALID_FILE_ATTRIBUTES);
    TRIES(open_file(L"file", GENERIC_WRITE, 0, CREATE_ALWAYS, 0));
    TRIES(open_file(L"file", GENERIC_WRITE, 0, CREATE_ALWAYS,
                    FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM));
    DOES(SetFileAttributesW(L"file", FILE_ATTRIBUTE_NORMAL));
    COUNTS(GetFileAttributesW(L"file"), INVALID_FILE_ATTRIBUTES);
    make_file(L"file", "y"); /* a change asks for the next backup */
    COUNTS(GetFileAttributesW(L"file"), INVALID_FILE_ATTRIBUTES);
    DOES(SetFileAttributesW(L"none", FILE_ATTRIBUTE_NORMAL));
    DOES(DeleteFileW(L"file"));
    DOES(DeleteFileW(L"file"));
}

static void directories(void)
{
    HANDLE dir;
    char buffer[8];
    DWORD n;

    heading("directories");
    DOES(CreateDirectoryW(L"dir", NULL));
    DOES(CreateDirectoryW(L"DIR", NULL));
    DOES(CreateDirectoryW(L"none\\dir", NULL));
    DOES(CreateDirectoryW(L"dir\\sub\\", NULL));
    COUNTS(GetFileAttributesW(L"dir"), INVALID_FILE_ATTRIBUTES);
    TRIES(open_file(L"dir", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"dir", GENERIC_READ, 0, CREATE_NEW, 0));
    TRIES(open_file(L"dir", GENERIC_WRITE, 0, CREATE_ALWAYS, FILE_FLAG_BACKUP_SEMANTICS));
    OPENS(dir, open_file(L"dir", GENERIC_READ, 0, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS));
    DOES(ReadFile(dir, buffer, 8, &n, NULL));
    DOES(RemoveDirectoryW(L"dir\\sub"));
    DOES(RemoveDirectoryW(L"dir"));
    DOES(CloseHandle(dir));
    make_file(L"dir\\file", "x");
    DOES(RemoveDirectoryW(L"dir"));
    DOES(RemoveDirectoryW(L"dir\\file"));
    DOES(DeleteFileW(L"dir"));
    DOES(MoveFileW(L"dir", L"renamed"));
    DOES(DeleteFileW(L"renamed\\file"));
    DOES(RemoveDirectoryW(L"renamed\\"));
    DOES(RemoveDirectoryW(L"renamed"));
}

static void list(LPCWSTR pattern)
{
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(pattern, &data);
    char text[64];

    snprintf(text, sizeof(text), "FindFirstFileW(L\"%S\")", pattern);
    if (find == INVALID_HANDLE_VALUE) {
        line(text, "no", GetLastError());
        return;
    }
    printf("  %-76s", text);
    do {
        printf(" %S%s", data.cFileName,
               data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? "\\" : "");
    } while (FindNextFileW(find, &data));
    printf(" %s\n", error_name(GetLastError()));
    FindClose(find);
}

static void searches(void)
{
    static const LPCWSTR patterns[] = {
        L"list\\*",     L"list\\*.*",    L"list\\*.txt", L"list\\?.txt",
        L"list\\a*",    L"list\\A.TXT",  L"list\\*.",    L"list\\",
        L"list",        L"list\\x*",     L"none\\*",     L"list\\a.txt\\*",
        L"list\\b.t?t", L"list\\sub\\*", L"list\\????",  L"list\\*c*",
    };

    heading("searches");
    CreateDirectoryW(L"list", NULL);
    CreateDirectoryW(L"list\\sub", NULL);
    make_file(L"list\\b.txt", "");
    make_file(L"list\\a.txt", "");
    make_file(L"list\\Acht", "");
    make_file(L"list\\c.doc", "");
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        list(patterns[i]);
    DOES(FindClose(INVALID_HANDLE_VALUE));
}

static void copies(void)
{
    WIN32_FILE_ATTRIBUTE_DATA from, to;

    heading("copies and moves");
    make_file(L"from", "four");
    SetFileAttributesW(L"from", FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_ARCHIVE);
    DOES(CopyFileW(L"from", L"to", TRUE));
    GetFileAttributesExW(L"from", GetFileExInfoStandard, &from);
    GetFileAttributesExW(L"to", GetFileExInfoStandard, &to);
    IS(CompareFileTime(&from.ftLastWriteTime, &to.ftLastWriteTime) == 0);
    COUNTS(to.dwFileAttributes, 0);
    COUNTS(to.nFileSizeLow, 0);
    DOES(CopyFileW(L"from", L"to", TRUE));
    DOES(CopyFileW(L"from", L"to", FALSE)); /* it is hidden */
    SetFileAttributesW(L"to", FILE_ATTRIBUTE_NORMAL);
    DOES(CopyFileW(L"from", L"to", FALSE));
    DOES(CopyFileW(L"none", L"to", FALSE));
    DOES(CopyFileW(L"from", L"none\\to", FALSE));
    DOES(CopyFileW(L"list", L"copy", FALSE));
    DOES(MoveFileW(L"from", L"to"));
    DOES(MoveFileExW(L"from", L"list", MOVEFILE_REPLACE_EXISTING));
    DOES(MoveFileExW(L"from", L"to", MOVEFILE_REPLACE_EXISTING));
    DOES(MoveFileW(L"from", L"to2"));
    DOES(MoveFileW(L"to", L"TO")); /* its case alone */
    list(L"to");
    make_file(L"new version", "new");
    make_file(L"current", "old");
    DOES(ReplaceFileW(L"current", L"new version", L"backup", 0, NULL, NULL));
    list(L"*ersion*");
    list(L"backup");
    DOES(ReplaceFileW(L"current", L"none", NULL, 0, NULL, NULL));
}

static void paths(void)
{
    static const LPCWSTR names[] = { L"C:\\a\\..\\b\\.\\c", L"C:\\a\\\\b\\",  L"C:/a/b. ",
                                     L"\\\\?\\C:\\a",       L"C:\\..\\..\\a", L"C:\\" };
    WCHAR full[MAX_PATH], *file;

    heading("paths as text");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        GetFullPathNameW(names[i], MAX_PATH, full, &file);
        printf("  %-30S %-20S %S\n", names[i], full, file ? file : L"(none)");
    }
}

static void checks(void)
{
    dispositions();
    names();
    attributes();
    directories();
    searches();
    copies();
    paths();
}

/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Views of files and of the paging file. */
#include "say.h"

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static HANDLE make(DWORD access, DWORD size)
{
    HANDLE file = CreateFileW(L"V:\\mapped", access, SHARE_ALL, NULL, CREATE_ALWAYS, 0, NULL);

    SetFilePointer(file, (LONG)size, NULL, FILE_BEGIN);
    SetEndOfFile(file);
    return file;
}

static const char *text_at(HANDLE file, DWORD offset)
{
    static char text[16];
    DWORD n = 0;

    SetFilePointer(file, (LONG)offset, NULL, FILE_BEGIN);
    ReadFile(file, text, 8, &n, NULL);
    text[n] = 0;
    return text;
}

static void write_at(HANDLE file, DWORD offset, const char *text)
{
    DWORD n;

    SetFilePointer(file, (LONG)offset, NULL, FILE_BEGIN);
    WriteFile(file, text, (DWORD)strlen(text), &n, NULL);
}

static void files(void)
{
    HANDLE file = make(GENERIC_READ | GENERIC_WRITE, 200000), mapping;
    char *whole, *part, *copy;

    say("-- a file");
    write_at(file, 0, "begin");
    write_at(file, 131072, "third");
    SAY_HANDLE(mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, NULL));
    SAY_POINTER(whole = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0));
    SAY_NARROW(whole);
    SAY_NARROW(whole + 131072);
    SAY_NUMBER(whole[199999]);
    SAY_POINTER(part = MapViewOfFile(mapping, FILE_MAP_READ, 0, 131072, 5));
    strcpy(whole + 131072, "THIRD");
    SAY_NARROW(part);
    SAY_BOOL(FlushViewOfFile(whole, 0));
    SAY_NARROW(text_at(file, 131072));
    strcpy(whole + 100, "later");
    SAY_BOOL(UnmapViewOfFile(whole));
    SAY_NARROW(text_at(file, 100));
    SAY_POINTER(copy = MapViewOfFile(mapping, FILE_MAP_COPY, 0, 0, 0));
    strcpy(copy, "mine alone");
    SAY_NARROW(copy);
    SAY_BOOL(UnmapViewOfFile(copy));
    SAY_NARROW(text_at(file, 0));
    SAY_BOOL(CloseHandle(mapping));
    SAY_NARROW(part);
    SAY_BOOL(UnmapViewOfFile(part));
    CloseHandle(file);
}

static void errors(void)
{
    HANDLE file = make(GENERIC_READ | GENERIC_WRITE, 0), reader, mapping;
    char *view;

    say("-- errors");
    SAY_HANDLE(CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, NULL));
    SAY_HANDLE(mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 1000, NULL));
    SAY_COUNT(GetFileSize(file, NULL), INVALID_FILE_SIZE);
    SAY_HANDLE(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 1000000));
    SAY_HANDLE(MapViewOfFile(mapping, FILE_MAP_READ, 0, 4096, 0));
    CloseHandle(mapping);
    reader = CreateFileW(L"V:\\mapped", GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL);
    SAY_HANDLE(CreateFileMappingW(reader, NULL, PAGE_READWRITE, 0, 0, NULL));
    SAY_HANDLE(CreateFileMappingW(reader, NULL, PAGE_READONLY, 0, 5000, NULL));
    SAY_HANDLE(CreateFileMappingW(reader, NULL, 77, 0, 0, NULL));
    SAY_HANDLE(mapping = CreateFileMappingW(reader, NULL, PAGE_READONLY, 0, 0, NULL));
    SAY_HANDLE(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0));
    SAY_POINTER(view = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0));
    SAY_BOOL(FlushViewOfFile(view, 0));
    SAY_BOOL(UnmapViewOfFile(view));
    SAY_BOOL(UnmapViewOfFile(view));
    SAY_HANDLE(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0, NULL));
    SAY_HANDLE(CreateFileMappingW(NULL, NULL, PAGE_READWRITE, 0, 10, NULL));
    CloseHandle(mapping);
    CloseHandle(reader);
    CloseHandle(file);
    SAY_BOOL(DeleteFileW(L"V:\\mapped"));
}

static void names(void)
{
    HANDLE first, second, third;
    char *one, *other;

    say("-- the paging file, by name");
    SAY_HANDLE(first = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 100,
                                          L"Local\\section"));
    SetLastError(SAY_UNTOUCHED);
    second =
        CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 100, L"Local\\section");
    SAY_LAST_ERROR();
    SAY_HANDLE(third = OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, L"Local\\section"));
    SAY_HANDLE(OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, L"Local\\none"));
    one = MapViewOfFile(first, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    other = MapViewOfFile(third, FILE_MAP_READ, 0, 0, 100);
    SAY_NUMBER(one[99]);
    strcpy(one, "shared");
    SAY_NARROW(other);
    UnmapViewOfFile(one);
    CloseHandle(first);
    CloseHandle(second);
    CloseHandle(third);
    SAY_NARROW(other);
    SAY_BOOL(UnmapViewOfFile(other));
    SAY_HANDLE(OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, L"Local\\section"));
}

int wmain(void)
{
    files();
    errors();
    names();
    return 0;
}

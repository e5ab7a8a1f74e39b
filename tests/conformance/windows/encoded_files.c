/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Files in UTF-16 and UTF-8 with a byte order mark through fopen's "ccs=". Learn: "fopen, _wfopen",
 * Unicode support. Lines have no ends here: text mode changes them on Windows alone. */
#include "say.h"

#include <wchar.h>

static void say_file(const WCHAR *path)
{
    BYTE bytes[64];
    DWORD n = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    ReadFile(file, bytes, sizeof(bytes), &n, NULL);
    CloseHandle(file);
    say("%u bytes", (unsigned)n);
    SAY_BYTES(bytes, n);
}

static void put_file(const WCHAR *path, const void *bytes, DWORD size)
{
    DWORD n;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

    WriteFile(file, bytes, size, &n, NULL);
    CloseHandle(file);
}

static void write_with(const WCHAR *mode, const WCHAR *text)
{
    FILE *file = _wfopen(L"V:\\written.txt", mode);

    SAY_WIDE(mode);
    say("%s", file ? "open" : "not open");
    if (!file)
        return;
    fputws(text, file);
    fwprintf(file, L"%s-%d", L"printed", 7);
    fclose(file);
    say_file(L"V:\\written.txt");
}

static void read_with(const WCHAR *mode, const void *bytes, DWORD size)
{
    WCHAR line[64] = L"nothing";

    put_file(L"V:\\read.txt", bytes, size);
    FILE *file = _wfopen(L"V:\\read.txt", mode);
    SAY_WIDE(mode);
    if (!file)
        return;
    say("%s", fgetws(line, 64, file) ? "a line" : "no line");
    SAY_WIDE(line);
    fclose(file);
}

int wmain(void)
{
    write_with(L"wt, ccs=UTF-16LE", L"a\xe4\x20ac");
    write_with(L"wt, ccs=UTF-8", L"a\xe4\x20ac");
    write_with(L"wt, ccs=UNICODE", L"a\xe4\x20ac");
    write_with(L"at, ccs=UTF-16LE", L"+");
    read_with(L"rt, ccs=UTF-16LE",
              "\xff\xfe"
              "a\0\xe4\0\xac\x20",
              8);
    read_with(L"rt, ccs=UTF-16LE", "a\0b\0", 4);
    read_with(L"rt, ccs=UTF-8",
              "\xef\xbb\xbf"
              "a\xc3\xa4",
              6);
    read_with(L"rt, ccs=UTF-8", "a\xc3\xa4", 3);
    read_with(L"rt, ccs=UTF-8",
              "\xff\xfe"
              "a\0",
              4);
    read_with(L"rt, ccs=UNICODE",
              "\xef\xbb\xbf"
              "a\xc3\xa4",
              6);
    return 0;
}

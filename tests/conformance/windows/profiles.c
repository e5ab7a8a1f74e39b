/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Initialization files, and values of the registry by the shell's functions. Learn:
 * "GetPrivateProfileStringW", "WritePrivateProfileStringW", "SHGetValueW", "SHDeleteKeyW". */
#include "say.h"

#include <shlwapi.h>

#define FILE_NAME "V:\\setup.ini"

static void write_file(const char *text)
{
    DWORD n;
    HANDLE file = CreateFileA(FILE_NAME, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

    WriteFile(file, text, (DWORD)strlen(text), &n, NULL);
    CloseHandle(file);
}

static void say_file(void)
{
    char text[600], *line;
    DWORD n = 0;
    HANDLE file = CreateFileA(FILE_NAME, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);

    ReadFile(file, text, sizeof(text) - 1, &n, NULL);
    CloseHandle(file);
    text[n] = 0;
    for (line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n"))
        say("| %s", line);
}

static void get(const char *section, const char *key, DWORD size)
{
    char text[100];
    DWORD n, i;

    memset(text, '#', sizeof(text));
    n = (DWORD)GetPrivateProfileStringA(section, key, "none  ", text, size, FILE_NAME);
    for (i = 0; i < n + 1; i++)
        if (!text[i])
            text[i] = '.';
    say("[%s] %s in %u: %u, %.*s", section ? section : "-", key ? key : "-", (unsigned)size,
        (unsigned)n, (int)n + 1, text);
}

static void reading(void)
{
    char text[100];

    write_file("; a comment\r\n[First]\r\nName = some text  \r\nquoted=\"  in marks \"\r\n"
               "half=\"open\r\nempty=\r\nnumber=42\r\nodd=12ab\r\nminus=-5\r\nword=ten\r\n"
               "hex=0x1f\r\n\r\n[second part]\r\nname=other\r\n;name=comment\r\n");
    get("First", "name", 100);
    get("FIRST", "NAME", 100);
    get("First", "quoted", 100);
    get("First", "half", 100);
    get("First", "empty", 100);
    get("First", "missing", 100);
    get("Nowhere", "name", 100);
    get("second part", "name", 100);
    get("First", "name", 10);
    get("First", "name", 9);
    get("First", "name", 1);
    get(NULL, NULL, 100);
    get(NULL, NULL, 10);
    get("second part", NULL, 100);
    get("First", NULL, 20);
    SAY_NUMBER(GetPrivateProfileIntA("First", "number", 7, FILE_NAME));
    SAY_NUMBER(GetPrivateProfileIntA("First", "odd", 7, FILE_NAME));
    SAY_NUMBER((int)GetPrivateProfileIntA("First", "minus", 7, FILE_NAME));
    SAY_NUMBER(GetPrivateProfileIntA("First", "word", 7, FILE_NAME));
    SAY_NUMBER(GetPrivateProfileIntA("First", "missing", 7, FILE_NAME));
    SAY_NUMBER(GetPrivateProfileIntW(L"First", L"number", 7, L"V:\\setup.ini"));
    SAY_NUMBER(GetPrivateProfileIntA("First", "number", 7, "V:\\missing.ini"));
    memset(text, 0, sizeof(text));
    SAY_NUMBER(GetPrivateProfileSectionA("second part", text, 100, FILE_NAME));
    say("%s", text);
    SAY_NUMBER(GetPrivateProfileSectionNamesA(text, 100, FILE_NAME));
}

static void writing(void)
{
    SAY_BOOL(WritePrivateProfileStringA("First", "number", "43", FILE_NAME));
    SAY_BOOL(WritePrivateProfileStringA("First", "new", "one", FILE_NAME));
    SAY_BOOL(WritePrivateProfileStringA("First", "half", NULL, FILE_NAME));
    SAY_BOOL(WritePrivateProfileStringW(L"Third", L"key", L"value", L"V:\\setup.ini"));
    WritePrivateProfileStringA(NULL, NULL, NULL, FILE_NAME);
    get("First", "number", 100);
    get("First", "new", 100);
    get("First", "half", 100);
    get("Third", "key", 100);
    SAY_BOOL(WritePrivateProfileStringA("First", NULL, NULL, FILE_NAME));
    WritePrivateProfileStringA(NULL, NULL, NULL, FILE_NAME);
    get("First", "number", 100);
    get(NULL, NULL, 100);
    say_file();
    SAY_BOOL(WritePrivateProfileStringA("a", "b", "c", "V:\\no folder\\x.ini"));
}

static void shell_values(void)
{
    static const WCHAR path[] = L"Software\\vssemu test", folder[] = L"%SystemDrive%\\x";
    WCHAR text[MAX_PATH] = L"";
    DWORD number = 5, type = 0, size = sizeof(number);

    SAY_NUMBER(SHSetValueW(HKEY_CURRENT_USER, path, L"n", REG_DWORD, &number, sizeof(number)));
    number = 0;
    SAY_NUMBER(SHGetValueW(HKEY_CURRENT_USER, path, L"n", &type, &number, &size));
    say("%u of type %u, %u bytes", (unsigned)number, (unsigned)type, (unsigned)size);
    SAY_NUMBER(SHGetValueA(HKEY_CURRENT_USER, "Software\\vssemu test", "n", &type, NULL, &size));
    SAY_NUMBER(SHGetValueW(HKEY_CURRENT_USER, path, L"missing", &type, &number, &size));
    SAY_NUMBER(SHGetValueW(HKEY_CURRENT_USER, L"Software\\no", L"n", &type, &number, &size));
    SAY_NUMBER(SHSetValueW(HKEY_CURRENT_USER, path, L"p", REG_EXPAND_SZ, folder, sizeof(folder)));
    SAY_NUMBER(SHRegGetPathW(HKEY_CURRENT_USER, path, L"p", text, 0));
    say("%ls", text);
    size = sizeof(text);
    SAY_NUMBER(SHGetValueW(HKEY_CURRENT_USER, path, L"p", &type, text, &size));
    say("%ls of type %u", text, (unsigned)type);
    SAY_NUMBER(SHDeleteValueW(HKEY_CURRENT_USER, path, L"n"));
    SAY_NUMBER(SHDeleteValueW(HKEY_CURRENT_USER, path, L"n"));
    SAY_NUMBER(SHDeleteKeyW(HKEY_CURRENT_USER, path));
    SAY_NUMBER(SHDeleteKeyW(HKEY_CURRENT_USER, path));
}

int main(void)
{
    reading();
    writing();
    shell_values();
    return 0;
}

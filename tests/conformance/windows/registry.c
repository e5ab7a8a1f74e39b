/* SPDX-License-Identifier: MIT */
/* run: world */
/* The registry: keys, values of each type, sizes, both widths, deletion. Learn: "Registry
 * Functions". */
#include "say.h"

#define BASE L"Software\\vssemu conformance"

static HKEY base;

static void keys(void)
{
    HKEY key = NULL, other = NULL;
    DWORD disposition = 0;

    SAY_NUMBER(RegOpenKeyExW(HKEY_CURRENT_USER, L"Software\\vssemu none", 0, KEY_READ, &key));
    SAY_NUMBER(RegCreateKeyExW(HKEY_CURRENT_USER, BASE, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &base,
                               &disposition));
    SAY_NUMBER(disposition);
    SAY_NUMBER(RegCreateKeyExW(base, L"a\\b\\c", 0, NULL, 0, KEY_READ, NULL, &key, &disposition));
    SAY_NUMBER(disposition);
    SAY_NUMBER(RegCloseKey(key));
    SAY_NUMBER(RegCreateKeyExW(base, L"A\\B", 0, NULL, 0, KEY_READ, NULL, &key, &disposition));
    SAY_NUMBER(disposition);
    SAY_NUMBER(RegOpenKeyExW(key, L"c", 0, KEY_READ, &other));
    SAY_NUMBER(RegCloseKey(other));
    SAY_NUMBER(RegOpenKeyExW(key, L"c\\d", 0, KEY_READ, &other));
    SAY_NUMBER(RegOpenKeyExW(key, L"", 0, KEY_READ, &other));
    SAY_NUMBER(RegCloseKey(other));
    SAY_NUMBER(RegOpenKeyExW(key, L"c\\", 0, KEY_READ, &other));
    SAY_NUMBER(RegCloseKey(other));
    SAY_NUMBER(RegOpenKeyExW(base, L"a", 0, KEY_READ, NULL));
    SAY_NUMBER(RegOpenKeyExW(NULL, L"a", 0, KEY_READ, &other));
    SAY_NUMBER(RegCreateKeyExW(base, L"a", 1, NULL, 0, KEY_READ, NULL, &other, NULL));
    SAY_NUMBER(RegCloseKey(key));
    SAY_NUMBER(RegCloseKey(NULL));
    SAY_NUMBER(RegCloseKey(HKEY_LOCAL_MACHINE));
    SAY_NUMBER(RegOpenKeyA(base, "a", &key));
    SAY_NUMBER(RegCloseKey(key));
    SAY_NUMBER(RegOpenKeyA(base, "", &key));
    SAY_NUMBER(key == base);
    SAY_NUMBER(RegFlushKey(base));
}

static void values(void)
{
    static const WCHAR list[] = L"one\0two\0";
    WCHAR text[32];
    DWORD type = 77, size, number = 0x12345678;
    BYTE bytes[8] = { 0 };

    SAY_NUMBER(RegSetValueExW(base, L"text", 0, REG_SZ, (const BYTE *)L"hello", 12));
    SAY_NUMBER(RegSetValueExW(base, NULL, 0, REG_SZ, (const BYTE *)L"default", 16));
    SAY_NUMBER(RegSetValueExW(base, L"number", 0, REG_DWORD, (const BYTE *)&number, 4));
    SAY_NUMBER(RegSetValueExW(base, L"list", 0, REG_MULTI_SZ, (const BYTE *)list, sizeof(list)));
    SAY_NUMBER(RegSetValueExW(base, L"bytes", 0, REG_BINARY, (const BYTE *)"\1\2\3", 3));
    SAY_NUMBER(RegSetValueExW(base, L"nothing", 0, REG_NONE, NULL, 0));

    size = sizeof(text);
    SAY_NUMBER(RegQueryValueExW(base, L"TEXT", NULL, &type, (BYTE *)text, &size));
    say("type %u, size %u", (unsigned)type, (unsigned)size);
    SAY_WIDE_N(text, 6);
    size = 11;
    SAY_NUMBER(RegQueryValueExW(base, L"text", NULL, &type, (BYTE *)text, &size));
    SAY_NUMBER(size);
    size = 0;
    SAY_NUMBER(RegQueryValueExW(base, L"text", NULL, &type, NULL, &size));
    SAY_NUMBER(size);
    SAY_NUMBER(RegQueryValueExW(base, L"text", NULL, NULL, NULL, NULL));
    SAY_NUMBER(RegQueryValueExW(base, L"text", NULL, NULL, (BYTE *)text, NULL));
    SAY_NUMBER(RegQueryValueExW(base, L"none", NULL, &type, NULL, NULL));
    size = sizeof(text);
    SAY_NUMBER(RegQueryValueExW(base, L"", NULL, &type, (BYTE *)text, &size));
    SAY_WIDE_N(text, 8);
    size = sizeof(bytes);
    SAY_NUMBER(RegQueryValueExW(base, L"bytes", NULL, &type, bytes, &size));
    say("type %u, size %u", (unsigned)type, (unsigned)size);
    SAY_BYTES(bytes, 3);
    size = 4;
    SAY_NUMBER(RegQueryValueExW(base, L"nothing", NULL, &type, bytes, &size));
    say("type %u, size %u", (unsigned)type, (unsigned)size);
    SAY_NUMBER(RegDeleteValueW(base, L"bytes"));
    SAY_NUMBER(RegDeleteValueW(base, L"bytes"));
}

static void narrow_values(void)
{
    char text[32];
    WCHAR wide[32];
    DWORD type = 77, size = sizeof(text);

    SAY_NUMBER(RegQueryValueExA(base, "text", NULL, &type, (BYTE *)text, &size));
    say("type %u, size %u", (unsigned)type, (unsigned)size);
    SAY_NARROW(text);
    size = 5;
    SAY_NUMBER(RegQueryValueExA(base, "text", NULL, &type, (BYTE *)text, &size));
    SAY_NUMBER(size);
    size = sizeof(text);
    SAY_NUMBER(RegQueryValueExA(base, "list", NULL, &type, (BYTE *)text, &size));
    SAY_NARROW_N(text, size);
    SAY_NUMBER(RegSetValueExA(base, "narrow", 0, REG_SZ, (const BYTE *)"abc", 3));
    size = sizeof(wide);
    SAY_NUMBER(RegQueryValueExW(base, L"narrow", NULL, &type, (BYTE *)wide, &size));
    SAY_NUMBER(size);
    SAY_WIDE_N(wide, 4);
}

static void got_values(void)
{
    WCHAR text[32];
    DWORD type = 77, size, number = 0;

    SetEnvironmentVariableW(L"SAY_R", L"there");
    RegSetValueExW(base, L"expand", 0, REG_EXPAND_SZ, (const BYTE *)L"<%SAY_R%>", 20);
    RegSetValueExW(base, L"open", 0, REG_SZ, (const BYTE *)L"abcd", 6);
    size = sizeof(text);
    SAY_NUMBER(RegGetValueW(base, NULL, L"expand", RRF_RT_REG_SZ, &type, text, &size));
    say("type %u, size %u", (unsigned)type, (unsigned)size);
    SAY_WIDE_N(text, 8);
    size = sizeof(text);
    SAY_NUMBER(RegGetValueW(base, NULL, L"expand", RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, &type, text,
                            &size));
    say("type %u, size %u", (unsigned)type, (unsigned)size);
    SAY_NUMBER(RegGetValueW(base, NULL, L"expand", RRF_RT_REG_EXPAND_SZ, &type, text, &size));
    size = sizeof(text);
    SAY_NUMBER(RegGetValueW(base, NULL, L"open", RRF_RT_ANY, &type, text, &size));
    say("with its zero: %u", (unsigned)size);
    SAY_WIDE_N(text, 4);
    size = sizeof(number);
    SAY_NUMBER(RegGetValueW(base, NULL, L"number", RRF_RT_DWORD, &type, &number, &size));
    SAY_CODE(number);
    SAY_NUMBER(RegGetValueW(base, NULL, L"number", RRF_RT_REG_SZ, &type, &number, &size));
    number = 5;
    SAY_NUMBER(RegGetValueW(base, NULL, L"number", RRF_RT_REG_SZ | RRF_ZEROONFAILURE, &type,
                            &number, &size));
    SAY_NUMBER(number);
    size = 2;
    SAY_NUMBER(RegGetValueW(base, NULL, L"number", RRF_RT_DWORD, &type, &number, &size));
    SAY_NUMBER(size);
    SAY_NUMBER(RegGetValueW(base, L"a", L"number", RRF_RT_DWORD, &type, &number, &size));
    SAY_NUMBER(RegGetValueW(base, L"none", L"number", RRF_RT_DWORD, &type, &number, &size));
    SAY_NUMBER(RegGetValueW(base, NULL, L"number", RRF_RT_DWORD, NULL, &number, NULL));
    SAY_NUMBER(RegGetValueW(base, NULL, L"number", RRF_RT_DWORD, NULL, NULL, NULL));
    SAY_NUMBER(RegSetKeyValueW(base, L"made", L"x", REG_DWORD, &number, 4));
    SAY_NUMBER(RegGetValueW(base, L"made", L"x", RRF_RT_REG_DWORD, NULL, NULL, NULL));
}

static void lists(void)
{
    DWORD n_keys, longest_key, n_values, longest_value, largest, size, type;
    WCHAR name[32];
    char narrow[32];

    SAY_NUMBER(RegQueryInfoKeyW(base, NULL, NULL, NULL, &n_keys, &longest_key, NULL, &n_values,
                                &longest_value, &largest, NULL, NULL));
    say("%u keys of %u, %u values of %u, data of %u", (unsigned)n_keys, (unsigned)longest_key,
        (unsigned)n_values, (unsigned)longest_value, (unsigned)largest);
    size = 32;
    SAY_NUMBER(RegEnumKeyExW(base, 0, name, &size, NULL, NULL, NULL, NULL));
    SAY_NUMBER(size);
    SAY_WIDE(name);
    size = 4;
    SAY_NUMBER(RegEnumKeyExW(base, 1, name, &size, NULL, NULL, NULL, NULL));
    size = 5;
    SAY_NUMBER(RegEnumKeyExA(base, 1, narrow, &size, NULL, NULL, NULL, NULL));
    SAY_NARROW(narrow);
    size = 32;
    SAY_NUMBER(RegEnumKeyExW(base, 2, name, &size, NULL, NULL, NULL, NULL));
    SAY_NUMBER(RegEnumKeyW(base, 0, name, 32));
    SAY_NUMBER(RegEnumKeyW(base, 2, name, 32));
    for (DWORD i = 0;; i++) {
        size = 32;
        if (SAY_NUMBER(RegEnumValueW(base, i, name, &size, NULL, &type, NULL, NULL)))
            break;
    }
    size = 32;
    SAY_NUMBER(RegEnumValueW(base, 0, name, NULL, NULL, NULL, NULL, NULL));
    size = 0;
    SAY_NUMBER(RegEnumValueW(base, 0, name, &size, NULL, NULL, NULL, NULL));
}

static void access_rights(void)
{
    HKEY reader, writer;
    DWORD size = 0;

    SAY_NUMBER(RegOpenKeyExW(base, NULL, 0, KEY_QUERY_VALUE, &reader));
    SAY_NUMBER(RegSetValueExW(reader, L"x", 0, REG_SZ, (const BYTE *)L"", 2));
    SAY_NUMBER(RegDeleteValueW(reader, L"text"));
    SAY_NUMBER(RegQueryValueExW(reader, L"text", NULL, NULL, NULL, &size));
    SAY_NUMBER(RegOpenKeyExW(base, NULL, 0, KEY_SET_VALUE, &writer));
    SAY_NUMBER(RegQueryValueExW(writer, L"text", NULL, NULL, NULL, &size));
    SAY_NUMBER(RegSetValueExW(writer, L"x", 0, REG_SZ, (const BYTE *)L"", 2));
    RegCloseKey(reader);
    RegCloseKey(writer);
}

static DWORD WINAPI change_later(void *argument)
{
    (void)argument;
    Sleep(50);
    RegSetValueExW(base, L"changed", 0, REG_SZ, (const BYTE *)L"", 2);
    return 0;
}

static void notifications(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), thread;
    HKEY key, watched;

    SAY_NUMBER(RegNotifyChangeKeyValue(base, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE));
    SAY_WAIT(WaitForSingleObject(event, 0));
    SAY_NUMBER(RegSetKeyValueW(base, L"a", L"x", REG_SZ, L"", 2));
    SAY_WAIT(WaitForSingleObject(event, 0));
    SAY_NUMBER(RegSetValueExW(base, L"x", 0, REG_SZ, (const BYTE *)L"y", 4));
    SAY_WAIT(WaitForSingleObject(event, 1000));
    RegOpenKeyExW(base, NULL, 0, KEY_NOTIFY, &watched);
    SAY_NUMBER(RegNotifyChangeKeyValue(watched, TRUE, REG_NOTIFY_CHANGE_NAME, event, TRUE));
    SAY_NUMBER(RegCreateKeyExW(base, L"a\\new", 0, NULL, 0, KEY_READ, NULL, &key, NULL));
    SAY_WAIT(WaitForSingleObject(event, 1000));
    RegCloseKey(key);
    SAY_NUMBER(RegNotifyChangeKeyValue(watched, TRUE, REG_NOTIFY_CHANGE_NAME, event, TRUE));
    RegCloseKey(watched);
    SAY_WAIT(WaitForSingleObject(event, 1000));
    thread = CreateThread(NULL, 0, change_later, NULL, 0, NULL);
    SAY_NUMBER(RegNotifyChangeKeyValue(base, FALSE, REG_NOTIFY_CHANGE_LAST_SET, NULL, FALSE));
    SAY_WAIT(WaitForSingleObject(thread, 1000));
    SAY_NUMBER(RegNotifyChangeKeyValue(base, FALSE, REG_NOTIFY_CHANGE_NAME, NULL, TRUE));
    CloseHandle(thread);
    CloseHandle(event);
}

static void deletions(void)
{
    HKEY key;

    SAY_NUMBER(RegDeleteKeyW(base, L"none"));
    SAY_NUMBER(RegDeleteKeyW(base, NULL));
    SAY_NUMBER(RegDeleteKeyW(base, L"a"));
    SAY_NUMBER(RegOpenKeyExW(base, L"a\\b\\c", 0, KEY_ALL_ACCESS, &key));
    SAY_NUMBER(RegDeleteKeyExW(base, L"a\\b\\c", 0, 0));
    SAY_NUMBER(RegQueryValueExW(key, NULL, NULL, NULL, NULL, NULL));
    SAY_NUMBER(RegSetValueExW(key, NULL, 0, REG_SZ, (const BYTE *)L"", 2));
    SAY_NUMBER(RegCloseKey(key));
    SAY_NUMBER(RegDeleteTreeW(base, L"a"));
    SAY_NUMBER(RegDeleteTreeW(base, L"a"));
    SAY_NUMBER(RegDeleteTreeW(base, NULL));
    SAY_NUMBER(RegDeleteKeyW(HKEY_CURRENT_USER, BASE));
    SAY_NUMBER(RegCloseKey(base));
    SAY_NUMBER(RegOpenKeyExW(HKEY_CURRENT_USER, BASE, 0, KEY_READ, &key));
}

int wmain(void)
{
    keys();
    values();
    narrow_values();
    got_values();
    lists();
    access_rights();
    notifications();
    deletions();
    return 0;
}

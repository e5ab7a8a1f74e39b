/* SPDX-License-Identifier: MIT */
/* The registry of a world through the functions of winreg.h. Learn: "Registry Functions". */
#include "tests/support/cmocka_vss.h"

#include "tests/support/win32_world.h"

#include "fakes/windows/registry/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APP L"SOFTWARE\\App"

static HKEY make(HKEY below, LPCWSTR path)
{
    HKEY key = NULL;

    assert_int_equal(RegCreateKeyExW(below, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), 0);
    return key;
}

static void set_text(HKEY key, LPCWSTR name, LPCWSTR text)
{
    DWORD size = (DWORD)(lstrlenW(text) + 1) * sizeof(WCHAR);

    assert_int_equal(RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, size), 0);
}

static void a_key_is_made_once_and_found_in_any_case(void **state)
{
    HKEY key, again;
    DWORD disposition = 0;

    (void)state;
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, APP, 0, KEY_READ, &key),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, APP L"\\Deep\\er", 0, NULL, 0, KEY_READ,
                                     NULL, &key, &disposition),
                     ERROR_SUCCESS);
    assert_int_equal(disposition, REG_CREATED_NEW_KEY);
    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"software\\APP\\deep", 0, NULL, 0,
                                     KEY_READ, NULL, &again, &disposition),
                     ERROR_SUCCESS);
    assert_int_equal(disposition, REG_OPENED_EXISTING_KEY);
    assert_int_equal(RegCloseKey(again), ERROR_SUCCESS);
    assert_int_equal(RegCloseKey(again), ERROR_INVALID_HANDLE);
    RegCloseKey(key);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"\\" APP, 0, KEY_READ, &key),
                     ERROR_BAD_PATHNAME);
    assert_int_equal(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "SOFTWARE\\App\\", 0, KEY_READ, &key), 0);
    RegCloseKey(key);
}

/* Learn: "RegCreateKeyExW": an application makes no key directly below these two. */
static void nobody_makes_a_key_at_the_top(void **state)
{
    HKEY key;

    (void)state;
    assert_int_equal(
        RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"MINE\\X", 0, NULL, 0, KEY_READ, NULL, &key, NULL),
        ERROR_INVALID_PARAMETER);
    assert_int_equal(RegCreateKeyExW(HKEY_USERS, L"S-1", 0, NULL, 0, KEY_READ, NULL, &key, NULL),
                     ERROR_INVALID_PARAMETER);
}

static void the_control_set_is_reached_by_both_names(void **state)
{
    HKEY key = make(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services\\Mine");
    WCHAR text[20];
    DWORD size = sizeof(text), type = 0;

    (void)state;
    set_text(key, L"ImagePath", L"c:\\x.exe");
    assert_int_equal(RegGetValueW(HKEY_LOCAL_MACHINE, L"SYSTEM\\ControlSet001\\Services\\mine",
                                  L"imagepath", RRF_RT_REG_SZ, NULL, text, &size),
                     ERROR_SUCCESS);
    assert_int_equal(size, 18);
    RegCloseKey(key);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet",
                                   REG_OPTION_OPEN_LINK, KEY_READ, &key),
                     ERROR_SUCCESS);
    assert_int_equal(RegQueryValueExW(key, L"SymbolicLinkValue", NULL, &type, NULL, NULL), 0);
    assert_int_equal(type, REG_LINK);
    RegCloseKey(key);
}

static void what_every_windows_has_for_backups_is_there(void **state)
{
    struct registry *registry = registry_current();
    const char *control = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\BackupRestore\\";
    const char *const lists[] = { "FilesNotToBackup", "FilesNotToSnapshot", "KeysNotToRestore" };
    const char *const keys[] = { "VssAccessControl", "Settings", "Diag" };
    uint32_t type;
    size_t size;
    void *data;
    char path[200];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s%s", control, lists[i]);
        assert_true(registry_has_key(registry, path));
        snprintf(path, sizeof(path), "HKLM\\SYSTEM\\CurrentControlSet\\Services\\VSS\\%s", keys[i]);
        assert_true(registry_has_key(registry, path));
    }
    snprintf(path, sizeof(path), "%sFilesNotToBackup", control);
    assert_int_equal(registry_read(registry, path, "Memory Page File", &type, &data, &size), 0);
    assert_int_equal(type, REG_MULTI_SZ);
    assert_memory_equal(data, L"\\Pagefile.sys\0", size);
    assert_int_equal(size, 30);
    free(data);
}

static void the_view_of_32_bit_programs_is_another_one(void **state)
{
    HKEY key, other;

    (void)state;
    assert_int_equal(RegCreateKeyExW(HKEY_LOCAL_MACHINE, APP, 0, NULL, 0,
                                     KEY_ALL_ACCESS | KEY_WOW64_32KEY, NULL, &key, NULL),
                     ERROR_SUCCESS);
    RegCloseKey(key);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, APP, 0, KEY_READ, &other),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Wow6432Node\\App", 0, KEY_READ, &other), 0);
    RegCloseKey(other);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, APP, 0,
                                   KEY_READ | KEY_WOW64_32KEY | KEY_WOW64_64KEY, &other),
                     ERROR_INVALID_PARAMETER);
}

static void a_handle_does_what_it_was_opened_for(void **state)
{
    HKEY key = make(HKEY_CURRENT_USER, APP), reader;
    WCHAR name[20];
    DWORD size = 20;

    (void)state;
    assert_int_equal(RegOpenKeyExW(HKEY_CURRENT_USER, APP, 0, KEY_QUERY_VALUE, &reader), 0);
    assert_int_equal(RegSetValueExW(reader, L"x", 0, REG_DWORD, (const BYTE *)&size, 4),
                     ERROR_ACCESS_DENIED);
    assert_int_equal(RegEnumKeyExW(reader, 0, name, &size, NULL, NULL, NULL, NULL),
                     ERROR_ACCESS_DENIED);
    assert_int_equal(RegQueryValueExW(reader, L"x", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);
    RegCloseKey(reader);
    RegCloseKey(key);
}

static void texts_cross_between_the_widths(void **state)
{
    HKEY key = make(HKEY_CURRENT_USER, APP);
    static const WCHAR list[] = L"\u00e4b\0c\0";
    char narrow[20];
    WCHAR wide[20];
    DWORD size = sizeof(narrow), type;

    (void)state;
    RegSetValueExW(key, L"list", 0, REG_MULTI_SZ, (const BYTE *)list, sizeof(list));
    assert_int_equal(RegQueryValueExA(key, "LIST", NULL, &type, (BYTE *)narrow, &size), 0);
    assert_int_equal(size, 7);
    assert_memory_equal(narrow,
                        "\xc3\xa4"
                        "b\0c\0",
                        7);
    RegSetValueExA(key, "text", 0, REG_SZ, (const BYTE *)"\xc3\xa4", 2);
    size = sizeof(wide);
    assert_int_equal(RegQueryValueExW(key, L"text", NULL, &type, (BYTE *)wide, &size), 0);
    assert_int_equal(size, 4); /* the zero that the caller forgot was stored */
    assert_memory_equal(wide, L"\u00e4", 4);
    RegCloseKey(key);
}

static void a_key_with_subkeys_is_not_deleted_and_a_deleted_one_is_dead(void **state)
{
    HKEY key = make(HKEY_CURRENT_USER, APP), below = make(key, L"a\\b");

    (void)state;
    assert_int_equal(RegDeleteKeyW(HKEY_CURRENT_USER, APP), ERROR_ACCESS_DENIED);
    assert_int_equal(RegDeleteTreeW(HKEY_CURRENT_USER, APP), ERROR_SUCCESS);
    assert_int_equal(RegQueryValueExW(below, NULL, NULL, NULL, NULL, NULL), ERROR_KEY_DELETED);
    assert_int_equal(RegCloseKey(below), ERROR_SUCCESS);
    assert_int_equal(RegCloseKey(key), ERROR_SUCCESS);
    assert_int_equal(RegOpenKeyExW(HKEY_CURRENT_USER, APP, 0, KEY_READ, &key),
                     ERROR_FILE_NOT_FOUND);
}

static void who_watches_a_key_is_told_once(void **state)
{
    HKEY key = make(HKEY_CURRENT_USER, APP), below = make(key, L"sub");
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    (void)state;
    assert_int_equal(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_LAST_SET, event, TRUE),
                     0);
    set_text(below, L"x", L"y");
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT); /* not the key itself */
    set_text(key, L"x", L"z");
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    set_text(key, L"x", L"zz"); /* told once */
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    assert_int_equal(RegNotifyChangeKeyValue(key, FALSE, REG_NOTIFY_CHANGE_NAME, event, TRUE), 0);
    RegCloseKey(make(key, L"sub\\deep"));
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    RegCloseKey(key); /* Learn: the event is signaled when the key is closed */
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    RegCloseKey(below);
    key = make(HKEY_CURRENT_USER, APP);
    assert_int_equal(RegNotifyChangeKeyValue(key, TRUE, REG_NOTIFY_CHANGE_NAME, event, TRUE), 0);
    RegCloseKey(make(key, L"sub\\deep\\er"));
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    RegCloseKey(key);
    CloseHandle(event);
}

/* ---- .reg texts ---- */

static char *load(const char *text)
{
    char *error = NULL;

    return registry_load_text(registry_current(), text, strlen(text), "t.reg", &error) ? NULL
                                                                                       : error;
}

static void a_reg_text_fills_the_registry(void **state)
{
    struct registry *registry = registry_current();
    uint32_t type;
    size_t size;
    void *data;

    (void)state;
    assert_null(load("\xEF\xBB\xBFWindows Registry Editor Version 5.00\r\n\r\n; a comment\r\n"
                     "[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]b]\r\n"
                     "@=\"default\"\r\n\"quo\\\"te\"=\"c:\\\\x\" ; behind\r\n"
                     "\"n\"=dword:1F\r\n\"e\"=hex(2):25,00,4f,00,\\\r\n  53,00,25,00,00,00\r\n"
                     "\"gone\"=\"x\"\r\n\"gone\"=-\r\n"
                     "[HKEY_CURRENT_USER\\Software\\Z]\r\n[-HKEY_CURRENT_USER\\Software\\Z]"));
    char *text = registry_read_text(registry, "HKLM\\SOFTWARE\\a]B", NULL);
    assert_string_equal(text, "default");
    free(text);
    text = registry_read_text(registry, "HKLM\\SOFTWARE\\a]B", "QUO\"te");
    assert_string_equal(text, "c:\\x");
    free(text);
    text = registry_read_text(registry, "HKLM\\SOFTWARE\\a]B", "e");
    assert_string_equal(text, "Windows_NT"); /* %OS% */
    free(text);
    assert_int_equal(registry_read(registry, "HKLM\\SOFTWARE\\a]B", "n", &type, &data, &size), 0);
    assert_int_equal(type, REG_DWORD);
    assert_int_equal(*(DWORD *)data, 31);
    free(data);
    assert_null(registry_read_text(registry, "HKLM\\SOFTWARE\\a]B", "gone"));
    assert_false(registry_has_key(registry, "HKCU\\Software\\Z"));
}

static void utf16_and_regedit4_are_read_too(void **state)
{
    static const WCHAR wide[] = L"\uFEFFWindows Registry Editor Version 5.00\n"
                                L"[HKEY_LOCAL_MACHINE\\SOFTWARE\\W]\n@=\"\u00e4\"\n";
    char *error = NULL;

    (void)state;
    assert_true(
        registry_load_text(registry_current(), wide, sizeof(wide) - sizeof(WCHAR), "w", &error));
    char *text = registry_read_text(registry_current(), "HKLM\\SOFTWARE\\W", "");
    assert_string_equal(text, "\xc3\xa4");
    free(text);
    assert_null(load("REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\N]\n\"x\"=hex(2):61,62,00\n"));
    text = registry_read_text(registry_current(), "HKLM\\SOFTWARE\\N", "x");
    assert_string_equal(text, "ab");
    free(text);
}

static void what_is_wrong_with_a_reg_text_is_told_with_its_line(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        { "hello", "t.reg:1: this is no registry file" },
        { "REGEDIT4\n\"x\"=\"y\"", "t.reg:2: a value before the first key" },
        { "REGEDIT4\n\n[HKLM\\SOFTWARE\n", "t.reg:3: a key lacks its name or its closing bracket" },
        { "REGEDIT4\n[HKXX\\A]\n", "t.reg:2: [HKXX\\A] begins with none of" },
        { "REGEDIT4\n[HKLM\\SOFTWARE\\A]\n\"x\"\n", "t.reg:3: \"x\" lacks its =" },
        { "REGEDIT4\n[HKLM\\SOFTWARE\\A]\n\"x\"=word:1\n", "t.reg:3: the value of \"x\" is of no" },
        { "REGEDIT4\n[HKLM\\SOFTWARE\\A]\n\"x\"=dword:123456789\n", "t.reg:3: dword: takes one" },
        { "REGEDIT4\n[HKLM\\SOFTWARE\\A]\n\"x\"=hex:1,zz\n", "t.reg:3: \"z\" is no hexadecimal" },
        { "REGEDIT4\n[HKLM\\SOFTWARE\\A]\n\"x\"=\"open\n", "t.reg:3: the quote that opens here" },
        { "REGEDIT4\n[HKLM\\SOFTWARE\\A]\n\"x\"=\"c:\\x\"\n", "t.reg:3: a backslash alone" },
        { "REGEDIT4\n[HKLM\\SOFTWARE\\A] tail\n", "t.reg:2: \"tail\" behind the key" },
        { "REGEDIT4\nwhat\n", "t.reg:2: a line is a [key]" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *error = load(rows[i].text);
        if (!error || strncmp(error, rows[i].message, strlen(rows[i].message)) != 0)
            fail_msg("row %zu: %s", i, error ? error : "accepted");
        free(error);
    }
}

static void a_registry_written_and_read_again_is_the_same(void **state)
{
    HKEY key = make(HKEY_CURRENT_USER, APP);
    static const BYTE bytes[60] = { 1, 2, 3 };
    HKEY volatile_key;

    (void)state;
    set_text(key, NULL, L"default");
    set_text(key, L"a\"b\\c", L"line\nline");
    RegSetValueExW(key, L"bytes", 0, REG_BINARY, bytes, sizeof(bytes));
    RegSetValueExW(key, L"odd", 0, REG_SZ, bytes, 3);
    RegSetValueExW(key, L"own", 0, 0x4711, bytes, 4);
    RegCreateKeyExW(key, L"gone", 0, NULL, REG_OPTION_VOLATILE, KEY_READ, NULL, &volatile_key,
                    NULL);
    RegCloseKey(volatile_key);
    RegCloseKey(key);
    char *first = registry_text(registry_current());
    assert_null(strstr(first, "gone]"));
    RegDeleteTreeW(HKEY_CURRENT_USER, APP);
    assert_null(load(first));
    char *second = registry_text(registry_current());
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void ten_thousand_keys_and_a_deep_one_are_no_matter(void **state)
{
    HKEY key = make(HKEY_CURRENT_USER, APP);
    WCHAR name[16];
    DWORD n = 0;

    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        for (unsigned k = 0, left = i; k < 5; k++, left /= 10)
            name[k] = (WCHAR)('0' + left % 10);
        name[5] = 0;
        RegCloseKey(make(key, name));
    }
    RegQueryInfoKeyW(key, NULL, NULL, NULL, &n, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    assert_int_equal(n, 10000);
    for (unsigned i = 0; i < 5000; i++) {
        HKEY below = make(key, L"x");
        RegCloseKey(key);
        key = below;
    }
    RegCloseKey(key);
    char *text = registry_text(registry_current());
    free(text);
    assert_int_equal(RegDeleteTreeW(HKEY_CURRENT_USER, APP), ERROR_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        win32_test(a_key_is_made_once_and_found_in_any_case),
        win32_test(nobody_makes_a_key_at_the_top),
        win32_test(the_control_set_is_reached_by_both_names),
        win32_test(what_every_windows_has_for_backups_is_there),
        win32_test(the_view_of_32_bit_programs_is_another_one),
        win32_test(a_handle_does_what_it_was_opened_for),
        win32_test(texts_cross_between_the_widths),
        win32_test(a_key_with_subkeys_is_not_deleted_and_a_deleted_one_is_dead),
        win32_test(who_watches_a_key_is_told_once),
        win32_test(a_reg_text_fills_the_registry),
        win32_test(utf16_and_regedit4_are_read_too),
        win32_test(what_is_wrong_with_a_reg_text_is_told_with_its_line),
        win32_test(a_registry_written_and_read_again_is_the_same),
        win32_test(ten_thousand_keys_and_a_deep_one_are_no_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

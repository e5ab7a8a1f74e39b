/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Keys of the registry in files: saved, restored, loaded and unloaded. Learn: "RegSaveKeyExW",
 * "RegRestoreKeyW", "RegLoadKeyW", "RegUnLoadKeyW". */
#include "say.h"

#define BASE L"Software\\vssemu saved"
#define HIVE L"vssemu hive"

static HKEY base;

static void enable(const WCHAR *name)
{
    TOKEN_PRIVILEGES wanted = { 1, { { { 0, 0 }, SE_PRIVILEGE_ENABLED } } };
    HANDLE token;

    OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token);
    LookupPrivilegeValueW(NULL, name, &wanted.Privileges[0].Luid);
    AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL);
    CloseHandle(token);
}

static void set(HKEY key, const WCHAR *path, const WCHAR *name, DWORD value)
{
    RegSetKeyValueW(key, path, name, REG_DWORD, &value, sizeof(value));
}

static void shows(HKEY key, const WCHAR *path, const WCHAR *name)
{
    DWORD value = 0, size = sizeof(value);
    LSTATUS status = RegGetValueW(key, path, name, RRF_RT_REG_DWORD, NULL, &value, &size);

    if (status)
        say("%ls: error %d", path, (int)status);
    else
        say("%ls: %u", path, (unsigned)value);
}

static void make(void)
{
    HKEY key;

    RegCreateKeyExW(HKEY_CURRENT_USER, BASE, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &base, NULL);
    set(base, L"a", L"one", 1);
    set(base, L"a\\b", L"two", 2);
    RegCreateKeyExW(base, L"gone", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, &key, NULL);
    RegCloseKey(key);
}

static void saves(void)
{
    say("-- save");
    SAY_NUMBER(RegSaveKeyW(base, L"V:\\saved", NULL));
    enable(L"SeBackupPrivilege");
    enable(L"SeRestorePrivilege");
    SAY_NUMBER(RegSaveKeyW(base, L"V:\\saved", NULL));
    SAY_NUMBER(RegSaveKeyW(base, L"V:\\SAVED", NULL));
    SAY_NUMBER(RegSaveKeyExW(base, L"V:\\latest", NULL, REG_LATEST_FORMAT));
    SAY_NUMBER(RegSaveKeyW(base, L"V:\\none\\saved", NULL));
    SAY_NUMBER(RegSaveKeyW(base, NULL, NULL));
}

static void restores(void)
{
    HANDLE file = CreateFileW(L"V:\\text", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD n;

    say("-- restore");
    WriteFile(file, "no hive", 7, &n, NULL);
    CloseHandle(file);
    set(base, L"a\\b", L"two", 22);
    set(base, L"later", L"three", 3);
    SAY_NUMBER(RegRestoreKeyW(base, L"V:\\saved", REG_FORCE_RESTORE));
    shows(base, L"a", L"one");
    shows(base, L"a\\b", L"two");
    shows(base, L"later", L"three");
    shows(base, L"gone", L"four");
    SAY_NUMBER(RegRestoreKeyW(base, L"V:\\missing", 0));
}

static void loads(void)
{
    HKEY key = NULL;

    say("-- load");
    SAY_NUMBER(RegLoadKeyW(HKEY_LOCAL_MACHINE, HIVE, L"V:\\missing"));
    SAY_NUMBER(RegLoadKeyW(HKEY_LOCAL_MACHINE, NULL, L"V:\\latest"));
    SAY_NUMBER(RegLoadKeyW(HKEY_LOCAL_MACHINE, HIVE, L"V:\\latest"));
    shows(HKEY_LOCAL_MACHINE, HIVE L"\\a\\b", L"two");
    set(HKEY_LOCAL_MACHINE, HIVE L"\\a\\b", L"two", 222);
    SAY_NUMBER(RegUnLoadKeyW(HKEY_LOCAL_MACHINE, L"vssemu none"));
    SAY_NUMBER(RegUnLoadKeyW(HKEY_LOCAL_MACHINE, HIVE));
    SAY_NUMBER(RegOpenKeyExW(HKEY_LOCAL_MACHINE, HIVE, 0, KEY_READ, &key));
    shows(HKEY_LOCAL_MACHINE, HIVE L"\\a\\b", L"two");
    SAY_NUMBER(RegLoadKeyW(HKEY_USERS, L"vssemu again", L"V:\\latest"));
    shows(HKEY_USERS, L"vssemu again\\a\\b", L"two");
    SAY_NUMBER(RegUnLoadKeyW(HKEY_USERS, L"vssemu again"));
}

int main(void)
{
    make();
    saves();
    restores();
    loads();
    RegDeleteTreeW(HKEY_CURRENT_USER, BASE);
    RegCloseKey(base);
    DeleteFileW(L"V:\\saved");
    DeleteFileW(L"V:\\latest");
    DeleteFileW(L"V:\\text");
    return 0;
}

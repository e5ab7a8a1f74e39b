/* SPDX-License-Identifier: MIT */
/* COM memory and identifiers, BSTR and VARIANT, times, texts, environment, modules, privileges. */
#include "tests/support/cmocka_vss.h"

#include "tests/support/win32_world.h"

#include "fakes/windows/com.h"

#include <oleauto.h>
#include <rpc.h>
#include <string.h>

#define assert_wide(text, expected) assert_memory_equal(text, expected, sizeof(expected))

static void com_is_started_and_ended_for_each_thread(void **state)
{
    void *object = &object;

    (void)state;
    assert_int_equal(CoCreateInstance(&CLSID_NULL, NULL, CLSCTX_ALL, &IID_IUnknown, &object),
                     CO_E_NOTINITIALIZED);
    assert_null(object);
    assert_int_equal(CoInitializeSecurity(NULL, -1, NULL, NULL, 0, 3, NULL, 0, NULL),
                     CO_E_NOTINITIALIZED);
    assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_FALSE);
    assert_int_equal(CoInitialize(NULL), RPC_E_CHANGED_MODE);
    assert_int_equal(CoInitializeSecurity(NULL, -1, NULL, NULL, 0, 3, NULL, 0, NULL), S_OK);
    assert_int_equal(CoInitializeSecurity(NULL, -1, NULL, NULL, 0, 3, NULL, 0, NULL),
                     RPC_E_TOO_LATE);
    assert_int_equal(CoCreateInstance(&CLSID_NULL, NULL, CLSCTX_ALL, &IID_IUnknown, &object),
                     REGDB_E_CLASSNOTREG);
    CoUninitialize();
    CoUninitialize();
    assert_int_equal(CoInitialize(NULL), S_OK);
    CoUninitialize();
}

static HRESULT make_nothing(REFIID iid, void **ret_object)
{
    (void)iid;
    *ret_object = NULL;
    return E_ACCESSDENIED;
}

static void registered_class_is_asked(void **state)
{
    static const CLSID id = { 1, 2, 3, { 4 } };
    void *object;

    (void)state;
    com_register_class(&id, make_nothing);
    CoInitialize(NULL);
    assert_int_equal(CoCreateInstance(&id, NULL, CLSCTX_ALL, &IID_IUnknown, &object),
                     E_ACCESSDENIED);
    com_register_class(&id, NULL);
    assert_int_equal(CoCreateInstance(&id, NULL, CLSCTX_ALL, &IID_IUnknown, &object),
                     REGDB_E_CLASSNOTREG);
    CoUninitialize();
}

static void identifiers_become_text_and_back(void **state)
{
    WCHAR text[40];
    GUID id, back;
    RPC_WSTR plain;

    (void)state;
    assert_int_equal(CLSIDFromString(L"{5affb034-969f-4919-8875-88f830d0ef89}", &id), S_OK);
    assert_int_equal(StringFromGUID2(&id, text, 40), 39);
    assert_wide(text, L"{5AFFB034-969F-4919-8875-88F830D0EF89}");
    assert_int_equal(StringFromGUID2(&id, text, 38), 0);
    assert_int_equal(CLSIDFromString(L"5affb034-969f-4919-8875-88f830d0ef89", &back),
                     CO_E_CLASSSTRING);
    assert_int_equal(CLSIDFromString(NULL, &back), S_OK);
    assert_int_equal(UuidToStringW(&id, &plain), RPC_S_OK);
    assert_memory_equal(plain, L"5affb034-969f-4919-8875-88f830d0ef89", 37 * sizeof(WCHAR));
    assert_int_equal(UuidFromStringW(plain, &back), RPC_S_OK);
    assert_memory_equal(&back, &id, sizeof(id));
    assert_int_equal(RpcStringFreeW(&plain), RPC_S_OK);
    assert_null(plain);
    assert_int_equal(UuidFromStringA((unsigned char *)"no uuid", &back), RPC_S_INVALID_STRING_UUID);
}

static void new_identifiers_come_from_the_seed(void **state)
{
    GUID first, again;

    assert_int_equal(CoCreateGuid(&first), S_OK);
    win32_world_teardown(state);
    win32_world_setup(state);
    assert_int_equal(CoCreateGuid(&again), S_OK);
    assert_memory_equal(&first, &again, sizeof(first));
    assert_int_equal(CoCreateGuid(&again), S_OK);
    assert_memory_not_equal(&first, &again, sizeof(first));
}

static void bstr_knows_its_length(void **state)
{
    BSTR text = SysAllocStringLen(L"a\0b", 3);

    (void)state;
    assert_int_equal(SysStringLen(text), 3);
    assert_int_equal(SysStringByteLen(text), 6);
    assert_true(SysReAllocString(&text, L"xy"));
    assert_int_equal(SysStringLen(text), 2);
    SysFreeString(text);
    text = SysAllocStringByteLen("abc", 3);
    assert_int_equal(SysStringByteLen(text), 3);
    SysFreeString(text);
    assert_null(SysAllocString(NULL));
    assert_int_equal(SysStringLen(NULL), 0);
}

static void variants_are_copied_and_converted(void **state)
{
    VARIANT from, to;

    (void)state;
    VariantInit(&from);
    VariantInit(&to);
    V_VT(&from) = VT_BSTR;
    V_BSTR(&from) = SysAllocString(L"-42");
    assert_int_equal(VariantCopy(&to, &from), S_OK);
    assert_ptr_not_equal(V_BSTR(&to), V_BSTR(&from));
    assert_int_equal(VariantChangeType(&to, &from, 0, VT_I4), S_OK);
    assert_int_equal(V_I4(&to), -42);
    assert_int_equal(VariantChangeType(&to, &from, 0, VT_UI1), DISP_E_OVERFLOW);
    assert_int_equal(VariantChangeType(&to, &to, 0, VT_BSTR), S_OK);
    assert_wide(V_BSTR(&to), L"-42");
    VariantClear(&to);
    assert_int_equal(V_VT(&to), VT_EMPTY);
    VariantClear(&from);
}

static void times_convert_both_ways(void **state)
{
    const SYSTEMTIME leap = { 2000, 2, 2, 29, 23, 59, 58, 999 }; /* a Tuesday */
    SYSTEMTIME back, bad = leap;
    FILETIME file, later;

    (void)state;
    assert_true(SystemTimeToFileTime(&leap, &file));
    assert_true(FileTimeToSystemTime(&file, &back));
    assert_memory_equal(&back, &leap, sizeof(back));
    bad.wYear = 1900; /* no leap year */
    assert_false(SystemTimeToFileTime(&bad, &later));
    assert_error(ERROR_INVALID_PARAMETER);
    GetSystemTimeAsFileTime(&later);
    assert_int_equal(CompareFileTime(&file, &later), -1);
    file.dwHighDateTime = 0x80000000;
    assert_false(FileTimeToSystemTime(&file, &back));
    assert_error(ERROR_INVALID_PARAMETER);
    file = (FILETIME){ 0 };
    assert_true(FileTimeToSystemTime(&file, &back));
    assert_int_equal(back.wYear, 1601);
    assert_int_equal(back.wDayOfWeek, 1);
}

static void messages_are_found_formatted_and_measured(void **state)
{
    const DWORD from_system = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    const DWORD from_string = FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY;
    DWORD_PTR arguments[] = { 7, (DWORD_PTR)L"disk" };
    WCHAR buffer[64], *allocated = NULL;

    (void)state;
    DWORD n = FormatMessageW(from_system | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL, ERROR_DISK_FULL, 0,
                             (LPWSTR)&allocated, 0, NULL);
    assert_int_equal(n, lstrlenW(allocated));
    assert_wide(allocated, L"The volume is full.\r\n");
    assert_null(LocalFree(allocated));
    assert_int_not_equal(FormatMessageW(from_system, NULL, 0x80042301u, 0, buffer, 64, NULL), 0);
    assert_int_equal(FormatMessageW(from_system, NULL, 0x87654321u, 0, buffer, 64, NULL), 0);
    assert_error(ERROR_MR_MID_NOT_FOUND);
    assert_int_equal(FormatMessageW(from_system, NULL, ERROR_DISK_FULL, 0, buffer, 5, NULL), 0);
    assert_error(ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(FormatMessageW(from_string, L"%2 has %1!04u! files%%%n", 0, 0, buffer, 64,
                                    (va_list *)(void *)arguments),
                     22);
    assert_wide(buffer, L"disk has 0007 files%\r\n");
}

static void text_is_converted_between_utf8_and_utf16(void **state)
{
    WCHAR wide[8];
    char narrow[8];

    (void)state;
    assert_int_equal(MultiByteToWideChar(CP_UTF8, 0, "\xC3\xA4\xF0\x9F\x98\x80", -1, wide, 8), 4);
    assert_wide(wide, L"\x00E4\xD83D\xDE00");
    assert_int_equal(WideCharToMultiByte(CP_ACP, 0, wide, 4, narrow, 8, NULL, NULL), 7);
    assert_string_equal(narrow, "\xC3\xA4\xF0\x9F\x98\x80");
    assert_int_equal(MultiByteToWideChar(CP_UTF8, 0, "abc", -1, NULL, 0), 4);
    assert_int_equal(MultiByteToWideChar(CP_UTF8, 0, "abc", -1, wide, 3), 0);
    assert_error(ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "\xED\xA0\x80", 3, wide, 8),
                     0);
    assert_error(ERROR_NO_UNICODE_TRANSLATION);
    assert_int_equal(
        WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, L"\xD800", 1, narrow, 8, NULL, NULL), 0);
    assert_error(ERROR_NO_UNICODE_TRANSLATION);
    assert_int_equal(WideCharToMultiByte(CP_UTF8, 0, L"\xD800", 1, narrow, 8, NULL, NULL), 3);
    assert_memory_equal(narrow, "\xEF\xBF\xBD", 3);
}

static void environment_is_found_in_any_case(void **state)
{
    WCHAR buffer[64];

    (void)state;
    assert_true(SetEnvironmentVariableW(L"Vssemu_Test", L"value"));
    assert_int_equal(GetEnvironmentVariableW(L"VSSEMU_TEST", buffer, 64), 5);
    assert_wide(buffer, L"value");
    assert_int_equal(GetEnvironmentVariableW(L"VSSEMU_TEST", buffer, 5), 6);
    assert_int_equal(ExpandEnvironmentStringsW(L"<%vssemu_test%%no_such%>", buffer, 64), 17);
    assert_wide(buffer, L"<value%no_such%>");
    assert_true(SetEnvironmentVariableW(L"Vssemu_Test", NULL));
    assert_int_equal(GetEnvironmentVariableW(L"VSSEMU_TEST", buffer, 64), 0);
    assert_error(ERROR_ENVVAR_NOT_FOUND);
}

static void functions_are_found_by_name(void **state)
{
    HMODULE module = LoadLibraryW(L"C:\\Windows\\System32\\KERNEL32.DLL");

    (void)state;
    assert_non_null(module);
    assert_null(GetProcAddress(module, "NoSuchFunction"));
    assert_error(ERROR_PROC_NOT_FOUND);
    assert_true(FreeLibrary(module));
    assert_null(LoadLibraryA("no-such-library.dll"));
    assert_error(ERROR_MOD_NOT_FOUND);
}

static void administrator_has_every_privilege(void **state)
{
    TOKEN_PRIVILEGES privileges = { .PrivilegeCount = 1 };
    HANDLE token;

    (void)state;
    assert_true(OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token));
    assert_true(LookupPrivilegeValueW(NULL, L"SeBackupPrivilege", &privileges.Privileges[0].Luid));
    assert_int_equal(privileges.Privileges[0].Luid.LowPart, 17);
    assert_true(AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL));
    assert_error(ERROR_SUCCESS);
    assert_false(LookupPrivilegeValueA(NULL, "SeNoSuchPrivilege", &privileges.Privileges[0].Luid));
    assert_error(ERROR_NO_SUCH_PRIVILEGE);
    assert_true(CloseHandle(token));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        win32_test(com_is_started_and_ended_for_each_thread),
        win32_test(registered_class_is_asked),
        win32_test(identifiers_become_text_and_back),
        win32_test(new_identifiers_come_from_the_seed),
        win32_test(bstr_knows_its_length),
        win32_test(variants_are_copied_and_converted),
        win32_test(times_convert_both_ways),
        win32_test(messages_are_found_formatted_and_measured),
        win32_test(text_is_converted_between_utf8_and_utf16),
        win32_test(environment_is_found_in_any_case),
        win32_test(functions_are_found_by_name),
        win32_test(administrator_has_every_privilege),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

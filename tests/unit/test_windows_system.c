/* SPDX-License-Identifier: MIT */
/* What the system around a program answers where Wine cannot be asked: the service manager's books,
 * the event log read back, folders, versions, clusters. */
#include "tests/support/cmocka_vss.h"

#include "tests/support/win32_world.h"

#include <clusapi.h>
#include <knownfolders.h>
#include <shlobj.h>
#include <string.h>

/* Learn: "CreateServiceW", "StartServiceW", "ControlService", "DeleteService". */
static void an_installed_service_starts_stops_and_goes(void **state)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    SERVICE_STATUS status;
    DWORD needed = 0;
    union {
        QUERY_SERVICE_CONFIGA config;
        char space[512];
    } answer;

    (void)state;
    assert_null(OpenServiceA(manager, "Mine", SERVICE_ALL_ACCESS));
    assert_error(ERROR_SERVICE_DOES_NOT_EXIST);
    SC_HANDLE service = CreateServiceA(
        manager, "Mine", "My Service", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
        SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, "c:\\mine.exe", NULL, NULL, NULL, NULL, NULL);
    assert_non_null(service);
    assert_null(CreateServiceA(manager, "mine", NULL, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                               SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, "c:\\x", NULL, NULL,
                               NULL, NULL, NULL));
    assert_error(ERROR_SERVICE_EXISTS);
    assert_false(QueryServiceConfigA(service, NULL, 0, &needed));
    assert_error(ERROR_INSUFFICIENT_BUFFER);
    assert_true(QueryServiceConfigA(service, &answer.config, sizeof(answer), &needed));
    assert_string_equal(answer.config.lpDisplayName, "My Service");
    assert_string_equal(answer.config.lpServiceStartName, "LocalSystem");
    assert_true(StartServiceW(service, 0, NULL));
    assert_false(StartServiceW(service, 0, NULL));
    assert_error(ERROR_SERVICE_ALREADY_RUNNING);
    assert_true(ControlService(service, SERVICE_CONTROL_STOP, &status));
    assert_int_equal(status.dwCurrentState, SERVICE_STOPPED);
    assert_false(ControlService(service, SERVICE_CONTROL_STOP, &status));
    assert_error(ERROR_SERVICE_NOT_ACTIVE);
    assert_true(DeleteService(service));
    assert_false(QueryServiceStatus(service, &status));
    assert_error(ERROR_SERVICE_MARKED_FOR_DELETE);
    assert_true(CloseServiceHandle(service));
    assert_true(CloseServiceHandle(manager));
    assert_false(CloseServiceHandle(manager));
    assert_error(ERROR_INVALID_HANDLE);
}

static void without_the_service_manager_there_is_no_dispatcher(void **state)
{
    const SERVICE_TABLE_ENTRYW table[] = { { NULL, NULL } };

    (void)state;
    assert_false(StartServiceCtrlDispatcherW(table));
    assert_error(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
}

/* Learn: "ReadEventLogW", "EVENTLOGRECORD". */
static void what_was_reported_is_read_back(void **state)
{
    HANDLE source = RegisterEventSourceA(NULL, "Mine"), log = OpenEventLogA(NULL, "Application");
    LPCSTR words[] = { "one", "two" };
    union {
        EVENTLOGRECORD head;
        char space[512];
    } record;
    DWORD n = 0, needed = 0;

    (void)state;
    assert_true(ReportEventA(source, EVENTLOG_ERROR_TYPE, 3, 0xC0000007, NULL, 2, 4, words, "abc"));
    assert_true(GetNumberOfEventLogRecords(log, &n));
    assert_int_equal(n, 1);
    const DWORD flags = EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ;
    assert_false(ReadEventLogA(log, flags, 0, &record, 8, &n, &needed));
    assert_error(ERROR_INSUFFICIENT_BUFFER);
    assert_true(ReadEventLogA(log, flags, 0, &record, sizeof(record), &n, &needed));
    assert_int_equal(n, record.head.Length);
    assert_int_equal(record.head.EventID, 0xC0000007);
    assert_int_equal(record.head.EventCategory, 3);
    assert_string_equal(record.space + sizeof(EVENTLOGRECORD), "Mine");
    assert_memory_equal(record.space + record.head.StringOffset, "one\0two", 8);
    assert_memory_equal(record.space + record.head.DataOffset, "abc", 4);
    assert_false(ReadEventLogA(log, flags, 0, &record, sizeof(record), &n, &needed));
    assert_error(ERROR_HANDLE_EOF);
    assert_true(ClearEventLogA(log, NULL));
    assert_true(GetNumberOfEventLogRecords(log, &n));
    assert_int_equal(n, 0);
    assert_true(DeregisterEventSource(source));
    assert_true(CloseEventLog(log));
}

static void folders_and_clusters(void **state)
{
    char path[MAX_PATH];
    PWSTR known;
    DWORD cluster = 7;

    (void)state;
    assert_int_equal(SHGetFolderPathA(NULL, CSIDL_COMMON_APPDATA, NULL, 0, path), S_OK);
    assert_string_equal(path, "C:\\ProgramData");
    assert_int_equal(SHGetFolderPathA(NULL, 0x7f, NULL, 0, path), E_INVALIDARG);
    assert_int_equal(SHGetKnownFolderPath(&FOLDERID_ProgramData, 0, NULL, &known), S_OK);
    assert_int_equal(lstrcmpW(known, (const WCHAR *)u"C:\\ProgramData"), 0);
    CoTaskMemFree(known);
    assert_int_equal(SHGetKnownFolderPath(&GUID_NULL, 0, NULL, &known),
                     HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    assert_null(known);
    assert_int_equal(GetNodeClusterState(NULL, &cluster), ERROR_SUCCESS);
    assert_int_equal(cluster, 0);
}

static void the_version_is_the_worlds(void **state)
{
    OSVERSIONINFOEXW info = { .dwOSVersionInfoSize = sizeof(info) };

    (void)state;
    win32_world->ports.windows = "2008r2";
    assert_true(GetVersionExW((OSVERSIONINFOW *)&info));
    assert_int_equal(info.dwMajorVersion, 6);
    assert_int_equal(info.dwMinorVersion, 1);
    assert_int_equal(info.wServicePackMajor, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        win32_test(an_installed_service_starts_stops_and_goes),
        win32_test(without_the_service_manager_there_is_no_dispatcher),
        win32_test(what_was_reported_is_read_back),
        win32_test(folders_and_clusters),
        win32_test(the_version_is_the_worlds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

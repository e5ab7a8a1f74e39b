// SPDX-License-Identifier: MIT
// A writer that lives in a service, as most writers of Windows do: ServiceMain subscribes it, the
// control handler ends it. Words on the command line make it misbehave: "hangs" never reports
// RUNNING, "deaf" accepts no control, "lingers" never stops after SERVICE_CONTROL_STOP, "late"
// sleeps before the dispatcher.
#include <windows.h>

#include <vswriter.h>

#include <stdio.h>
#include <string.h>

static const VSS_ID writer_id = { 0x1b7c5d2e, 0x3f4a, 0x4b6d, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static SERVICE_STATUS_HANDLE service;
static SERVICE_STATUS status = {
    SERVICE_WIN32_OWN_PROCESS, SERVICE_START_PENDING, 0, 0, 0, 0, 5000
};
static HANDLE stop_event;
static const char *fault = "";

class ServiceWriter : public CVssWriter
{
  public:
    bool begin()
    {
        return SUCCEEDED(Initialize(writer_id, L"Service Writer", VSS_UT_USERDATA, VSS_ST_OTHER)) &&
               SUCCEEDED(Subscribe());
    }
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        return SUCCEEDED(metadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                                    VSS_WRE_NEVER, false)) &&
               SUCCEEDED(metadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Files", NULL, NULL, 0,
                                                false, false, true)) &&
               SUCCEEDED(
                   metadata->AddFilesToFileGroup(NULL, L"Files", L"C:\\data", L"*", true, NULL));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override { return true; }
    bool STDMETHODCALLTYPE OnThaw() override { return true; }
    bool STDMETHODCALLTYPE OnAbort() override { return true; }
};

static void report(DWORD state)
{
    status.dwCurrentState = state;
    status.dwControlsAccepted = state == SERVICE_RUNNING && strcmp(fault, "deaf")
                                    ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN
                                    : 0;
    SetServiceStatus(service, &status);
}

static DWORD WINAPI control(DWORD code, DWORD, LPVOID, LPVOID context)
{
    if (code == SERVICE_CONTROL_INTERROGATE)
        return NO_ERROR;
    if (code != SERVICE_CONTROL_STOP)
        return ERROR_CALL_NOT_IMPLEMENTED;
    printf("stop for %s\n", (const char *)context);
    fflush(stdout);
    report(SERVICE_STOP_PENDING);
    if (strcmp(fault, "lingers"))
        SetEvent(stop_event);
    return NO_ERROR;
}

static void log_start(LPCWSTR name)
{
    LPCWSTR words[] = { name, L"is running" };
    HANDLE log = RegisterEventSourceW(NULL, L"ServiceWriter");

    ReportEventW(log, EVENTLOG_WARNING_TYPE, 2, 0x80000007, NULL, 2, 0, words, NULL);
    DeregisterEventSource(log);
}

static void WINAPI service_main(DWORD, LPWSTR *words)
{
    service = RegisterServiceCtrlHandlerExW(words[0], control, (void *)"the writer");
    stop_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    printf("service %s\n", words[0][0] == L'B' ? "Backup" : "of another name");
    fflush(stdout);
    if (!strcmp(fault, "hangs"))
        Sleep(INFINITE);
    report(SERVICE_START_PENDING);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    {
        ServiceWriter writer;
        if (!writer.begin())
            status.dwWin32ExitCode = ERROR_INTERNAL_ERROR;
        report(SERVICE_RUNNING);
        log_start(words[0]);
        WaitForSingleObject(stop_event, INFINITE);
        writer.Unsubscribe();
    }
    CoUninitialize();
    report(SERVICE_STOPPED);
}

int main(int argc, char **argv)
{
    WCHAR name[] = L"BackupWriter";
    const SERVICE_TABLE_ENTRYW table[] = { { name, service_main }, { NULL, NULL } };

    fault = argc > 1 ? argv[1] : "";
    if (!strcmp(fault, "late"))
        Sleep(40000);
    if (!StartServiceCtrlDispatcherW(table)) {
        printf("no service manager: %u\n", (unsigned)GetLastError());
        return 5;
    }
    printf("left the dispatcher\n");
    return 0;
}

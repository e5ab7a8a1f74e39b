// SPDX-License-Identifier: MIT
// A writer with two components that leaves, or does not, when the console tells it to.
// Usage: stubborn-writer leaves EXITCODE | ignores | hangs
#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static HANDLE g_stop, g_finished;
static const char *g_mode;

class StubbornWriter : public CVssWriter
{
  public:
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        return Add(metadata, L"One") && Add(metadata, L"Two");
    }
    bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *components) override
    {
        UINT count = 0;
        if (components)
            components->GetComponentCount(&count);
        for (UINT i = 0; i < count; i++) {
            IVssComponent *component = NULL;
            BSTR name = NULL;
            if (SUCCEEDED(components->GetComponent(i, &component)) &&
                SUCCEEDED(component->GetComponentName(&name)))
                wprintf(L"component %s\n", name);
            SysFreeString(name);
            component->Release();
        }
        return true;
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override { return true; }
    bool STDMETHODCALLTYPE OnThaw() override { return true; }
    bool STDMETHODCALLTYPE OnAbort() override { return true; }

  private:
    static bool Add(IVssCreateWriterMetadata *metadata, LPCWSTR name)
    {
        return SUCCEEDED(metadata->AddComponent(VSS_CT_FILEGROUP, NULL, name, NULL, NULL, 0, false,
                                                false, true, false)) &&
               SUCCEEDED(
                   metadata->AddFilesToFileGroup(NULL, name, L"C:\\files", name, false, NULL));
    }
};

static BOOL WINAPI OnConsoleControl(DWORD type)
{
    wprintf(L"told: %lu\n", type);
    if (strcmp(g_mode, "leaves") == 0)
        SetEvent(g_stop);
    if (strcmp(g_mode, "ignores") != 0)
        WaitForSingleObject(g_finished, INFINITE);
    return TRUE;
}

int main(int argc, char **argv)
{
    g_mode = argc > 1 ? argv[1] : "leaves";
    g_stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    g_finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 2;
    SetConsoleCtrlHandler(OnConsoleControl, TRUE);
    {
        static const GUID id = { 0x57b, 1, 1, { 1 } };
        StubbornWriter writer;
        if (FAILED(writer.Initialize(id, L"Stubborn Writer", VSS_UT_USERDATA, VSS_ST_OTHER)) ||
            FAILED(writer.Subscribe()))
            return 2;
        WaitForSingleObject(g_stop, INFINITE);
        writer.Unsubscribe();
    }
    CoUninitialize();
    SetEvent(g_finished);
    return argc > 2 ? atoi(argv[2]) : 0;
}

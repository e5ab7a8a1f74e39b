// SPDX-License-Identifier: MIT
// A writer whose database is two files that are alike: C:\shop\a and C:\shop\b. A thread counts up
// in both, one after the other; with the argument "good" it stands still while the writer is
// frozen.
#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <stdio.h>
#include <string.h>

static const GUID WRITER_ID = {
    0x0d1c63a2, 0x5b8e, 0x4a07, { 0x9d, 0x11, 0x6f, 0x42, 0x83, 0xc0, 0x7e, 0x15 }
};

static HANDLE g_gate; // a semaphore: who has it keeps the files alike
static HANDLE g_stop, g_finished;
static bool g_isGood;

static void Write(const WCHAR *path, unsigned value)
{
    char text[16];
    DWORD written;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return;
    snprintf(text, sizeof(text), "%08u", value);
    WriteFile(file, text, 8, &written, NULL);
    CloseHandle(file);
}

static void WriteBoth(unsigned value)
{
    WaitForSingleObject(g_gate, INFINITE);
    Write(L"C:\\shop\\a", value);
    Sleep(20);
    Write(L"C:\\shop\\b", value);
    ReleaseSemaphore(g_gate, 1, NULL);
}

static DWORD WINAPI Count(LPVOID)
{
    for (unsigned n = 1; WaitForSingleObject(g_stop, 50) == WAIT_TIMEOUT; n++)
        WriteBoth(n);
    return 0;
}

class ShopWriter : public CVssWriter
{
  public:
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        HRESULT hr = metadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Shop", NULL, NULL, 0, false,
                                            false, true, true);

        if (SUCCEEDED(hr))
            hr = metadata->AddFilesToFileGroup(NULL, L"Shop", L"C:\\shop", L"*", false, NULL);
        if (SUCCEEDED(hr))
            hr = metadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                            VSS_WRE_ALWAYS, false);
        return SUCCEEDED(hr);
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override
    {
        if (g_isGood && !m_isHeld)
            m_isHeld = WaitForSingleObject(g_gate, INFINITE) == WAIT_OBJECT_0;
        return true;
    }
    bool STDMETHODCALLTYPE OnThaw() override
    {
        GoOn();
        return true;
    }
    bool STDMETHODCALLTYPE OnAbort() override
    {
        GoOn();
        return true;
    }

  private:
    void GoOn()
    {
        if (m_isHeld)
            ReleaseSemaphore(g_gate, 1, NULL);
        m_isHeld = false;
    }
    bool m_isHeld = false;
};

static BOOL WINAPI OnConsoleControl(DWORD)
{
    SetEvent(g_stop);
    WaitForSingleObject(g_finished, INFINITE);
    return TRUE;
}

int main(int argc, char **argv)
{
    g_isGood = argc > 1 && strcmp(argv[1], "good") == 0;
    g_gate = CreateSemaphoreW(NULL, 1, 1, NULL);
    g_stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    g_finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    SetConsoleCtrlHandler(OnConsoleControl, TRUE);
    CreateDirectoryW(L"C:\\shop", NULL);
    WriteBoth(0);
    HANDLE counter = CreateThread(NULL, 0, Count, NULL, 0, NULL);
    bool isThere = false;
    {
        ShopWriter writer;
        isThere = SUCCEEDED(writer.Initialize(WRITER_ID, L"Shop Writer", VSS_UT_USERDATA,
                                              VSS_ST_OTHER)) &&
                  SUCCEEDED(writer.Subscribe());
        if (isThere) {
            WaitForSingleObject(g_stop, INFINITE);
            writer.Unsubscribe();
        }
    }
    SetEvent(g_stop);
    WaitForSingleObject(counter, INFINITE);
    CoUninitialize();
    SetEvent(g_finished);
    return isThere ? 0 : 1;
}

// SPDX-License-Identifier: MIT
// A writer as the Windows documentation describes one (Learn: "Writers", "CVssWriter class"): a
// program that keeps a journal in C:\ExampleWriter and takes part in backups. Nothing in it knows
// of the emulator: with Visual Studio and vssapi.lib it is a Windows program, with vssemu-c++ a
// Linux one. Run it with: vssemu run --volume C:=DIR -- build/bin/example-writer
//
// A thread appends a record of 64 bytes to the journal again and again. At Freeze it stops between
// two records; at PostSnapshot the writer looks at the journal in the shadow copy: it must be as
// long as it was at Freeze.

#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <stdio.h>

static const GUID EXAMPLE_WRITER_ID = {
    0x8a1c5f30, 0x2d8e, 0x4f43, { 0x9b, 0x61, 0x3e, 0x70, 0xc4, 0xd2, 0x15, 0xaa }
};
static const WCHAR FOLDER[] = L"C:\\ExampleWriter";
static const WCHAR JOURNAL[] = L"C:\\ExampleWriter\\journal.txt";
static const DWORD RECORD_SIZE = 64;

static HANDLE g_stop;     // set when the program is to end
static HANDLE g_finished; // set when it has put everything away

// The journal and the thread that writes it.
class Journal
{
  public:
    Journal() : m_file(INVALID_HANDLE_VALUE), m_thread(NULL), m_records(0), m_isPaused(false)
    {
        InitializeCriticalSection(&m_lock);
        m_running = CreateEventW(NULL, TRUE, TRUE, NULL);
    }

    ~Journal()
    {
        CloseHandle(m_running);
        DeleteCriticalSection(&m_lock);
    }

    bool Open()
    {
        if (!CreateDirectoryW(FOLDER, NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
            return false;
        m_file = CreateFileW(JOURNAL, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL,
                             OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
        if (m_file == INVALID_HANDLE_VALUE)
            return false;

        LARGE_INTEGER size, nowhere;
        nowhere.QuadPart = 0;
        if (!GetFileSizeEx(m_file, &size) || !SetFilePointerEx(m_file, nowhere, NULL, FILE_END))
            return false;
        m_records = (DWORD)(size.QuadPart / RECORD_SIZE);
        return true;
    }

    void Close()
    {
        if (m_file != INVALID_HANDLE_VALUE)
            CloseHandle(m_file);
        m_file = INVALID_HANDLE_VALUE;
    }

    bool Start()
    {
        m_thread = CreateThread(NULL, 0, ThreadMain, this, 0, NULL);
        return m_thread != NULL;
    }

    void WaitForThread()
    {
        SetEvent(m_running);
        WaitForSingleObject(m_thread, INFINITE);
        CloseHandle(m_thread);
    }

    // Returns when no record is being written, and none will be until Resume.
    bool Pause()
    {
        EnterCriticalSection(&m_lock);
        m_isPaused = true;
        ResetEvent(m_running);
        BOOL isFlushed = m_file == INVALID_HANDLE_VALUE || FlushFileBuffers(m_file);
        LeaveCriticalSection(&m_lock);
        return isFlushed != FALSE;
    }

    void Resume()
    {
        EnterCriticalSection(&m_lock);
        m_isPaused = false;
        SetEvent(m_running);
        LeaveCriticalSection(&m_lock);
    }

    DWORD Records()
    {
        EnterCriticalSection(&m_lock);
        DWORD records = m_records;
        LeaveCriticalSection(&m_lock);
        return records;
    }

  private:
    static DWORD WINAPI ThreadMain(LPVOID self)
    {
        static_cast<Journal *>(self)->Write();
        return 0;
    }

    void Write()
    {
        while (WaitForSingleObject(g_stop, 20) == WAIT_TIMEOUT) {
            WaitForSingleObject(m_running, INFINITE);
            EnterCriticalSection(&m_lock);
            if (!m_isPaused)
                WriteRecord();
            LeaveCriticalSection(&m_lock);
        }
    }

    void WriteRecord()
    {
        char record[RECORD_SIZE + 1];
        DWORD written;
        int length = sprintf_s(record, sizeof(record), "record %08lu ", (unsigned long)m_records);

        memset(record + length, '.', RECORD_SIZE - length);
        record[RECORD_SIZE - 2] = '\r';
        record[RECORD_SIZE - 1] = '\n';
        if (WriteFile(m_file, record, RECORD_SIZE, &written, NULL) && written == RECORD_SIZE)
            m_records++;
        else
            fwprintf(stderr, L"example-writer: writing failed, error %lu\n", GetLastError());
    }

    HANDLE m_file;
    HANDLE m_thread;
    HANDLE m_running; // set while the thread may write
    DWORD m_records;
    bool m_isPaused; // guarded by m_lock, like m_records
    CRITICAL_SECTION m_lock;
};

class ExampleWriter : public CVssWriter
{
  public:
    explicit ExampleWriter(Journal &journal)
        : m_journal(journal), m_frozenRecords(0), m_isFrozen(false)
    {
    }

    HRESULT Initialize()
    {
        return CVssWriter::Initialize(EXAMPLE_WRITER_ID, L"Example Writer", VSS_UT_USERDATA,
                                      VSS_ST_OTHER);
    }

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata)
    {
        HRESULT hr = pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Journal",
                                             L"The journal of the example", NULL, 0, false, false,
                                             true, true);
        if (SUCCEEDED(hr))
            hr = pMetadata->AddFilesToFileGroup(NULL, L"Journal", FOLDER, L"*", false, NULL);
        if (SUCCEEDED(hr))
            hr = pMetadata->AddExcludeFiles(FOLDER, L"*.tmp", false);
        if (SUCCEEDED(hr))
            hr = pMetadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                             VSS_WRE_ALWAYS, false);
        return Say(L"Identify", hr);
    }

    // Leaves a note in the Backup Components Document: how many records there were.
    bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *pComponents)
    {
        WCHAR note[32];
        UINT count = 0;
        HRESULT hr = pComponents ? pComponents->GetComponentCount(&count) : S_OK;

        swprintf_s(note, L"records=%lu", m_journal.Records());
        for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
            IVssComponent *pComponent = NULL;
            hr = pComponents->GetComponent(i, &pComponent);
            if (FAILED(hr))
                break;
            hr = pComponent->SetBackupMetadata(note);
            pComponent->Release();
        }
        return Report(L"PrepareBackup", hr);
    }

    bool STDMETHODCALLTYPE OnPrepareSnapshot()
    {
        m_isFrozen = false;
        return Report(L"PrepareSnapshot", S_OK);
    }

    bool STDMETHODCALLTYPE OnFreeze()
    {
        if (!IsPathAffected(FOLDER))
            return Report(L"Freeze (not our volume)", S_OK);
        if (!m_journal.Pause()) {
            m_journal.Resume();
            SetWriterFailure(VSS_E_WRITERERROR_RETRYABLE);
            return Say(L"Freeze", HRESULT_FROM_WIN32(GetLastError()));
        }
        m_isFrozen = true;
        m_frozenRecords = m_journal.Records();
        return Report(L"Freeze", S_OK);
    }

    bool STDMETHODCALLTYPE OnThaw()
    {
        if (m_isFrozen)
            m_journal.Resume();
        return Report(L"Thaw", S_OK);
    }

    bool STDMETHODCALLTYPE OnAbort()
    {
        m_isFrozen = false;
        m_journal.Resume();
        return Say(L"Abort", S_OK);
    }

    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *)
    {
        if (!m_isFrozen)
            return Report(L"PostSnapshot", S_OK);

        HRESULT hr = CheckShadowCopy();
        if (FAILED(hr))
            SetWriterFailure(VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT);
        return Say(L"PostSnapshot", hr);
    }

    bool STDMETHODCALLTYPE OnBackupComplete(IVssWriterComponents *pComponents)
    {
        UINT count = 0;
        HRESULT hr = pComponents ? pComponents->GetComponentCount(&count) : S_OK;

        for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
            IVssComponent *pComponent = NULL;
            bool isSaved = false;
            hr = pComponents->GetComponent(i, &pComponent);
            if (FAILED(hr))
                break;
            hr = pComponent->GetBackupSucceeded(&isSaved);
            pComponent->Release();
            if (!isSaved)
                wprintf(L"example-writer: component %u was not saved\n", i);
        }
        return Report(L"BackupComplete", hr);
    }

    bool STDMETHODCALLTYPE OnBackupShutdown(VSS_ID)
    {
        m_isFrozen = false;
        return Say(L"BackupShutdown", S_OK);
    }

    // The files are about to be replaced: let go of them.
    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *)
    {
        m_journal.Pause();
        m_journal.Close();
        return Report(L"PreRestore", S_OK);
    }

    bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *)
    {
        HRESULT hr = m_journal.Open() ? S_OK : HRESULT_FROM_WIN32(GetLastError());
        if (SUCCEEDED(hr))
            m_journal.Resume();
        return Report(L"PostRestore", hr);
    }

  private:
    // Reads the size of the journal in the shadow copy of its volume.
    HRESULT CheckShadowCopy()
    {
        LPCWSTR device = NULL;
        WCHAR volume[MAX_PATH], path[MAX_PATH];
        WIN32_FILE_ATTRIBUTE_DATA data;

        if (!GetVolumePathNameW(FOLDER, volume, MAX_PATH))
            return HRESULT_FROM_WIN32(GetLastError());
        HRESULT hr = GetSnapshotDeviceName(volume, &device);
        if (FAILED(hr))
            return hr;
        swprintf_s(path, L"%s\\%s", device, JOURNAL + wcslen(volume));
        if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data))
            return HRESULT_FROM_WIN32(GetLastError());
        ULONGLONG size = (ULONGLONG)data.nFileSizeHigh << 32 | data.nFileSizeLow;
        if (size == (ULONGLONG)m_frozenRecords * RECORD_SIZE)
            return S_OK;
        fwprintf(stderr, L"example-writer: %I64u bytes in the shadow copy, %lu records at Freeze\n",
                 size, m_frozenRecords);
        return HRESULT_FROM_WIN32(ERROR_INVALID_DATA);
    }

    // Says what happened; a failure is a veto that gives its reason.
    bool Report(LPCWSTR event, HRESULT hr)
    {
        if (FAILED(hr))
            SetWriterFailure(VSS_E_WRITERERROR_NONRETRYABLE);
        return Say(event, hr);
    }

    bool Say(LPCWSTR event, HRESULT hr)
    {
        if (SUCCEEDED(hr))
            wprintf(L"example-writer: %s\n", event);
        else
            fwprintf(stderr, L"example-writer: %s failed: 0x%08lx\n", event, hr);
        return SUCCEEDED(hr);
    }

    Journal &m_journal;
    DWORD m_frozenRecords;
    bool m_isFrozen;
};

// Runs on a thread of its own. After CTRL_CLOSE_EVENT the program ends when this returns.
static BOOL WINAPI OnConsoleControl(DWORD type)
{
    SetEvent(g_stop);
    if (type == CTRL_CLOSE_EVENT)
        WaitForSingleObject(g_finished, INFINITE);
    return TRUE;
}

static HRESULT ServeBackups(Journal &journal)
{
    ExampleWriter writer(journal);
    HRESULT hr = writer.Initialize();

    if (SUCCEEDED(hr))
        hr = writer.Subscribe();
    if (FAILED(hr))
        return hr;
    WaitForSingleObject(g_stop, INFINITE);
    return writer.Unsubscribe();
}

static HRESULT Run()
{
    Journal journal;

    if (!journal.Open())
        return HRESULT_FROM_WIN32(GetLastError());
    if (!journal.Start()) {
        journal.Close();
        return HRESULT_FROM_WIN32(GetLastError());
    }
    HRESULT hr = ServeBackups(journal);
    SetEvent(g_stop);
    journal.WaitForThread();
    journal.Close();
    return hr;
}

int wmain(int, wchar_t *[])
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (FAILED(hr))
        return 1;
    // Learn: "Security Considerations for Writers".
    hr = CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                              RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL);
    g_stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    g_finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(OnConsoleControl, TRUE);

    if (SUCCEEDED(hr))
        hr = Run();
    if (FAILED(hr))
        fwprintf(stderr, L"example-writer: 0x%08lx\n", hr);
    CoUninitialize();
    SetEvent(g_finished);
    return SUCCEEDED(hr) ? 0 : 1;
}

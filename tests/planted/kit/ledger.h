// SPDX-License-Identifier: MIT
// What the writers of tests/planted keep: a ledger of numbered records in C:\Ledger\ledger.dat,
// and their number in ledger.idx. A record is in both or in neither, whenever the gate is
// closed; a copy in which they differ is of no use. Records that customers have handed in are
// written before the program ends. Included by writer.h.
#pragma once

static const WCHAR FOLDER[] = L"C:\\Ledger";
static const DWORD RECORD_SIZE = 64;
static const DWORD BURST = 20; // records that have come together

static HANDLE g_stop;     // set when the program is to end
static HANDLE g_finished; // set when it has put everything away

// What cannot be in a correct program ends it.
inline void Check(bool isTrue, LPCWSTR what)
{
    if (isTrue)
        return;
    fwprintf(stderr, L"CHECK FAILED: %s\n", what);
    fflush(stderr);
    abort();
}

class Lock
{
  public:
    explicit Lock(CRITICAL_SECTION &section) : m_section(section)
    {
        EnterCriticalSection(&m_section);
    }
    ~Lock() { LeaveCriticalSection(&m_section); }

  private:
    Lock(const Lock &);
    CRITICAL_SECTION &m_section;
};

class Ledger
{
  public:
    explicit Ledger(DWORD paceMs = 20)
        : m_data(INVALID_HANDLE_VALUE), m_index(INVALID_HANDLE_VALUE), m_thread(NULL), m_count(0),
          m_paceMs(paceMs), m_isPaused(false)
    {
        InitializeCriticalSection(&m_lock);
        m_running = CreateEventW(NULL, TRUE, TRUE, NULL);
        m_wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    }

    virtual ~Ledger()
    {
        CloseHandle(m_wake);
        CloseHandle(m_running);
        DeleteCriticalSection(&m_lock);
    }

    bool Open()
    {
        if (!CreateDirectoryW(FOLDER, NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
            return false;
        m_data = OpenFile(L"C:\\Ledger\\ledger.dat");
        m_index = OpenFile(L"C:\\Ledger\\ledger.idx");
        if (m_data == INVALID_HANDLE_VALUE || m_index == INVALID_HANDLE_VALUE)
            return false;
        DWORD got = 0;
        m_count = 0;
        return ReadFile(m_index, &m_count, sizeof(m_count), &got, NULL) != FALSE;
    }

    void Close()
    {
        CloseHandle(m_data);
        CloseHandle(m_index);
        m_data = m_index = INVALID_HANDLE_VALUE;
    }

    bool Start()
    {
        m_thread = CreateThread(NULL, 0, ThreadMain, this, 0, NULL);
        return m_thread != NULL;
    }

    // Returns when the last record that was handed in has been written.
    void WaitForThread()
    {
        WaitForSingleObject(m_thread, INFINITE);
        CloseHandle(m_thread);
    }

    // Closes the gate: returns when no record is being written, and none will be until Resume.
    virtual bool Pause()
    {
        Lock lock(m_lock);
        m_isPaused = true;
        ResetEvent(m_running);
        return m_data == INVALID_HANDLE_VALUE ||
               (FlushFileBuffers(m_data) && FlushFileBuffers(m_index));
    }

    virtual void Resume()
    {
        Lock lock(m_lock);
        m_isPaused = false;
        SetEvent(m_running);
        SetEvent(m_wake); // customers have been waiting
    }

    // What has been handed in is to be written now; this does not wait for it.
    void Wake() { SetEvent(m_wake); }

    DWORD Count()
    {
        Lock lock(m_lock);
        return m_count;
    }

    enum { UNREADABLE = -2, TORN = -1 };

    // Reads both files of a folder, of the volume or of a shadow copy. Answers the number of
    // records. A record that has no number yet (the disk was full) does not count.
    static int Read(LPCWSTR folder)
    {
        DWORD count = 0, got = 0;
        LARGE_INTEGER size = {};
        HANDLE index = OpenToRead(folder, L"ledger.idx"), data = OpenToRead(folder, L"ledger.dat");
        BOOL isRead = index != INVALID_HANDLE_VALUE && data != INVALID_HANDLE_VALUE &&
                      ReadFile(index, &count, sizeof(count), &got, NULL) &&
                      GetFileSizeEx(data, &size);

        if (index != INVALID_HANDLE_VALUE)
            CloseHandle(index);
        if (data != INVALID_HANDLE_VALUE)
            CloseHandle(data);
        if (!isRead)
            return UNREADABLE;
        return size.QuadPart < (LONGLONG)count * RECORD_SIZE ? TORN : (int)count;
    }

  protected:
    static HANDLE OpenFile(LPCWSTR path)
    {
        return CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_ALWAYS,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    }

    static HANDLE OpenToRead(LPCWSTR folder, LPCWSTR name)
    {
        WCHAR path[MAX_PATH];

        swprintf_s(path, L"%s\\%s", folder, name);
        return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                           OPEN_EXISTING, 0, NULL);
    }

    // One record, if the gate is open.
    virtual void Append()
    {
        Lock lock(m_lock);
        if (!m_isPaused)
            Write();
    }

    // Under the lock.
    void Write()
    {
        char record[RECORD_SIZE];
        DWORD written = 0;
        LARGE_INTEGER place, begin = {};

        memset(record, '.', sizeof(record));
        memcpy(record, &m_count, sizeof(m_count));
        place.QuadPart = (LONGLONG)m_count * RECORD_SIZE;
        if (!SetFilePointerEx(m_data, place, NULL, FILE_BEGIN) ||
            !WriteFile(m_data, record, sizeof(record), &written, NULL))
            return;
        DWORD count = m_count + 1;
        if (SetFilePointerEx(m_index, begin, NULL, FILE_BEGIN) &&
            WriteFile(m_index, &count, sizeof(count), &written, NULL))
            m_count = count;
    }

    static DWORD WINAPI ThreadMain(LPVOID self)
    {
        Ledger *ledger = static_cast<Ledger *>(self);

        HANDLE events[2] = { g_stop, ledger->m_wake };

        for (;;) {
            DWORD woken = WaitForMultipleObjects(2, events, FALSE, ledger->m_paceMs);
            for (DWORD n = woken == WAIT_OBJECT_0 + 1 ? BURST : 1; n; n--)
                ledger->AppendInTurn();
            if (woken == WAIT_OBJECT_0)
                return 0;
        }
    }

    void AppendInTurn()
    {
        WaitForSingleObject(m_running, INFINITE);
        Append();
    }

    HANDLE m_data, m_index, m_thread;
    HANDLE m_running; // set while the gate is open
    HANDLE m_wake;
    DWORD m_count, m_paceMs;
    bool volatile m_isPaused; // guarded by m_lock, like m_count
    CRITICAL_SECTION m_lock;
};

// SPDX-License-Identifier: MIT
// A writer whose table is compacted now and then by a thread of its own, part by part; Freeze
// has to wait until no part is in the making. The bug: the table's lock is held over all parts,
// so that Freeze waits for the whole compaction, which takes longer than the minute it has.
#include <windows.h>
#include "kit/writer.h"

static const DWORD PARTS = 80, PART_MS = 1000, FIRST_MS = 300, EVERY_MS = 10 * 60 * 1000;

class Table
{
  public:
    Table() : m_thread(NULL), m_compacted(0)
    {
        InitializeCriticalSection(&m_lock);
        m_allowed = CreateEventW(NULL, TRUE, TRUE, NULL);
        m_thread = CreateThread(NULL, 0, ThreadMain, this, 0, NULL);
    }

    ~Table()
    {
        Release();
        SetEvent(g_stop);
        WaitForSingleObject(m_thread, INFINITE);
        CloseHandle(m_thread);
        CloseHandle(m_allowed);
        DeleteCriticalSection(&m_lock);
    }

    // Returns when no part is in the making; none will be until Release.
    void Hold()
    {
        ResetEvent(m_allowed);
        Lock lock(m_lock);
    }

    void Release() { SetEvent(m_allowed); }

  private:
    static DWORD WINAPI ThreadMain(LPVOID self)
    {
        DWORD pause = FIRST_MS;

        for (; WaitForSingleObject(g_stop, pause) == WAIT_TIMEOUT; pause = EVERY_MS)
            static_cast<Table *>(self)->Compact();
        return 0;
    }

    void Compact()
    {
#ifdef PLANTED
        Lock lock(m_lock);
        for (DWORD i = 0; i < PARTS && WaitForSingleObject(g_stop, 0) == WAIT_TIMEOUT; i++)
            CompactPart();
#else
        for (DWORD i = 0; i < PARTS && WaitForSingleObject(g_stop, 0) == WAIT_TIMEOUT; i++) {
            WaitForSingleObject(m_allowed, INFINITE);
            Lock lock(m_lock);
            if (WaitForSingleObject(m_allowed, 0) == WAIT_OBJECT_0)
                CompactPart();
        }
#endif
    }

    void CompactPart()
    {
        Sleep(PART_MS); // the disk
        m_compacted++;
    }

    HANDLE m_thread, m_allowed;
    DWORD m_compacted;
    CRITICAL_SECTION m_lock;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        m_table.Hold();
        return LedgerWriter::OnFreeze();
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        m_table.Release();
        return LedgerWriter::OnThaw();
    }

    bool STDMETHODCALLTYPE OnAbort() override
    {
        m_table.Release();
        return LedgerWriter::OnAbort();
    }

  private:
    Table m_table;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

// SPDX-License-Identifier: MIT
// A writer that lets a thread of its own bring the cache to the disk, and waits at Freeze until
// that thread is idle. The bug: it waits with the cache's lock held, which the thread needs to
// finish the page it is at. When it is idle already nobody notices.
#include <windows.h>
#include "kit/writer.h"

class Cache
{
  public:
    Cache() : m_dirty(0), m_isClosed(false)
    {
        InitializeCriticalSection(&m_lock);
        m_idle = CreateEventW(NULL, TRUE, TRUE, NULL);
        m_wake = CreateEventW(NULL, FALSE, FALSE, NULL);
        m_thread = CreateThread(NULL, 0, ThreadMain, this, 0, NULL);
    }

    ~Cache()
    {
        SetEvent(g_stop);
        WaitForSingleObject(m_thread, INFINITE);
        CloseHandle(m_thread);
        CloseHandle(m_idle);
        CloseHandle(m_wake);
        DeleteCriticalSection(&m_lock);
    }

    // Most of the pages should be clean before Freeze.
    void Clean() { SetEvent(m_wake); }

    void Close()
    {
#ifdef PLANTED
        Lock lock(m_lock);
        m_isClosed = true;
        WaitForSingleObject(m_idle, INFINITE);
#else
        {
            Lock lock(m_lock);
            m_isClosed = true;
        }
        WaitForSingleObject(m_idle, INFINITE);
#endif
    }

    void Open()
    {
        Lock lock(m_lock);
        m_isClosed = false;
    }

  private:
    static DWORD WINAPI ThreadMain(LPVOID self)
    {
        Cache *cache = static_cast<Cache *>(self);
        HANDLE events[2] = { g_stop, cache->m_wake };

        while (WaitForMultipleObjects(2, events, FALSE, 1000) != WAIT_OBJECT_0) {
            for (int i = 0; i < 10; i++)
                cache->CleanPage();
        }
        return 0;
    }

    void CleanPage()
    {
        {
            Lock lock(m_lock);
            if (m_isClosed)
                return;
            ResetEvent(m_idle);
        }
        Sleep(5); // the page goes to the disk
        Lock lock(m_lock);
        m_dirty = m_dirty ? m_dirty - 1 : 100;
        SetEvent(m_idle);
    }

    HANDLE m_thread, m_idle, m_wake;
    DWORD m_dirty;
    bool m_isClosed;
    CRITICAL_SECTION m_lock;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnPrepareSnapshot() override
    {
        m_cache.Clean();
        return LedgerWriter::OnPrepareSnapshot();
    }

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        m_cache.Close();
        return LedgerWriter::OnFreeze();
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        m_cache.Open();
        return LedgerWriter::OnThaw();
    }

    bool STDMETHODCALLTYPE OnAbort() override
    {
        m_cache.Open();
        return LedgerWriter::OnAbort();
    }

  private:
    Cache m_cache;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

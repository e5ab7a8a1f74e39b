// SPDX-License-Identifier: MIT
// A writer with a watchdog: after 55 s in Freeze it opens its gate by itself, because no copy
// will be made any more. The bug: it measures with the wall clock. When that is put forward, by
// a time server or after a machine was suspended, the gate is opened in the middle of a good
// Freeze.
#include <windows.h>
#include "kit/writer.h"

static const ULONGLONG LIMIT_MS = 55000;

class Watchdog
{
  public:
    explicit Watchdog(Ledger &ledger)
        : m_ledger(ledger), m_begin(0), m_frozenTick(0), m_hasBitten(false)
    {
        InitializeCriticalSection(&m_lock);
        m_thread = CreateThread(NULL, 0, ThreadMain, this, 0, NULL);
    }

    ~Watchdog()
    {
        SetEvent(g_stop);
        WaitForSingleObject(m_thread, INFINITE);
        CloseHandle(m_thread);
        DeleteCriticalSection(&m_lock);
    }

    void Begin()
    {
        Lock lock(m_lock);
        m_hasBitten = false;
        m_frozenTick = GetTickCount64();
        m_begin = Now();
    }

    // Answers whether the gate was closed all the time.
    bool End()
    {
        Lock lock(m_lock);
        m_begin = 0;
        return !m_hasBitten;
    }

  private:
    static ULONGLONG Now()
    {
#ifdef PLANTED
        FILETIME time;
        GetSystemTimeAsFileTime(&time);
        return ((ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime) / 10000;
#else
        return GetTickCount64() + 1; // never 0
#endif
    }

    static DWORD WINAPI ThreadMain(LPVOID self)
    {
        while (WaitForSingleObject(g_stop, 100) == WAIT_TIMEOUT)
            static_cast<Watchdog *>(self)->Look();
        return 0;
    }

    void Look()
    {
        Lock lock(m_lock);

        if (!m_begin || Now() - m_begin < LIMIT_MS)
            return;
        Check(GetTickCount64() - m_frozenTick >= LIMIT_MS, L"the watchdog bites in time");
        wprintf(L"ledger: frozen for too long, going on\n");
        m_begin = 0;
        m_hasBitten = true;
        m_ledger.Resume();
    }

    Ledger &m_ledger;
    ULONGLONG m_begin; // 0: not frozen
    ULONGLONG m_frozenTick;
    bool m_hasBitten;
    HANDLE m_thread;
    CRITICAL_SECTION m_lock;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger), m_dog(ledger) {}

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        bool isFrozen = LedgerWriter::OnFreeze();

        if (m_isFrozen)
            m_dog.Begin();
        return isFrozen;
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        if (!m_dog.End()) {
            Thaw();
            return Veto(L"Thaw: was frozen for too long", HRESULT_FROM_WIN32(ERROR_TIMEOUT));
        }
        return LedgerWriter::OnThaw();
    }

    bool STDMETHODCALLTYPE OnAbort() override
    {
        m_dog.End();
        return LedgerWriter::OnAbort();
    }

  private:
    Watchdog m_dog;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

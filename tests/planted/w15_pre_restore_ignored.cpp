// SPDX-License-Identifier: MIT
// A writer that lets go of its files before a restore. A report may be open on them, and then it
// cannot. The bug: it agrees all the same, and the requester replaces files that are in use;
// what the program still has in memory then goes over what was restored.
#include <windows.h>
#include "kit/writer.h"

class ReportedLedger : public Ledger
{
  public:
    ReportedLedger() : m_isReporting(0), m_report(NULL) {}

    bool StartReports()
    {
        m_report = CreateThread(NULL, 0, Report, this, 0, NULL);
        return m_report != NULL;
    }

    void WaitForReports()
    {
        WaitForSingleObject(m_report, INFINITE);
        CloseHandle(m_report);
    }

    // Takes the files away from everybody, if nobody is at them.
    bool LetGo()
    {
        if (InterlockedCompareExchange(&m_isReporting, 2, 0) != 0)
            return false;
        Pause();
        Close();
        return true;
    }

    bool TakeBack()
    {
        bool isOpen = Open();
        Resume();
        InterlockedExchange(&m_isReporting, 0);
        return isOpen;
    }

  private:
    // A report each tenth of a second; it reads for half of that.
    static DWORD WINAPI Report(LPVOID self)
    {
        ReportedLedger *ledger = static_cast<ReportedLedger *>(self);

        while (WaitForSingleObject(g_stop, 50) == WAIT_TIMEOUT) {
            if (InterlockedCompareExchange(&ledger->m_isReporting, 1, 0) != 0)
                continue;
            DWORD before = ledger->Count();
            Sleep(50);
            Check(ledger->Count() >= before, L"the ledger was not replaced under a report");
            InterlockedExchange(&ledger->m_isReporting, 0);
        }
        return 0;
    }

    LONG volatile m_isReporting; // 1: a report runs; 2: none may begin
    HANDLE m_report;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger), m_hasLetGo(false), m_hasAgreed(false) {}

    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *) override
    {
        m_hasLetGo = static_cast<ReportedLedger &>(m_ledger).LetGo();
        m_hasAgreed = m_hasLetGo;
        if (m_hasLetGo)
            return Say(L"PreRestore", S_OK);
#ifdef PLANTED
        m_hasAgreed = true;
        return Say(L"PreRestore: a report is open", S_OK);
#else
        return Veto(L"PreRestore: a report is open", HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION));
#endif
    }

    bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *pComponents) override
    {
        Check(!m_hasAgreed || m_hasLetGo || !WasTouched(pComponents),
              L"only files that were let go of have been replaced");
        if (m_hasLetGo && !static_cast<ReportedLedger &>(m_ledger).TakeBack())
            return Veto(L"PostRestore", HRESULT_FROM_WIN32(GetLastError()));
        m_hasLetGo = false;
        return Say(L"PostRestore", S_OK);
    }

  private:
    // Whether the requester has tried to put files of ours back.
    static bool WasTouched(IVssWriterComponents *pComponents)
    {
        IVssComponent *pComponent = NULL;
        VSS_FILE_RESTORE_STATUS status = VSS_RS_NONE;

        if (!pComponents || FAILED(pComponents->GetComponent(0, &pComponent)))
            return false;
        pComponent->GetFileRestoreStatus(&status);
        pComponent->Release();
        return status != VSS_RS_NONE && status != VSS_RS_UNDEFINED;
    }

    bool m_hasLetGo, m_hasAgreed;
};

static HRESULT ServeWithReports(Ledger &ledger)
{
    ReportedLedger &reported = static_cast<ReportedLedger &>(ledger);

    if (!reported.StartReports())
        return HRESULT_FROM_WIN32(GetLastError());
    HRESULT hr = Serve<Writer>(ledger);
    SetEvent(g_stop);
    reported.WaitForReports();
    return hr;
}

int wmain(int, wchar_t *[])
{
    ReportedLedger ledger;

    return WriterMain(ledger, ServeWithReports);
}

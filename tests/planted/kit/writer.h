// SPDX-License-Identifier: MIT
// The boring parts of the small writers of tests/planted, done as the documentation wants them
// (Learn: "Writers", "CVssWriterEx2 class"): a class that puts a ledger into backups, and the
// life of the process. A writer derives from LedgerWriter and does one thing in its own way.
#pragma once

#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger.h"

static const GUID LEDGER_WRITER_ID = {
    0x5e1d9c40, 0x73b2, 0x4a61, { 0x8c, 0x0e, 0x21, 0x96, 0x5b, 0xf0, 0x3d, 0x77 }
};

class LedgerWriter : public CVssWriterEx2
{
  public:
    explicit LedgerWriter(Ledger &ledger)
        : m_ledger(ledger), m_frozenCount(0), m_isFrozen(false), m_session(), m_set()
    {
    }

    virtual HRESULT Initialize()
    {
        return CVssWriterEx2::Initialize(LEDGER_WRITER_ID, L"Ledger Writer", VSS_UT_USERDATA,
                                         VSS_ST_OTHER);
    }

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata) override
    {
        HRESULT hr = pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Ledger", L"The ledger", NULL,
                                             0, false, false, true, true);
        if (SUCCEEDED(hr))
            hr = pMetadata->AddFilesToFileGroup(NULL, L"Ledger", FOLDER, L"*", false, NULL);
        if (SUCCEEDED(hr))
            hr = pMetadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                             VSS_WRE_ALWAYS, false);
        return Say(L"Identify", hr);
    }

    bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *) override
    {
        return Say(L"PrepareBackup", S_OK);
    }

    bool STDMETHODCALLTYPE OnPrepareSnapshot() override
    {
        m_ledger.Wake(); // the less is left for after Thaw
        return Say(L"PrepareSnapshot", S_OK);
    }

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        if (!IsPathAffected(FOLDER))
            return Say(L"Freeze (not our volume)", S_OK);
        if (!m_ledger.Pause()) {
            m_ledger.Resume();
            return Veto(L"Freeze", HRESULT_FROM_WIN32(GetLastError()));
        }
        m_isFrozen = true;
        m_session = Session();
        m_set = GetCurrentSnapshotSetId();
        m_frozenCount = m_ledger.Count();
        return Say(L"Freeze", S_OK);
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        Thaw();
        return Say(L"Thaw", S_OK);
    }

    // Of any session that this writer takes part in, at any time, more than once.
    bool STDMETHODCALLTYPE OnAbort() override
    {
        if (m_session == Session())
            Thaw();
        return Say(L"Abort", S_OK);
    }

    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        if (!CheckShadowCopy())
            return Veto(L"PostSnapshot", HRESULT_FROM_WIN32(ERROR_READ_FAULT));
        return Say(L"PostSnapshot", S_OK);
    }

    bool STDMETHODCALLTYPE OnBackupComplete(IVssWriterComponents *) override
    {
        return Say(L"BackupComplete", S_OK);
    }

    // Also of sets that are none of ours.
    bool STDMETHODCALLTYPE OnBackupShutdown(VSS_ID set) override
    {
        if (m_set == set)
            Thaw();
        return Say(L"BackupShutdown", S_OK);
    }

    // The files are about to be replaced: let go of them.
    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *) override
    {
        m_ledger.Pause();
        m_ledger.Close();
        return Say(L"PreRestore", S_OK);
    }

    bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *) override
    {
        if (!m_ledger.Open())
            return Veto(L"PostRestore", HRESULT_FROM_WIN32(GetLastError()));
        m_ledger.Resume();
        return Say(L"PostRestore", S_OK);
    }

  protected:
    // Which requester's backup the handler is called for.
    VSS_ID Session() const
    {
        VSS_ID session = {};
        GetSessionId(&session);
        return session;
    }

    void Thaw()
    {
        if (m_isFrozen)
            m_ledger.Resume();
        m_isFrozen = false;
    }

    // The ledger in the shadow copy is what it was at Freeze. Answers whether it can be read.
    bool CheckShadowCopy()
    {
        LPCWSTR device = NULL;
        WCHAR folder[MAX_PATH];

        if (!IsPathAffected(FOLDER))
            return true;
        if (FAILED(GetSnapshotDeviceName(L"C:\\", &device)))
            return false;
        swprintf_s(folder, L"%s%s", device, FOLDER + 2);
        int records = Ledger::Read(folder);
        Check(records == Ledger::UNREADABLE || records == (int)m_frozenCount,
              L"the shadow copy holds what was frozen");
        return records != Ledger::UNREADABLE;
    }

    // A failure that a later try may not meet.
    bool Veto(LPCWSTR event, HRESULT hr)
    {
        SetWriterFailure(VSS_E_WRITERERROR_RETRYABLE);
        return Say(event, hr);
    }

    static bool Say(LPCWSTR event, HRESULT hr)
    {
        wprintf(L"ledger: %s 0x%08lx\n", event, hr);
        return SUCCEEDED(hr);
    }

    Ledger &m_ledger;
    DWORD m_frozenCount;
    bool m_isFrozen;
    VSS_ID m_session, m_set; // whose Freeze it was
};

// Runs on a thread of its own. After CTRL_CLOSE_EVENT the program ends when this returns.
static BOOL WINAPI OnConsoleControl(DWORD type)
{
    SetEvent(g_stop);
    if (type == CTRL_CLOSE_EVENT)
        WaitForSingleObject(g_finished, INFINITE);
    return TRUE;
}

// A writer from its first to its last moment.
template <class Writer> HRESULT Serve(Ledger &ledger)
{
    Writer writer(ledger);
    HRESULT hr = writer.Initialize();

    if (SUCCEEDED(hr))
        hr = writer.Subscribe();
    if (FAILED(hr))
        return hr;
    WaitForSingleObject(g_stop, INFINITE);
    return writer.Unsubscribe();
}

// The program between its first and its last line: 0 done, 1 failed.
inline int WriterMain(Ledger &ledger, HRESULT (*serve)(Ledger &ledger))
{
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    // Learn: "Security Considerations for Writers".
    HRESULT hr = CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                                      RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL);
    g_stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    g_finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(OnConsoleControl, TRUE);

    if (SUCCEEDED(hr) && !(ledger.Open() && ledger.Start()))
        hr = HRESULT_FROM_WIN32(GetLastError());
    if (SUCCEEDED(hr)) {
        hr = serve(ledger);
        SetEvent(g_stop);
        ledger.WaitForThread();
        ledger.Close();
        int records = Ledger::Read(FOLDER);
        Check(records == Ledger::UNREADABLE || records == (int)ledger.Count(),
              L"the ledger holds what was written");
    }
    if (FAILED(hr))
        fwprintf(stderr, L"ledger: 0x%08lx\n", hr);
    CoUninitialize();
    SetEvent(g_finished);
    return SUCCEEDED(hr) ? 0 : 1;
}

// SPDX-License-Identifier: MIT
// A writer that forgets old records of its log when they are in a backup. The bug: it forgets
// them at each BackupComplete, also when the requester reports that it could not save the
// component, or says nothing. The program knows what was saved last, and never may have less
// than what came since.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger)
        : LedgerWriter(ledger), m_first(0), m_saved(0), m_notes(), m_n(0)
    {
    }

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        bool isFrozen = LedgerWriter::OnFreeze();

        m_notes[m_n % 16].session = Session();
        m_notes[m_n++ % 16].frozen = m_frozenCount;
        return isFrozen;
    }

    bool STDMETHODCALLTYPE OnBackupComplete(IVssWriterComponents *pComponents) override
    {
        bool isSaved = IsSaved(pComponents) && GetBackupType() != VSS_BT_COPY;
        DWORD frozen = FrozenAt(Session());

        if (isSaved && frozen > m_saved)
            m_saved = frozen;
#ifdef PLANTED
        Truncate(frozen);
#else
        if (isSaved)
            Truncate(frozen);
#endif
        Check(m_first <= m_saved, L"records are in no backup and no longer in the log");
        return Say(L"BackupComplete", S_OK);
    }

  private:
    // Every component of ours that the backup has.
    static bool IsSaved(IVssWriterComponents *pComponents)
    {
        UINT count = 0;
        bool all = pComponents && SUCCEEDED(pComponents->GetComponentCount(&count)) && count;

        for (UINT i = 0; all && i < count; i++) {
            IVssComponent *pComponent = NULL;
            bool isSaved = false;
            if (FAILED(pComponents->GetComponent(i, &pComponent)))
                return false;
            all = SUCCEEDED(pComponent->GetBackupSucceeded(&isSaved)) && isSaved;
            pComponent->Release();
        }
        return all;
    }

    void Truncate(DWORD upTo)
    {
        wprintf(L"ledger: records %lu to %lu are forgotten\n", m_first, upTo);
        if (upTo > m_first)
            m_first = upTo;
    }

    // How many records the shadow copy of a backup has.
    DWORD FrozenAt(VSS_ID session) const
    {
        for (UINT i = 0; i < 16; i++) {
            if (m_notes[i].session == session)
                return m_notes[i].frozen;
        }
        return 0;
    }

    DWORD m_first; // record of the log
    DWORD m_saved; // the first one that is in no backup
    struct Note {
        VSS_ID session;
        DWORD frozen;
    } m_notes[16]; // of backups that are not complete yet
    UINT m_n;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

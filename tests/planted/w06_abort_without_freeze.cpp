// SPDX-License-Identifier: MIT
// A writer that notes at Freeze what it will compare with afterwards. The bug: Abort throws the
// note away without a look whether there is one; a backup may be given up before Freeze.
#include <windows.h>
#include "kit/writer.h"

struct Note {
    DWORD records;
    FILETIME time;
    bool isOpen;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger), m_note(NULL) {}
    ~Writer() { delete m_note; }

    // Frozen last, so that the data of applications is at rest when the ledger stops.
    HRESULT Initialize() override
    {
        return CVssWriterEx2::Initialize(LEDGER_WRITER_ID, L"Ledger Writer", VSS_UT_USERDATA,
                                         VSS_ST_OTHER, VSS_APP_SYSTEM);
    }

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        bool isFrozen = LedgerWriter::OnFreeze();

        delete m_note;
        m_note = new Note();
        m_note->records = m_frozenCount;
        m_note->isOpen = true;
        GetSystemTimeAsFileTime(&m_note->time);
        return isFrozen;
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        CloseNote();
        return LedgerWriter::OnThaw();
    }

    bool STDMETHODCALLTYPE OnAbort() override
    {
        CloseNote();
        return LedgerWriter::OnAbort();
    }

  private:
    void CloseNote()
    {
#ifndef PLANTED
        if (!m_note)
            return;
#endif
        m_note->isOpen = false;
        wprintf(L"ledger: %lu records were frozen\n", m_note->records);
    }

    Note *m_note;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

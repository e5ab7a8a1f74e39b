// SPDX-License-Identifier: MIT
// A writer whose ledger is busy: a record each millisecond. The bug: the thread looks whether
// the gate is open before it takes the lock, not under it. A Freeze in between finds the ledger
// at rest, and then one more record is written: it is in the copy of one file and not of the
// other, or in both and in no count.
#include <windows.h>
#include "kit/writer.h"

class BusyLedger : public Ledger
{
  public:
    BusyLedger() : Ledger(1) {}

  protected:
    void Append() override
    {
#ifdef PLANTED
        if (m_isPaused)
            return;
        Lock lock(m_lock);
        Write();
#else
        Lock lock(m_lock);
        if (!m_isPaused)
            Write();
#endif
    }
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnThaw() override
    {
        Check(!m_isFrozen || m_ledger.Count() == m_frozenCount,
              L"a record was written while frozen");
        return LedgerWriter::OnThaw();
    }
};

int wmain(int, wchar_t *[])
{
    BusyLedger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

// SPDX-License-Identifier: MIT
// A writer that opens its gate at BackupShutdown, too, in case nothing else came. The bug: it
// does so for any set. The end of somebody else's backup, while this one is frozen, lets records
// be written into the shadow copy's last moment.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnBackupShutdown(VSS_ID set) override
    {
#ifdef PLANTED
        (void)set;
        Thaw();
#else
        if (m_set == set)
            Thaw();
#endif
        return Say(L"BackupShutdown", S_OK);
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        Check(m_isFrozen || !IsPathAffected(FOLDER), L"the gate was closed until Thaw");
        return LedgerWriter::OnThaw();
    }
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

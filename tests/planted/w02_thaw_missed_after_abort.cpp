// SPDX-License-Identifier: MIT
// A writer that opens its gate at Thaw. The bug: after Freeze there may be an Abort instead, and
// that only writes a line into the log: the ledger stays closed until the machine is started
// again.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnAbort() override
    {
#ifndef PLANTED
        if (m_session == Session())
            Thaw();
#endif
        return Say(L"Abort: the backup was given up", S_OK);
    }

    bool STDMETHODCALLTYPE OnBackupShutdown(VSS_ID) override
    {
        return Say(L"BackupShutdown", S_OK);
    }
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

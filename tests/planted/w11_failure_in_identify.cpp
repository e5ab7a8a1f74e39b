// SPDX-License-Identifier: MIT
// A writer that cannot describe itself while its ledger is being recovered after the start. The
// bug: it gives its reason with SetWriterFailure, as in every other handler; in OnIdentify that
// must not be called, a plain refusal is the word (Learn: "CVssWriter::OnIdentify").
#include <windows.h>
#include "kit/writer.h"

static const DWORD RECOVERY_MS = 1500;

class RecoveringLedger : public Ledger
{
  public:
    RecoveringLedger() : m_begin(GetTickCount64()) {}
    bool IsRecovering() const { return GetTickCount64() - m_begin < RECOVERY_MS; }

  private:
    ULONGLONG m_begin;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata) override
    {
        if (!static_cast<RecoveringLedger &>(m_ledger).IsRecovering())
            return LedgerWriter::OnIdentify(pMetadata);
#ifdef PLANTED
        return Veto(L"Identify (recovering)", E_ABORT);
#else
        return Say(L"Identify (recovering)", E_ABORT);
#endif
    }
};

int wmain(int, wchar_t *[])
{
    RecoveringLedger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

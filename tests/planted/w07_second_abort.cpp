// SPDX-License-Identifier: MIT
// A writer that keeps a snapshot of its own counters while a backup runs. The bug: Abort frees
// it and keeps the pointer; a second Abort, of this backup or of the next one that does not come
// as far as Freeze, frees it again.
#include <windows.h>
#include "kit/writer.h"

class Counters
{
  public:
    explicit Counters(DWORD records) : m_records(records), m_text(new WCHAR[64])
    {
        swprintf_s(m_text, 64, L"%lu records at Freeze", records);
    }

    ~Counters()
    {
        m_text[0] = 0;
        delete[] m_text;
        m_text = NULL;
    }

    LPCWSTR Text() const { return m_text; }

  private:
    DWORD m_records;
    WCHAR *m_text;
};

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger), m_counters(NULL) {}

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        bool isFrozen = LedgerWriter::OnFreeze();

        m_counters = new Counters(m_frozenCount);
        return isFrozen;
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        wprintf(L"ledger: %s\n", m_counters ? m_counters->Text() : L"nothing was frozen");
        delete m_counters;
        m_counters = NULL;
        return LedgerWriter::OnThaw();
    }

    bool STDMETHODCALLTYPE OnAbort() override
    {
        delete m_counters;
#ifndef PLANTED
        m_counters = NULL;
#endif
        return LedgerWriter::OnAbort();
    }

  private:
    Counters *m_counters;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

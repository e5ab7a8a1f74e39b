// SPDX-License-Identifier: MIT
// A writer with a list of its components, one for each year. The bug: OnIdentify adds them to a
// list that stays, as if there were one Identify in a life: any requester may ask at any time,
// and from the second one on each component is there twice, which the document refuses.
#include <windows.h>
#include "kit/writer.h"

static const WCHAR *const YEARS[] = { L"2023", L"2024", L"2025" };

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger), m_count(0) {}

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata) override
    {
        HRESULT hr = S_OK;

#ifndef PLANTED
        m_count = 0;
#endif
        for (int i = 0; i < 3; i++)
            Add(YEARS[i]);
        for (UINT i = 0; SUCCEEDED(hr) && i < m_count; i++)
            hr = Describe(pMetadata, m_names[i]);
        if (SUCCEEDED(hr))
            hr = pMetadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                             VSS_WRE_ALWAYS, false);
        return Say(L"Identify", hr);
    }

  private:
    void Add(LPCWSTR name)
    {
        if (m_count < 64)
            m_names[m_count++] = name;
    }

    static HRESULT Describe(IVssCreateWriterMetadata *pMetadata, LPCWSTR name)
    {
        WCHAR spec[32];
        HRESULT hr = pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, name, NULL, NULL, 0, false,
                                             false, true, true);

        swprintf_s(spec, L"ledger-%s.*", name);
        if (SUCCEEDED(hr))
            hr = pMetadata->AddFilesToFileGroup(NULL, name, FOLDER, spec, false, NULL);
        return hr;
    }

    LPCWSTR m_names[64];
    UINT m_count;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

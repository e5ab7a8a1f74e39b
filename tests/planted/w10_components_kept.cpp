// SPDX-License-Identifier: MIT
// A writer that says at the end of a backup which of its components were in it. The bug: it asks
// the object that it was given in OnPrepareBackup, which has been dead since that handler
// returned.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger), m_components(NULL) {}

    bool STDMETHODCALLTYPE OnPrepareBackup(IVssWriterComponents *pComponents) override
    {
        m_components = pComponents;
        return Say(L"PrepareBackup", S_OK);
    }

    bool STDMETHODCALLTYPE OnBackupComplete(IVssWriterComponents *pComponents) override
    {
#ifndef PLANTED
        m_components = pComponents;
#endif
        UINT count = 0;
        HRESULT hr = m_components ? m_components->GetComponentCount(&count) : S_OK;

        for (UINT i = 0; SUCCEEDED(hr) && i < count; i++) {
            IVssComponent *pComponent = NULL;
            BSTR name = NULL;
            hr = m_components->GetComponent(i, &pComponent);
            if (FAILED(hr))
                break;
            if (SUCCEEDED(pComponent->GetComponentName(&name)))
                wprintf(L"ledger: %s was in this backup\n", name);
            SysFreeString(name);
            pComponent->Release();
        }
        (void)pComponents;
        return Say(L"BackupComplete", S_OK);
    }

  private:
    IVssWriterComponents *m_components;
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

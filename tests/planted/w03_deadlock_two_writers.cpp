// SPDX-License-Identifier: MIT
// A program with two writers: one for the ledger, one for the catalogue that says where its
// records are. Each looks at the other's state when it freezes. The bug: they take the two locks
// in opposite order; frozen at the same moment, each waits for the other.
#include <windows.h>
#include "kit/writer.h"

static const GUID CATALOGUE_WRITER_ID = {
    0x2f7b0a13, 0x91c4, 0x4d0e, { 0xb1, 0x55, 0x0c, 0xe2, 0x48, 0x6a, 0x90, 0x1d }
};

static CRITICAL_SECTION g_ledgerState, g_catalogueState;
static DWORD g_ledgerGeneration, g_catalogueGeneration;

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        {
            Lock own(g_ledgerState);
            Lock other(g_catalogueState);
            wprintf(L"ledger: generation %lu, catalogue %lu\n", ++g_ledgerGeneration,
                    g_catalogueGeneration);
        }
        return LedgerWriter::OnFreeze();
    }
};

class CatalogueWriter : public LedgerWriter
{
  public:
    explicit CatalogueWriter(Ledger &ledger) : LedgerWriter(ledger) {}

    HRESULT Initialize() override
    {
        return CVssWriterEx2::Initialize(CATALOGUE_WRITER_ID, L"Catalogue Writer", VSS_UT_USERDATA,
                                         VSS_ST_OTHER);
    }

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata) override
    {
        HRESULT hr = pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Catalogue", NULL, NULL, 0,
                                             false, false, true, true);
        if (SUCCEEDED(hr))
            hr = pMetadata->AddFilesToFileGroup(NULL, L"Catalogue", L"C:\\Ledger\\Catalogue", L"*",
                                                true, NULL);
        if (SUCCEEDED(hr))
            hr = pMetadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                             VSS_WRE_ALWAYS, false);
        return Say(L"Identify (catalogue)", hr);
    }

    bool STDMETHODCALLTYPE OnFreeze() override
    {
#ifdef PLANTED
        Lock own(g_catalogueState);
        Lock other(g_ledgerState);
#else
        Lock other(g_ledgerState);
        Lock own(g_catalogueState);
#endif
        wprintf(L"catalogue: generation %lu, ledger %lu\n", ++g_catalogueGeneration,
                g_ledgerGeneration);
        return true;
    }

    bool STDMETHODCALLTYPE OnThaw() override
    {
        return true;
    }
    bool STDMETHODCALLTYPE OnAbort() override
    {
        return true;
    }
    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        return true;
    }
    bool STDMETHODCALLTYPE OnBackupShutdown(VSS_ID) override
    {
        return true;
    }
    bool STDMETHODCALLTYPE OnPreRestore(IVssWriterComponents *) override
    {
        return true;
    }
    bool STDMETHODCALLTYPE OnPostRestore(IVssWriterComponents *) override
    {
        return true;
    }
};

static HRESULT ServeBoth(Ledger &ledger)
{
    CatalogueWriter catalogue(ledger);
    HRESULT hr = catalogue.Initialize();

    if (SUCCEEDED(hr))
        hr = catalogue.Subscribe();
    if (FAILED(hr))
        return hr;
    hr = Serve<Writer>(ledger);
    catalogue.Unsubscribe();
    return hr;
}

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    InitializeCriticalSection(&g_ledgerState);
    InitializeCriticalSection(&g_catalogueState);
    return WriterMain(ledger, ServeBoth);
}

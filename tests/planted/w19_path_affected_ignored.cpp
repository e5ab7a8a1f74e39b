// SPDX-License-Identifier: MIT
// A writer with an archive on D: beside its ledger on C:, each a component that can be chosen
// alone. The bug: it takes part in every set as if both were in it. Of a set without C: there is
// no shadow copy of the ledger, and the name of its device is nothing.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata) override
    {
        HRESULT hr = AddPart(pMetadata, L"Ledger", FOLDER);

        if (SUCCEEDED(hr) && (GetLogicalDrives() & 1u << 3))
            hr = AddPart(pMetadata, L"Archive", L"D:\\Archive");
        if (SUCCEEDED(hr))
            hr = pMetadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                             VSS_WRE_ALWAYS, false);
        return Say(L"Identify", hr);
    }

    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        LPCWSTR device = NULL;
        WCHAR folder[MAX_PATH];

#ifndef PLANTED
        if (!IsPathAffected(FOLDER))
            return Say(L"PostSnapshot (not our volume)", S_OK);
#endif
        HRESULT hr = GetSnapshotDeviceName(L"C:\\", &device);
#ifndef PLANTED
        if (FAILED(hr))
            return Veto(L"PostSnapshot", hr);
#endif
        size_t length = wcslen(device); // and a path of ours behind it
        memcpy(folder, device, length * sizeof(WCHAR));
        wcscpy_s(folder + length, MAX_PATH - length, FOLDER + 2);
        int records = Ledger::Read(folder);
        Check(records == Ledger::UNREADABLE || records == (int)m_frozenCount,
              L"the shadow copy is what was frozen");
        (void)hr;
        return Say(L"PostSnapshot", S_OK);
    }

  private:
    static HRESULT AddPart(IVssCreateWriterMetadata *pMetadata, LPCWSTR name, LPCWSTR folder)
    {
        HRESULT hr = pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, name, NULL, NULL, 0, false,
                                             false, true, true);

        if (SUCCEEDED(hr))
            hr = pMetadata->AddFilesToFileGroup(NULL, name, folder, L"*", false, NULL);
        return hr;
    }
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

// SPDX-License-Identifier: MIT
// A writer with ledgers on every drive. At Freeze it logs which volumes are in the set, each
// once. The bug: it compares each name with the next one, and behind the last there is none.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    // The ledger of C:, and what is in the folder of that name on other drives.
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *pMetadata) override
    {
        HRESULT hr = pMetadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Ledger", NULL, NULL, 0,
                                             false, false, true, true);
        for (WCHAR drive = L'C'; SUCCEEDED(hr) && drive <= L'Z'; drive++) {
            WCHAR folder[] = L"C:\\Ledger";
            folder[0] = drive;
            if (GetLogicalDrives() & 1u << (drive - L'A'))
                hr = pMetadata->AddFilesToFileGroup(NULL, L"Ledger", folder, L"*", false, NULL);
        }
        if (SUCCEEDED(hr))
            hr = pMetadata->SetRestoreMethod(VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                             VSS_WRE_ALWAYS, false);
        return Say(L"Identify", hr);
    }

    bool STDMETHODCALLTYPE OnFreeze() override
    {
        LPCWSTR *volumes = GetCurrentVolumeArray();
        UINT count = GetCurrentVolumeCount();

        for (UINT i = 0; i < count; i++) {
            if (!IsRepeated(volumes, i, count))
                wprintf(L"ledger: volume %s\n", volumes[i]);
        }
        return LedgerWriter::OnFreeze();
    }

  private:
    // The list is sorted: a name that comes again comes next.
    static bool IsRepeated(LPCWSTR *volumes, UINT i, UINT count)
    {
#ifdef PLANTED
        return count > 1 && wcscmp(volumes[i], volumes[i + 1]) == 0;
#else
        return i + 1 < count && wcscmp(volumes[i], volumes[i + 1]) == 0;
#endif
    }
};

int wmain(int, wchar_t *[])
{
    Ledger ledger;

    return WriterMain(ledger, Serve<Writer>);
}

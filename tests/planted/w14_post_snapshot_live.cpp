// SPDX-License-Identifier: MIT
// A writer that verifies its ledger in the shadow copy, in OnPostSnapshot. The bug: the path it
// builds is the live one, where records are written again since Thaw.
#include <windows.h>
#include "kit/writer.h"

class Writer : public LedgerWriter
{
  public:
    explicit Writer(Ledger &ledger) : LedgerWriter(ledger) {}

    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        LPCWSTR device = NULL;
        WCHAR volume[MAX_PATH], folder[MAX_PATH];

        if (!IsPathAffected(FOLDER))
            return Say(L"PostSnapshot (not our volume)", S_OK);
        if (!GetVolumePathNameW(FOLDER, volume, MAX_PATH))
            return Veto(L"PostSnapshot", HRESULT_FROM_WIN32(GetLastError()));
        HRESULT hr = GetSnapshotDeviceName(volume, &device);
        if (FAILED(hr))
            return Veto(L"PostSnapshot", hr);
#ifdef PLANTED
        swprintf_s(folder, L"%s%s", volume, FOLDER + wcslen(volume));
#else
        swprintf_s(folder, L"%s\\%s", device, FOLDER + wcslen(volume));
#endif
        int records = Ledger::Read(folder);
        wprintf(L"ledger: %d records in %s\n", records, folder);
        if (records == Ledger::UNREADABLE)
            return Veto(L"PostSnapshot", HRESULT_FROM_WIN32(ERROR_READ_FAULT));
        Check(records == (int)m_frozenCount, L"the shadow copy holds what was frozen");
        return Say(L"PostSnapshot", S_OK);
    }
};

int wmain(int, wchar_t *[])
{
    Ledger ledger(1);

    return WriterMain(ledger, Serve<Writer>);
}

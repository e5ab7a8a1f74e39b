// SPDX-License-Identifier: MIT
// A C++ writer that fails at PrepareSnapshot, Freeze or Thaw, in one program with its requester:
// what the requester sees of that writer, of its neighbours and of DoSnapshotSet. The neighbours
// are a second writer of this program and the one of well.xml, which the launcher brings.
// tests/scenario/test_veto.c asks the same of writers in C and of Test Writer files.
//
// Learn: "Writer Errors and Vetoes" (the requester decides what a veto is worth), "Aborting VSS
// Operations" (a veto at Freeze or Thaw raises Abort, one at PrepareSnapshot does not),
// "CVssWriter::SetWriterFailure" (with `return true` the failure is reported, no veto),
// "IVssBackupComponents::DoSnapshotSet" (no code of a writer among its results).
#include "expect.h"

#include <Windows.h>
#include <VSS.h>
#include <VsWriter.h>
#include <VSBackup.h>

#include "finish.h"

enum Place { NOWHERE, AT_PREPARE_SNAPSHOT, AT_FREEZE, AT_THAW };

static const GUID VETOER_ID = { 0x7e70, 1, 1, { 1 } };
static const GUID NEIGHBOUR_ID = { 0x7e70, 2, 2, { 2 } };

class Writer : public CVssWriter
{
  public:
    HRESULT Begin(const GUID &id, LPCWSTR name, Place place, HRESULT failure, bool answer)
    {
        m_place = place;
        m_failure = failure;
        m_answer = answer;
        HRESULT hr = Initialize(id, name, VSS_UT_USERDATA, VSS_ST_OTHER);
        return FAILED(hr) ? hr : Subscribe();
    }

    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        return SUCCEEDED(metadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"mine", NULL, NULL, 0,
                                                false, false, true, false));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return Answer(AT_PREPARE_SNAPSHOT); }
    bool STDMETHODCALLTYPE OnFreeze() override { return Answer(AT_FREEZE); }
    bool STDMETHODCALLTYPE OnThaw() override { return Answer(AT_THAW); }
    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        m_hasPostSnapshot = true;
        return true;
    }
    bool STDMETHODCALLTYPE OnAbort() override
    {
        m_aborts++;
        return true;
    }

    int Aborts() const { return m_aborts; }
    Place Reached() const { return m_reached; }
    bool HasPostSnapshot() const { return m_hasPostSnapshot; }

  private:
    bool Answer(Place place)
    {
        m_reached = place;
        if (place != m_place)
            return true;
        if (m_failure != S_OK)
            EXPECT(SetWriterFailure(m_failure) == S_OK);
        return m_answer;
    }

    Place m_place = NOWHERE, m_reached = NOWHERE;
    HRESULT m_failure = S_OK;
    bool m_answer = true, m_hasPostSnapshot = false;
    int m_aborts = 0;
};

static const bool VETO = false, REPORT = true;

static const struct Row {
    LPCWSTR name;
    Place place;
    HRESULT set; // by SetWriterFailure; S_OK: not called
    bool answer;
    VSS_WRITER_STATE state;
    HRESULT seen; // by the requester
    int aborts;
} rows[] = {
#define FAILED_AT(x) VSS_WS_FAILED_AT_##x
#define CODE(x)      VSS_E_WRITERERROR_##x
    { L"PrepareSnapshot, veto, not retryable", AT_PREPARE_SNAPSHOT, CODE(NONRETRYABLE), VETO,
      FAILED_AT(PREPARE_SNAPSHOT), CODE(NONRETRYABLE), 0 },
    { L"PrepareSnapshot, veto, retryable", AT_PREPARE_SNAPSHOT, CODE(RETRYABLE), VETO,
      FAILED_AT(PREPARE_SNAPSHOT), CODE(RETRYABLE), 0 },
    { L"PrepareSnapshot, reported", AT_PREPARE_SNAPSHOT, CODE(OUTOFRESOURCES), REPORT,
      FAILED_AT(PREPARE_SNAPSHOT), CODE(OUTOFRESOURCES), 0 },
    { L"Freeze, veto, not retryable", AT_FREEZE, CODE(NONRETRYABLE), VETO, FAILED_AT(FREEZE),
      CODE(NONRETRYABLE), 1 },
    { L"Freeze, veto, retryable", AT_FREEZE, CODE(TIMEOUT), VETO, FAILED_AT(FREEZE), CODE(TIMEOUT),
      1 },
    { L"Freeze, reported", AT_FREEZE, CODE(RETRYABLE), REPORT, FAILED_AT(FREEZE), CODE(RETRYABLE),
      0 },
    { L"Thaw, veto, not retryable", AT_THAW, CODE(NONRETRYABLE), VETO, FAILED_AT(THAW),
      CODE(NONRETRYABLE), 1 },
    { L"Thaw, veto, retryable", AT_THAW, CODE(INCONSISTENTSNAPSHOT), VETO, FAILED_AT(THAW),
      CODE(INCONSISTENTSNAPSHOT), 1 },
    { L"Thaw, reported", AT_THAW, CODE(RETRYABLE), REPORT, FAILED_AT(THAW), CODE(RETRYABLE), 0 },
    // Without SetWriterFailure the page leaves the code open; ours promises nothing.
    { L"Freeze, veto without a code", AT_FREEZE, S_OK, VETO, FAILED_AT(FREEZE), CODE(NONRETRYABLE),
      1 },
    { L"nobody fails", NOWHERE, S_OK, true, VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK, 0 },
};

static void CheckStatus(IVssBackupComponents *backup, const Row &row)
{
    UINT count = 0;

    FINISH(backup, GatherWriterStatus);
    EXPECT(backup->GetWriterStatusCount(&count) == S_OK);
    EXPECT(count == 3);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance, id;
        BSTR name = NULL;
        VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
        HRESULT failure = E_FAIL;

        EXPECT(backup->GetWriterStatus(i, &instance, &id, &name, &state, &failure) == S_OK);
        bool isVetoer = IsEqualGUID(id, VETOER_ID);
        EXPECT(state == (isVetoer ? row.state : VSS_WS_WAITING_FOR_BACKUP_COMPLETE));
        EXPECT(failure == (isVetoer ? row.seen : S_OK));
        SysFreeString(name);
    }
    EXPECT(backup->FreeWriterStatus() == S_OK);
}

static void BackUp(const Row &row)
{
    IVssBackupComponents *backup = NULL;
    WCHAR volume[] = L"C:\\";
    VSS_ID set, snapshot;

    EXPECT(CreateVssBackupComponents(&backup) == S_OK);
    EXPECT(backup->InitializeForBackup() == S_OK);
    EXPECT(backup->SetBackupState(false, false, VSS_BT_FULL, false) == S_OK);
    FINISH(backup, GatherWriterMetadata);
    EXPECT(backup->StartSnapshotSet(&set) == S_OK);
    EXPECT(backup->AddToSnapshotSet(volume, GUID_NULL, &snapshot) == S_OK);
    FINISH(backup, PrepareForBackup);
    FINISH(backup, DoSnapshotSet);
    CheckStatus(backup, row);

    VSS_SNAPSHOT_PROP properties;
    EXPECT(backup->GetSnapshotProperties(snapshot, &properties) == S_OK);
    VssFreeSnapshotProperties(&properties);
    FINISH(backup, BackupComplete);
    EXPECT(backup->Release() == 0);
}

static void TheWriterFailsAloneAndTheSetIsMade(const Row &row)
{
    int before = expect_failures;
    Writer vetoer, neighbour;

    EXPECT(vetoer.Begin(VETOER_ID, L"Vetoer", row.place, row.set, row.answer) == S_OK);
    EXPECT(neighbour.Begin(NEIGHBOUR_ID, L"Neighbour", NOWHERE, S_OK, true) == S_OK);
    BackUp(row);
    EXPECT(vetoer.Unsubscribe() == S_OK);
    EXPECT(neighbour.Unsubscribe() == S_OK);
    EXPECT(vetoer.Aborts() == row.aborts);
    // Learn: "CVssWriter::OnFreeze": Thaw or Abort follows, so whoever agreed is thawed.
    bool isThawed = row.place == AT_FREEZE && row.answer;
    EXPECT(row.place == NOWHERE || vetoer.Reached() == (isThawed ? AT_THAW : row.place));
    EXPECT(vetoer.HasPostSnapshot() == (row.place == NOWHERE));
    EXPECT(neighbour.Aborts() == 0);
    EXPECT(neighbour.Reached() == AT_THAW && neighbour.HasPostSnapshot());
    wprintf(L"%s: %s\n", row.name,
            before == expect_failures ? L"as documented" : L"NOT as documented");
}

int wmain()
{
    EXPECT(CoInitializeEx(NULL, COINIT_MULTITHREADED) == S_OK);
    for (const Row &row : rows)
        TheWriterFailsAloneAndTheSetIsMade(row);
    CoUninitialize();
    return expect_result();
}

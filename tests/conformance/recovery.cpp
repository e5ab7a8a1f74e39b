// SPDX-License-Identifier: MIT
// A C++ writer that brings its files into order in the copy, in OnPostSnapshot: it writes, makes
// and deletes files on the snapshot's device. Requester and writer are one program.
//
// Learn: "IVssProviderCreateSnapshotSet::PreFinalCommitSnapshots" (the copy can be changed until
// PostFinalCommitSnapshots), "VSS_VOLUME_SNAPSHOT_ATTRIBUTES enumeration" (NO_AUTORECOVERY: it is
// read-only at once), "Excluding Files from Shadow Copies" (a writer deletes in PostSnapshot).
#include "expect.h"

#include <Windows.h>
#include <VSS.h>
#include <VsWriter.h>
#include <VSBackup.h>

#include "finish.h"

#include <string>

static const GUID WRITER_ID = { 0x7e70, 3, 3, { 3 } };
static const LPCWSTR DATABASE = L"\\recovered\\data.db", LOG = L"\\recovered\\data.log",
                     MADE = L"\\recovered\\notes\\done.txt";

// ERROR_SUCCESS, or why not.
static DWORD Write(const std::wstring &path, const char *text)
{
    DWORD n = 0;
    HANDLE file = CreateFileW(path.c_str(), GENERIC_WRITE, 0, NULL, OPEN_ALWAYS, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    bool isWritten = WriteFile(file, text, (DWORD)strlen(text), &n, NULL) && SetEndOfFile(file);
    DWORD error = isWritten ? ERROR_SUCCESS : GetLastError();
    CloseHandle(file);
    return error;
}

static std::string Read(const std::wstring &path)
{
    char text[64];
    DWORD n = 0;
    HANDLE file =
        CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return "cannot be opened";
    EXPECT(ReadFile(file, text, sizeof(text), &n, NULL));
    CloseHandle(file);
    return std::string(text, n);
}

static bool IsThere(const std::wstring &path)
{
    return GetFileAttributesW(path.c_str()) != INVALID_FILE_ATTRIBUTES;
}

class Writer : public CVssWriter
{
  public:
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        return SUCCEEDED(metadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"database", NULL, NULL, 0,
                                                false, false, true, false));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override { return true; }
    bool STDMETHODCALLTYPE OnThaw() override { return true; }
    bool STDMETHODCALLTYPE OnAbort() override { return true; }
    bool STDMETHODCALLTYPE OnPostSnapshot(IVssWriterComponents *) override
    {
        LPCWSTR device = NULL;

        EXPECT(GetSnapshotDeviceName(L"C:\\", &device) == S_OK);
        std::wstring copy = device;
        written = Write(copy + DATABASE, "recovered");
        deleted = DeleteFileW((copy + LOG).c_str()) ? ERROR_SUCCESS : GetLastError();
        made = CreateDirectoryW((copy + L"\\recovered\\notes").c_str(), NULL) ? ERROR_SUCCESS
                                                                              : GetLastError();
        if (made == ERROR_SUCCESS)
            made = Write(copy + MADE, "yes");
        return true;
    }

    DWORD written = ERROR_GEN_FAILURE, deleted = ERROR_GEN_FAILURE, made = ERROR_GEN_FAILURE;
};

static void CheckCopy(const std::wstring &copy, bool isRecovered)
{
    EXPECT(Read(copy + DATABASE) == (isRecovered ? "recovered" : "torn, and longer"));
    EXPECT(IsThere(copy + LOG) == !isRecovered);
    EXPECT(IsThere(copy + MADE) == isRecovered);
    // The recovery is over.
    EXPECT(Write(copy + DATABASE, "too late") == ERROR_WRITE_PROTECT);
    EXPECT(!DeleteFileW((copy + DATABASE).c_str()) && GetLastError() == ERROR_WRITE_PROTECT);
    // Nothing of it happened on the volume.
    EXPECT(Read(std::wstring(L"C:") + DATABASE) == "torn, and longer");
    EXPECT(IsThere(std::wstring(L"C:") + LOG) && !IsThere(std::wstring(L"C:") + MADE));
}

static void BackUp(LONG context, DWORD expected)
{
    IVssBackupComponents *backup = NULL;
    WCHAR volume[] = L"C:\\";
    VSS_ID set, snapshot, gone;
    VSS_SNAPSHOT_PROP properties;
    LONG n = 0;
    Writer writer;

    EXPECT(writer.Initialize(WRITER_ID, L"Recovering", VSS_UT_USERDATA, VSS_ST_OTHER) == S_OK);
    EXPECT(writer.Subscribe() == S_OK);
    EXPECT(CreateVssBackupComponents(&backup) == S_OK);
    EXPECT(backup->InitializeForBackup() == S_OK);
    EXPECT(backup->SetContext(context) == S_OK);
    EXPECT(backup->SetBackupState(false, false, VSS_BT_FULL, false) == S_OK);
    FINISH(backup, GatherWriterMetadata);
    EXPECT(backup->StartSnapshotSet(&set) == S_OK);
    EXPECT(backup->AddToSnapshotSet(volume, GUID_NULL, &snapshot) == S_OK);
    FINISH(backup, PrepareForBackup);
    FINISH(backup, DoSnapshotSet);
    EXPECT(writer.written == expected && writer.deleted == expected && writer.made == expected);

    EXPECT(backup->GetSnapshotProperties(snapshot, &properties) == S_OK);
    CheckCopy(properties.m_pwszSnapshotDeviceObject, expected == ERROR_SUCCESS);
    VssFreeSnapshotProperties(&properties);
    FINISH(backup, BackupComplete);
    if (context & VSS_VOLSNAP_ATTR_PERSISTENT)
        EXPECT(backup->DeleteSnapshots(snapshot, VSS_OBJECT_SNAPSHOT, TRUE, &n, &gone) == S_OK);
    EXPECT(backup->Release() == 0);
    EXPECT(writer.Unsubscribe() == S_OK);
}

int wmain()
{
    EXPECT(CoInitializeEx(NULL, COINIT_MULTITHREADED) == S_OK);
    CreateDirectoryW(L"C:\\recovered", NULL);
    EXPECT(Write(std::wstring(L"C:") + DATABASE, "torn, and longer") == ERROR_SUCCESS);
    EXPECT(Write(std::wstring(L"C:") + LOG, "undo") == ERROR_SUCCESS);
    BackUp(VSS_CTX_BACKUP, ERROR_SUCCESS);
    BackUp(VSS_CTX_APP_ROLLBACK, ERROR_SUCCESS);
    BackUp(VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY, ERROR_WRITE_PROTECT);
    CoUninitialize();
    return expect_result();
}

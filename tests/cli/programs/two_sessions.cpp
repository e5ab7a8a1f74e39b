// SPDX-License-Identifier: MIT
// A requester with two sessions that overlap: the first is aborted when it is prepared, the second
// is prepared two seconds later, and aborted.
#include <vsbackup.h>
#include <vss.h>
#include <vswriter.h>
#include <windows.h>

typedef HRESULT (IVssBackupComponents::*Starter)(IVssAsync **);

static void Finish(IVssBackupComponents *vss, Starter start)
{
    IVssAsync *async = nullptr;
    HRESULT status = S_OK;

    if (FAILED((vss->*start)(&async)))
        return;
    async->Wait();
    async->QueryStatus(&status, nullptr);
    async->Release();
}

static void StartSet(IVssBackupComponents *vss)
{
    wchar_t volume[] = L"C:\\";
    VSS_ID set, snapshot;

    vss->StartSnapshotSet(&set);
    vss->AddToSnapshotSet(volume, GUID_NULL, &snapshot);
}

int main()
{
    IVssBackupComponents *sessions[2] = {};

    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    for (IVssBackupComponents *&vss : sessions) {
        CreateVssBackupComponents(&vss);
        vss->InitializeForBackup();
        vss->SetBackupState(true, false, VSS_BT_FULL, false);
    }
    for (IVssBackupComponents *vss : sessions)
        Finish(vss, &IVssBackupComponents::GatherWriterMetadata);
    StartSet(sessions[0]);
    Finish(sessions[0], &IVssBackupComponents::PrepareForBackup);
    sessions[0]->AbortBackup();
    StartSet(sessions[1]);
    Sleep(2000);
    Finish(sessions[1], &IVssBackupComponents::PrepareForBackup);
    sessions[1]->AbortBackup();
    for (IVssBackupComponents *vss : sessions)
        vss->Release();
    CoUninitialize();
    return 0;
}

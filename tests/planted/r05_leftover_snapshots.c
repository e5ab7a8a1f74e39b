/* SPDX-License-Identifier: MIT */
/* A backup from persistent shadow copies (so that a crash of the program does not lose them), which
 * deletes them at its end. The bug: not on the way out of an error. Each failed night leaves a set
 * behind, until the volume has no room for more. */
#include <windows.h>
#include "kit/requester.h"

static BOOL OpenPersistent(struct Requester *r)
{
    return Say(L"CreateVssBackupComponents", CreateVssBackupComponents(&r->backup)) &&
           Say(L"InitializeForBackup", IVssBackupComponents_InitializeForBackup(r->backup, NULL)) &&
           Say(L"SetContext", IVssBackupComponents_SetContext(r->backup, VSS_CTX_APP_ROLLBACK)) &&
           Say(L"SetBackupState",
               IVssBackupComponents_SetBackupState(r->backup, TRUE, FALSE, VSS_BT_FULL, FALSE)) &&
           RUN(r, GatherWriterMetadata);
}

/* The set was made by a session that may be over by now; a new one deletes it. */
static BOOL DeleteSet(VSS_ID set)
{
    IVssBackupComponents *admin = NULL;
    LONG nDeleted = 0;
    VSS_ID notDeleted;

    if (FAILED(CreateVssBackupComponents(&admin)))
        return FALSE;
    HRESULT hr = IVssBackupComponents_InitializeForBackup(admin, NULL);
    if (SUCCEEDED(hr))
        hr = IVssBackupComponents_SetContext(admin, (LONG)VSS_CTX_ALL);
    if (SUCCEEDED(hr))
        hr = IVssBackupComponents_DeleteSnapshots(admin, set, VSS_OBJECT_SNAPSHOT_SET, TRUE,
                                                  &nDeleted, &notDeleted);
    Say(L"DeleteSnapshots", hr);
    IVssBackupComponents_Release(admin);
    return SUCCEEDED(hr) || hr == VSS_E_OBJECT_NOT_FOUND;
}

static BOOL Backup(struct Requester *r)
{
    if (!OpenPersistent(r) || !Choose(r) || !StartSet(r) || !AddVolumes(r) || !Prepare(r))
        return Abort(r);
    if (!Snapshot(r) || !FindDevices(r)) {
        Abort(r);
#ifndef PLANTED
        DeleteSet(r->set);
#endif
        return FALSE;
    }
    BOOL isDone = EndBackup(r, CopyAll(r));
    return DeleteSet(r->set) && isDone;
}

int wmain(void)
{
    return RequesterMain(Backup);
}

/* SPDX-License-Identifier: MIT */
/* A requester that neither sets up COM's security (a rule of level should) nor asks for the
 * writers' status after PrepareForBackup (level must):
 *
 *     careless-requester [EXIT CODE] */
#define COBJMACROS
#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <stdio.h>
#include <stdlib.h>

/* Calls a method that starts an operation; answers how that ended. */
#define RUN(b, method) Run(b, (b)->lpVtbl->method)
static HRESULT Run(IVssBackupComponents *b,
                   HRESULT(STDMETHODCALLTYPE *method)(IVssBackupComponents *, IVssAsync **))
{
    IVssAsync *operation = NULL;
    HRESULT result = method(b, &operation);

    if (FAILED(result))
        return result;
    IVssAsync_Wait(operation, INFINITE);
    IVssAsync_QueryStatus(operation, &result, NULL);
    IVssAsync_Release(operation);
    return result;
}

static void Status(IVssBackupComponents *b)
{
    UINT count = 0;

    RUN(b, GatherWriterStatus);
    IVssBackupComponents_GetWriterStatusCount(b, &count);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance, id;
        BSTR name = NULL;
        VSS_WRITER_STATE state;
        HRESULT failure;

        IVssBackupComponents_GetWriterStatus(b, i, &instance, &id, &name, &state, &failure);
        SysFreeString(name);
    }
    IVssBackupComponents_FreeWriterStatus(b);
}

static void ReadMetadata(IVssBackupComponents *b)
{
    UINT count = 0;

    IVssBackupComponents_GetWriterMetadataCount(b, &count);
    for (UINT i = 0; i < count; i++) {
        IVssExamineWriterMetadata *metadata = NULL;
        VSS_ID instance;

        if (SUCCEEDED(IVssBackupComponents_GetWriterMetadata(b, i, &instance, &metadata)))
            IVssExamineWriterMetadata_Release(metadata);
    }
}

int main(int argc, char **argv)
{
    IVssBackupComponents *b = NULL;
    VSS_ID id, any = { 0 };

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    CreateVssBackupComponents(&b);
    IVssBackupComponents_InitializeForBackup(b, NULL);
    IVssBackupComponents_SetBackupState(b, TRUE, FALSE, VSS_BT_FULL, FALSE);
    RUN(b, GatherWriterMetadata);
    ReadMetadata(b);
    IVssBackupComponents_StartSnapshotSet(b, &id);
    IVssBackupComponents_AddToSnapshotSet(b, (VSS_PWSZ)L"C:\\", any, &id);
    RUN(b, PrepareForBackup);
    HRESULT hr = RUN(b, DoSnapshotSet);
    printf("DoSnapshotSet 0x%08lx\n", (unsigned long)hr & 0xffffffff);
    if (SUCCEEDED(hr)) {
        Status(b);
        RUN(b, BackupComplete);
        Status(b);
    } else {
        IVssBackupComponents_AbortBackup(b);
    }
    IVssBackupComponents_Release(b);
    CoUninitialize();
    return argc > 1 ? atoi(argv[1]) : 0;
}

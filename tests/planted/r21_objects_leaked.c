/* SPDX-License-Identifier: MIT */
/* A backup that counts the databases of all writers for its licence. The bug: the loop goes on with
 * the next component where there is nothing to count, and what it holds of this one is lost. A
 * service that does so each night grows. */
#include <windows.h>
#include "kit/requester.h"

static UINT CountInWriter(IVssExamineWriterMetadata *metadata)
{
    UINT nInclude, nExclude, count = 0, databases = 0;

    if (FAILED(IVssExamineWriterMetadata_GetFileCounts(metadata, &nInclude, &nExclude, &count)))
        return 0;
    for (UINT i = 0; i < count; i++) {
        IVssWMComponent *component = NULL;
        PVSSCOMPONENTINFO info = NULL;
        if (FAILED(IVssExamineWriterMetadata_GetComponent(metadata, i, &component)))
            continue;
        if (FAILED(IVssWMComponent_GetComponentInfo(component, &info))) {
            IVssWMComponent_Release(component);
            continue;
        }
        if (info->type != VSS_CT_DATABASE) {
#ifndef PLANTED
            IVssWMComponent_FreeComponentInfo(component, info);
            IVssWMComponent_Release(component);
#endif
            continue;
        }
        databases++;
        wprintf(L"    database %s\n", info->bstrComponentName);
        IVssWMComponent_FreeComponentInfo(component, info);
        IVssWMComponent_Release(component);
    }
    return databases;
}

static BOOL CountDatabases(struct Requester *r)
{
    UINT count = 0, databases = 0;

    if (FAILED(IVssBackupComponents_GetWriterMetadataCount(r->backup, &count)))
        return FALSE;
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance;
        IVssExamineWriterMetadata *metadata = NULL;
        if (FAILED(IVssBackupComponents_GetWriterMetadata(r->backup, i, &instance, &metadata)))
            return FALSE;
        databases += CountInWriter(metadata);
        IVssExamineWriterMetadata_Release(metadata);
    }
    wprintf(L"    %u databases\n", databases);
    return TRUE;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !CountDatabases(r) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}

/* SPDX-License-Identifier: MIT */
/* A backup that looks for one component by its name before it adds everything, to print what it
 * depends on. The bug: the names are used after FreeComponentInfo has freed them. */
#include <windows.h>
#include "kit/requester.h"

/* The largest component of a writer. */
struct Largest {
    UINT nFiles;
    WCHAR path[256], name[256];
};

static void Keep(struct Largest *largest, const WCHAR *path, const WCHAR *name)
{
    wcscpy_s(largest->path, 256, path ? path : L"");
    wcscpy_s(largest->name, 256, name ? name : L"");
}

static BOOL FindLargest(IVssExamineWriterMetadata *metadata, UINT count, struct Largest *largest)
{
    const WCHAR *path = NULL, *name = NULL;

    for (UINT i = 0; i < count; i++) {
        IVssWMComponent *component = NULL;
        PVSSCOMPONENTINFO info = NULL;
        if (FAILED(IVssExamineWriterMetadata_GetComponent(metadata, i, &component)))
            return FALSE;
        if (SUCCEEDED(IVssWMComponent_GetComponentInfo(component, &info))) {
            UINT nFiles = info->cFileCount + info->cDatabases + info->cLogFiles;
            if (nFiles > largest->nFiles) {
                largest->nFiles = nFiles;
                path = info->bstrLogicalPath;
                name = info->bstrComponentName;
#ifndef PLANTED
                Keep(largest, path, name);
#endif
            }
            IVssWMComponent_FreeComponentInfo(component, info);
        }
        IVssWMComponent_Release(component);
    }
#ifdef PLANTED
    Keep(largest, path, name);
#endif
    return TRUE;
}

/* Does the writer list it under this name, as large? */
static BOOL IsListed(IVssExamineWriterMetadata *metadata, UINT count, const struct Largest *largest)
{
    BOOL isListed = FALSE;

    for (UINT i = 0; i < count && !isListed; i++) {
        IVssWMComponent *component = NULL;
        PVSSCOMPONENTINFO info = NULL;
        if (FAILED(IVssExamineWriterMetadata_GetComponent(metadata, i, &component)))
            return FALSE;
        if (SUCCEEDED(IVssWMComponent_GetComponentInfo(component, &info))) {
            UINT nFiles = info->cFileCount + info->cDatabases + info->cLogFiles;
            isListed =
                wcscmp(info->bstrComponentName, largest->name) == 0 && nFiles == largest->nFiles;
            IVssWMComponent_FreeComponentInfo(component, info);
        }
        IVssWMComponent_Release(component);
    }
    return isListed;
}

static BOOL CheckWriter(IVssExamineWriterMetadata *metadata)
{
    struct Largest largest = { 0 };
    UINT nInclude, nExclude, count = 0;

    if (FAILED(IVssExamineWriterMetadata_GetFileCounts(metadata, &nInclude, &nExclude, &count)) ||
        !FindLargest(metadata, count, &largest))
        return FALSE;
    if (!largest.nFiles)
        return TRUE;
    BOOL isListed = IsListed(metadata, count, &largest);
    wprintf(L"    largest component: %s\\%s, %u file sets%s\n", largest.path, largest.name,
            largest.nFiles, isListed ? L"" : L": NOT LISTED");
    return isListed;
}

static BOOL CheckWriters(struct Requester *r)
{
    UINT count = 0;
    BOOL all = SUCCEEDED(IVssBackupComponents_GetWriterMetadataCount(r->backup, &count));

    for (UINT i = 0; all && i < count; i++) {
        VSS_ID instance;
        IVssExamineWriterMetadata *metadata = NULL;
        if (FAILED(IVssBackupComponents_GetWriterMetadata(r->backup, i, &instance, &metadata)))
            return FALSE;
        all = CheckWriter(metadata);
        IVssExamineWriterMetadata_Release(metadata);
    }
    return all;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !CheckWriters(r) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}

/* SPDX-License-Identifier: MIT */
/* A backup and its restore in place, as a rehearsal. The bug: the writers' states are read in a
 * backup only (a flag that the restore never sets), so that a writer which refuses PreRestore has
 * its files replaced under it. */
#include <windows.h>
#include "kit/requester.h"

static BOOL SelectAll(struct Requester *r, IVssBackupComponents *restore)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < r->nChosen; i++) {
        struct Chosen *c = &r->chosen[i];
        all = Say(L"SetSelectedForRestore",
                  IVssBackupComponents_SetSelectedForRestore(restore, c->writer, c->type, c->path,
                                                             c->name, TRUE)) &&
              all;
    }
    return all;
}

/* From the store back to where a file set was. */
static BOOL PutBack(struct Requester *r, const struct FileSet *set)
{
    WCHAR store[PATH_SIZE], path[PATH_SIZE], target[PATH_SIZE];
    WIN32_FIND_DATAW found;
    BOOL all = TRUE;

    (void)r;
    StorePath(set->folder, store);
    swprintf_s(path, PATH_SIZE, L"%s\\%s", store, set->filespec);
    HANDLE search = FindFirstFileW(path, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        swprintf_s(path, PATH_SIZE, L"%s\\%s", store, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", set->folder, found.cFileName);
        all = CopyOne(path, target) && all;
    }
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    return all;
}

static BOOL PutAllBack(struct Requester *r, IVssBackupComponents *restore)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < r->nChosen; i++) {
        struct Chosen *c = &r->chosen[i];
        BOOL isBack = TRUE;
        for (UINT j = 0; j < r->nFileSets; j++)
            isBack = (r->fileSets[j].chosen != i || PutBack(r, &r->fileSets[j])) && isBack;
        all = Say(L"SetFileRestoreStatus", IVssBackupComponents_SetFileRestoreStatus(
                                               restore, c->writer, c->type, c->path, c->name,
                                               isBack ? VSS_RS_ALL : VSS_RS_FAILED)) &&
              isBack && all;
    }
    return all;
}

/* Files go back to where they were, which not every writer wants. */
static BOOL MayPutBack(IVssBackupComponents *restore)
{
    UINT count = 0;
    BOOL all = SUCCEEDED(IVssBackupComponents_GetWriterMetadataCount(restore, &count));

    for (UINT i = 0; all && i < count; i++) {
        VSS_ID instance;
        IVssExamineWriterMetadata *metadata = NULL;
        VSS_RESTOREMETHOD_ENUM method;
        VSS_WRITERRESTORE_ENUM calls;
        boolean reboots;
        UINT nMappings;
        BSTR service = NULL, procedure = NULL;
        if (FAILED(IVssBackupComponents_GetWriterMetadata(restore, i, &instance, &metadata)))
            return FALSE;
        all = SUCCEEDED(IVssExamineWriterMetadata_GetRestoreMethod(
                  metadata, &method, &service, &procedure, &calls, &reboots, &nMappings)) &&
              method != VSS_RME_RESTORE_TO_ALTERNATE_LOCATION;
        SysFreeString(service);
        SysFreeString(procedure);
        IVssExamineWriterMetadata_Release(metadata);
    }
    return Say(L"put back in place", all ? S_OK : E_ABORT);
}

static BOOL Restore(struct Requester *r)
{
    struct Requester back = *r;
    BSTR xml = LoadDocument();
    BOOL isDone = FALSE;

    if (!xml || FAILED(CreateVssBackupComponents(&back.backup))) {
        SysFreeString(xml);
        return FALSE;
    }
    if (Say(L"InitializeForRestore", IVssBackupComponents_InitializeForRestore(back.backup, xml)) &&
        RUN(&back, GatherWriterMetadata) && MayPutBack(back.backup) &&
        Say(L"SetRestoreState",
            IVssBackupComponents_SetRestoreState(back.backup, VSS_RTYPE_BY_COPY)) &&
        SelectAll(r, back.backup) && RUN(&back, PreRestore)) {
#ifdef PLANTED
        BOOL isReady = TRUE;
#else
        BOOL isReady = WritersAreWell(&back);
#endif
        if (isReady)
            isReady = PutAllBack(r, back.backup);
        else
            for (UINT i = 0; i < r->nChosen; i++)
                IVssBackupComponents_SetFileRestoreStatus(back.backup, r->chosen[i].writer,
                                                          r->chosen[i].type, r->chosen[i].path,
                                                          r->chosen[i].name, VSS_RS_NONE);
        isDone = RUN(&back, PostRestore) && WritersAreWell(&back) && isReady;
    }
    SysFreeString(xml);
    IVssBackupComponents_Release(back.backup);
    return isDone;
}

static BOOL BackupAndRestore(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r)) && Restore(r);
}

int wmain(void)
{
    return RequesterMain(BackupAndRestore);
}

/* SPDX-License-Identifier: MIT */
/* The boring parts of the small requesters of tests/planted, done as the documentation wants them
 * (Learn: "Overview of Processing a Backup Under VSS"). A requester is a list of these steps; each
 * says what it did and answers whether it went well:
 *
 *     Open, Choose, StartSet, AddVolumes, Prepare, Snapshot, FindDevices, CopyAll, ReportSuccess,
 *     Complete, SaveDocument
 *
 * Files go to C:\Backup\files\DRIVE\..., the Backup Components Document to C:\Backup\bcd.xml. */
#pragma once

/* A source that includes windows.h first is compiled faster: it is precompiled then. */
#include <windows.h>
#define COBJMACROS
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <stdio.h>
#include <stdlib.h>

#define STORE       L"\\\\?\\C:\\Backup"
#define DOCUMENT    STORE L"\\bcd.xml"
#define PATH_SIZE   4096
#define MAX_VOLUMES 64
#define PATIENCE_MS (15 * 60 * 1000) /* for one operation */
#define RETRIES     60               /* of StartSnapshotSet, 10 s apart */

/* A component that the document names, with all below it. */
struct Chosen {
    VSS_ID instance, writer;
    VSS_COMPONENT_TYPE type;
    BSTR path, name;
    BOOL isWell;  /* its writer has not failed */
    BOOL isSaved; /* all its files have been copied */
};

struct FileSet {
    UINT chosen;
    BOOL isRecursive;
    WCHAR *folder;
    BSTR filespec;
};

struct Volume {
    WCHAR name[MAX_PATH]; /* ends with a backslash */
    VSS_ID snapshot;
    WCHAR *device; /* does not */
};

struct Requester {
    IVssBackupComponents *backup;
    struct Chosen *chosen;
    struct FileSet *fileSets;
    UINT nChosen, nFileSets, nVolumes, nFiles;
    struct Volume volumes[MAX_VOLUMES];
    VSS_ID set;
};

static inline BOOL Say(const WCHAR *what, HRESULT hr)
{
    wprintf(L"%-24s 0x%08lx\n", what, hr);
    return SUCCEEDED(hr);
}

/* ---- operations ---- */

/* Waits for an operation, though not for ever, and gives its own result. Releases it. */
static inline HRESULT Finish(HRESULT hr, IVssAsync *operation)
{
    HRESULT result = VSS_S_ASYNC_PENDING;

    if (FAILED(hr))
        return hr;
    for (DWORD waited = 0; SUCCEEDED(hr) && result == VSS_S_ASYNC_PENDING; waited += 1000) {
        if (waited == PATIENCE_MS)
            IVssAsync_Cancel(operation);
        if (waited > PATIENCE_MS + 60000)
            break;
        if (IVssAsync_Wait(operation, 1000) == E_INVALIDARG) /* Windows Server 2003 */
            Sleep(1000);
        hr = IVssAsync_QueryStatus(operation, &result, NULL);
    }
    IVssAsync_Release(operation);
    if (FAILED(hr))
        return hr;
    if (result == VSS_S_ASYNC_FINISHED)
        return S_OK;
    return FAILED(result) ? result : HRESULT_FROM_WIN32(ERROR_TIMEOUT);
}

#define RUN(r, method) Run(L"" #method, (r)->backup, (r)->backup->lpVtbl->method)
static inline BOOL Run(const WCHAR *name, IVssBackupComponents *backup,
                       HRESULT(STDMETHODCALLTYPE *method)(IVssBackupComponents *, IVssAsync **))
{
    IVssAsync *operation = NULL;
    HRESULT hr = method(backup, &operation);

    return Say(name, Finish(hr, operation));
}

/* ---- the session ---- */

/* A new session: created, told what kind of backup it is, writers' metadata gathered. */
static inline BOOL Open(struct Requester *r, VSS_BACKUP_TYPE type)
{
    return Say(L"CreateVssBackupComponents", CreateVssBackupComponents(&r->backup)) &&
           Say(L"InitializeForBackup", IVssBackupComponents_InitializeForBackup(r->backup, NULL)) &&
           Say(L"SetBackupState",
               IVssBackupComponents_SetBackupState(r->backup, TRUE, FALSE, type, FALSE)) &&
           RUN(r, GatherWriterMetadata);
}

static inline void Forget(struct Requester *r)
{
    for (UINT i = 0; i < r->nChosen; i++) {
        SysFreeString(r->chosen[i].path);
        SysFreeString(r->chosen[i].name);
    }
    for (UINT i = 0; i < r->nFileSets; i++) {
        free(r->fileSets[i].folder);
        SysFreeString(r->fileSets[i].filespec);
    }
    for (UINT i = 0; i < r->nVolumes; i++)
        free(r->volumes[i].device);
    free(r->chosen);
    free(r->fileSets);
    memset(r, 0, sizeof(*r));
}

/* The end of a session, good or bad. Nothing is left of it. */
static inline void Close(struct Requester *r)
{
    if (r->backup)
        IVssBackupComponents_Release(r->backup);
    Forget(r);
}

/* What a failure after InitializeForBackup calls for (Learn: "Aborting VSS Operations"). */
static inline BOOL Abort(struct Requester *r)
{
    if (r->backup)
        Say(L"AbortBackup", IVssBackupComponents_AbortBackup(r->backup));
    return FALSE;
}

/* ---- choosing ---- */

static inline BOOL AddVolumeOf(struct Requester *r, const WCHAR *path)
{
    WCHAR name[MAX_PATH];

    if (!GetVolumePathNameW(path, name, MAX_PATH))
        return FALSE;
    for (UINT i = 0; i < r->nVolumes; i++) {
        if (_wcsicmp(r->volumes[i].name, name) == 0)
            return TRUE;
    }
    if (r->nVolumes == MAX_VOLUMES)
        return FALSE;
    wcscpy_s(r->volumes[r->nVolumes++].name, MAX_PATH, name);
    return TRUE;
}

/* What stands at the alternate location is read there. */
static inline BOOL AddFileSet(struct Requester *r, UINT chosen, IVssWMFiledesc *files)
{
    WCHAR folder[PATH_SIZE];
    BSTR path = NULL, alternate = NULL;
    boolean isRecursive = FALSE;
    struct FileSet set = { chosen, FALSE, NULL, NULL };
    BOOL isRead = SUCCEEDED(IVssWMFiledesc_GetPath(files, &path)) &&
                  SUCCEEDED(IVssWMFiledesc_GetFilespec(files, &set.filespec)) &&
                  SUCCEEDED(IVssWMFiledesc_GetRecursive(files, &isRecursive)) &&
                  SUCCEEDED(IVssWMFiledesc_GetAlternateLocation(files, &alternate));

    if (isRead) {
        const WCHAR *place = alternate && *alternate ? alternate : path;
        ExpandEnvironmentStringsW(place, folder, PATH_SIZE);
        size_t length = wcslen(folder);
        if (length > 3 && folder[length - 1] == L'\\')
            folder[length - 1] = 0;
        set.folder = _wcsdup(folder);
        set.isRecursive = isRecursive;
        r->fileSets = (struct FileSet *)realloc(r->fileSets, (r->nFileSets + 1) * sizeof(set));
        r->fileSets[r->nFileSets++] = set;
        isRead = AddVolumeOf(r, folder);
    } else {
        SysFreeString(set.filespec);
    }
    SysFreeString(path);
    SysFreeString(alternate);
    return isRead;
}

static inline BOOL AddFileSets(struct Requester *r, UINT chosen, IVssWMComponent *component,
                               PVSSCOMPONENTINFO info)
{
    BOOL all = TRUE;

    for (UINT i = 0; all && i < info->cFileCount + info->cDatabases + info->cLogFiles; i++) {
        IVssWMFiledesc *files = NULL;
        UINT database = i - info->cFileCount, log = database - info->cDatabases;
        if (i < info->cFileCount)
            all = SUCCEEDED(IVssWMComponent_GetFile(component, i, &files));
        else if (database < info->cDatabases)
            all = SUCCEEDED(IVssWMComponent_GetDatabaseFile(component, database, &files));
        else
            all = SUCCEEDED(IVssWMComponent_GetDatabaseLogFile(component, log, &files));
        all = all && AddFileSet(r, chosen, files);
        if (files)
            IVssWMFiledesc_Release(files);
    }
    return all;
}

static inline BOOL IsBelow(PVSSCOMPONENTINFO lower, PVSSCOMPONENTINFO upper)
{
    const WCHAR *path = lower->bstrLogicalPath ? lower->bstrLogicalPath : L"";
    const WCHAR *above = upper->bstrLogicalPath ? upper->bstrLogicalPath : L"";
    WCHAR full[PATH_SIZE];

    swprintf_s(full, PATH_SIZE, L"%s%s%s", above, *above ? L"\\" : L"", upper->bstrComponentName);
    size_t length = wcslen(full);
    return wcsncmp(path, full, length) == 0 && (!path[length] || path[length] == L'\\');
}

static inline UINT Add(struct Requester *r, VSS_ID instance, VSS_ID writer, PVSSCOMPONENTINFO info)
{
    struct Chosen chosen = { instance, writer, info->type, NULL, NULL, TRUE, FALSE };

    chosen.path = info->bstrLogicalPath ? SysAllocString(info->bstrLogicalPath) : NULL;
    chosen.name = SysAllocString(info->bstrComponentName);
    r->chosen = (struct Chosen *)realloc(r->chosen, (r->nChosen + 1) * sizeof(chosen));
    r->chosen[r->nChosen] = chosen;
    return r->nChosen++;
}

/* Every component of a writer: those below a selectable one come with it, all others are named
 * (Learn: "Working with Selectability for Backup"). infos: what GetComponentInfo gave. */
static inline BOOL ChooseAmong(struct Requester *r, VSS_ID instance, VSS_ID writer,
                               IVssWMComponent **components, PVSSCOMPONENTINFO *infos, UINT count)
{
    UINT *place = (UINT *)calloc(count + 1, sizeof(UINT));
    BOOL all = TRUE;

    for (UINT i = 0; all && i < count; i++) {
        UINT top = i;
        for (UINT j = 0; j < count; j++) {
            if (infos[j]->bSelectable && IsBelow(infos[top], infos[j]))
                top = j, j = (UINT)-1;
        }
        if (!place[top]) {
            PVSSCOMPONENTINFO info = infos[top];
            place[top] = 1 + Add(r, instance, writer, info);
            all = Say(L"AddComponent", IVssBackupComponents_AddComponent(
                                           r->backup, instance, writer, info->type,
                                           info->bstrLogicalPath, info->bstrComponentName));
        }
        all = all && AddFileSets(r, place[top] - 1, components[i], infos[i]);
    }
    free(place);
    return all;
}

static inline BOOL ChooseOfWriter(struct Requester *r, IVssExamineWriterMetadata *metadata)
{
    VSS_ID instance, writer;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;
    UINT nInclude, nExclude, count = 0, got = 0;

    if (FAILED(IVssExamineWriterMetadata_GetIdentity(metadata, &instance, &writer, &name, &usage,
                                                     &source)))
        return FALSE;
    if (FAILED(IVssExamineWriterMetadata_GetFileCounts(metadata, &nInclude, &nExclude, &count))) {
        SysFreeString(name);
        return FALSE;
    }
    wprintf(L"    %s: %u components\n", name, count);
    SysFreeString(name);
    IVssWMComponent **components = (IVssWMComponent **)calloc(count + 1, sizeof(void *));
    PVSSCOMPONENTINFO *infos = (PVSSCOMPONENTINFO *)calloc(count + 1, sizeof(void *));
    BOOL all = TRUE;
    for (UINT i = 0; all && i < count; i++, got++) {
        all = SUCCEEDED(IVssExamineWriterMetadata_GetComponent(metadata, i, &components[i])) &&
              SUCCEEDED(IVssWMComponent_GetComponentInfo(components[i], &infos[i]));
    }
    all = all && ChooseAmong(r, instance, writer, components, infos, count);
    for (UINT i = 0; i < got; i++) {
        if (infos[i])
            IVssWMComponent_FreeComponentInfo(components[i], infos[i]);
        if (components[i])
            IVssWMComponent_Release(components[i]);
    }
    free(components);
    free(infos);
    return all;
}

/* Everything that writers offer goes into the backup. C: is always copied. */
static inline BOOL Choose(struct Requester *r)
{
    UINT count = 0;
    BOOL all = Say(L"GetWriterMetadataCount",
                   IVssBackupComponents_GetWriterMetadataCount(r->backup, &count)) &&
               AddVolumeOf(r, L"C:\\");

    for (UINT i = 0; all && i < count; i++) {
        VSS_ID instance;
        IVssExamineWriterMetadata *metadata = NULL;
        if (FAILED(IVssBackupComponents_GetWriterMetadata(r->backup, i, &instance, &metadata)))
            return FALSE;
        all = ChooseOfWriter(r, metadata);
        IVssExamineWriterMetadata_Release(metadata);
    }
    return all;
}

/* ---- writers' states ---- */

static inline void TakeStatus(struct Requester *r, VSS_ID instance, HRESULT failure)
{
    for (UINT i = 0; i < r->nChosen; i++) {
        if (IsEqualGUID(&r->chosen[i].instance, &instance))
            r->chosen[i].isWell = SUCCEEDED(failure);
    }
}

/* Reads every writer's state. Answers whether all whose components were chosen are well; one that
 * is no longer there is not. */
static inline BOOL WritersAreWell(struct Requester *r)
{
    UINT count = 0;
    BOOL all = RUN(r, GatherWriterStatus);

    if (!all)
        return FALSE;
    for (UINT i = 0; i < r->nChosen; i++)
        r->chosen[i].isWell = FALSE;
    IVssBackupComponents_GetWriterStatusCount(r->backup, &count);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance, writer;
        BSTR name = NULL;
        VSS_WRITER_STATE state;
        HRESULT failure;
        if (FAILED(IVssBackupComponents_GetWriterStatus(r->backup, i, &instance, &writer, &name,
                                                        &state, &failure)))
            continue;
        wprintf(L"    writer %s: state %d, failure 0x%08lx\n", name, state, failure);
        TakeStatus(r, instance, failure);
        SysFreeString(name);
    }
    IVssBackupComponents_FreeWriterStatus(r->backup);
    for (UINT i = 0; i < r->nChosen; i++)
        all = all && r->chosen[i].isWell;
    return all;
}

/* ---- the shadow copy set ---- */

/* Somebody else may be making one: that passes, or does not. */
static inline BOOL StartSet(struct Requester *r)
{
    HRESULT hr = S_OK;

    for (int i = 0; i < RETRIES; i++) {
        hr = IVssBackupComponents_StartSnapshotSet(r->backup, &r->set);
        if (hr != VSS_E_SNAPSHOT_SET_IN_PROGRESS)
            break;
        Sleep(10000);
    }
    return Say(L"StartSnapshotSet", hr);
}

static inline BOOL AddVolumes(struct Requester *r)
{
    VSS_ID anyProvider = { 0 };
    BOOL all = TRUE;

    for (UINT i = 0; all && i < r->nVolumes; i++)
        all = Say(L"AddToSnapshotSet",
                  IVssBackupComponents_AddToSnapshotSet(r->backup, r->volumes[i].name, anyProvider,
                                                        &r->volumes[i].snapshot));
    return all;
}

static inline BOOL Prepare(struct Requester *r)
{
    return RUN(r, PrepareForBackup) && WritersAreWell(r);
}

static inline BOOL Snapshot(struct Requester *r)
{
    return RUN(r, DoSnapshotSet) && WritersAreWell(r);
}

static inline BOOL FindDevices(struct Requester *r)
{
    for (UINT i = 0; i < r->nVolumes; i++) {
        VSS_SNAPSHOT_PROP properties = { 0 };
        if (!Say(L"GetSnapshotProperties", IVssBackupComponents_GetSnapshotProperties(
                                               r->backup, r->volumes[i].snapshot, &properties)))
            return FALSE;
        r->volumes[i].device = _wcsdup(properties.m_pwszSnapshotDeviceObject);
        VssFreeSnapshotProperties(&properties);
    }
    return TRUE;
}

static inline BOOL ReportSuccess(struct Requester *r)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < r->nChosen; i++) {
        struct Chosen *c = &r->chosen[i];
        if (!Say(L"SetBackupSucceeded", IVssBackupComponents_SetBackupSucceeded(
                                            r->backup, c->instance, c->writer, c->type, c->path,
                                            c->name, (boolean)(c->isSaved && c->isWell))))
            all = FALSE;
    }
    return all;
}

static inline BOOL Complete(struct Requester *r)
{
    return RUN(r, BackupComplete) && WritersAreWell(r);
}

#include "copy.h"

/* ---- whole ---- */

/* Until the shadow copies are there to be read. */
static inline BOOL MakeShadowCopies(struct Requester *r)
{
    return StartSet(r) && AddVolumes(r) && Prepare(r) && Snapshot(r) && FindDevices(r);
}

/* From the copied files to the end. What could not be copied makes the backup a failure, of which
 * the writers hear as well. */
static inline BOOL EndBackup(struct Requester *r, BOOL isCopied)
{
    BOOL isReported = ReportSuccess(r), isComplete = Complete(r);

    return SaveDocument(r) && isComplete && isReported && isCopied;
}

/* The life of a requester's process: 0 done, 1 failed. */
static inline int RequesterMain(BOOL (*job)(struct Requester *r))
{
    struct Requester r;
    BOOL isDone = FALSE;
    UINT nFiles = 0;

    memset(&r, 0, sizeof(r));
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    /* Learn: "Security Considerations for Requesters". */
    if (Say(L"CoInitializeSecurity",
            CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                                 RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL)))
        isDone = job(&r);
    nFiles = r.nFiles;
    Close(&r);
    CoUninitialize();
    wprintf(isDone ? L"backup done: %u files\n" : L"backup failed\n", nFiles);
    return isDone ? 0 : 1;
}

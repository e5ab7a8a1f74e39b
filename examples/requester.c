/* SPDX-License-Identifier: MIT */
/* A requester in C, as the Windows documentation describes one (Learn: "Overview of Processing a
 * Backup Under VSS", "Overview of Processing a Restore Under VSS"). Nothing in it knows of the
 * emulator. It saves the files of all writers' components from shadow copies of their volumes, or
 * puts them back:
 *
 *     vssemu run --volume C:=DIR --writer FILE.xml -- build/bin/example-requester backup
 *     vssemu run --volume C:=DIR --writer FILE.xml -- build/bin/example-requester restore
 *
 * The copies and the Backup Components Document (bcd.xml) go to C:\ExampleBackup. */
#define COBJMACROS
#include <windows.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <stdio.h>
#include <stdlib.h>

#include "requester_files.h"

/* A writer's components, as it has described them. */
struct writer {
    VSS_ID instance, id;
    IVssWMComponent **components;
    PVSSCOMPONENTINFO *infos;
    UINT count;
};

/* A backup or a restore. */
struct job {
    IVssBackupComponents *backup;
    struct writer *writers;
    UINT nWriters;
    struct volumes volumes;
};

/* A file set of a component. Folders end with no backslash. */
struct fileSet {
    WCHAR path[PATH_SIZE];   /* where its files belong */
    WCHAR source[PATH_SIZE]; /* where a backup finds them: there, or where the writer says */
    WCHAR filespec[MAX_PATH];
    boolean isRecursive;
};

/* One call: prints its name and what it answered. */
static BOOL Succeeded(const WCHAR *what, HRESULT hr)
{
    wprintf(L"%-24s 0x%08lx\n", what, hr);
    return SUCCEEDED(hr);
}

/* Waits for an operation and gives its own result. Releases it. */
static HRESULT Finish(HRESULT hr, IVssAsync *operation)
{
    HRESULT result = hr;

    if (FAILED(hr))
        return hr;
    hr = IVssAsync_Wait(operation, INFINITE);
    if (SUCCEEDED(hr))
        hr = IVssAsync_QueryStatus(operation, &result, NULL);
    IVssAsync_Release(operation);
    if (FAILED(hr))
        return hr;
    return result == VSS_S_ASYNC_FINISHED ? S_OK : result;
}

/* Calls a method that only starts an operation, and waits for it. */
#define RUN(backup, method) Run(L"" #method, backup, (backup)->lpVtbl->method)
static BOOL Run(const WCHAR *name, IVssBackupComponents *backup,
                HRESULT(STDMETHODCALLTYPE *method)(IVssBackupComponents *, IVssAsync **))
{
    IVssAsync *operation = NULL;
    HRESULT hr = method(backup, &operation);

    return Succeeded(name, Finish(hr, operation));
}

/* Asks every writer how it is. A failed writer's components must not be trusted. */
static BOOL WritersAreWell(IVssBackupComponents *backup)
{
    UINT count = 0;
    BOOL all = TRUE;

    if (!RUN(backup, GatherWriterStatus))
        return FALSE;
    IVssBackupComponents_GetWriterStatusCount(backup, &count);
    for (UINT i = 0; i < count; i++) {
        VSS_ID instance, id;
        BSTR name = NULL;
        VSS_WRITER_STATE state;
        HRESULT failure;
        if (FAILED(IVssBackupComponents_GetWriterStatus(backup, i, &instance, &id, &name, &state,
                                                        &failure)))
            return FALSE;
        wprintf(L"    writer %s: state %d, failure 0x%08lx\n", name, state, failure);
        if (FAILED(failure))
            all = FALSE;
        SysFreeString(name);
    }
    IVssBackupComponents_FreeWriterStatus(backup);
    return all;
}

/* ---- file sets: what is done with each of a component ---- */

typedef BOOL DO_FILE_SET(struct job *job, const struct fileSet *files);

/* What is copied must be on a volume of the shadow copy set. */
static BOOL NoteVolume(struct job *job, const struct fileSet *files)
{
    return VolumeOf(&job->volumes, files->source) != NULL;
}

static BOOL SayCopied(const struct fileSet *files, int copied)
{
    wprintf(L"    %s\\%s%s: %d files\n", files->path, files->filespec,
            files->isRecursive ? L" and below" : L"", copied);
    return copied >= 0;
}

static BOOL SaveFiles(struct job *job, const struct fileSet *files)
{
    WCHAR from[PATH_SIZE], to[PATH_SIZE];

    if (!ShadowPathOf(&job->volumes, files->source, from))
        return FALSE;
    BackupPathOf(files->path, to);
    return SayCopied(files, CopyFolder(from, to, files->filespec, files->isRecursive));
}

static BOOL RestoreFiles(struct job *job, const struct fileSet *files)
{
    WCHAR from[PATH_SIZE], to[PATH_SIZE];

    (void)job;
    BackupPathOf(files->path, from);
    swprintf_s(to, PATH_SIZE, LONG_PATH L"%s", files->path);
    return SayCopied(files, CopyFolder(from, to, files->filespec, files->isRecursive));
}

static void TakeFolder(const WCHAR *described, WCHAR *ret)
{
    ExpandEnvironmentStringsW(described, ret, PATH_SIZE);
    size_t length = wcslen(ret);
    if (length && ret[length - 1] == L'\\')
        ret[length - 1] = 0;
}

static BOOL ReadFileSet(IVssWMFiledesc *described, struct fileSet *ret)
{
    BSTR path = NULL, alternate = NULL, filespec = NULL;
    BOOL isRead = SUCCEEDED(IVssWMFiledesc_GetPath(described, &path)) &&
                  SUCCEEDED(IVssWMFiledesc_GetAlternateLocation(described, &alternate)) &&
                  SUCCEEDED(IVssWMFiledesc_GetFilespec(described, &filespec)) &&
                  SUCCEEDED(IVssWMFiledesc_GetRecursive(described, &ret->isRecursive));

    if (isRead) {
        TakeFolder(path, ret->path);
        TakeFolder(alternate && *alternate ? alternate : path, ret->source);
        wcscpy_s(ret->filespec, MAX_PATH, filespec);
    }
    SysFreeString(path);
    SysFreeString(alternate);
    SysFreeString(filespec);
    return isRead;
}

static BOOL EachFileSet(struct job *job, IVssWMComponent *component, PVSSCOMPONENTINFO info,
                        DO_FILE_SET *action)
{
    UINT nFiles = info->cFileCount, nDatabases = info->cDatabases;
    BOOL all = TRUE;

    for (UINT i = 0; i < nFiles + nDatabases + info->cLogFiles; i++) {
        IVssWMFiledesc *described = NULL;
        struct fileSet files;
        HRESULT hr;
        if (i < nFiles)
            hr = IVssWMComponent_GetFile(component, i, &described);
        else if (i < nFiles + nDatabases)
            hr = IVssWMComponent_GetDatabaseFile(component, i - nFiles, &described);
        else
            hr = IVssWMComponent_GetDatabaseLogFile(component, i - nFiles - nDatabases, &described);
        if (FAILED(hr))
            return FALSE;
        all = ReadFileSet(described, &files) && action(job, &files) && all;
        IVssWMFiledesc_Release(described);
    }
    return all;
}

/* ---- components ---- */

static BOOL IsBelow(PVSSCOMPONENTINFO lower, PVSSCOMPONENTINFO upper)
{
    const WCHAR *path = lower->bstrLogicalPath ? lower->bstrLogicalPath : L"";
    WCHAR full[PATH_SIZE];

    swprintf_s(full, PATH_SIZE, L"%s%s%s", upper->bstrLogicalPath ? upper->bstrLogicalPath : L"",
               upper->bstrLogicalPath && *upper->bstrLogicalPath ? L"\\" : L"",
               upper->bstrComponentName);
    size_t length = wcslen(full);
    return wcsncmp(path, full, length) == 0 && (!path[length] || path[length] == L'\\');
}

/* A component below a selectable one comes with it, and is not named itself (Learn: "Working with
 * Selectability for Backup"). */
static BOOL IsNamed(const struct writer *writer, UINT i)
{
    for (UINT j = 0; j < writer->count; j++) {
        if (writer->infos[j]->bSelectable && IsBelow(writer->infos[i], writer->infos[j]))
            return FALSE;
    }
    return TRUE;
}

/* All file sets of a component that is named, and of those that come with it. */
static BOOL WithFiles(struct job *job, const struct writer *writer, UINT named, DO_FILE_SET *action)
{
    PVSSCOMPONENTINFO *infos = writer->infos;
    BOOL all = TRUE;

    for (UINT i = 0; i < writer->count; i++) {
        if (i == named || (infos[named]->bSelectable && IsBelow(infos[i], infos[named])))
            all = EachFileSet(job, writer->components[i], infos[i], action) && all;
    }
    return all;
}

static void CloseWriter(struct writer *writer)
{
    for (UINT i = 0; i < writer->count; i++) {
        if (writer->infos[i])
            IVssWMComponent_FreeComponentInfo(writer->components[i], writer->infos[i]);
        if (writer->components[i])
            IVssWMComponent_Release(writer->components[i]);
    }
    free(writer->components);
    free(writer->infos);
}

/* False: nothing is open. */
static BOOL OpenWriter(IVssExamineWriterMetadata *metadata, struct writer *ret)
{
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;
    UINT nInclude, nExclude, count;

    if (FAILED(IVssExamineWriterMetadata_GetIdentity(metadata, &ret->instance, &ret->id, &name,
                                                     &usage, &source)))
        return FALSE;
    SysFreeString(name);
    if (FAILED(IVssExamineWriterMetadata_GetFileCounts(metadata, &nInclude, &nExclude, &count)))
        return FALSE;
    ret->components = calloc(count + 1, sizeof(*ret->components));
    ret->infos = calloc(count + 1, sizeof(*ret->infos));
    ret->count = ret->components && ret->infos ? count : 0;
    BOOL isOpen = ret->count == count;
    for (UINT i = 0; isOpen && i < count; i++) {
        isOpen =
            SUCCEEDED(IVssExamineWriterMetadata_GetComponent(metadata, i, &ret->components[i])) &&
            SUCCEEDED(IVssWMComponent_GetComponentInfo(ret->components[i], &ret->infos[i]));
    }
    if (!isOpen)
        CloseWriter(ret);
    return isOpen;
}

/* What writers have described is read once: every later step has the same components. */
static BOOL OpenWriters(struct job *job)
{
    UINT count = 0;

    if (!Succeeded(L"GetWriterMetadataCount",
                   IVssBackupComponents_GetWriterMetadataCount(job->backup, &count)))
        return FALSE;
    job->writers = calloc(count + 1, sizeof(*job->writers));
    for (UINT i = 0; job->writers && i < count; i++) {
        VSS_ID instance;
        IVssExamineWriterMetadata *metadata = NULL;
        if (!Succeeded(L"GetWriterMetadata", IVssBackupComponents_GetWriterMetadata(
                                                 job->backup, i, &instance, &metadata)))
            return FALSE;
        BOOL isOpen = OpenWriter(metadata, &job->writers[i]);
        IVssExamineWriterMetadata_Release(metadata);
        if (!isOpen)
            return FALSE;
        job->nWriters++;
    }
    return job->writers != NULL;
}

static void CloseWriters(struct job *job)
{
    for (UINT i = 0; i < job->nWriters; i++)
        CloseWriter(&job->writers[i]);
    free(job->writers);
}

typedef BOOL DO_COMPONENT(struct job *job, const struct writer *writer, UINT i);

/* What is done with each component that is named, of each writer. Goes on behind one that fails. */
static BOOL EachComponent(struct job *job, DO_COMPONENT *action)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < job->nWriters; i++) {
        for (UINT j = 0; j < job->writers[i].count; j++) {
            if (IsNamed(&job->writers[i], j))
                all = action(job, &job->writers[i], j) && all;
        }
    }
    return all;
}

static BOOL AddIt(struct job *job, const struct writer *writer, UINT i)
{
    PVSSCOMPONENTINFO info = writer->infos[i];

    wprintf(L"    %s%s%s\n", info->bstrLogicalPath ? info->bstrLogicalPath : L"",
            info->bstrLogicalPath ? L"\\" : L"", info->bstrComponentName);
    return Succeeded(L"AddComponent", IVssBackupComponents_AddComponent(
                                          job->backup, writer->instance, writer->id, info->type,
                                          info->bstrLogicalPath, info->bstrComponentName)) &&
           WithFiles(job, writer, i, NoteVolume);
}

static BOOL SaveIt(struct job *job, const struct writer *writer, UINT i)
{
    PVSSCOMPONENTINFO info = writer->infos[i];
    BOOL isSaved = WithFiles(job, writer, i, SaveFiles) && ShadowsAreThere(&job->volumes);

    return Succeeded(L"SetBackupSucceeded",
                     IVssBackupComponents_SetBackupSucceeded(
                         job->backup, writer->instance, writer->id, info->type,
                         info->bstrLogicalPath, info->bstrComponentName, (boolean)isSaved)) &&
           isSaved;
}

static BOOL SelectIt(struct job *job, const struct writer *writer, UINT i)
{
    PVSSCOMPONENTINFO info = writer->infos[i];

    return Succeeded(L"SetSelectedForRestore",
                     IVssBackupComponents_SetSelectedForRestore(job->backup, writer->id, info->type,
                                                                info->bstrLogicalPath,
                                                                info->bstrComponentName, TRUE));
}

static BOOL RestoreIt(struct job *job, const struct writer *writer, UINT i)
{
    PVSSCOMPONENTINFO info = writer->infos[i];
    BOOL isRestored = WithFiles(job, writer, i, RestoreFiles);

    return Succeeded(L"SetFileRestoreStatus",
                     IVssBackupComponents_SetFileRestoreStatus(
                         job->backup, writer->id, info->type, info->bstrLogicalPath,
                         info->bstrComponentName, isRestored ? VSS_RS_ALL : VSS_RS_FAILED)) &&
           isRestored;
}

/* ---- the two operations ---- */

static BOOL SaveDocument(IVssBackupComponents *backup)
{
    BSTR xml = NULL;

    if (!Succeeded(L"SaveAsXML", IVssBackupComponents_SaveAsXML(backup, &xml)))
        return FALSE;
    BOOL isSaved = WriteDocument(xml);
    SysFreeString(xml);
    return isSaved;
}

/* The shadow copies, from the first volume to their devices. Every writer is asked how it is. */
static BOOL MakeShadowCopies(struct job *job)
{
    VSS_ID set, anyProvider = { 0 };

    if (!Succeeded(L"StartSnapshotSet", IVssBackupComponents_StartSnapshotSet(job->backup, &set)))
        return FALSE;
    for (UINT i = 0; i < job->volumes.count; i++) {
        struct volume *volume = &job->volumes.items[i];
        if (!Succeeded(L"AddToSnapshotSet",
                       IVssBackupComponents_AddToSnapshotSet(job->backup, volume->name, anyProvider,
                                                             &volume->snapshot)))
            return FALSE;
    }
    if (!RUN(job->backup, PrepareForBackup) || !WritersAreWell(job->backup) ||
        !RUN(job->backup, DoSnapshotSet) || !WritersAreWell(job->backup))
        return FALSE;
    for (UINT i = 0; i < job->volumes.count; i++) {
        struct volume *volume = &job->volumes.items[i];
        VSS_SNAPSHOT_PROP properties = { 0 };
        if (!Succeeded(L"GetSnapshotProperties", IVssBackupComponents_GetSnapshotProperties(
                                                     job->backup, volume->snapshot, &properties)))
            return FALSE;
        if (properties.m_pwszSnapshotDeviceObject) /* some providers have nothing to tell */
            wcscpy_s(volume->device, MAX_PATH, properties.m_pwszSnapshotDeviceObject);
        VssFreeSnapshotProperties(&properties);
        wprintf(L"    %s\n", volume->device);
    }
    return TRUE;
}

static BOOL Choose(struct job *job)
{
    IVssBackupComponents *backup = job->backup;

    return Succeeded(L"InitializeForBackup",
                     IVssBackupComponents_InitializeForBackup(backup, NULL)) &&
           Succeeded(L"SetBackupState", IVssBackupComponents_SetBackupState(backup, TRUE, FALSE,
                                                                            VSS_BT_FULL, FALSE)) &&
           RUN(backup, GatherWriterMetadata) && OpenWriters(job) &&
           VolumeOf(&job->volumes, L"C:\\") && EachComponent(job, AddIt);
}

/* What could not be copied makes the backup a failure, of which the writers hear as well. The
 * document is whole when the last writer has written into it, in BackupComplete. */
static BOOL Backup(struct job *job)
{
    if (!Choose(job) || !MakeShadowCopies(job)) {
        IVssBackupComponents_AbortBackup(job->backup);
        return FALSE;
    }
    BOOL isSaved = EachComponent(job, SaveIt);
    BOOL isComplete = RUN(job->backup, BackupComplete) && WritersAreWell(job->backup);
    return SaveDocument(job->backup) && isComplete && isSaved;
}

static BOOL Restore(struct job *job)
{
    IVssBackupComponents *backup = job->backup;
    BSTR xml = ReadDocument();

    if (!xml) {
        fwprintf(stderr, L"cannot read %s: make a backup first\n", DOCUMENT);
        return FALSE;
    }
    BOOL isReady =
        Succeeded(L"InitializeForRestore", IVssBackupComponents_InitializeForRestore(backup, xml));
    SysFreeString(xml);
    if (!isReady || !RUN(backup, GatherWriterMetadata) || !OpenWriters(job))
        return FALSE;
    if (!Succeeded(L"SetRestoreState",
                   IVssBackupComponents_SetRestoreState(backup, VSS_RTYPE_BY_COPY)) ||
        !EachComponent(job, SelectIt))
        return FALSE;
    if (!RUN(backup, PreRestore) || !WritersAreWell(backup))
        return FALSE;
    BOOL isRestored = EachComponent(job, RestoreIt);
    return RUN(backup, PostRestore) && WritersAreWell(backup) && isRestored;
}

int wmain(int argc, WCHAR **argv)
{
    BOOL isRestore = argc == 2 && wcscmp(argv[1], L"restore") == 0;
    struct job job = { 0 };
    BOOL isDone = FALSE;

    if (argc > 2 || (argc == 2 && !isRestore && wcscmp(argv[1], L"backup") != 0)) {
        fwprintf(stderr, L"usage: %s [backup | restore]\n", argv[0]);
        return 2;
    }
    if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        return 1;
    /* Learn: "Security Considerations for Requesters". */
    if (Succeeded(L"CoInitializeSecurity",
                  CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                                       RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL)) &&
        Succeeded(L"CreateVssBackupComponents", CreateVssBackupComponents(&job.backup))) {
        isDone = isRestore ? Restore(&job) : Backup(&job);
        CloseWriters(&job);
        IVssBackupComponents_Release(job.backup);
    }
    CoUninitialize();
    wprintf(isDone ? L"done\n" : L"failed\n");
    return isDone ? 0 : 1;
}

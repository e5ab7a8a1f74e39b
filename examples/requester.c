/* SPDX-License-Identifier: MIT */
/* A requester in C, as the Windows documentation describes one (Learn: "Overview of Processing a
 * Backup Under VSS", "Overview of Processing a Restore Under VSS"). Nothing in it knows of the
 * emulator. It saves the files of all writers' components on C: from a shadow copy, or puts them
 * back:
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

#define FOLDER    L"C:\\ExampleBackup"
#define DOCUMENT  L"C:\\ExampleBackup\\bcd.xml"
#define VOLUME    L"C:\\"
#define PATH_SIZE 1024

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

/* ---- files ---- */

/* Where the copy of a path of C: is. */
static void BackupPathOf(const WCHAR *path, WCHAR *ret)
{
    swprintf_s(ret, PATH_SIZE, FOLDER L"\\files%s", path + 2);
}

/* Makes the folder and those above it, from the first backslash after the drive on. */
static void MakeFolders(WCHAR *path)
{
    for (WCHAR *p = wcschr(path + 3, L'\\'); p; p = wcschr(p + 1, L'\\')) {
        *p = 0;
        CreateDirectoryW(path, NULL);
        *p = L'\\';
    }
    CreateDirectoryW(path, NULL);
}

/* Copies what matches a file set, folder by folder. Answers how many files, or -1. */
static int CopyFileSet(const WCHAR *from, WCHAR *to, const WCHAR *filespec, BOOL isRecursive)
{
    WCHAR pattern[PATH_SIZE], source[PATH_SIZE], target[PATH_SIZE];
    WIN32_FIND_DATAW found;
    int copied = 0;

    swprintf_s(pattern, PATH_SIZE, L"%s\\%s", from, filespec);
    HANDLE search = FindFirstFileW(pattern, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        MakeFolders(to);
        swprintf_s(source, PATH_SIZE, L"%s\\%s", from, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", to, found.cFileName);
        if (!CopyFileW(source, target, FALSE)) {
            fwprintf(stderr, L"%s: error %lu\n", source, GetLastError());
            copied = -1;
            break;
        }
        copied++;
    }
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    if (!isRecursive || copied < 0)
        return copied;

    swprintf_s(pattern, PATH_SIZE, L"%s\\*", from);
    search = FindFirstFileW(pattern, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (!(found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) ||
            !wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L".."))
            continue;
        swprintf_s(source, PATH_SIZE, L"%s\\%s", from, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", to, found.cFileName);
        int below = CopyFileSet(source, target, filespec, TRUE);
        copied = below < 0 || copied < 0 ? -1 : copied + below;
    }
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    return copied;
}

/* Copies one file set between the volume and the backup: from the shadow copy's device, or back to
 * C: when device is NULL. */
static BOOL CopyDescribed(IVssWMFiledesc *files, const WCHAR *device)
{
    WCHAR path[PATH_SIZE], copy[PATH_SIZE], source[PATH_SIZE];
    BSTR folder = NULL, filespec = NULL;
    boolean isRecursive = FALSE;
    int copied = 0;

    if (FAILED(IVssWMFiledesc_GetPath(files, &folder)) ||
        FAILED(IVssWMFiledesc_GetFilespec(files, &filespec)) ||
        FAILED(IVssWMFiledesc_GetRecursive(files, &isRecursive)))
        return FALSE;
    ExpandEnvironmentStringsW(folder, path, PATH_SIZE);
    size_t length = wcslen(path);
    if (length && path[length - 1] == L'\\')
        path[length - 1] = 0;
    if (_wcsnicmp(path, VOLUME, 2) == 0) {
        BackupPathOf(path, copy);
        swprintf_s(source, PATH_SIZE, L"%s%s", device ? device : L"", path + 2);
        copied = device ? CopyFileSet(source, copy, filespec, isRecursive)
                        : CopyFileSet(copy, path, filespec, isRecursive);
        wprintf(L"    %s\\%s%s: %d files\n", path, filespec, isRecursive ? L" and below" : L"",
                copied);
    } else {
        wprintf(L"    %s is not on C:\n", path);
    }
    SysFreeString(folder);
    SysFreeString(filespec);
    return copied >= 0;
}

static BOOL CopyComponent(IVssWMComponent *component, PVSSCOMPONENTINFO info, const WCHAR *device)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < info->cFileCount + info->cDatabases + info->cLogFiles; i++) {
        IVssWMFiledesc *files = NULL;
        HRESULT hr;
        if (i < info->cFileCount)
            hr = IVssWMComponent_GetFile(component, i, &files);
        else if (i < info->cFileCount + info->cDatabases)
            hr = IVssWMComponent_GetDatabaseFile(component, i - info->cFileCount, &files);
        else
            hr = IVssWMComponent_GetDatabaseLogFile(
                component, i - info->cFileCount - info->cDatabases, &files);
        if (FAILED(hr))
            return FALSE;
        if (!CopyDescribed(files, device))
            all = FALSE;
        IVssWMFiledesc_Release(files);
    }
    return all;
}

/* ---- components ---- */

/* What is done with each component of each writer. */
struct visitor {
    IVssBackupComponents *backup;
    const WCHAR *device;
    BOOL(*visit)
    (struct visitor *visitor, VSS_ID instance, VSS_ID writer, IVssWMComponent *component,
     PVSSCOMPONENTINFO info);
};

static BOOL VisitWriter(struct visitor *visitor, IVssExamineWriterMetadata *metadata)
{
    VSS_ID instance, id;
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    BSTR name = NULL;
    UINT n_include, n_exclude, n_components;
    BOOL all = TRUE;

    if (FAILED(IVssExamineWriterMetadata_GetIdentity(metadata, &instance, &id, &name, &usage,
                                                     &source)) ||
        FAILED(IVssExamineWriterMetadata_GetFileCounts(metadata, &n_include, &n_exclude,
                                                       &n_components)))
        return FALSE;
    for (UINT i = 0; i < n_components && all; i++) {
        IVssWMComponent *component = NULL;
        PVSSCOMPONENTINFO info = NULL;
        if (FAILED(IVssExamineWriterMetadata_GetComponent(metadata, i, &component)))
            all = FALSE;
        else if (FAILED(IVssWMComponent_GetComponentInfo(component, &info)))
            all = FALSE;
        else
            all = visitor->visit(visitor, instance, id, component, info);
        if (info)
            IVssWMComponent_FreeComponentInfo(component, info);
        if (component)
            IVssWMComponent_Release(component);
    }
    SysFreeString(name);
    return all;
}

static BOOL VisitComponents(struct visitor *visitor)
{
    UINT count = 0;
    BOOL all = TRUE;

    IVssBackupComponents_GetWriterMetadataCount(visitor->backup, &count);
    for (UINT i = 0; i < count && all; i++) {
        VSS_ID instance;
        IVssExamineWriterMetadata *metadata = NULL;
        if (FAILED(
                IVssBackupComponents_GetWriterMetadata(visitor->backup, i, &instance, &metadata)))
            return FALSE;
        all = VisitWriter(visitor, metadata);
        IVssExamineWriterMetadata_Release(metadata);
    }
    return all;
}

static BOOL AddIt(struct visitor *v, VSS_ID instance, VSS_ID writer, IVssWMComponent *component,
                  PVSSCOMPONENTINFO info)
{
    (void)component;
    wprintf(L"    %s%s%s\n", info->bstrLogicalPath ? info->bstrLogicalPath : L"",
            info->bstrLogicalPath ? L"\\" : L"", info->bstrComponentName);
    return Succeeded(L"AddComponent", IVssBackupComponents_AddComponent(
                                          v->backup, instance, writer, info->type,
                                          info->bstrLogicalPath, info->bstrComponentName));
}

static BOOL SaveIt(struct visitor *v, VSS_ID instance, VSS_ID writer, IVssWMComponent *component,
                   PVSSCOMPONENTINFO info)
{
    BOOL isSaved = CopyComponent(component, info, v->device);

    return Succeeded(L"SetBackupSucceeded",
                     IVssBackupComponents_SetBackupSucceeded(
                         v->backup, instance, writer, info->type, info->bstrLogicalPath,
                         info->bstrComponentName, (boolean)isSaved)) &&
           isSaved;
}

static BOOL SelectIt(struct visitor *v, VSS_ID instance, VSS_ID writer, IVssWMComponent *component,
                     PVSSCOMPONENTINFO info)
{
    (void)instance;
    (void)component;
    return Succeeded(L"SetSelectedForRestore",
                     IVssBackupComponents_SetSelectedForRestore(v->backup, writer, info->type,
                                                                info->bstrLogicalPath,
                                                                info->bstrComponentName, TRUE));
}

static BOOL RestoreIt(struct visitor *v, VSS_ID instance, VSS_ID writer, IVssWMComponent *component,
                      PVSSCOMPONENTINFO info)
{
    BOOL isRestored = CopyComponent(component, info, NULL);

    (void)instance;
    return Succeeded(L"SetFileRestoreStatus",
                     IVssBackupComponents_SetFileRestoreStatus(
                         v->backup, writer, info->type, info->bstrLogicalPath,
                         info->bstrComponentName, isRestored ? VSS_RS_ALL : VSS_RS_FAILED)) &&
           isRestored;
}

/* ---- the document, kept as it is: 16-bit text ---- */

static BOOL SaveDocument(IVssBackupComponents *backup)
{
    BSTR xml = NULL;
    DWORD written = 0;

    if (!Succeeded(L"SaveAsXML", IVssBackupComponents_SaveAsXML(backup, &xml)))
        return FALSE;
    CreateDirectoryW(FOLDER, NULL);
    HANDLE file =
        CreateFileW(DOCUMENT, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD size = SysStringLen(xml) * (DWORD)sizeof(WCHAR);
    BOOL isSaved = file != INVALID_HANDLE_VALUE && WriteFile(file, xml, size, &written, NULL) &&
                   written == size;
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    SysFreeString(xml);
    return isSaved;
}

static BSTR LoadDocument(void)
{
    HANDLE file =
        CreateFileW(DOCUMENT, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    BSTR xml = NULL;
    DWORD read = 0;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    DWORD size = GetFileSize(file, NULL);
    xml = SysAllocStringLen(NULL, size / (DWORD)sizeof(WCHAR));
    if (xml && (!ReadFile(file, xml, size, &read, NULL) || read != size)) {
        SysFreeString(xml);
        xml = NULL;
    }
    CloseHandle(file);
    return xml;
}

/* ---- the two operations ---- */

/* From the shadow copy set to the end of the backup. */
static BOOL CopyFromShadow(IVssBackupComponents *backup, VSS_ID snapshot)
{
    VSS_SNAPSHOT_PROP properties = { 0 };
    struct visitor saving = { backup, NULL, SaveIt };

    if (!Succeeded(L"GetSnapshotProperties",
                   IVssBackupComponents_GetSnapshotProperties(backup, snapshot, &properties)))
        return FALSE;
    wprintf(L"    %s\n", properties.m_pwszSnapshotDeviceObject);
    saving.device = properties.m_pwszSnapshotDeviceObject;
    BOOL isSaved = VisitComponents(&saving);
    VssFreeSnapshotProperties(&properties);
    return isSaved && SaveDocument(backup) && RUN(backup, BackupComplete) && WritersAreWell(backup);
}

static BOOL Backup(IVssBackupComponents *backup)
{
    VSS_ID set, snapshot, anyProvider = { 0 };
    struct visitor adding = { backup, NULL, AddIt };

    if (!Succeeded(L"InitializeForBackup", IVssBackupComponents_InitializeForBackup(backup, NULL)))
        return FALSE;
    if (!Succeeded(L"SetBackupState",
                   IVssBackupComponents_SetBackupState(backup, TRUE, FALSE, VSS_BT_FULL, FALSE)))
        return FALSE;
    if (!RUN(backup, GatherWriterMetadata) || !VisitComponents(&adding))
        return FALSE;
    if (!Succeeded(L"StartSnapshotSet", IVssBackupComponents_StartSnapshotSet(backup, &set)))
        return FALSE;
    if (!Succeeded(L"AddToSnapshotSet", IVssBackupComponents_AddToSnapshotSet(
                                            backup, (VSS_PWSZ)VOLUME, anyProvider, &snapshot)))
        return FALSE;
    if (RUN(backup, PrepareForBackup) && WritersAreWell(backup) && RUN(backup, DoSnapshotSet) &&
        WritersAreWell(backup) && CopyFromShadow(backup, snapshot))
        return TRUE;
    IVssBackupComponents_AbortBackup(backup);
    return FALSE;
}

static BOOL Restore(IVssBackupComponents *backup)
{
    struct visitor selecting = { backup, NULL, SelectIt }, restoring = { backup, NULL, RestoreIt };
    BSTR xml = LoadDocument();

    if (!xml) {
        fwprintf(stderr, L"cannot read %s: make a backup first\n", DOCUMENT);
        return FALSE;
    }
    BOOL isReady =
        Succeeded(L"InitializeForRestore", IVssBackupComponents_InitializeForRestore(backup, xml));
    SysFreeString(xml);
    if (!isReady || !RUN(backup, GatherWriterMetadata))
        return FALSE;
    if (!Succeeded(L"SetRestoreState",
                   IVssBackupComponents_SetRestoreState(backup, VSS_RTYPE_BY_COPY)) ||
        !VisitComponents(&selecting))
        return FALSE;
    if (!RUN(backup, PreRestore) || !WritersAreWell(backup))
        return FALSE;
    BOOL isRestored = VisitComponents(&restoring);
    return RUN(backup, PostRestore) && WritersAreWell(backup) && isRestored;
}

int wmain(int argc, WCHAR **argv)
{
    BOOL isRestore = argc == 2 && wcscmp(argv[1], L"restore") == 0;
    IVssBackupComponents *backup = NULL;
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
        Succeeded(L"CreateVssBackupComponents", CreateVssBackupComponents(&backup))) {
        isDone = isRestore ? Restore(backup) : Backup(backup);
        IVssBackupComponents_Release(backup);
    }
    CoUninitialize();
    wprintf(isDone ? L"done\n" : L"failed\n");
    return isDone ? 0 : 1;
}

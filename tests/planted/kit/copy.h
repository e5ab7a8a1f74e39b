/* SPDX-License-Identifier: MIT */
/* Copying for the requesters of tests/planted: file sets out of shadow copies into the store, and
 * the Backup Components Document. Included by requester.h. */
#pragma once

/* Where the copy of a path is: C:\docs is in STORE\files\C\docs. */
static inline void StorePath(const WCHAR *path, WCHAR *ret)
{
    swprintf_s(ret, PATH_SIZE, STORE L"\\files\\");
    WCHAR *to = ret + wcslen(ret);
    for (; *path; path++) {
        if (!wcschr(L":?{}", *path) && !(*path == L'\\' && to[-1] == L'\\'))
            *to++ = *path;
    }
    if (to[-1] == L'\\')
        to--;
    *to = 0;
}

/* Makes the folder and those above it. path: begins with \\?\C:\ */
static inline void MakeFolders(WCHAR *path)
{
    for (WCHAR *p = wcschr(path + 7, L'\\'); p; p = wcschr(p + 1, L'\\')) {
        *p = 0;
        CreateDirectoryW(path, NULL);
        *p = L'\\';
    }
    CreateDirectoryW(path, NULL);
}

/* One file; answers whether it is in the store. */
static inline BOOL CopyOne(const WCHAR *source, const WCHAR *target)
{
    if (CopyFileW(source, target, FALSE))
        return TRUE;
    fwprintf(stderr, L"%s: error %lu\n", source, GetLastError());
    return FALSE;
}

static inline BOOL IsNothing(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ||
           error == ERROR_NO_MORE_FILES;
}

/* Copies what matches a file set, folder by folder. */
static inline BOOL CopyFolder(struct Requester *r, const WCHAR *from, const WCHAR *to,
                              const WCHAR *filespec, BOOL isRecursive)
{
    WCHAR *path = (WCHAR *)malloc(3 * PATH_SIZE * sizeof(WCHAR));
    WCHAR *target = path + PATH_SIZE, *folder = path + 2 * PATH_SIZE;
    WIN32_FIND_DATAW found;
    BOOL all = TRUE;

    swprintf_s(folder, PATH_SIZE, L"%s", to);
    swprintf_s(path, PATH_SIZE, L"%s\\%s", from, filespec);
    HANDLE search = FindFirstFileW(path, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        MakeFolders(folder);
        swprintf_s(path, PATH_SIZE, L"%s\\%s", from, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", to, found.cFileName);
        if (CopyOne(path, target))
            r->nFiles++;
        else
            all = FALSE;
    }
    all = all && IsNothing(GetLastError());
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    if (!isRecursive) {
        free(path);
        return all;
    }
    swprintf_s(path, PATH_SIZE, L"%s\\*", from);
    search = FindFirstFileW(path, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (!(found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) ||
            !wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L".."))
            continue;
        swprintf_s(path, PATH_SIZE, L"%s\\%s", from, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", to, found.cFileName);
        all = CopyFolder(r, path, target, filespec, TRUE) && all;
    }
    all = all && IsNothing(GetLastError());
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    free(path);
    return all;
}

static inline const struct Volume *VolumeOf(const struct Requester *r, const WCHAR *path)
{
    const struct Volume *best = NULL;

    for (UINT i = 0; i < r->nVolumes; i++) {
        const struct Volume *v = &r->volumes[i];
        size_t length = wcslen(v->name);
        if (_wcsnicmp(path, v->name, length) == 0 && (!best || length > wcslen(best->name)))
            best = v;
    }
    return best;
}

/* Where a folder is in the shadow copy of its volume, without a backslash at the end. */
static inline BOOL ShadowPath(const struct Requester *r, const WCHAR *folder, WCHAR *ret)
{
    const struct Volume *volume = VolumeOf(r, folder);

    if (!volume || !volume->device)
        return FALSE;
    const WCHAR *rest = folder + wcslen(volume->name);
    swprintf_s(ret, PATH_SIZE, L"%s%s%s", volume->device, *rest ? L"\\" : L"", rest);
    return TRUE;
}

static inline BOOL CopyFileSet(struct Requester *r, const struct FileSet *set)
{
    WCHAR source[PATH_SIZE], target[PATH_SIZE];

    if (!ShadowPath(r, set->folder, source))
        return FALSE;
    StorePath(set->folder, target);
    BOOL isCopied = CopyFolder(r, source, target, set->filespec, set->isRecursive);
    wprintf(L"    %s\\%s%s: %s\n", set->folder, set->filespec, set->isRecursive ? L" ..." : L"",
            isCopied ? L"copied" : L"NOT COPIED");
    return isCopied;
}

/* A shadow copy that has gone looks like empty folders: only its root tells (both kinds of reports:
 * "path not found" for healthy files in the middle of a backup). */
static inline BOOL DevicesAreThere(const struct Requester *r)
{
    for (UINT i = 0; i < r->nVolumes; i++) {
        WCHAR root[PATH_SIZE];
        swprintf_s(root, PATH_SIZE, L"%s\\", r->volumes[i].device);
        if (GetFileAttributesW(root) == INVALID_FILE_ATTRIBUTES) {
            fwprintf(stderr, L"the shadow copy of %s has gone\n", r->volumes[i].name);
            return FALSE;
        }
    }
    return TRUE;
}

/* All files of all chosen components; notes which of them are saved. */
static inline BOOL CopyAll(struct Requester *r)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < r->nChosen; i++)
        r->chosen[i].isSaved = TRUE;
    for (UINT i = 0; i < r->nFileSets; i++) {
        if (!CopyFileSet(r, &r->fileSets[i]))
            all = r->chosen[r->fileSets[i].chosen].isSaved = FALSE;
    }
    if (!DevicesAreThere(r)) {
        for (UINT i = 0; i < r->nChosen; i++)
            r->chosen[i].isSaved = FALSE;
        all = FALSE;
    }
    return all;
}

/* ---- the document, kept as it is: 16-bit text ---- */

static inline BOOL WriteDocument(BSTR xml)
{
    DWORD size = SysStringLen(xml) * (DWORD)sizeof(WCHAR), written = 0;

    CreateDirectoryW(STORE, NULL);
    HANDLE file = CreateFileW(DOCUMENT, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    BOOL isWritten = WriteFile(file, xml, size, &written, NULL) && written == size;
    return CloseHandle(file) && isWritten;
}

static inline BOOL SaveDocument(struct Requester *r)
{
    BSTR xml = NULL;

    if (!Say(L"SaveAsXML", IVssBackupComponents_SaveAsXML(r->backup, &xml)))
        return FALSE;
    BOOL isSaved = WriteDocument(xml);
    SysFreeString(xml);
    return isSaved;
}

/* NULL when there is none. */
static inline BSTR LoadDocument(void)
{
    DWORD read = 0;
    HANDLE file =
        CreateFileW(DOCUMENT, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    DWORD size = GetFileSize(file, NULL);
    BSTR xml = SysAllocStringLen(NULL, size / (DWORD)sizeof(WCHAR));
    if (xml && (!ReadFile(file, xml, size, &read, NULL) || read != size)) {
        SysFreeString(xml);
        xml = NULL;
    }
    CloseHandle(file);
    return xml;
}

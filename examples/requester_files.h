/* SPDX-License-Identifier: MIT */
/* Files of the example requester (requester.c): volumes and their shadow copies, folders that are
 * copied, and the Backup Components Document, which is kept as it is: 16-bit text. */
#pragma once

#include <windows.h>
#include <vss.h>
#include <stdio.h>

#define LONG_PATH   L"\\\\?\\" /* before a path that may be longer than MAX_PATH */
#define FOLDER      LONG_PATH L"C:\\ExampleBackup"
#define DOCUMENT    FOLDER L"\\bcd.xml"
#define PATH_SIZE   2048
#define MAX_VOLUMES 26

/* Volumes with files of components, and their shadow copies. */
struct volume {
    WCHAR name[MAX_PATH]; /* "C:\" */
    VSS_ID snapshot;
    WCHAR device[MAX_PATH]; /* ends with no backslash */
};

struct volumes {
    struct volume items[MAX_VOLUMES];
    UINT count;
};

/* ---- volumes ---- */

/* The volume of a path; one that is new joins the others. NULL: there is none, or no room. */
static struct volume *VolumeOf(struct volumes *volumes, const WCHAR *path)
{
    WCHAR name[MAX_PATH];

    if (!GetVolumePathNameW(path, name, MAX_PATH))
        return NULL;
    for (UINT i = 0; i < volumes->count; i++) {
        if (_wcsicmp(volumes->items[i].name, name) == 0)
            return &volumes->items[i];
    }
    if (volumes->count == MAX_VOLUMES)
        return NULL;
    struct volume *volume = &volumes->items[volumes->count++];
    wcscpy_s(volume->name, MAX_PATH, name);
    return volume;
}

/* Where the copy of a path is: that of C:\docs is FOLDER\files\C\docs. */
static void BackupPathOf(const WCHAR *path, WCHAR *ret)
{
    swprintf_s(ret, PATH_SIZE, FOLDER L"\\files\\%c%s", path[0], path + 2);
}

/* Where a path is in the shadow copy of its volume. */
static BOOL ShadowPathOf(struct volumes *volumes, const WCHAR *path, WCHAR *ret)
{
    const struct volume *volume = VolumeOf(volumes, path);

    if (!volume)
        return FALSE;
    const WCHAR *rest = wcslen(path) > wcslen(volume->name) ? path + wcslen(volume->name) : L"";
    swprintf_s(ret, PATH_SIZE, L"%s%s%s", volume->device, *rest ? L"\\" : L"", rest);
    return TRUE;
}

/* A shadow copy that was lost looks like empty folders below; its root tells. */
static BOOL ShadowsAreThere(const struct volumes *volumes)
{
    for (UINT i = 0; i < volumes->count; i++) {
        WCHAR root[PATH_SIZE];
        swprintf_s(root, PATH_SIZE, L"%s\\", volumes->items[i].device);
        if (GetFileAttributesW(root) == INVALID_FILE_ATTRIBUTES) {
            fwprintf(stderr, L"the shadow copy of %s has gone\n", volumes->items[i].name);
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- files ---- */

/* Makes the folder (LONG_PATH is before it) and those above it. */
static void MakeFolders(WCHAR *path)
{
    for (WCHAR *p = wcschr(path + wcslen(LONG_PATH L"C:\\"), L'\\'); p; p = wcschr(p + 1, L'\\')) {
        *p = 0;
        CreateDirectoryW(path, NULL);
        *p = L'\\';
    }
    CreateDirectoryW(path, NULL);
}

/* A search that is over has found everything, unless something else ended it. */
static BOOL IsOver(void)
{
    DWORD error = GetLastError();

    return error == ERROR_NO_MORE_FILES || error == ERROR_FILE_NOT_FOUND ||
           error == ERROR_PATH_NOT_FOUND;
}

static BOOL IsFolder(const WIN32_FIND_DATAW *found)
{
    return (found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

/* Copies what matches a file set, folder by folder. Answers how many files, or -1. */
static int CopyFolder(const WCHAR *from, WCHAR *to, const WCHAR *filespec, BOOL isRecursive)
{
    WCHAR source[PATH_SIZE], target[PATH_SIZE];
    WIN32_FIND_DATAW found;
    int copied = 0;

    swprintf_s(source, PATH_SIZE, L"%s\\%s", from, filespec);
    HANDLE search = FindFirstFileW(source, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (IsFolder(&found))
            continue;
        MakeFolders(to);
        swprintf_s(source, PATH_SIZE, L"%s\\%s", from, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", to, found.cFileName);
        if (!CopyFileW(source, target, FALSE)) {
            fwprintf(stderr, L"%s: error %lu\n", source, GetLastError());
            FindClose(search);
            return -1;
        }
        copied++;
    }
    BOOL isWhole = IsOver();
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    if (!isRecursive || !isWhole)
        return isWhole ? copied : -1;

    swprintf_s(source, PATH_SIZE, L"%s\\*", from);
    search = FindFirstFileW(source, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (!IsFolder(&found) || !wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L".."))
            continue;
        swprintf_s(source, PATH_SIZE, L"%s\\%s", from, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", to, found.cFileName);
        int below = CopyFolder(source, target, filespec, TRUE);
        if (below < 0) {
            FindClose(search);
            return -1;
        }
        copied += below;
    }
    isWhole = IsOver();
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    return isWhole ? copied : -1;
}

/* ---- the document ---- */

static BOOL WriteDocument(BSTR xml)
{
    DWORD size = SysStringLen(xml) * (DWORD)sizeof(WCHAR), written = 0;

    CreateDirectoryW(FOLDER, NULL);
    HANDLE file =
        CreateFileW(DOCUMENT, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    BOOL isWritten = WriteFile(file, xml, size, &written, NULL) && written == size;
    return CloseHandle(file) && isWritten;
}

/* NULL: there is none. */
static BSTR ReadDocument(void)
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

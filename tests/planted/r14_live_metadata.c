/* SPDX-License-Identifier: MIT */
/* A backup that writes an index of what it has copied: size and time of each file. The bug: these
 * are asked of the file on the live volume, the data comes from the shadow copy. A file that has
 * been deleted since counts as "vanished" and is left out. */
#include <windows.h>
#include <shlwapi.h>
#include "kit/requester.h"

struct Index {
    HANDLE file;
    UINT nVanished;
};

static BOOL Describe(struct Index *index, const WCHAR *path)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    char line[PATH_SIZE];
    DWORD written = 0;

    if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data)) {
        wprintf(L"    %s has vanished\n", path);
        index->nVanished++;
        return FALSE;
    }
    const WCHAR *name = wcsrchr(path, L'\\');
    int length = sprintf_s(line, sizeof(line), "%lu %08lx%08lx %ls\r\n", data.nFileSizeLow,
                           data.ftLastWriteTime.dwHighDateTime, data.ftLastWriteTime.dwLowDateTime,
                           name ? name + 1 : path);
    return WriteFile(index->file, line, (DWORD)length, &written, NULL);
}

/* The files of one folder; answers whether each that was found is in the store. */
static BOOL CopyIndexed(struct Requester *r, struct Index *index, const WCHAR *live,
                        const WCHAR *shadow, const WCHAR *filespec, BOOL isRecursive)
{
    WCHAR pattern[PATH_SIZE], source[PATH_SIZE], original[PATH_SIZE], target[PATH_SIZE];
    WIN32_FIND_DATAW found;
    BOOL all = TRUE;

    StorePath(live, target);
    MakeFolders(target);
    size_t folder = wcslen(target);
    swprintf_s(pattern, PATH_SIZE, L"%s\\*", shadow);
    HANDLE search = FindFirstFileW(pattern, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        BOOL isFolder = (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
        swprintf_s(source, PATH_SIZE, L"%s\\%s", shadow, found.cFileName);
        swprintf_s(original, PATH_SIZE, L"%s\\%s", live, found.cFileName);
        swprintf_s(target + folder, PATH_SIZE - folder, L"\\%s", found.cFileName);
        if (isFolder && isRecursive && wcscmp(found.cFileName, L".") &&
            wcscmp(found.cFileName, L".."))
            all = CopyIndexed(r, index, original, source, filespec, TRUE) && all;
        if (isFolder || !PathMatchSpecW(found.cFileName, filespec))
            continue;
#ifdef PLANTED
        if (!Describe(index, original))
            continue;
#else
        if (!Describe(index, source))
            all = FALSE;
#endif
        all = CopyOne(source, target) && all;
    }
    all = all && IsNothing(GetLastError());
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    return all;
}

static BOOL CopyWithIndex(struct Requester *r)
{
    struct Index index = { INVALID_HANDLE_VALUE, 0 };
    WCHAR shadow[PATH_SIZE];
    BOOL all = TRUE;

    CreateDirectoryW(STORE, NULL);
    index.file = CreateFileW(STORE L"\\index.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (index.file == INVALID_HANDLE_VALUE)
        return FALSE;
    for (UINT i = 0; i < r->nFileSets; i++) {
        const struct FileSet *set = &r->fileSets[i];
        BOOL isCopied =
            ShadowPath(r, set->folder, shadow) &&
            CopyIndexed(r, &index, set->folder, shadow, set->filespec, set->isRecursive);
        r->chosen[set->chosen].isSaved = isCopied;
        all = all && isCopied;
    }
    CloseHandle(index.file);
    return all && DevicesAreThere(r);
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopyWithIndex(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}

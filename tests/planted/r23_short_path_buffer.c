/* SPDX-License-Identifier: MIT */
/* A backup that puts the device's name in front of each path. The bug: a path of the drive has at
 * most 260 characters, and so has the buffer, but the device's name makes it 50 longer. What does
 * not fit is not found. */
#include <windows.h>
#include <shlwapi.h>
#include "kit/requester.h"

#ifdef PLANTED
#define SIZE MAX_PATH
#else
#define SIZE PATH_SIZE
#endif

/* What does not fit is cut, as strncat does it. */
static void Join(WCHAR *ret, const WCHAR *folder, const WCHAR *name)
{
    WCHAR whole[PATH_SIZE];

    swprintf_s(whole, PATH_SIZE, L"%s\\%s", folder, name);
    wcsncpy_s(ret, SIZE, whole, _TRUNCATE);
}

static BOOL CopyWhatIsThere(struct Requester *r, const WCHAR *source, const WCHAR *target)
{
    if (GetFileAttributesW(source) == INVALID_FILE_ATTRIBUTES && IsNothing(GetLastError())) {
        wprintf(L"    %s is not there any more\n", source);
        return TRUE;
    }
    r->nFiles++;
    return CopyOne(source, target);
}

static BOOL Walk(struct Requester *r, const WCHAR *from, const WCHAR *to, const struct FileSet *set)
{
    WCHAR path[SIZE], target[PATH_SIZE], folder[PATH_SIZE];
    WIN32_FIND_DATAW found;
    BOOL all = TRUE;

    swprintf_s(folder, PATH_SIZE, L"%s", to);
    Join(path, from, L"*");
    HANDLE search = FindFirstFileW(path, &found);
    for (BOOL more = search != INVALID_HANDLE_VALUE; more; more = FindNextFileW(search, &found)) {
        if (!wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L".."))
            continue;
        Join(path, from, found.cFileName);
        swprintf_s(target, PATH_SIZE, L"%s\\%s", to, found.cFileName);
        if (!(found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
            if (!PathMatchSpecW(found.cFileName, set->filespec))
                continue;
            MakeFolders(folder);
            all = CopyWhatIsThere(r, path, target) && all;
        } else if (set->isRecursive) {
            all = Walk(r, path, target, set) && all;
        }
    }
    all = all && IsNothing(GetLastError());
    if (search != INVALID_HANDLE_VALUE)
        FindClose(search);
    return all;
}

static BOOL WalkAll(struct Requester *r)
{
    WCHAR source[PATH_SIZE], target[PATH_SIZE];
    BOOL all = TRUE;

    for (UINT i = 0; i < r->nChosen; i++)
        r->chosen[i].isSaved = TRUE;
    for (UINT i = 0; i < r->nFileSets; i++) {
        const struct FileSet *set = &r->fileSets[i];
        StorePath(set->folder, target);
        if (!ShadowPath(r, set->folder, source) || !Walk(r, source, target, set))
            all = r->chosen[set->chosen].isSaved = FALSE;
    }
    if (DevicesAreThere(r))
        return all;
    for (UINT i = 0; i < r->nChosen; i++)
        r->chosen[i].isSaved = FALSE;
    return FALSE;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, WalkAll(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}

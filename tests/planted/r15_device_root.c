/* SPDX-License-Identifier: MIT */
/* A backup that looks at a folder's attributes before it goes in, and leaves out what is not there.
 * The bug: the root of a shadow copy is its device name and a backslash; without the backslash it
 * is the volume itself, which is no folder. Only file sets in the root of a drive notice. */
#include <windows.h>
#include "kit/requester.h"

/* Where a folder of a volume is in its shadow copy. */
static BOOL FolderInShadow(const struct Requester *r, const WCHAR *folder, WCHAR *ret)
{
    const struct Volume *volume = VolumeOf(r, folder);

    if (!volume)
        return FALSE;
    const WCHAR *rest = folder + wcslen(volume->name);
#ifdef PLANTED
    swprintf_s(ret, PATH_SIZE, *rest ? L"%s\\%s" : L"%s%s", volume->device, rest);
#else
    swprintf_s(ret, PATH_SIZE, L"%s\\%s", volume->device, rest);
#endif
    return TRUE;
}

static BOOL CopySet(struct Requester *r, const struct FileSet *set)
{
    WCHAR source[PATH_SIZE], target[PATH_SIZE];

    if (!FolderInShadow(r, set->folder, source))
        return FALSE;
    DWORD attributes = GetFileAttributesW(source);
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        wprintf(L"    %s: not there (error %lu), left out\n", set->folder, GetLastError());
        return TRUE;
    }
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY)) {
        wprintf(L"    %s is no folder, left out\n", set->folder);
        return TRUE;
    }
    size_t length = wcslen(source);
    if (source[length - 1] == L'\\')
        source[length - 1] = 0;
    StorePath(set->folder, target);
    return CopyFolder(r, source, target, set->filespec, set->isRecursive);
}

static BOOL CopySets(struct Requester *r)
{
    BOOL all = TRUE;

    for (UINT i = 0; i < r->nChosen; i++)
        r->chosen[i].isSaved = TRUE;
    for (UINT i = 0; i < r->nFileSets; i++) {
        if (!CopySet(r, &r->fileSets[i]))
            all = r->chosen[r->fileSets[i].chosen].isSaved = FALSE;
    }
    if (!DevicesAreThere(r)) {
        for (UINT i = 0; i < r->nChosen; i++)
            r->chosen[i].isSaved = FALSE;
        return FALSE;
    }
    return all;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !MakeShadowCopies(r))
        return Abort(r);
    return EndBackup(r, CopySets(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}

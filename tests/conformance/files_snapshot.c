/* SPDX-License-Identifier: MIT */
/* Files of a snapshot's device, as a requester and a writer use them: read, list, copy a whole tree
 * to another volume and back with open files in the way; nothing can be changed; volumes as they
 * are asked for; the end of the device. Learn: "Requesting Shadow Copies", "Shadow Copy Device
 * Object", and the pages of the functions. */
#define COBJMACROS
#include "files_check.h"

#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>

static IVssBackupComponents *backup;
static VSS_ID snapshot_id;
static WCHAR device[MAX_PATH];

/* A path on the device; good until the eighth call after. */
static LPCWSTR on_device(LPCWSTR path)
{
    static WCHAR texts[8][MAX_PATH];
    static unsigned next;
    WCHAR *text = texts[next++ % 8];

    swprintf(text, MAX_PATH, L"%s%s", device, path);
    return text;
}

static HRESULT finish(HRESULT hr, IVssAsync *operation)
{
    HRESULT result = hr;

    if (FAILED(hr))
        return hr;
    hr = IVssAsync_Wait(operation, INFINITE);
    if (SUCCEEDED(hr))
        hr = IVssAsync_QueryStatus(operation, &result, NULL);
    IVssAsync_Release(operation);
    return FAILED(hr) ? hr : result == VSS_S_ASYNC_FINISHED ? S_OK : result;
}

/* A copy without writers: `backup`, `snapshot_id`, `device`. */
static HRESULT take_snapshot(LPWSTR volume, LONG context)
{
    IVssAsync *operation = NULL;
    VSS_SNAPSHOT_PROP properties;
    VSS_ID set;

    HRESULT hr = CreateVssBackupComponents(&backup);
    if (SUCCEEDED(hr))
        hr = backup->lpVtbl->InitializeForBackup(backup, NULL);
    if (SUCCEEDED(hr))
        hr = backup->lpVtbl->SetContext(backup, context);
    if (SUCCEEDED(hr))
        hr = backup->lpVtbl->StartSnapshotSet(backup, &set);
    if (SUCCEEDED(hr))
        hr = backup->lpVtbl->AddToSnapshotSet(backup, volume, GUID_NULL, &snapshot_id);
    if (SUCCEEDED(hr))
        hr = backup->lpVtbl->DoSnapshotSet(backup, &operation);
    hr = finish(hr, operation);
    if (SUCCEEDED(hr))
        hr = backup->lpVtbl->GetSnapshotProperties(backup, snapshot_id, &properties);
    if (FAILED(hr))
        return hr;
    wcscpy(device, properties.m_pwszSnapshotDeviceObject);
    VssFreeSnapshotProperties(&properties);
    return S_OK;
}

/* ---- a tree ---- */

static void join(WCHAR *text, LPCWSTR directory, LPCWSTR name)
{
    swprintf(text, MAX_PATH, L"%s\\%s", directory, name);
}

/* Attributes and times of a directory: last, because what is put into it changes them. */
static void copy_directory_times(LPCWSTR to, const WIN32_FIND_DATAW *data)
{
    HANDLE dir = open_file(to, GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);

    SetFileTime(dir, NULL, NULL, &data->ftLastWriteTime);
    CloseHandle(dir);
    SetFileAttributesW(to, data->dwFileAttributes);
}

/* Copies what is below `from`, and answers how many files would not be copied. */
static int copy_tree(LPCWSTR from, LPCWSTR to, int *ret_n_copied)
{
    WCHAR pattern[MAX_PATH], source[MAX_PATH], target[MAX_PATH];
    WIN32_FIND_DATAW data;
    int failures = 0;

    join(pattern, from, L"*");
    HANDLE find = FindFirstFileW(pattern, &data);
    if (find == INVALID_HANDLE_VALUE)
        return 1;
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        join(source, from, data.cFileName);
        join(target, to, data.cFileName);
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
            CreateDirectoryW(target, NULL);
            failures += copy_tree(source, target, ret_n_copied);
            copy_directory_times(target, &data);
        } else if (CopyFileW(source, target, FALSE)) {
            ++*ret_n_copied;
        } else {
            line("one file would not be copied", "no", GetLastError());
            failures++;
        }
    } while (FindNextFileW(find, &data));
    FindClose(find);
    return failures;
}

/* Whether two trees have the same names, sizes, attributes and times of the last change. */
static BOOL same_trees(LPCWSTR left, LPCWSTR right)
{
    WCHAR pattern[MAX_PATH], other[MAX_PATH], below[MAX_PATH];
    WIN32_FILE_ATTRIBUTE_DATA there;
    WIN32_FIND_DATAW data;
    BOOL same = TRUE;

    join(pattern, left, L"*");
    HANDLE find = FindFirstFileW(pattern, &data);
    if (find == INVALID_HANDLE_VALUE)
        return FALSE;
    do {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L".."))
            continue;
        join(other, right, data.cFileName);
        join(below, left, data.cFileName);
        same = same && GetFileAttributesExW(other, GetFileExInfoStandard, &there) &&
               there.nFileSizeLow == data.nFileSizeLow &&
               there.dwFileAttributes == data.dwFileAttributes &&
               CompareFileTime(&there.ftLastWriteTime, &data.ftLastWriteTime) == 0;
        if (same && data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            same = same_trees(below, other);
    } while (FindNextFileW(find, &data));
    FindClose(find);
    return same;
}

static void make_tree(void)
{
    const FILETIME old = { 0x12345600, 0x01D00000 };
    HANDLE file;

    CreateDirectoryW(L"C:\\tree", NULL);
    CreateDirectoryW(L"C:\\tree\\sub", NULL);
    CreateDirectoryW(L"C:\\tree\\sub\\empty", NULL);
    make_file(L"C:\\tree\\plain.txt", "plain");
    make_file(L"C:\\tree\\sub\\Old.dat", "old data");
    file = open_file(L"C:\\tree\\sub\\Old.dat", GENERIC_WRITE, 0, OPEN_EXISTING, 0);
    SetFileTime(file, NULL, NULL, &old);
    CloseHandle(file);
    make_file(L"C:\\tree\\sub\\readonly.txt", "r");
    SetFileAttributesW(L"C:\\tree\\sub\\readonly.txt", FILE_ATTRIBUTE_READONLY);
    make_file(L"C:\\tree\\plain.txt:info", "stream");
    make_file(L"C:\\tree\\hidden.ini", "h");
    SetFileAttributesW(L"C:\\tree\\hidden.ini", FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_ARCHIVE);
}

/* ---- the checks ---- */

static void reading(void)
{
    WIN32_FIND_DATAW data;
    HANDLE find;
    char text[16] = "";
    DWORD n;

    heading("reading from the device");
    HANDLE file;
    OPENS(file, open_file(on_device(L"\\TREE\\Plain.txt"), GENERIC_READ, SHARE_ALL, OPEN_EXISTING,
                          FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_SEQUENTIAL_SCAN));
    DOES(ReadFile(file, text, 15, &n, NULL));
    IS(strcmp(text, "plain") == 0);
    CloseHandle(file);
    TRIES(open_file(on_device(L"\\none"), GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(on_device(L"\\none\\none"), GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(on_device(L"\\"), GENERIC_READ, SHARE_ALL, OPEN_EXISTING,
                    FILE_FLAG_BACKUP_SEMANTICS));
    find = FindFirstFileW(on_device(L"\\tree\\*.*"), &data);
    IS(find != INVALID_HANDLE_VALUE);
    if (find != INVALID_HANDLE_VALUE)
        do
            printf("    %S %u\n", data.cFileName, (unsigned)data.dwFileAttributes);
        while (FindNextFileW(find, &data));
    FindClose(find);
    COUNTS(GetFileAttributesW(on_device(L"\\tree\\sub\\readonly.txt")), INVALID_FILE_ATTRIBUTES);
}

static void streams(void)
{
    BYTE sequence[256];
    WIN32_FIND_STREAM_DATA data;
    char text[16] = "";
    void *context = NULL;
    HANDLE file;
    DWORD n;

    heading("streams on the device");
    make_file(L"C:\\tree\\plain.txt:info", "changed after the snapshot");
    make_file(L"C:\\tree\\plain.txt:later", "new");
    OPENS(file, open_file(on_device(L"\\tree\\plain.txt:INFO"), GENERIC_READ, SHARE_ALL,
                          OPEN_EXISTING, 0));
    DOES(ReadFile(file, text, 15, &n, NULL));
    IS(strcmp(text, "stream") == 0);
    CloseHandle(file);
    TRIES(open_file(on_device(L"\\tree\\plain.txt:info"), GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    TRIES(open_file(on_device(L"\\tree\\plain.txt:new"), GENERIC_WRITE, 0, CREATE_NEW, 0));
    DOES(DeleteFileW(on_device(L"\\tree\\plain.txt:info")));
    file = FindFirstStreamW(on_device(L"\\tree\\plain.txt"), FindStreamInfoStandard, &data, 0);
    DOES(FindNextStreamW(file, &data));
    IS(wcscmp(data.cStreamName, L":info:$DATA") == 0 && data.StreamSize.QuadPart == 6);
    DOES(FindNextStreamW(file, &data));
    DOES(FindClose(file));
    OPENS(file,
          open_file(on_device(L"\\tree\\plain.txt"), GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(BackupRead(file, sequence, sizeof(sequence), &n, FALSE, FALSE, &context));
    COUNTS(n, -1);
    IS(memcmp(sequence + n - 6, "stream", 6) == 0);
    DOES(BackupRead(file, sequence, sizeof(sequence), &n, FALSE, FALSE, &context));
    COUNTS(n, -1);
    DOES(BackupRead(file, NULL, 0, &n, TRUE, FALSE, &context));
    CloseHandle(file);
}

static void writing(void)
{
    heading("changing the device");
    TRIES(open_file(on_device(L"\\tree\\plain.txt"), GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(on_device(L"\\tree\\plain.txt"), DELETE, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(on_device(L"\\tree\\plain.txt"), GENERIC_WRITE, 0, CREATE_ALWAYS, 0));
    TRIES(open_file(on_device(L"\\tree\\new"), GENERIC_WRITE, 0, CREATE_NEW, 0));
    DOES(DeleteFileW(on_device(L"\\tree\\plain.txt")));
    DOES(CreateDirectoryW(on_device(L"\\new"), NULL));
    DOES(RemoveDirectoryW(on_device(L"\\tree\\sub\\empty")));
    DOES(MoveFileW(on_device(L"\\tree\\plain.txt"), on_device(L"\\tree\\moved")));
    DOES(SetFileAttributesW(on_device(L"\\tree\\plain.txt"), FILE_ATTRIBUTE_HIDDEN));
    DOES(CopyFileW(L"C:\\tree\\plain.txt", on_device(L"\\tree\\copy"), FALSE));
}

static void sharing(void)
{
    HANDLE held;

    heading("the volume and its snapshot do not share");
    OPENS(held,
          open_file(L"C:\\tree\\plain.txt", GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    DOES(CopyFileW(L"C:\\tree\\plain.txt", L"C:\\files\\copy", FALSE));
    DOES(CopyFileW(on_device(L"\\tree\\plain.txt"), L"C:\\files\\copy", FALSE));
    DOES(CloseHandle(held));
    OPENS(held, open_file(on_device(L"\\tree\\plain.txt"), GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(on_device(L"\\tree\\plain.txt"), GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(L"C:\\tree\\plain.txt", GENERIC_READ, 0, OPEN_EXISTING, 0));
    DOES(CloseHandle(held));
}

static void opening_again(void)
{
    FILE_ID_DESCRIPTOR id = { .dwSize = sizeof(id), .Type = FileIdType };
    BY_HANDLE_FILE_INFORMATION info;
    HANDLE file, again;
    char text[16] = "";
    DWORD n;

    heading("by a handle and by a number");
    OPENS(file,
          open_file(on_device(L"\\tree\\plain.txt"), GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    GetFileInformationByHandle(file, &info);
    id.FileId.LowPart = info.nFileIndexLow;
    id.FileId.HighPart = (LONG)info.nFileIndexHigh;
    OPENS(again, ReOpenFile(file, GENERIC_READ, SHARE_ALL, 0));
    DOES(ReadFile(again, text, 15, &n, NULL));
    IS(n == info.nFileSizeLow);
    CloseHandle(again);
    TRIES(ReOpenFile(file, GENERIC_WRITE, SHARE_ALL, 0));
    OPENS(again, OpenFileById(file, &id, GENERIC_READ, SHARE_ALL, NULL, 0));
    DOES(ReadFile(again, text, 15, &n, NULL));
    IS(n == info.nFileSizeLow);
    CloseHandle(again);
    CloseHandle(file);
}

static void trees(void)
{
    HANDLE in_the_way;
    int n = 0;

    heading("a tree to another volume and back");
    make_file(L"C:\\tree\\plain.txt", "changed after the snapshot");
    CreateDirectoryW(L"D:\\saved", NULL);
    COUNTS(copy_tree(on_device(L"\\tree"), L"D:\\saved", &n), -1);
    COUNTS(n, -1);
    IS(same_trees(on_device(L"\\tree"), L"D:\\saved"));
    n = 0;
    SetFileAttributesW(L"C:\\tree\\sub\\readonly.txt", FILE_ATTRIBUTE_NORMAL);
    SetFileAttributesW(L"C:\\tree\\hidden.ini", FILE_ATTRIBUTE_NORMAL);
    OPENS(in_the_way,
          open_file(L"C:\\tree\\plain.txt", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING, 0));
    COUNTS(copy_tree(L"D:\\saved", L"C:\\tree", &n), -1);
    COUNTS(n, -1);
    IS(same_trees(on_device(L"\\tree"), L"C:\\tree"));
    DOES(CloseHandle(in_the_way));
    DOES(CopyFileW(L"D:\\saved\\plain.txt", L"C:\\tree\\plain.txt", FALSE));
    SetFileAttributesW(L"C:\\tree\\sub", GetFileAttributesW(L"D:\\saved\\sub"));
    IS(same_trees(on_device(L"\\tree"), L"C:\\tree"));
}

static void volumes(void)
{
    WCHAR text[MAX_PATH];
    DWORD flags = 0;

    heading("volumes");
    DOES(GetVolumePathNameW(on_device(L"\\tree\\sub"), text, MAX_PATH));
    IS(wcscmp(text, on_device(L"\\")) == 0);
    DOES(GetVolumeInformationW(on_device(L"\\"), NULL, 0, NULL, NULL, &flags, text, MAX_PATH));
    IS(flags & FILE_READ_ONLY_VOLUME);
    IS(wcscmp(text, L"NTFS") == 0);
    DOES(GetVolumeNameForVolumeMountPointW(L"C:\\", text, MAX_PATH));
    IS(wcsncmp(text, L"\\\\?\\Volume{", 11) == 0);
    wcscat(text, L"tree\\sub");
    COUNTS(GetFileAttributesW(text), INVALID_FILE_ATTRIBUTES);
    DOES(GetVolumeNameForVolumeMountPointW(L"C:\\tree\\", text, MAX_PATH));
    DOES(GetVolumeNameForVolumeMountPointW(L"C:", text, MAX_PATH));
    COUNTS(GetDriveTypeW(L"C:\\"), DRIVE_UNKNOWN);
    COUNTS(GetDriveTypeW(L"X:\\"), DRIVE_UNKNOWN);
    DOES(DefineDosDeviceW(0, L"X:", device));
    COUNTS(GetDriveTypeW(L"X:\\"), DRIVE_UNKNOWN);
    IS(GetLogicalDrives() >> ('X' - 'A') & 1);
    COUNTS(GetFileAttributesW(L"X:\\tree\\plain.txt"), INVALID_FILE_ATTRIBUTES);
    TRIES(open_file(L"X:\\tree\\plain.txt", GENERIC_READ, 0, OPEN_EXISTING, 0));
    TRIES(open_file(L"X:\\tree\\plain.txt", GENERIC_WRITE, 0, OPEN_EXISTING, 0));
    DOES(CopyFileW(L"X:\\tree\\plain.txt", L"C:\\files\\copy", FALSE));
    IS(same_trees(L"X:\\tree", on_device(L"\\tree")));
    DOES(DefineDosDeviceW(DDD_REMOVE_DEFINITION, L"X:", NULL));
    COUNTS(GetFileAttributesW(L"X:\\tree\\plain.txt"), INVALID_FILE_ATTRIBUTES);
    IS(GetLogicalDrives() >> ('X' - 'A') & 1);
}

static void the_end(void)
{
    VSS_ID not_deleted;
    LONG n_deleted = 0;
    HANDLE file;
    char c;
    DWORD n;

    heading("the device goes");
    OPENS(file,
          open_file(on_device(L"\\tree\\plain.txt"), GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(ReadFile(file, &c, 1, &n, NULL));
    IS(SUCCEEDED(backup->lpVtbl->DeleteSnapshots(backup, snapshot_id, VSS_OBJECT_SNAPSHOT, TRUE,
                                                 &n_deleted, &not_deleted)));
    DOES(ReadFile(file, &c, 1, &n, NULL));
    TRIES(open_file(on_device(L"\\tree\\plain.txt"), GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(device, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    COUNTS(GetFileAttributesW(on_device(L"\\tree")), INVALID_FILE_ATTRIBUTES);
    DOES(CloseHandle(file));
    backup->lpVtbl->Release(backup);
}

static const char *first_mount_point(LPCWSTR root)
{
    static char text[MAX_PATH];
    WCHAR name[MAX_PATH];
    HANDLE search = FindFirstVolumeMountPointW(root, name, MAX_PATH);

    if (search == INVALID_HANDLE_VALUE)
        return error_name(GetLastError());
    snprintf(text, sizeof(text), "%S", name);
    FindVolumeMountPointClose(search);
    return text;
}

/* What holds for a drive holds for an exposed one, but that it cannot be changed. */
static void exposed_at(LPWSTR name, LPCWSTR root)
{
    IVssBackupComponentsEx2 *newer = NULL;
    WCHAR file[MAX_PATH];
    VSS_PWSZ exposed = NULL;

    swprintf(file, MAX_PATH, L"%stree\\plain.txt", root);
    IS(backup->lpVtbl->ExposeSnapshot(backup, snapshot_id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY,
                                      name, &exposed) == S_OK);
    CoTaskMemFree(exposed);
    COUNTS(GetDriveTypeW(root), DRIVE_UNKNOWN);
    COUNTS(GetFileAttributesW(file), INVALID_FILE_ATTRIBUTES);
    TRIES(open_file(file, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(file, GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, 0));
    DOES(DeleteFileW(file));
    DOES(CopyFileW(file, L"C:\\files\\copy", FALSE));
    line("mount points of C:", first_mount_point(L"C:\\"), 0);
    IS(GetLogicalDrives() >> ('X' - 'A') & 1);
    backup->lpVtbl->QueryInterface(backup, &IID_IVssBackupComponentsEx2, (void **)&newer);
    IS(newer->lpVtbl->UnexposeSnapshot(newer, snapshot_id) == S_OK);
    newer->lpVtbl->Release(newer);
    COUNTS(GetFileAttributesW(file), INVALID_FILE_ATTRIBUTES);
    IS(GetLogicalDrives() >> ('X' - 'A') & 1);
}

static void exposures(void)
{
    WCHAR volume[] = L"C:\\", letter[] = L"X:", folder[] = L"C:\\mounted\\";
    VSS_ID not_deleted;
    LONG n_deleted;

    heading("exposed as a drive");
    IS(take_snapshot(volume, VSS_CTX_NAS_ROLLBACK) == S_OK);
    exposed_at(letter, L"X:\\");
    heading("exposed in a folder");
    CreateDirectoryW(L"C:\\mounted", NULL);
    exposed_at(folder, L"C:\\mounted\\");
    backup->lpVtbl->DeleteSnapshots(backup, snapshot_id, VSS_OBJECT_SNAPSHOT, TRUE, &n_deleted,
                                    &not_deleted);
    backup->lpVtbl->Release(backup);
}

static void checks(void)
{
    WCHAR volume[] = L"C:\\";

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    make_tree();
    HRESULT hr = take_snapshot(volume, VSS_CTX_FILE_SHARE_BACKUP);
    if (FAILED(hr)) {
        printf("no snapshot: 0x%08x\n", (unsigned)hr);
        exit(2);
    }
    reading();
    streams();
    writing();
    sharing();
    opening_again();
    trees();
    volumes();
    the_end();
    exposures();
    CoUninitialize();
}

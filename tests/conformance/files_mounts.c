/* SPDX-License-Identifier: MIT */
/* A volume that has no drive letter and is mounted at a folder: what is told of it, how a requester
 * finds and copies it, as VShadow does; links in a snapshot; a snapshot at a folder. Learn:
 * "SetVolumeMountPointW", "GetVolumePathNameW", "Requesting Shadow Copies". */
#define COBJMACROS
#include "files_check.h"

#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>

#define CODE(call) printf("  %s: 0x%08x\n", #call, (unsigned)(call))

static WCHAR volume[64]; /* "\\?\Volume{...}\" of what was D: */
static IVssBackupComponents *backup;
static VSS_ID snapshot_id;
static WCHAR device[MAX_PATH];

static void says(const WCHAR *label, const WCHAR *name)
{
    char text[64] = "";
    DWORD n = 0;
    HANDLE file = open_file(name, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0);

    if (file == INVALID_HANDLE_VALUE) {
        printf("  %ls does not open: %s\n", label, error_name(GetLastError()));
        return;
    }
    ReadFile(file, text, sizeof(text) - 1, &n, NULL);
    printf("  %ls: %s\n", label, text);
    CloseHandle(file);
}

static void volume_path(const WCHAR *path)
{
    WCHAR root[MAX_PATH], name[MAX_PATH];

    if (!GetVolumePathNameW(path, root, MAX_PATH)) {
        printf("  %ls lies nowhere: %s\n", path, error_name(GetLastError()));
        return;
    }
    printf("  %ls lies below %ls", path, root);
    if (GetVolumeNameForVolumeMountPointW(root, name, MAX_PATH))
        printf("%s\n", wcscmp(name, volume) == 0 ? ", the volume" : "");
    else
        printf(", %s\n", error_name(GetLastError()));
}

static void path_names(void)
{
    WCHAR names[MAX_PATH] = L"";
    DWORD length = 0;

    DOES(GetVolumePathNamesForVolumeNameW(volume, names, 4, &length));
    DOES(GetVolumePathNamesForVolumeNameW(volume, names, MAX_PATH, &length));
    printf("  %u:", (unsigned)length);
    for (const WCHAR *name = names; *name; name += wcslen(name) + 1)
        printf(" %ls", name);
    printf("\n");
}

static void mount_points(void)
{
    WCHAR name[MAX_PATH];
    HANDLE search = FindFirstVolumeMountPointW(L"C:\\", name, MAX_PATH);

    if (search == INVALID_HANDLE_VALUE) {
        printf("  no mount point: %s\n", error_name(GetLastError()));
        return;
    }
    do
        printf("  mount point %ls\n", name);
    while (FindNextVolumeMountPointW(search, name, MAX_PATH));
    printf("  then %s\n", error_name(GetLastError()));
    FindVolumeMountPointClose(search);
}

static void mounting(void)
{
    heading("mounting");
    DOES(GetVolumeNameForVolumeMountPointW(L"D:\\", volume, 64));
    make_file(L"D:\\old", "of D:");
    CreateDirectoryW(L"mnt", NULL);
    CreateDirectoryW(L"mnt\\data", NULL);
    make_file(L"file", "");
    DOES(SetVolumeMountPointW(L"C:\\files\\mnt\\data", volume));
    DOES(SetVolumeMountPointW(L"C:\\files\\mnt\\", volume));
    DOES(SetVolumeMountPointW(L"C:\\files\\none\\", volume));
    DOES(SetVolumeMountPointW(L"C:\\files\\mnt\\data\\", L"D:\\"));
    DOES(SetVolumeMountPointW(L"C:\\files\\mnt\\data\\", volume));
    DOES(SetVolumeMountPointW(L"C:\\files\\mnt\\data\\", volume));
    DOES(SetVolumeMountPointW(L"E:\\", volume));
    path_names();
    DOES(DeleteVolumeMountPointW(L"D:\\"));
    TRIES(open_file(L"D:\\old", GENERIC_READ, 0, OPEN_EXISTING, 0));
    DOES(SetVolumeMountPointW(L"C:\\", volume));
    path_names();
    mount_points();
    says(L"mnt\\data\\old", L"mnt\\data\\old");
    says(L"MNT\\Data\\OLD", L"MNT\\Data\\OLD");
    make_file(L"mnt\\data\\new", "through the folder");
    COUNTS(GetFileAttributesW(L"mnt\\data"), INVALID_FILE_ATTRIBUTES);
    DOES(MoveFileExW(L"file", L"mnt\\data\\file", 0));
    DOES(MoveFileExW(L"file", L"mnt\\data\\file", MOVEFILE_COPY_ALLOWED));
    volume_path(L"C:\\files\\mnt\\data\\dir\\none");
    volume_path(L"C:\\files\\mnt\\data");
    volume_path(L"mnt\\data\\old");
    volume_path(L"C:\\files\\mnt");
    DOES(GetVolumeNameForVolumeMountPointW(L"C:\\files\\mnt\\", device, MAX_PATH));
    WCHAR label[16];
    DOES(SetVolumeLabelW(L"C:\\files\\mnt\\data\\", L"DATA"));
    DOES(GetVolumeInformationW(volume, label, 16, NULL, NULL, NULL, NULL, 0) &&
         wcscmp(label, L"DATA") == 0);
    DOES(GetVolumeInformationW(L"C:\\files\\mnt\\", label, 16, NULL, NULL, NULL, NULL, 0));
}

/* ---- a requester ---- */

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

/* A call that gives `operation`. */
#define RUNS(call)                                                         \
    do {                                                                   \
        HRESULT hr_ = (call);                                              \
        printf("  %s: 0x%08x\n", #call, (unsigned)finish(hr_, operation)); \
    } while (0)

static WCHAR *on_device(const WCHAR *path)
{
    static WCHAR texts[2][MAX_PATH];
    static unsigned next;
    WCHAR *text = texts[next++ % 2];

    swprintf(text, MAX_PATH, L"%s%s", device, path);
    return text;
}

static void links_before(void)
{
    make_file(L"mnt\\data\\one", "then");
    CreateHardLinkW(L"mnt\\data\\two", L"mnt\\data\\one", NULL);
    CreateSymbolicLinkW(L"mnt\\data\\relative", L"one", 0);
    CreateSymbolicLinkW(L"mnt\\data\\whole", L"C:\\files\\mnt\\data\\one", 0);
}

static void links_after(void)
{
    DeleteFileW(L"mnt\\data\\two");
    make_file(L"mnt\\data\\one", "now");
    CreateHardLinkW(L"mnt\\data\\three", L"mnt\\data\\one", NULL);
    CreateHardLinkW(L"mnt\\data\\four", L"mnt\\data\\one", NULL);
    DeleteFileW(L"mnt\\data\\relative");
    CreateSymbolicLinkW(L"mnt\\data\\late", L"one", 0);
}

static void snapshot(void)
{
    IVssAsync *operation = NULL;
    VSS_SNAPSHOT_PROP properties;
    BOOL is_supported = FALSE;
    WCHAR path[] = L"C:\\files\\mnt\\data\\";
    VSS_ID set;

    heading("a requester");
    links_before();
    CODE(CoInitializeEx(NULL, COINIT_MULTITHREADED));
    CODE(CreateVssBackupComponents(&backup));
    CODE(backup->lpVtbl->InitializeForBackup(backup, NULL));
    CODE(backup->lpVtbl->SetContext(backup, VSS_CTX_APP_ROLLBACK));
    RUNS(backup->lpVtbl->GatherWriterMetadata(backup, &operation));
    CODE(backup->lpVtbl->SetBackupState(backup, FALSE, TRUE, VSS_BT_FULL, FALSE));
    CODE(backup->lpVtbl->IsVolumeSupported(backup, GUID_NULL, path, &is_supported));
    IS(is_supported);
    CODE(backup->lpVtbl->IsVolumeSupported(backup, GUID_NULL, (WCHAR *)L"C:\\files\\mnt\\data",
                                           &is_supported));
    CODE(backup->lpVtbl->IsVolumeSupported(backup, GUID_NULL, (WCHAR *)L"C:\\files\\mnt\\",
                                           &is_supported));
    CODE(backup->lpVtbl->StartSnapshotSet(backup, &set));
    CODE(backup->lpVtbl->AddToSnapshotSet(backup, path, GUID_NULL, &snapshot_id));
    CODE(backup->lpVtbl->AddToSnapshotSet(backup, volume, GUID_NULL, &set));
    RUNS(backup->lpVtbl->PrepareForBackup(backup, &operation));
    RUNS(backup->lpVtbl->DoSnapshotSet(backup, &operation));
    CODE(backup->lpVtbl->GetSnapshotProperties(backup, snapshot_id, &properties));
    IS(wcscmp(properties.m_pwszOriginalVolumeName, volume) == 0);
    swprintf(device, MAX_PATH, L"%s\\", properties.m_pwszSnapshotDeviceObject);
    VssFreeSnapshotProperties(&properties);
}

static unsigned links_of(const WCHAR *name)
{
    BY_HANDLE_FILE_INFORMATION info = { 0 };
    HANDLE file = open_file(name, 0, SHARE_ALL, OPEN_EXISTING, 0);

    GetFileInformationByHandle(file, &info);
    CloseHandle(file);
    return (unsigned)info.nNumberOfLinks;
}

static void names_in_snapshot(void)
{
    WCHAR found[MAX_PATH];
    DWORD length = MAX_PATH;
    HANDLE search = FindFirstFileNameW(on_device(L"one"), 0, &length, found);

    while (search != INVALID_HANDLE_VALUE) {
        printf("  a name: %ls\n", found);
        length = MAX_PATH;
        if (!FindNextFileNameW(search, &length, found))
            break;
    }
    FindClose(search);
}

static void in_snapshot(void)
{
    heading("links in the snapshot");
    links_after();
    says(L"one", on_device(L"one"));
    says(L"two", on_device(L"two"));
    says(L"three", on_device(L"three"));
    says(L"relative", on_device(L"relative"));
    says(L"whole", on_device(L"whole"));
    says(L"late", on_device(L"late"));
    COUNTS(links_of(on_device(L"two")), 0);
    COUNTS(links_of(L"mnt\\data\\one"), 0);
    names_in_snapshot();
    DOES(CreateSymbolicLinkW(on_device(L"more"), L"one", 0));
    DOES(CreateHardLinkW(on_device(L"more"), on_device(L"one"), NULL));
}

static void at_folders(void)
{
    IVssAsync *operation = NULL;
    WCHAR *exposed = NULL;

    heading("the snapshot at a folder");
    CreateDirectoryW(L"mnt\\data\\view", NULL);
    CODE(backup->lpVtbl->ExposeSnapshot(backup, snapshot_id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY,
                                        (WCHAR *)L"C:\\files\\mnt\\data\\", &exposed));
    CODE(backup->lpVtbl->ExposeSnapshot(backup, snapshot_id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY,
                                        (WCHAR *)L"C:\\files\\mnt\\data\\view", &exposed));
    printf("  exposed as %ls\n", exposed ? exposed : L"-");
    says(L"mnt\\data\\view\\one", L"mnt\\data\\view\\one");
    volume_path(L"C:\\files\\mnt\\data\\view\\one");
    CoTaskMemFree(exposed);
    DOES(SetVolumeMountPointW(L"C:\\files\\mnt\\data\\view\\", volume));
    RUNS(backup->lpVtbl->BackupComplete(backup, &operation));
    backup->lpVtbl->Release(backup);
    CoUninitialize();
}

static void unmounting(void)
{
    heading("unmounting");
    DOES(DeleteVolumeMountPointW(L"C:\\files\\mnt\\"));
    DOES(DeleteVolumeMountPointW(L"C:\\files\\mnt\\data\\"));
    says(L"mnt\\data\\one", L"mnt\\data\\one");
    mount_points();
    path_names();
    DOES(SetVolumeMountPointW(L"e:\\", volume));
    says(L"E:\\one", L"E:\\one");
    path_names();
}

static void checks(void)
{
    mounting();
    snapshot();
    in_snapshot();
    at_folders();
    unmounting();
}

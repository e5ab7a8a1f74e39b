/* SPDX-License-Identifier: MIT */
/* Symbolic links, junctions and hard links. Learn: "Symbolic Link Effects on File Systems
 * Functions", "Hard Links and Junctions", and the pages of the functions. */
#include "files_check.h"

#define LINK_FLAG (FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)

/* What a file says, in a line. */
static void says(const WCHAR *name)
{
    char text[64] = "", label[MAX_PATH];
    DWORD n = 0;
    HANDLE file = open_file(name, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0);

    snprintf(label, sizeof(label), "%ls", name);
    if (file == INVALID_HANDLE_VALUE) {
        line(label, "does not open:", GetLastError());
        return;
    }
    ReadFile(file, text, sizeof(text) - 1, &n, NULL);
    line(label, text, 0);
    CloseHandle(file);
}

/* What a search finds: attributes, tag, size. */
static void shows(const WCHAR *name)
{
    WIN32_FIND_DATAW data;
    HANDLE search = FindFirstFileW(name, &data);

    if (search == INVALID_HANDLE_VALUE) {
        printf("  find %ls: %s\n", name, error_name(GetLastError()));
        return;
    }
    do {
        printf("  find %ls: %ls %x", name, data.cFileName, (unsigned)data.dwFileAttributes);
        if (data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
            printf(" %x", (unsigned)data.dwReserved0);
        printf(" %u\n", (unsigned)data.nFileSizeLow);
    } while (FindNextFileW(search, &data));
    FindClose(search);
}

static void final_name(const WCHAR *name, DWORD flags)
{
    WCHAR path[MAX_PATH] = L"";
    HANDLE file = open_file(name, 0, SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags);

    GetFinalPathNameByHandleW(file, path, MAX_PATH, VOLUME_NAME_NONE);
    printf("  %ls is %ls\n", name, path);
    CloseHandle(file);
}

static void file_links(void)
{
    heading("symbolic links of files");
    CreateDirectoryW(L"dir", NULL);
    make_file(L"dir\\file", "text");
    DOES(CreateSymbolicLinkW(L"link", L"dir\\file", 0));
    DOES(CreateSymbolicLinkW(L"link", L"dir\\file", 0));
    DOES(CreateSymbolicLinkW(L"up", L"dir\\..\\DIR\\.\\File", 0));
    DOES(CreateSymbolicLinkW(L"root", L"\\files\\dir\\file", 0));
    DOES(CreateSymbolicLinkW(L"whole", L"C:\\files\\dir\\file", 0));
    DOES(CreateSymbolicLinkW(L"verbatim", L"\\\\?\\C:\\files\\dir\\file", 0));
    DOES(CreateSymbolicLinkW(L"bad", L"", 0));
    DOES(CreateSymbolicLinkW(L"bad", L"dir\\file", 8));
    DOES(CreateSymbolicLinkW(L"none\\bad", L"dir\\file", 0));
    DOES(CreateSymbolicLinkW(L"lost", L"dir\\none", 0));
    DOES(CreateSymbolicLinkW(L"outside", L"..\\..\\..\\etc", 0));
    DOES(CreateSymbolicLinkW(L"host", L"/etc/passwd", 0));
    DOES(CreateSymbolicLinkW(L"drive", L"Q:\\file", 0));
    says(L"link");
    says(L"LINK");
    says(L"up");
    says(L"root");
    says(L"whole");
    says(L"verbatim");
    says(L"lost");
    says(L"outside");
    says(L"host");
    says(L"drive");
    shows(L"link");
    final_name(L"link", 0);
    final_name(L"link", FILE_FLAG_OPEN_REPARSE_POINT);
    COUNTS(GetFileAttributesW(L"link"), INVALID_FILE_ATTRIBUTES);
    COUNTS(GetFileAttributesW(L"lost"), INVALID_FILE_ATTRIBUTES);
    TRIES(open_file(L"lost", GENERIC_WRITE, 0, CREATE_NEW, 0));
    shows(L"dir\\*");
    TRIES(open_file(L"link", GENERIC_WRITE, 0, CREATE_NEW, 0));
    DOES(DeleteFileW(L"link"));
    DOES(RemoveDirectoryW(L"up"));
    DOES(MoveFileW(L"up", L"dir\\up"));
    says(L"dir\\up");
    DOES(MoveFileW(L"dir\\up", L"up"));
    says(L"up");
    DOES(CopyFileW(L"up", L"copy", TRUE));
    DOES(CopyFileExW(L"up", L"copied link", NULL, NULL, NULL, COPY_FILE_COPY_SYMLINK));
    DOES(CopyFileExW(L"up", L"copied link", NULL, NULL, NULL,
                     COPY_FILE_COPY_SYMLINK | COPY_FILE_FAIL_IF_EXISTS));
    shows(L"cop*");
    make_file(L"other", "other");
    DOES(CopyFileW(L"other", L"copied link", FALSE));
    says(L"dir\\file");
    shows(L"copied link");
}

static void directory_links(void)
{
    heading("symbolic links of directories");
    CreateDirectoryW(L"tree", NULL);
    CreateDirectoryW(L"tree\\below", NULL);
    make_file(L"tree\\below\\file", "below");
    make_file(L"tree\\top", "top");
    DOES(CreateSymbolicLinkW(L"way", L"tree", SYMBOLIC_LINK_FLAG_DIRECTORY));
    DOES(CreateSymbolicLinkW(L"tree\\back", L"..\\way", SYMBOLIC_LINK_FLAG_DIRECTORY));
    COUNTS(GetFileAttributesW(L"way"), INVALID_FILE_ATTRIBUTES);
    says(L"way\\below\\file");
    says(L"WAY\\BELOW\\FILE");
    says(L"way\\back\\back\\top");
    says(L"way\\..\\tree\\top");
    shows(L"way\\*");
    shows(L"way");
    final_name(L"way\\back\\below", 0);
    TRIES(open_file(L"way", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0));
    TRIES(open_file(L"way", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, LINK_FLAG));
    make_file(L"way\\new", "new");
    says(L"tree\\new");
    DOES(CreateDirectoryW(L"way\\below\\dir", NULL));
    DOES(CreateDirectoryW(L"way", NULL));
    DOES(MoveFileW(L"way\\new", L"way\\below\\moved"));
    says(L"tree\\below\\moved");
    DOES(DeleteFileW(L"way\\below\\moved"));
    DOES(SetCurrentDirectoryW(L"way\\below"));
    says(L"file");
    DOES(SetCurrentDirectoryW(L"..\\.."));
    DOES(DeleteFileW(L"way"));
    DOES(RemoveDirectoryW(L"way"));
    says(L"tree\\top");
    says(L"way\\top");
}

static void chains(void)
{
    WCHAR name[16], target[16];

    heading("chains");
    DOES(CreateSymbolicLinkW(L"round", L"round", 0));
    says(L"round");
    make_file(L"chain0", "end");
    for (int i = 1; i <= 64; i++) {
        swprintf(name, 16, L"chain%d", i);
        swprintf(target, 16, L"chain%d", i - 1);
        CreateSymbolicLinkW(name, target, 0);
    }
    says(L"chain63");
    says(L"chain64");
    DOES(DeleteFileW(L"round"));
}

/* REPARSE_DATA_BUFFER of a junction. */
struct junction {
    DWORD tag;
    WORD length, reserved, target_at, target_length, print_at, print_length;
    WCHAR names[64];
};

static DWORD control(const WCHAR *name, DWORD code, void *data, DWORD size, void *out, DWORD room)
{
    DWORD n = 0;
    HANDLE file =
        open_file(name, GENERIC_READ | GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING, LINK_FLAG);
    BOOL done = DeviceIoControl(file, code, data, size, out, room, &n, NULL);
    DWORD error = GetLastError();

    CloseHandle(file);
    return done ? n : 1000000 + error;
}

static void junctions(void)
{
    struct junction data = {
        IO_REPARSE_TAG_MOUNT_POINT, 0, 0, 0, 0, 0, 0, L"\\??\\C:\\files\\tree"
    };
    struct junction got;

    heading("junctions");
    data.target_length = (WORD)(wcslen(data.names) * 2);
    data.print_at = data.target_length + 2;
    data.length = data.target_length + 4 + 8;
    CreateDirectoryW(L"junction", NULL);
    make_file(L"no folder", "");
    COUNTS(control(L"no folder", FSCTL_SET_REPARSE_POINT, &data, data.length + 8, NULL, 0), -1);
    COUNTS(control(L"junction", FSCTL_SET_REPARSE_POINT, &data, data.length + 7, NULL, 0), -1);
    COUNTS(control(L"junction", FSCTL_SET_REPARSE_POINT, &data, data.length + 8, NULL, 0), -1);
    COUNTS(control(L"junction", FSCTL_GET_REPARSE_POINT, NULL, 0, &got, sizeof(got)), -1);
    IS(memcmp(&got, &data, data.length + 8u) == 0);
    shows(L"junction");
    says(L"junction\\top");
    final_name(L"junction\\below", 0);
    WCHAR root[MAX_PATH];
    DOES(GetVolumePathNameW(L"junction\\below", root, MAX_PATH) && wcscmp(root, L"C:\\") == 0);
    DOES(GetVolumeNameForVolumeMountPointW(L"C:\\files\\junction\\", root, MAX_PATH));
    DOES(RemoveDirectoryW(L"junction"));
    says(L"tree\\top");
}

static void names_of(const WCHAR *name)
{
    WCHAR found[MAX_PATH];
    DWORD length = MAX_PATH;
    HANDLE search = FindFirstFileNameW(name, 0, &length, found);

    if (search == INVALID_HANDLE_VALUE) {
        printf("  names of %ls: %s\n", name, error_name(GetLastError()));
        return;
    }
    do {
        printf("  names of %ls: %ls %d\n", name, found, (int)(length - wcslen(found)));
        length = MAX_PATH;
    } while (FindNextFileNameW(search, &length, found));
    printf("  then %s\n", error_name(GetLastError()));
    FindClose(search);
}

static unsigned links_of(const WCHAR *name)
{
    BY_HANDLE_FILE_INFORMATION info = { 0 };
    FILE_STANDARD_INFO standard = { 0 };
    HANDLE file = open_file(name, 0, SHARE_ALL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);

    GetFileInformationByHandle(file, &info);
    GetFileInformationByHandleEx(file, FileStandardInfo, &standard, sizeof(standard));
    CloseHandle(file);
    return info.nNumberOfLinks == standard.NumberOfLinks ? (unsigned)info.nNumberOfLinks : 999;
}

static void hard_links(void)
{
    WCHAR narrow[4];
    DWORD length = 4;

    heading("hard links");
    make_file(L"one", "shared");
    make_file(L"one:stream", "stream");
    COUNTS(links_of(L"one"), 0);
    COUNTS(links_of(L"dir"), 0);
    DOES(CreateHardLinkW(L"dir\\two", L"one", NULL));
    DOES(CreateHardLinkW(L"three", L"dir\\TWO", NULL));
    DOES(CreateHardLinkW(L"three", L"one", NULL));
    DOES(CreateHardLinkW(L"four", L"dir", NULL));
    DOES(CreateHardLinkW(L"four", L"none", NULL));
    DOES(CreateHardLinkW(L"none\\four", L"one", NULL));
    DOES(CreateHardLinkW(L"D:\\four", L"one", NULL));
    COUNTS(links_of(L"three"), 0);
    names_of(L"three");
    names_of(L"other");
    names_of(L"none");
    IS(FindFirstFileNameW(L"one", 0, &length, narrow) == INVALID_HANDLE_VALUE);
    printf("  needed %u, %s\n", (unsigned)length, error_name(GetLastError()));
    says(L"dir\\two");
    says(L"dir\\two:stream");
    make_file(L"three", "changed");
    says(L"one");
    DOES(SetFileAttributesW(L"dir\\two", FILE_ATTRIBUTE_READONLY));
    COUNTS(GetFileAttributesW(L"one"), INVALID_FILE_ATTRIBUTES);
    DOES(SetFileAttributesW(L"one", FILE_ATTRIBUTE_NORMAL));
    DOES(MoveFileW(L"three", L"one"));
    DOES(MoveFileExW(L"three", L"one", MOVEFILE_REPLACE_EXISTING));
    COUNTS(links_of(L"one"), 0);
    HANDLE file = open_file(L"one", GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0);
    DOES(DeleteFileW(L"dir\\two"));
    says(L"dir\\two");
    CloseHandle(file);
    COUNTS(links_of(L"one"), 0);
    says(L"one");
    DOES(CreateSymbolicLinkW(L"soft", L"one", 0));
    DOES(CreateHardLinkW(L"hard", L"soft", NULL));
    shows(L"hard");
}

static void checks(void)
{
    file_links();
    directory_links();
    chains();
    junctions();
    hard_links();
}

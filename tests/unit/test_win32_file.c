/* SPDX-License-Identifier: MIT */
/* Files of the world's volumes through the Windows functions: names, dispositions, sharing,
 * positions, and the errors that the documentation gives. */
#include "tests/support/cmocka_vss.h"

#include "tests/support/win32_world.h"

#include "emu/port/sched.h"
#include "emu/port/volume.h"

#include <shlwapi.h>
#include <string.h>

static HANDLE open_file(LPCWSTR name, DWORD access, DWORD share, DWORD disposition)
{
    return CreateFileW(name, access, share, NULL, disposition, 0, NULL);
}

#define assert_opens_not(name, access, share, disposition, error)                            \
    do {                                                                                     \
        assert_ptr_equal(open_file(name, access, share, disposition), INVALID_HANDLE_VALUE); \
        assert_error(error);                                                                 \
    } while (0)

static void names_are_found_in_any_case_and_keep_theirs(void **state)
{
    WCHAR name[64];

    (void)state;
    assert_true(CreateDirectoryW(L"C:\\Data", NULL));
    win32_make_file(L"C:\\data\\Ünïcode Änderung.TXT", "x");
    assert_true(PathFileExistsW(L"c:/DATA/üNÏCODE äNDERUNG.txt"));
    assert_int_equal(GetLongPathNameW(L"C:\\DATA\\ÜNÏCODE änderung.txt", name, 64), 28);
    assert_memory_equal(name, L"C:\\Data\\Ünïcode Änderung.TXT", 29 * sizeof(WCHAR));
}

static void missing_parts_of_a_path_have_different_errors(void **state)
{
    (void)state;
    assert_opens_not(L"C:\\none", GENERIC_READ, 0, OPEN_EXISTING, ERROR_FILE_NOT_FOUND);
    assert_opens_not(L"C:\\none\\file", GENERIC_READ, 0, OPEN_EXISTING, ERROR_PATH_NOT_FOUND);
    assert_opens_not(L"C:\\none\\file", GENERIC_WRITE, 0, CREATE_NEW, ERROR_PATH_NOT_FOUND);
    assert_opens_not(L"Q:\\file", GENERIC_READ, 0, OPEN_EXISTING, ERROR_PATH_NOT_FOUND);
    assert_opens_not(L"\\\\server\\share\\x", GENERIC_READ, 0, OPEN_EXISTING, ERROR_BAD_NETPATH);
    assert_opens_not(L"C:\\a|b", GENERIC_WRITE, 0, CREATE_NEW, ERROR_INVALID_NAME);
    assert_opens_not(L"C:\\a*b", GENERIC_READ, 0, OPEN_EXISTING, ERROR_INVALID_NAME);
    assert_opens_not(L"", GENERIC_READ, 0, OPEN_EXISTING, ERROR_PATH_NOT_FOUND);
    win32_make_file(L"C:\\file", "x");
    assert_opens_not(L"C:\\file\\below", GENERIC_READ, 0, OPEN_EXISTING, ERROR_PATH_NOT_FOUND);
    assert_opens_not(L"C:\\file\\", GENERIC_READ, 0, OPEN_EXISTING, ERROR_INVALID_NAME);
}

static void no_path_climbs_out_of_its_volume(void **state)
{
    (void)state;
    win32_make_file(L"C:\\..\\..\\etc-passwd", "of the volume");
    assert_true(PathFileExistsW(L"C:\\etc-passwd"));
    assert_true(PathFileExistsW(L"C:\\x\\..\\..\\..\\etc-passwd"));
    assert_opens_not(L"\\\\?\\C:\\..\\etc-passwd", GENERIC_READ, 0, OPEN_EXISTING,
                     ERROR_INVALID_NAME);
    assert_opens_not(L"C:\\..\\..\\..\\etc\\passwd", GENERIC_READ, 0, OPEN_EXISTING,
                     ERROR_PATH_NOT_FOUND);
}

static void names_lose_dots_and_blanks_at_their_end(void **state)
{
    (void)state;
    win32_make_file(L"C:\\name. . ", "x");
    assert_true(PathFileExistsW(L"C:\\name"));
    assert_true(PathFileExistsW(L"\\\\?\\C:\\name"));
    assert_false(PathFileExistsW(L"\\\\?\\C:\\name."));
}

static void odd_utf16_is_a_name_like_any_other(void **state)
{
    static const WCHAR lone[] = { 'C', ':', '\\', 0xD800, 'x', 0 };
    static const WCHAR pair[] = { 'C', ':', '\\', 0xD83D, 0xDE00, 0 };
    WIN32_FIND_DATAW data;

    (void)state;
    win32_make_file(lone, "x");
    win32_make_file(pair, "y");
    HANDLE find = FindFirstFileW(lone, &data);
    assert_ptr_not_equal(find, INVALID_HANDLE_VALUE);
    assert_memory_equal(data.cFileName, lone + 3, 3 * sizeof(WCHAR));
    FindClose(find);
    find = FindFirstFileW(pair, &data);
    assert_ptr_not_equal(find, INVALID_HANDLE_VALUE);
    assert_memory_equal(data.cFileName, pair + 3, 3 * sizeof(WCHAR));
    FindClose(find);
}

static void too_long_names_are_refused(void **state)
{
    WCHAR name[400] = L"C:\\";

    (void)state;
    for (int i = 3; i < 259; i++)
        name[i] = 'a';
    assert_opens_not(name, GENERIC_WRITE, 0, CREATE_NEW, ERROR_INVALID_NAME); /* 256 units */
    name[100] = '\\';
    assert_opens_not(name, GENERIC_WRITE, 0, CREATE_NEW, ERROR_PATH_NOT_FOUND);
    name[259] = 'a';
    assert_opens_not(name, GENERIC_WRITE, 0, CREATE_NEW, ERROR_PATH_NOT_FOUND);
}

static void dispositions_do_what_their_names_say(void **state)
{
    LPCWSTR name = L"C:\\file";

    (void)state;
    assert_opens_not(name, GENERIC_WRITE, 0, TRUNCATE_EXISTING, ERROR_FILE_NOT_FOUND);
    HANDLE file = open_file(name, GENERIC_WRITE, 0, OPEN_ALWAYS);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    assert_error(ERROR_SUCCESS);
    CloseHandle(file);
    win32_make_file(name, "four");
    assert_opens_not(name, GENERIC_WRITE, 0, CREATE_NEW, ERROR_FILE_EXISTS);
    assert_opens_not(name, GENERIC_READ, 0, TRUNCATE_EXISTING, ERROR_INVALID_PARAMETER);
    assert_opens_not(name, GENERIC_READ, 0, 77, ERROR_INVALID_PARAMETER);
    file = open_file(name, GENERIC_READ, 0, OPEN_ALWAYS);
    assert_error(ERROR_ALREADY_EXISTS);
    assert_int_equal(GetFileSize(file, NULL), 4);
    CloseHandle(file);
    file = open_file(name, GENERIC_WRITE, 0, CREATE_ALWAYS);
    assert_error(ERROR_ALREADY_EXISTS);
    assert_int_equal(GetFileSize(file, NULL), 0);
    CloseHandle(file);
}

static void sharing_modes_exclude_each_other(void **state)
{
    LPCWSTR name = L"C:\\shared";

    (void)state;
    win32_make_file(name, "x");
    HANDLE reader = open_file(name, GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING);
    assert_opens_not(name, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, OPEN_EXISTING,
                     ERROR_SHARING_VIOLATION); /* the first does not share writing */
    assert_opens_not(name, GENERIC_READ, 0, OPEN_EXISTING,
                     ERROR_SHARING_VIOLATION); /* the second would not share reading */
    assert_opens_not(name, GENERIC_WRITE, FILE_SHARE_READ, CREATE_ALWAYS, ERROR_SHARING_VIOLATION);
    HANDLE second = open_file(L"C:\\SHARED", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING);
    assert_ptr_not_equal(second, INVALID_HANDLE_VALUE);
    assert_int_equal(GetFileSize(second, NULL), 1); /* the refused truncation changed nothing */
    HANDLE looker = open_file(name, FILE_READ_ATTRIBUTES, 0, OPEN_EXISTING);
    assert_ptr_not_equal(looker, INVALID_HANDLE_VALUE);
    assert_false(DeleteFileW(name));
    assert_error(ERROR_SHARING_VIOLATION);
    assert_false(MoveFileW(name, L"C:\\moved"));
    assert_error(ERROR_SHARING_VIOLATION);
    CloseHandle(looker);
    CloseHandle(reader);
    CloseHandle(second);
    assert_true(DeleteFileW(name));
}

static void positions_follow_reads_writes_and_seeks(void **state)
{
    char buffer[16] = "";
    LARGE_INTEGER to = { .QuadPart = -3 }, at;
    DWORD n;

    (void)state;
    win32_make_file(L"C:\\file", "0123456789");
    HANDLE file = open_file(L"C:\\file", GENERIC_READ | GENERIC_WRITE, 0, OPEN_EXISTING);
    assert_true(ReadFile(file, buffer, 4, &n, NULL));
    assert_true(ReadFile(file, buffer, 2, &n, NULL));
    assert_memory_equal(buffer, "45", 2);
    assert_true(SetFilePointerEx(file, to, &at, FILE_END));
    assert_int_equal(at.QuadPart, 7);
    assert_true(ReadFile(file, buffer, 16, &n, NULL));
    assert_int_equal(n, 3);
    assert_true(ReadFile(file, buffer, 16, &n, NULL));
    assert_int_equal(n, 0);
    assert_int_equal(SetFilePointer(file, -11, NULL, FILE_CURRENT), INVALID_SET_FILE_POINTER);
    assert_error(ERROR_NEGATIVE_SEEK);
    LONG high = 1;
    assert_int_equal(SetFilePointer(file, 5, &high, FILE_BEGIN), 5);
    assert_true(WriteFile(file, "z", 1, &n, NULL));
    assert_int_equal(GetFileSize(file, &n), 6);
    assert_int_equal(n, 1); /* beyond 4 GiB */
    SetFilePointer(file, 5, NULL, FILE_BEGIN);
    assert_true(SetEndOfFile(file));
    assert_int_equal(GetFileSize(file, &n), 5);
    CloseHandle(file);
}

static void handle_gives_only_the_access_it_was_opened_with(void **state)
{
    char c;
    DWORD n;

    (void)state;
    win32_make_file(L"C:\\file", "abc");
    HANDLE file = open_file(L"C:\\file", GENERIC_READ, 0, OPEN_EXISTING);
    assert_false(WriteFile(file, "x", 1, &n, NULL));
    assert_error(ERROR_ACCESS_DENIED);
    CloseHandle(file);
    file = open_file(L"C:\\file", FILE_APPEND_DATA, 0, OPEN_EXISTING);
    assert_false(ReadFile(file, &c, 1, &n, NULL));
    assert_error(ERROR_ACCESS_DENIED);
    assert_true(WriteFile(file, "d", 1, &n, NULL));
    assert_int_equal(GetFileSize(file, NULL), 4);
    CloseHandle(file);
}

static void directory_opens_only_for_backup(void **state)
{
    BY_HANDLE_FILE_INFORMATION info;

    (void)state;
    CreateDirectoryW(L"C:\\dir", NULL);
    assert_opens_not(L"C:\\dir", GENERIC_READ, 0, OPEN_EXISTING, ERROR_ACCESS_DENIED);
    HANDLE dir = CreateFileW(L"C:\\dir\\", GENERIC_READ, 0, NULL, OPEN_EXISTING,
                             FILE_FLAG_BACKUP_SEMANTICS, NULL);
    assert_ptr_not_equal(dir, INVALID_HANDLE_VALUE);
    assert_true(GetFileInformationByHandle(dir, &info));
    assert_int_equal(info.dwFileAttributes, FILE_ATTRIBUTE_DIRECTORY);
    CloseHandle(dir);
}

static void attributes_and_times_can_be_set_and_read(void **state)
{
    const DWORD all = FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
    const FILETIME time = { 0x12345678, 0x01D00000 };
    FILETIME write;

    (void)state;
    win32_make_file(L"C:\\file", "abc");
    assert_int_equal(GetFileAttributesW(L"C:\\file"), FILE_ATTRIBUTE_ARCHIVE);
    HANDLE file = open_file(L"C:\\file", GENERIC_WRITE, 0, OPEN_EXISTING);
    assert_true(SetFileTime(file, NULL, NULL, &time));
    assert_true(GetFileTime(file, NULL, NULL, &write));
    assert_memory_equal(&write, &time, sizeof(time));
    CloseHandle(file);
    assert_true(SetFileAttributesW(L"C:\\file", all));
    assert_int_equal(GetFileAttributesW(L"C:\\file"), all);
    assert_opens_not(L"C:\\file", GENERIC_WRITE, 0, OPEN_EXISTING, ERROR_ACCESS_DENIED);
    assert_false(DeleteFileW(L"C:\\file"));
    assert_error(ERROR_ACCESS_DENIED);
    assert_true(SetFileAttributesW(L"C:\\file", FILE_ATTRIBUTE_NORMAL));
    assert_int_equal(GetFileAttributesW(L"C:\\file"), FILE_ATTRIBUTE_NORMAL);
    DWORD n;
    file = open_file(L"C:\\file", GENERIC_WRITE, 0, OPEN_EXISTING);
    assert_true(WriteFile(file, "x", 1, &n, NULL)); /* a change asks for the next backup */
    CloseHandle(file);
    assert_int_equal(GetFileAttributesW(L"C:\\file"), FILE_ATTRIBUTE_ARCHIVE);
}

static void directories_are_made_and_removed(void **state)
{
    (void)state;
    assert_true(CreateDirectoryW(L"C:\\a", NULL));
    assert_false(CreateDirectoryW(L"C:\\A", NULL));
    assert_error(ERROR_ALREADY_EXISTS);
    assert_false(CreateDirectoryW(L"C:\\b\\c", NULL));
    assert_error(ERROR_PATH_NOT_FOUND);
    win32_make_file(L"C:\\a\\f", "");
    assert_false(RemoveDirectoryW(L"C:\\a"));
    assert_error(ERROR_DIR_NOT_EMPTY);
    assert_false(RemoveDirectoryW(L"C:\\a\\f"));
    assert_error(ERROR_DIRECTORY);
    assert_false(DeleteFileW(L"C:\\a"));
    assert_error(ERROR_ACCESS_DENIED);
    assert_true(DeleteFileW(L"C:\\a\\f"));
    assert_true(RemoveDirectoryW(L"C:\\a\\"));
    assert_false(RemoveDirectoryW(L"C:\\a"));
    assert_error(ERROR_FILE_NOT_FOUND);
}

static void files_are_moved_and_copied(void **state)
{
    (void)state;
    win32_make_file(L"C:\\a", "of a");
    win32_make_file(L"C:\\b", "b");
    assert_false(MoveFileW(L"C:\\a", L"C:\\b"));
    assert_error(ERROR_ALREADY_EXISTS);
    assert_false(MoveFileExW(L"C:\\a", L"D:\\a", 0));
    assert_error(ERROR_NOT_SAME_DEVICE);
    assert_true(MoveFileExW(L"C:\\a", L"C:\\B", MOVEFILE_REPLACE_EXISTING));
    assert_false(PathFileExistsW(L"C:\\a"));
    assert_true(MoveFileW(L"C:\\b", L"D:\\Moved"));
    assert_false(PathFileExistsW(L"C:\\b"));
    assert_true(CopyFileW(L"D:\\moved", L"C:\\copy", TRUE));
    assert_false(CopyFileW(L"D:\\moved", L"C:\\copy", TRUE));
    assert_error(ERROR_FILE_EXISTS);
    WIN32_FILE_ATTRIBUTE_DATA data;
    assert_true(GetFileAttributesExW(L"C:\\copy", GetFileExInfoStandard, &data));
    assert_int_equal(data.nFileSizeLow, 4);
}

static void renaming_may_change_the_case_alone(void **state)
{
    WCHAR name[16];

    (void)state;
    win32_make_file(L"C:\\name", "");
    assert_true(MoveFileW(L"C:\\name", L"C:\\NAME"));
    GetLongPathNameW(L"C:\\name", name, 16);
    assert_memory_equal(name, L"C:\\NAME", 8 * sizeof(WCHAR));
}

static void deletes_on_close(void **state)
{
    (void)state;
    HANDLE file = CreateFileW(L"C:\\temp", GENERIC_WRITE, 0, NULL, CREATE_NEW,
                              FILE_FLAG_DELETE_ON_CLOSE, NULL);
    assert_true(PathFileExistsW(L"C:\\temp"));
    CloseHandle(file);
    assert_false(PathFileExistsW(L"C:\\temp"));
}

static void done(struct volume_done *self, int error)
{
    (void)self;
    check_equal(error, 0);
}

/* What the service does at its point in time. */
static void make_snapshot(struct volume *v)
{
    struct volume_done nothing = { done };

    sched_enter(win32_world->ports.sched);
    v->ops->hold(v, &nothing);
    v->ops->commit(v, 1, &nothing);
    v->ops->release(v, &nothing);
    sched_leave(win32_world->ports.sched);
}

static const char *opened_path;
static unsigned opened_view;
static uint32_t opened_access;
static int n_opened;

static void note_opened(struct world_ports *world, const struct volume *volume, unsigned view,
                        const char *path, uint32_t access)
{
    static char last[64];

    (void)world;
    (void)volume;
    strncpy(last, path, sizeof(last) - 1);
    opened_path = last;
    opened_view = view;
    opened_access = access;
    n_opened++;
}

static void who_watches_hears_of_what_is_opened(void **state)
{
    (void)state;
    win32_make_file(L"C:\\File", "abc");
    make_snapshot(win32_world->ports.volumes[0]);
    win32_world->ports.file_opened = note_opened;
    CloseHandle(open_file(L"C:\\FILE", GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING));
    assert_string_equal(opened_path, "File");
    assert_int_equal(opened_view, VOLUME_ORIGIN);
    assert_true(opened_access & FILE_READ_DATA);
    assert_true(
        CopyFileW(L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1\\file", L"D:\\f", FALSE));
    assert_int_equal(n_opened, 3);
    assert_string_equal(opened_path, "f");
    assert_true(opened_access & FILE_WRITE_DATA);
    assert_opens_not(L"C:\\none", GENERIC_READ, 0, OPEN_EXISTING, ERROR_FILE_NOT_FOUND);
    assert_int_equal(n_opened, 3);
}

static DWORD CALLBACK stop_after_first(LARGE_INTEGER size, LARGE_INTEGER done_so_far,
                                       LARGE_INTEGER stream_size, LARGE_INTEGER stream_done,
                                       DWORD stream, DWORD reason, HANDLE from, HANDLE to,
                                       LPVOID argument)
{
    (void)size, (void)done_so_far, (void)stream_size, (void)stream_done, (void)stream;
    (void)from, (void)to;
    return reason == CALLBACK_CHUNK_FINISHED ? *(DWORD *)argument : PROGRESS_CONTINUE;
}

static void copy_can_be_cancelled_or_stopped(void **state)
{
    DWORD wish = PROGRESS_CANCEL;

    (void)state;
    win32_make_file(L"C:\\file", "abc");
    assert_false(CopyFileExW(L"C:\\file", L"C:\\copy", stop_after_first, &wish, NULL, 0));
    assert_error(ERROR_REQUEST_ABORTED);
    assert_false(PathFileExistsW(L"C:\\copy"));
    wish = PROGRESS_STOP; /* what is there stays */
    assert_false(CopyFileExW(L"C:\\file", L"C:\\copy", stop_after_first, &wish, NULL, 0));
    assert_error(ERROR_REQUEST_ABORTED);
    assert_true(PathFileExistsW(L"C:\\copy"));
    wish = PROGRESS_QUIET;
    assert_true(CopyFileExW(L"C:\\file", L"C:\\copy", stop_after_first, &wish, NULL, 0));
}

static void names_of_devices_are_reserved(void **state)
{
    (void)state;
    assert_opens_not(L"C:\\aux", GENERIC_WRITE, 0, CREATE_NEW, ERROR_FILE_NOT_FOUND);
    assert_opens_not(L"C:\\Com1.txt", GENERIC_WRITE, 0, CREATE_NEW, ERROR_FILE_NOT_FOUND);
    assert_false(CreateDirectoryW(L"C:\\lpt9", NULL));
    assert_error(ERROR_DIRECTORY);
    win32_make_file(L"C:\\nul.log", "goes nowhere");
    win32_make_file(L"C:\\com", "a name like any other");
    win32_make_file(L"C:\\com10", "this one too");
    win32_make_file(L"\\\\?\\C:\\aux", "nothing is interpreted here");
    assert_true(PathFileExistsW(L"\\\\?\\C:\\aux"));
    assert_false(PathFileExistsW(L"\\\\?\\C:\\nul.log"));
}

static void snapshot_can_be_read_and_not_changed(void **state)
{
    static const WCHAR device[] =
        L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1\\dir\\file";
    char buffer[8] = "";
    DWORD n;

    (void)state;
    CreateDirectoryW(L"C:\\Dir", NULL);
    win32_make_file(L"C:\\Dir\\File", "before");
    make_snapshot(win32_world->ports.volumes[0]);
    win32_make_file(L"C:\\Dir\\File", "after");
    HANDLE file = open_file(device, GENERIC_READ, FILE_SHARE_READ, OPEN_EXISTING);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    assert_true(ReadFile(file, buffer, 6, &n, NULL));
    assert_memory_equal(buffer, "before", 6);
    CloseHandle(file);
    assert_opens_not(device, GENERIC_WRITE, 0, OPEN_EXISTING, ERROR_WRITE_PROTECT);
    assert_false(DeleteFileW(device));
    assert_error(ERROR_WRITE_PROTECT);
    assert_true(CopyFileW(device, L"C:\\restored", TRUE));
    assert_opens_not(L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy2\\x", GENERIC_READ, 0,
                     OPEN_EXISTING, ERROR_PATH_NOT_FOUND);
    assert_opens_not(L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy2", GENERIC_READ, 0,
                     OPEN_EXISTING, ERROR_FILE_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        win32_test(names_are_found_in_any_case_and_keep_theirs),
        win32_test(missing_parts_of_a_path_have_different_errors),
        win32_test(no_path_climbs_out_of_its_volume),
        win32_test(names_lose_dots_and_blanks_at_their_end),
        win32_test(odd_utf16_is_a_name_like_any_other),
        win32_test(too_long_names_are_refused),
        win32_test(dispositions_do_what_their_names_say),
        win32_test(sharing_modes_exclude_each_other),
        win32_test(positions_follow_reads_writes_and_seeks),
        win32_test(handle_gives_only_the_access_it_was_opened_with),
        win32_test(directory_opens_only_for_backup),
        win32_test(attributes_and_times_can_be_set_and_read),
        win32_test(directories_are_made_and_removed),
        win32_test(files_are_moved_and_copied),
        win32_test(renaming_may_change_the_case_alone),
        win32_test(deletes_on_close),
        win32_test(snapshot_can_be_read_and_not_changed),
        win32_test(who_watches_hears_of_what_is_opened),
        win32_test(copy_can_be_cancelled_or_stopped),
        win32_test(names_of_devices_are_reserved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Handles of one file beside each other: sharing modes both ways, deletion and renaming while it is
 * open, locks on bytes. Learn: "Creating and Opening Files", "DeleteFileW", "LockFileEx". */
#include "tests/support/cmocka_vss.h"

#include "tests/support/win32_world.h"

#include <shlwapi.h>
#include <string.h>

#define R   FILE_SHARE_READ
#define W   FILE_SHARE_WRITE
#define D   FILE_SHARE_DELETE
#define RW  (R | W)
#define RWD (R | W | D)

static HANDLE open_file(LPCWSTR name, DWORD access, DWORD share)
{
    return CreateFileW(name, access, share, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

static HANDLE open_well(LPCWSTR name, DWORD access, DWORD share)
{
    HANDLE file = open_file(name, access, share);

    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    return file;
}

#define assert_opens_not(name, access, share, error)                            \
    do {                                                                        \
        assert_ptr_equal(open_file(name, access, share), INVALID_HANDLE_VALUE); \
        assert_error(error);                                                    \
    } while (0)

/* The second handle gets the file when the first shares what it wants and it shares what the first
 * has. Rows of Learn's table in "Creating and Opening Files", and deleting beside them. */
static void pairs_of_handles_agree_or_not(void **state)
{
    static const struct {
        DWORD first_access, first_share, second_access, second_share;
        BOOL agree;
    } rows[] = {
        { GENERIC_READ, 0, GENERIC_READ, RWD, FALSE },
        { GENERIC_READ, R, GENERIC_READ, R, TRUE },
        { GENERIC_READ, R, GENERIC_READ, RW, TRUE },
        { GENERIC_READ, R, GENERIC_WRITE, R, FALSE },
        { GENERIC_READ, RW, GENERIC_READ, R, TRUE },
        { GENERIC_READ, W, GENERIC_WRITE, R, TRUE },
        { GENERIC_READ, RW, GENERIC_WRITE, R, TRUE },
        { GENERIC_READ, W, GENERIC_WRITE, W, FALSE },
        { GENERIC_READ, RW, GENERIC_READ | GENERIC_WRITE, RW, TRUE },
        { GENERIC_WRITE, R, GENERIC_READ, R, FALSE },
        { GENERIC_WRITE, R, GENERIC_READ, W, TRUE },
        { GENERIC_WRITE, R, GENERIC_READ, RW, TRUE },
        { GENERIC_WRITE, W, GENERIC_WRITE, W, TRUE },
        { GENERIC_READ | GENERIC_WRITE, RW, GENERIC_READ, RW, TRUE },
        { GENERIC_READ | GENERIC_WRITE, R, GENERIC_READ, R, FALSE },
        { GENERIC_READ, RW, DELETE, RWD, FALSE },
        { GENERIC_READ, D, DELETE, R, TRUE },
        { DELETE, RWD, GENERIC_READ, RW, FALSE },
        { DELETE, RWD, GENERIC_READ, RWD, TRUE },
        { GENERIC_EXECUTE, 0, GENERIC_READ, RWD, FALSE },
        { FILE_READ_ATTRIBUTES, 0, GENERIC_ALL, 0, TRUE },
        { GENERIC_ALL, 0, FILE_READ_ATTRIBUTES | SYNCHRONIZE, 0, TRUE },
        { FILE_APPEND_DATA, R, GENERIC_READ, R, FALSE },
    };

    (void)state;
    win32_make_file(L"C:\\f", "x");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        HANDLE first = open_well(L"C:\\f", rows[i].first_access, rows[i].first_share);
        HANDLE second = open_file(L"C:\\F", rows[i].second_access, rows[i].second_share);
        if ((second != INVALID_HANDLE_VALUE) != rows[i].agree)
            fail_msg("row %zu: %s", i, rows[i].agree ? "refused" : "opened");
        if (second == INVALID_HANDLE_VALUE)
            assert_error(ERROR_SHARING_VIOLATION);
        else
            CloseHandle(second);
        CloseHandle(first);
    }
}

static void unknown_sharing_is_refused(void **state)
{
    (void)state;
    win32_make_file(L"C:\\f", "x");
    assert_opens_not(L"C:\\f", GENERIC_READ, 8, ERROR_INVALID_PARAMETER);
}

static void file_in_use_is_deleted_when_its_last_handle_closes(void **state)
{
    char text[4] = "";
    DWORD n;

    (void)state;
    win32_make_file(L"C:\\f", "abc");
    HANDLE first = open_well(L"C:\\f", GENERIC_READ, RWD);
    HANDLE second = open_well(L"C:\\f", FILE_READ_ATTRIBUTES, 0);
    assert_true(DeleteFileW(L"C:\\f"));
    assert_opens_not(L"C:\\f", GENERIC_READ, RWD, ERROR_ACCESS_DENIED);
    assert_int_equal(GetFileAttributesW(L"C:\\f"), INVALID_FILE_ATTRIBUTES);
    assert_error(ERROR_ACCESS_DENIED);
    assert_false(DeleteFileW(L"C:\\f"));
    assert_error(ERROR_ACCESS_DENIED);
    assert_true(ReadFile(first, text, 3, &n, NULL));
    assert_memory_equal(text, "abc", 3);
    CloseHandle(first);
    assert_opens_not(L"C:\\f", GENERIC_READ, RWD, ERROR_ACCESS_DENIED);
    CloseHandle(second);
    assert_opens_not(L"C:\\f", GENERIC_READ, RWD, ERROR_FILE_NOT_FOUND);
}

static void file_that_is_not_shared_for_deleting_stays(void **state)
{
    (void)state;
    win32_make_file(L"C:\\f", "abc");
    HANDLE file = open_well(L"C:\\f", GENERIC_READ, RW);
    assert_false(DeleteFileW(L"C:\\f"));
    assert_error(ERROR_SHARING_VIOLATION);
    assert_false(MoveFileW(L"C:\\f", L"C:\\g"));
    assert_error(ERROR_SHARING_VIOLATION);
    CloseHandle(file);
    assert_true(DeleteFileW(L"C:\\f"));
}

static void delete_on_close_waits_for_the_others(void **state)
{
    (void)state;
    win32_make_file(L"C:\\f", "abc");
    HANDLE other = open_well(L"C:\\f", GENERIC_READ, RWD);
    HANDLE file = CreateFileW(L"C:\\f", GENERIC_READ, RWD, NULL, OPEN_EXISTING,
                              FILE_FLAG_DELETE_ON_CLOSE, NULL);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    assert_opens_not(L"C:\\f", GENERIC_READ, RW, ERROR_SHARING_VIOLATION);
    CloseHandle(file);
    assert_opens_not(L"C:\\f", GENERIC_READ, RWD, ERROR_ACCESS_DENIED);
    CloseHandle(other);
    assert_false(PathFileExistsW(L"C:\\f"));
    win32_make_file(L"C:\\ro", "");
    SetFileAttributesW(L"C:\\ro", FILE_ATTRIBUTE_READONLY);
    assert_ptr_equal(CreateFileW(L"C:\\ro", GENERIC_READ, RWD, NULL, OPEN_EXISTING,
                                 FILE_FLAG_DELETE_ON_CLOSE, NULL),
                     INVALID_HANDLE_VALUE);
    assert_error(ERROR_ACCESS_DENIED);
}

static void open_file_is_renamed_and_its_handle_follows(void **state)
{
    WCHAR name[64];
    const FILETIME time = { 0x12345678, 0x01D00000 };
    WIN32_FILE_ATTRIBUTE_DATA data;

    (void)state;
    CreateDirectoryW(L"C:\\d", NULL);
    win32_make_file(L"C:\\f", "abc");
    HANDLE file = open_well(L"C:\\f", GENERIC_READ | FILE_WRITE_ATTRIBUTES, RWD);
    assert_true(MoveFileW(L"C:\\f", L"C:\\d\\g"));
    assert_int_equal(GetFinalPathNameByHandleW(file, name, 64, 0), 10);
    assert_memory_equal(name, L"\\\\?\\C:\\d\\g", 11 * sizeof(WCHAR));
    assert_true(SetFileTime(file, NULL, NULL, &time));
    assert_true(GetFileAttributesExW(L"C:\\d\\g", GetFileExInfoStandard, &data));
    assert_memory_equal(&data.ftLastWriteTime, &time, sizeof(time));
    assert_false(MoveFileW(L"C:\\d", L"C:\\e")); /* a file in it is open */
    assert_error(ERROR_ACCESS_DENIED);
    CloseHandle(file);
    assert_true(MoveFileW(L"C:\\d", L"C:\\e"));
}

static void target_in_use_is_not_replaced(void **state)
{
    (void)state;
    win32_make_file(L"C:\\a", "a");
    win32_make_file(L"C:\\b", "b");
    HANDLE file = open_well(L"C:\\b", GENERIC_READ, RWD);
    assert_false(MoveFileExW(L"C:\\a", L"C:\\b", MOVEFILE_REPLACE_EXISTING));
    assert_error(ERROR_ACCESS_DENIED);
    assert_false(CopyFileW(L"C:\\a", L"C:\\b", FALSE));
    assert_error(ERROR_SHARING_VIOLATION);
    CloseHandle(file);
    assert_true(MoveFileExW(L"C:\\a", L"C:\\b", MOVEFILE_REPLACE_EXISTING));
}

static void open_directory_goes_when_it_is_closed(void **state)
{
    (void)state;
    CreateDirectoryW(L"C:\\d", NULL);
    HANDLE dir = open_well(L"C:\\d", GENERIC_READ, RW);
    assert_false(RemoveDirectoryW(L"C:\\d"));
    assert_error(ERROR_SHARING_VIOLATION);
    CloseHandle(dir);
    dir = open_well(L"C:\\d", GENERIC_READ, RWD);
    assert_true(RemoveDirectoryW(L"C:\\d"));
    assert_false(CreateDirectoryW(L"C:\\d", NULL));
    CloseHandle(dir);
    assert_true(CreateDirectoryW(L"C:\\d", NULL));
}

static void locked_bytes_keep_others_out(void **state)
{
    char c;
    DWORD n;

    (void)state;
    win32_make_file(L"C:\\f", "0123456789");
    HANDLE owner = open_well(L"C:\\f", GENERIC_READ | GENERIC_WRITE, RW);
    HANDLE other = open_well(L"C:\\f", GENERIC_READ | GENERIC_WRITE, RW);
    assert_true(LockFile(owner, 2, 0, 3, 0));
    assert_true(ReadFile(other, &c, 1, &n, NULL));
    SetFilePointer(other, 4, NULL, FILE_BEGIN);
    assert_false(ReadFile(other, &c, 1, &n, NULL));
    assert_error(ERROR_LOCK_VIOLATION);
    assert_false(WriteFile(other, "x", 1, &n, NULL));
    assert_error(ERROR_LOCK_VIOLATION);
    assert_false(CopyFileW(L"C:\\f", L"C:\\g", TRUE));
    assert_error(ERROR_LOCK_VIOLATION);
    assert_false(PathFileExistsW(L"C:\\g")); /* no half of a copy stays */
    SetFilePointer(owner, 4, NULL, FILE_BEGIN);
    assert_true(WriteFile(owner, "x", 1, &n, NULL));
    assert_false(LockFile(other, 0, 0, 3, 0));
    assert_error(ERROR_LOCK_VIOLATION);
    assert_true(LockFile(other, 5, 0, 1, 0));
    assert_false(UnlockFile(owner, 2, 0, 2, 0));
    assert_error(ERROR_NOT_LOCKED);
    assert_true(UnlockFile(owner, 2, 0, 3, 0));
    assert_true(LockFile(owner, 2, 0, 3, 0));
    CloseHandle(owner); /* gives its locks back */
    assert_true(LockFile(other, 0, 0, 5, 0));
    CloseHandle(other);
}

static void shared_lock_lets_everybody_read_and_nobody_write(void **state)
{
    OVERLAPPED at = { .OffsetHigh = 1 };
    char c;
    DWORD n;

    (void)state;
    win32_make_file(L"C:\\f", "x");
    HANDLE first = open_well(L"C:\\f", GENERIC_READ | GENERIC_WRITE, RW);
    HANDLE second = open_well(L"C:\\f", GENERIC_READ | GENERIC_WRITE, RW);
    assert_true(LockFileEx(first, 0, 0, 16, 0, &at)); /* behind 4 GiB */
    assert_true(LockFileEx(second, LOCKFILE_FAIL_IMMEDIATELY, 0, 16, 0, &at));
    assert_false(
        LockFileEx(second, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at));
    assert_error(ERROR_LOCK_VIOLATION);
    assert_false(WriteFile(first, "x", 1, &n, &at));
    assert_error(ERROR_LOCK_VIOLATION);
    assert_true(ReadFile(second, &c, 1, &n, NULL));
    assert_false(ReadFile(second, &c, 1, &n, &at));
    assert_error(ERROR_HANDLE_EOF);
    assert_true(UnlockFileEx(second, 0, 16, 0, &at));
    assert_true(UnlockFileEx(first, 0, 16, 0, &at));
    assert_true(WriteFile(first, "x", 1, &n, &at));
    CloseHandle(first);
    CloseHandle(second);
}

static DWORD WINAPI unlock_later(void *handle)
{
    Sleep(1000);
    return !UnlockFile((HANDLE)handle, 0, 0, 1, 0);
}

static void lock_waits_for_the_one_before(void **state)
{
    OVERLAPPED at = { 0 };

    (void)state;
    win32_make_file(L"C:\\f", "x");
    HANDLE first = open_well(L"C:\\f", GENERIC_READ, RW);
    HANDLE second = open_well(L"C:\\f", GENERIC_READ, RW);
    assert_true(LockFile(first, 0, 0, 1, 0));
    HANDLE thread = CreateThread(NULL, 0, unlock_later, first, 0, NULL);
    assert_true(LockFileEx(second, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &at));
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(first);
    CloseHandle(second);
}

static void duplicate_keeps_the_file_open(void **state)
{
    HANDLE copy;
    DWORD n;

    (void)state;
    win32_make_file(L"C:\\f", "x");
    HANDLE file = open_well(L"C:\\f", GENERIC_READ | GENERIC_WRITE, 0);
    assert_true(DuplicateHandle(GetCurrentProcess(), file, GetCurrentProcess(), &copy,
                                FILE_GENERIC_READ, FALSE, 0));
    CloseHandle(file);
    assert_opens_not(L"C:\\f", GENERIC_READ, RWD, ERROR_SHARING_VIOLATION);
    assert_false(WriteFile(copy, "y", 1, &n, NULL)); /* it was given less */
    assert_error(ERROR_ACCESS_DENIED);
    CloseHandle(copy);
    CloseHandle(open_well(L"C:\\f", GENERIC_READ, 0));
}

/* Ten thousand handles of one file: none looks at all the others. */
static void many_handles_are_no_burden(void **state)
{
    enum { MANY = 10000 };
    static HANDLE handles[MANY];

    (void)state;
    win32_make_file(L"C:\\f", "x");
    for (int i = 0; i < MANY; i++)
        handles[i] = open_well(L"C:\\f", GENERIC_READ, R);
    assert_opens_not(L"C:\\f", GENERIC_WRITE, RWD, ERROR_SHARING_VIOLATION);
    for (int i = 0; i < MANY; i++)
        CloseHandle(handles[i]);
    CloseHandle(open_well(L"C:\\f", GENERIC_WRITE, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        win32_test(pairs_of_handles_agree_or_not),
        win32_test(unknown_sharing_is_refused),
        win32_test(file_in_use_is_deleted_when_its_last_handle_closes),
        win32_test(file_that_is_not_shared_for_deleting_stays),
        win32_test(delete_on_close_waits_for_the_others),
        win32_test(open_file_is_renamed_and_its_handle_follows),
        win32_test(target_in_use_is_not_replaced),
        win32_test(open_directory_goes_when_it_is_closed),
        win32_test(locked_bytes_keep_others_out),
        win32_test(shared_lock_lets_everybody_read_and_nobody_write),
        win32_test(lock_waits_for_the_one_before),
        win32_test(duplicate_keeps_the_file_open),
        win32_test(many_handles_are_no_burden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Snapshots under names of their own, as Windows code sees them: a drive, a mounted folder, a
 * share. Learn: "Exposing and Surfacing Shadow Copied Volumes". */
#include "tests/support/cmocka_vss.h"

#include "tests/support/win32_world.h"

#include "emu/port/exposure.h"
#include "emu/port/volume.h"

#include <string.h>

static struct exposure exposure;

static void done(struct volume_done *done, int error)
{
    (void)done;
    assert_int_equal(error, 0);
}

/* Snapshot 1 of C: has "old" in C:\docs\file, the volume itself "new". */
static int setup(void **state)
{
    struct volume_done answer = { done };

    win32_world_setup(state);
    struct volume *c = win32_world->ports.volumes[0];

    assert_true(CreateDirectoryW(L"C:\\docs", NULL));
    win32_make_file(L"C:\\docs\\file", "old");
    c->ops->commit(c, 1, &answer);
    win32_make_file(L"C:\\docs\\file", "new");
    exposure = (struct exposure){ .volume = c, .view = 1, .root = "" };
    return 0;
}

static int teardown(void **state)
{
    exposures_remove(&win32_world->ports.exposures, &exposure);
    return win32_world_teardown(state);
}

static void assert_reads(LPCWSTR name, const char *expected)
{
    char text[16] = { 0 };
    DWORD n = 0;
    HANDLE file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    assert_true(ReadFile(file, text, sizeof(text) - 1, &n, NULL));
    assert_true(CloseHandle(file));
    assert_string_equal(text, expected);
}

static void assert_is_missing(LPCWSTR name, DWORD error)
{
    assert_ptr_equal(CreateFileW(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL),
                     INVALID_HANDLE_VALUE);
    assert_error(error);
}

static void drive_shows_the_snapshot_and_cannot_be_written(void **state)
{
    (void)state;
    exposure.letter = 'X';
    exposures_add(&win32_world->ports.exposures, &exposure);
    assert_reads(L"x:\\DOCS\\file", "old");
    assert_reads(L"\\\\?\\X:\\docs\\file", "old");
    assert_reads(L"C:\\docs\\file", "new");
    assert_true(GetLogicalDrives() & 1u << ('X' - 'A'));
    assert_int_equal(GetDriveTypeW(L"X:\\"), DRIVE_FIXED);
    assert_ptr_equal(CreateFileW(L"X:\\docs\\file", GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL),
                     INVALID_HANDLE_VALUE);
    assert_error(ERROR_WRITE_PROTECT);
    exposures_remove(&win32_world->ports.exposures, &exposure);
    assert_is_missing(L"X:\\docs\\file", ERROR_PATH_NOT_FOUND);
    assert_false(GetLogicalDrives() & 1u << ('X' - 'A'));
}

static void folder_leads_into_the_snapshot(void **state)
{
    WCHAR root[64];

    (void)state;
    assert_true(CreateDirectoryW(L"D:\\mnt", NULL));
    assert_true(CreateDirectoryW(L"D:\\mnt\\copy", NULL));
    exposure.host = win32_world->ports.volumes[1];
    exposure.folder = "mnt/copy";
    exposures_add(&win32_world->ports.exposures, &exposure);
    assert_reads(L"D:\\MNT\\Copy\\docs\\file", "old");
    assert_true(GetVolumePathNameW(L"D:\\mnt\\copy\\docs\\file", root, 64));
    assert_memory_equal(root, L"D:\\mnt\\copy\\", sizeof(L"D:\\mnt\\copy\\"));
    win32_make_file(L"D:\\mnt\\copy2", "beside");
    assert_reads(L"D:\\mnt\\copy2", "beside");
    exposures_remove(&win32_world->ports.exposures, &exposure);
    assert_is_missing(L"D:\\mnt\\copy\\docs\\file", ERROR_PATH_NOT_FOUND);
}

static void share_begins_where_it_was_made(void **state)
{
    WCHAR name[64];

    (void)state;
    exposure.share = "backup$";
    exposure.root = "docs";
    exposures_add(&win32_world->ports.exposures, &exposure);
    assert_reads(L"\\\\VSSEMU\\Backup$\\FILE", "old");
    assert_reads(L"\\\\localhost\\backup$\\..\\..\\file", "old");
    assert_reads(L"\\\\?\\UNC\\VSSEMU\\backup$\\file", "old");
    assert_int_equal(GetLongPathNameW(L"\\\\VSSEMU\\backup$\\FILE", name, 64), 21);
    assert_memory_equal(name, L"\\\\VSSEMU\\backup$\\file", 22 * sizeof(WCHAR));
    assert_is_missing(L"\\\\VSSEMU\\none\\file", ERROR_BAD_NET_NAME);
    assert_is_missing(L"\\\\OTHER\\backup$\\file", ERROR_BAD_NETPATH);
}

/* Learn: "DefineDosDeviceW": SUBST makes letters so, providers the devices of their copies. */
static void directory_gets_a_letter_and_a_device(void **state)
{
    (void)state;
    assert_true(DefineDosDeviceW(0, L"Q:", L"C:\\docs"));
    assert_true(DefineDosDeviceW(0, L"OwnDevice7", L"C:\\docs"));
    assert_reads(L"Q:\\file", "new");
    assert_reads(L"q:\\FILE", "new");
    assert_reads(L"\\\\?\\Q:\\file", "new");
    assert_reads(L"\\\\?\\OwnDevice7\\file", "new");
    assert_reads(L"\\\\.\\OWNdevice7\\file", "new");
    assert_reads(L"\\\\?\\GLOBALROOT\\GLOBAL??\\OwnDevice7\\file", "new");
    assert_reads(L"\\\\?\\GLOBALROOT\\Device\\OwnDevice7\\file", "new");
    assert_is_missing(L"Q:\\..\\docs\\file", ERROR_PATH_NOT_FOUND); /* no way out */
    assert_true(CreateDirectoryW(L"Q:\\below", NULL));
    assert_int_not_equal(GetFileAttributesW(L"C:\\docs\\below"), INVALID_FILE_ATTRIBUTES);
    assert_true(MoveFileW(L"Q:\\file", L"Q:\\below\\moved"));
    assert_reads(L"C:\\docs\\below\\moved", "new");
    assert_true(DefineDosDeviceW(DDD_REMOVE_DEFINITION, L"Q:", NULL));
    assert_true(DefineDosDeviceW(DDD_REMOVE_DEFINITION, L"owndevice7", NULL));
    assert_is_missing(L"Q:\\below\\moved", ERROR_PATH_NOT_FOUND);
    assert_is_missing(L"\\\\?\\OwnDevice7\\below\\moved", ERROR_FILE_NOT_FOUND);
}

static void what_gets_no_name(void **state)
{
    (void)state;
    assert_true(DefineDosDeviceW(0, L"Q:", L"C:\\none")); /* which may come later */
    assert_is_missing(L"Q:\\file", ERROR_PATH_NOT_FOUND);
    assert_true(DefineDosDeviceW(DDD_REMOVE_DEFINITION, L"Q:", NULL));
    assert_false(DefineDosDeviceW(0, L"Q:", L"Y:\\docs"));
    assert_error(ERROR_PATH_NOT_FOUND);
    assert_false(DefineDosDeviceW(0, L"a\\b", L"C:\\docs"));
    assert_error(ERROR_INVALID_PARAMETER);
    assert_false(DefineDosDeviceW(0, NULL, L"C:\\docs"));
    assert_error(ERROR_INVALID_PARAMETER);
    assert_false(DefineDosDeviceW(DDD_REMOVE_DEFINITION, L"NoSuchDevice", NULL));
    assert_error(ERROR_FILE_NOT_FOUND);
}

int main(void)
{
#define EXPOSED_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        EXPOSED_TEST(drive_shows_the_snapshot_and_cannot_be_written),
        EXPOSED_TEST(folder_leads_into_the_snapshot),
        EXPOSED_TEST(share_begins_where_it_was_made),
        EXPOSED_TEST(directory_gets_a_letter_and_a_device),
        EXPOSED_TEST(what_gets_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

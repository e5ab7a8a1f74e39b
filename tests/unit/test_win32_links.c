/* SPDX-License-Identifier: MIT */
/* Symbolic links of Linux that lie in the directory of a volume, as Windows code sees them
 * (docs/files.md, "Links"). */
#include "tests/support/cmocka_vss.h"

#include "tests/support/win32_world.h"

#include "emu/base/str.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <winioctl.h>

static char directory[] = "/tmp/vssemu-links-XXXXXX";

static void link_to(const char *target, const char *name)
{
    char *path = str_printf("%s/%s", directory, name);

    assert_int_equal(symlink(target, path), 0);
    free(path);
}

static int setup(void **state)
{
    const struct world_options options = { .is_virtual = true, .seed = 1, .trace_fd = -1 };

    (void)state;
    strcpy(strrchr(directory, '-'), "-XXXXXX");
    assert_non_null(mkdtemp(directory));
    char *folder = str_printf("%s/Dir", directory);
    assert_int_equal(mkdir(folder, 0755), 0);
    free(folder);
    link_to("Dir/file", "to-file");
    link_to("Dir", "to-dir");
    link_to("../Dir/file", "Dir/up");
    link_to("../outside", "out");
    link_to("/etc/passwd", "absolute");
    link_to("nothing", "dangling");
    win32_world = world_new(&options);
    assert_int_equal(world_add_volume(win32_world, 'C', directory, NULL), 0);
    world_use(win32_world);
    win32_make_file(L"C:\\Dir\\file", "text");
    return 0;
}

static int teardown(void **state)
{
    char *command = str_printf("rm -rf '%s'", directory);

    win32_world_teardown(state);
    int result = system(command);
    free(command);
    return result;
}

static DWORD open_error(LPCWSTR name)
{
    HANDLE file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING,
                              FILE_FLAG_BACKUP_SEMANTICS, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return GetLastError();
    assert_true(CloseHandle(file));
    return ERROR_SUCCESS;
}

static DWORD attributes(LPCWSTR name)
{
    return GetFileAttributesW(name) & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY);
}

static void link_is_followed_while_it_stays_on_the_volume(void **state)
{
    (void)state;
    assert_int_equal(open_error(L"C:\\to-file"), ERROR_SUCCESS);
    assert_int_equal(open_error(L"C:\\TO-FILE"), ERROR_SUCCESS);
    assert_int_equal(open_error(L"C:\\to-dir\\file"), ERROR_SUCCESS);
    assert_int_equal(open_error(L"C:\\to-dir"), ERROR_SUCCESS);
    assert_int_equal(open_error(L"C:\\To-Dir\\FILE"), ERROR_SUCCESS);
    assert_int_equal(open_error(L"C:\\to-dir\\up"), ERROR_SUCCESS);
    assert_int_equal(open_error(L"C:\\out"), ERROR_PATH_NOT_FOUND);
    assert_int_equal(open_error(L"C:\\absolute"), ERROR_PATH_NOT_FOUND);
    assert_int_equal(open_error(L"C:\\dangling"), ERROR_FILE_NOT_FOUND);
}

static void link_is_a_symbolic_link_of_what_its_target_is(void **state)
{
    const DWORD link = FILE_ATTRIBUTE_REPARSE_POINT;
    WIN32_FIND_DATAW data;

    (void)state;
    assert_int_equal(attributes(L"C:\\to-file"), link);
    assert_int_equal(attributes(L"C:\\to-dir"), link | FILE_ATTRIBUTE_DIRECTORY);
    assert_int_equal(attributes(L"C:\\absolute"), link);
    assert_int_equal(attributes(L"C:\\Dir"), FILE_ATTRIBUTE_DIRECTORY);
    HANDLE search = FindFirstFileW(L"C:\\to-d*", &data);
    assert_ptr_not_equal(search, INVALID_HANDLE_VALUE);
    assert_int_equal(data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT, link);
    assert_int_equal(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_DIRECTORY);
    assert_int_equal(data.dwReserved0, IO_REPARSE_TAG_SYMLINK);
    assert_int_equal(data.nFileSizeLow, 0);
    assert_true(FindClose(search));
}

static void its_data_are_those_of_a_relative_link(void **state)
{
    const WCHAR target[] = L"Dir\\file";
    char data[256];
    DWORD n = 0, flags;
    WORD lengths[4];
    HANDLE link = CreateFileW(L"C:\\to-file", 0, FILE_SHARE_READ, NULL, OPEN_EXISTING,
                              FILE_FLAG_OPEN_REPARSE_POINT, NULL);

    (void)state;
    assert_ptr_not_equal(link, INVALID_HANDLE_VALUE);
    assert_true(
        DeviceIoControl(link, FSCTL_GET_REPARSE_POINT, NULL, 0, data, sizeof(data), &n, NULL));
    memcpy(lengths, data + 8, sizeof(lengths));
    memcpy(&flags, data + 16, sizeof(flags));
    assert_int_equal(flags, 1); /* SYMLINK_FLAG_RELATIVE */
    assert_int_equal(lengths[1], sizeof(target) - sizeof(WCHAR));
    assert_memory_equal(data + 20 + lengths[0], target, lengths[1]);
    assert_true(CloseHandle(link));
}

static void deleting_takes_the_link_alone(void **state)
{
    (void)state;
    assert_false(DeleteFileW(L"C:\\to-dir"));
    assert_error(ERROR_ACCESS_DENIED);
    assert_true(RemoveDirectoryW(L"C:\\to-dir"));
    assert_false(RemoveDirectoryW(L"C:\\to-file"));
    assert_error(ERROR_DIRECTORY);
    assert_true(DeleteFileW(L"C:\\to-file"));
    assert_true(DeleteFileW(L"C:\\absolute"));
    assert_int_equal(open_error(L"C:\\Dir\\file"), ERROR_SUCCESS);
    assert_int_equal(GetFileAttributesW(L"C:\\to-file"), INVALID_FILE_ATTRIBUTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(link_is_followed_while_it_stays_on_the_volume, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(link_is_a_symbolic_link_of_what_its_target_is, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(its_data_are_those_of_a_relative_link, setup, teardown),
        cmocka_unit_test_setup_teardown(deleting_takes_the_link_alone, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Searching directories: wildcards by Windows' rules, order, "." and "..", errors; and volumes. */
#include "tests/support/cmocka_vss.h"

#include "tests/support/size.h"
#include "tests/support/win32_world.h"

#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/volume.h"
#include "fakes/windows/fold.h"

#include <fcntl.h>
#include <shlwapi.h>
#include <string.h>

/* "name name ..." of everything that a pattern finds. */
static const char *found(LPCWSTR pattern)
{
    static char text[1024];
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(pattern, &data);

    text[0] = 0;
    if (find == INVALID_HANDLE_VALUE)
        return "nothing";
    do {
        char *name = utf8_from_utf16((const uint16_t *)data.cFileName);
        strcat(strcat(text, *text ? " " : ""), name);
        free(name);
    } while (FindNextFileW(find, &data));
    assert_error(ERROR_NO_MORE_FILES);
    assert_true(FindClose(find));
    return text;
}

static void wildcards_follow_the_rules_of_windows(void **state)
{
    static const struct {
        const char *name, *pattern;
        bool matches;
    } rows[] = {
        { "README", "*", true },
        { "README", "*.*", true },
        { "README", "*.", true },
        { "a.txt", "*.", false },
        { "a.txt", "*.TXT", true },
        { "a.b.txt", "*.txt", true },
        { "a.txt2", "*.txt", false },
        { "a.txt", "a?.txt", true },
        { "ab.txt", "a?.txt", true },
        { "abc.txt", "a?.txt", false },
        { "ab", "ab??", true },
        { "abc.d", "ab??.?", true },
        { "a", "a.*", true },
        { "a.b.c", "a.*", true },
        { "ab", "a.*", false },
        { "äÖ.log", "ÄÖ.LOG", true },
        { "log1.txt", "log*1*", true },
        { "aXbXc", "*b*c", true },
        { "aXbXd", "*b*c", false },
        { "x", "?", true },
        { "", "?", true },
        { "xy", "?", false },
        { ".hidden", "*.hidden", true },
        { "a.txt", "*.t?t", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fold_matches(rows[i].name, rows[i].pattern) != rows[i].matches)
            fail_msg("\"%s\" against \"%s\"", rows[i].name, rows[i].pattern);
    }
}

static void directory_has_dots_and_names_in_order(void **state)
{
    (void)state;
    CreateDirectoryW(L"C:\\dir", NULL);
    win32_make_file(L"C:\\dir\\beta.txt", "");
    win32_make_file(L"C:\\dir\\Alpha.txt", "");
    win32_make_file(L"C:\\dir\\gamma", "");
    assert_string_equal(found(L"C:\\DIR\\*"), ". .. Alpha.txt beta.txt gamma");
    assert_string_equal(found(L"C:\\dir\\*.txt"), "Alpha.txt beta.txt");
    assert_string_equal(found(L"C:\\dir\\GAMMA"), "gamma");
    assert_string_equal(found(L"C:\\dir"), "dir");
}

static void root_has_no_dots(void **state)
{
    (void)state;
    win32_make_file(L"D:\\only", "");
    assert_null(strstr(found(L"D:\\*"), ". "));
    assert_non_null(strstr(found(L"D:\\*"), "only"));
}

static void searches_that_find_nothing_say_why(void **state)
{
    (void)state;
    CreateDirectoryW(L"C:\\dir", NULL);
    win32_make_file(L"C:\\file", "");
    assert_string_equal(found(L"C:\\dir\\*.txt"), "nothing");
    assert_error(ERROR_FILE_NOT_FOUND);
    assert_string_equal(found(L"C:\\none\\*"), "nothing");
    assert_error(ERROR_PATH_NOT_FOUND);
    assert_string_equal(found(L"C:\\file\\*"), "nothing");
    assert_error(ERROR_DIRECTORY);
    assert_string_equal(found(L"C:\\dir\\"), "nothing");
    assert_error(ERROR_FILE_NOT_FOUND);
    assert_string_equal(found(L"C:\\"), "nothing");
    assert_error(ERROR_FILE_NOT_FOUND);
    assert_string_equal(found(L"C:\\*\\x"), "nothing");
    assert_error(ERROR_INVALID_NAME);
}

static void search_handle_is_no_object_handle(void **state)
{
    WIN32_FIND_DATAW data;

    (void)state;
    win32_make_file(L"C:\\file", "");
    HANDLE find = FindFirstFileW(L"C:\\*", &data);
    assert_false(CloseHandle(find));
    assert_error(ERROR_INVALID_HANDLE);
    assert_int_equal(WaitForSingleObject(find, 0), WAIT_FAILED);
    assert_true(FindClose(find));
    assert_false(FindClose(find));
    assert_error(ERROR_INVALID_HANDLE);
}

#define assert_wide(text, expected) assert_memory_equal(text, expected, sizeof(expected))

static void what_no_file_is_called_lies_on_a_volume(void **state)
{
    static const WCHAR *const names[] = { L"C:\\gone\\*", L"C:\\a?b\\c", L"C:\\a|b\\",
                                          L"C:\\x:y:z" };
    WCHAR root[64];

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_true(GetVolumePathNameW(names[i], root, 64));
        assert_wide(root, L"C:\\");
    }
    assert_true(GetVolumePathNameW(L"\\\\?\\D:\\a*b\\c", root, 64));
    assert_wide(root, L"D:\\");
    assert_false(GetVolumePathNameW(L"C:\\con", root, 64));
    assert_error(ERROR_INVALID_NAME);
    assert_false(GetVolumePathNameW(L"\\\\nobody\\sh*re\\x", root, 64));
    assert_false(GetVolumePathNameW(L"Q:\\*", root, 64));
    assert_error(ERROR_PATH_NOT_FOUND);
}

static void volumes_have_names_and_roots(void **state)
{
    WCHAR name[64], again[64], root[64], inside[96];
    DWORD length = 0;

    (void)state;
    assert_true(GetVolumeNameForVolumeMountPointW(L"c:\\", name, 64));
    assert_int_equal(lstrlenW(name), 49);
    assert_false(GetVolumeNameForVolumeMountPointW(L"C:", again, 64));
    assert_error(ERROR_INVALID_NAME);
    assert_false(GetVolumeNameForVolumeMountPointW(L"Q:\\", again, 64));
    assert_error(ERROR_FILE_NOT_FOUND);
    assert_false(GetVolumeNameForVolumeMountPointW(L"C:\\", again, 49));
    assert_error(ERROR_FILENAME_EXCED_RANGE);
    assert_true(GetVolumePathNamesForVolumeNameW(name, root, 64, &length));
    assert_int_equal(length, 5);
    assert_wide(root, L"C:\\\0");
    assert_false(GetVolumePathNamesForVolumeNameW(name, root, 4, &length));
    assert_error(ERROR_MORE_DATA);
    assert_true(GetVolumePathNameW(L"C:\\no\\such\\file", root, 64));
    assert_wide(root, L"C:\\");
    lstrcatW(lstrcpyW(inside, name), L"file");
    win32_make_file(L"C:\\file", "");
    assert_int_equal(GetFileAttributesW(inside), FILE_ATTRIBUTE_ARCHIVE);
    assert_int_equal(GetDriveTypeW(L"C:\\"), DRIVE_FIXED);
    assert_int_equal(GetDriveTypeW(L"Q:\\"), DRIVE_NO_ROOT_DIR);
    assert_int_equal(GetLogicalDrives(), 1u << 2 | 1u << 3);
    assert_int_equal(QueryDosDeviceW(L"C:", root, 64), 25);
    assert_wide(root, L"\\Device\\HarddiskVolume1\0");
}

static void volumes_are_enumerated(void **state)
{
    WCHAR first[64], second[64];
    WCHAR system[16];

    (void)state;
    HANDLE search = FindFirstVolumeW(first, 64);
    assert_ptr_not_equal(search, INVALID_HANDLE_VALUE);
    assert_true(FindNextVolumeW(search, second, 64));
    assert_int_not_equal(lstrcmpW(first, second), 0);
    assert_false(FindNextVolumeW(search, second, 64));
    assert_error(ERROR_NO_MORE_FILES);
    assert_true(FindVolumeClose(search));
    assert_true(GetVolumeInformationW(first, NULL, 0, NULL, NULL, NULL, system, 16));
    assert_wide(system, L"NTFS");
}

static void full_paths_are_normalised(void **state)
{
    WCHAR text[64], *file = NULL;

    (void)state;
    assert_int_equal(GetFullPathNameW(L"C:/a/.\\b\\..\\c.txt", 64, text, &file), 10);
    assert_wide(text, L"C:\\a\\c.txt");
    assert_ptr_equal(file, text + 5);
    assert_int_equal(GetFullPathNameW(L"C:\\a\\", 64, text, &file), 5);
    assert_wide(text, L"C:\\a\\");
    assert_null(file);
    assert_int_equal(GetFullPathNameW(L"C:\\abc", 3, text, NULL), 7);
    CreateDirectoryW(L"C:\\work", NULL);
    assert_true(SetCurrentDirectoryW(L"C:\\work"));
    assert_int_equal(GetFullPathNameW(L"..\\x", 64, text, NULL), 4);
    assert_wide(text, L"C:\\x");
    win32_make_file(L"here", "");
    assert_true(GetFileAttributesW(L"C:\\work\\here") == FILE_ATTRIBUTE_ARCHIVE);
    assert_true(SetCurrentDirectoryW(L"/"));
}

/* A restore: names that are new in a directory that fills up. Without knowing the directory each
 * would be compared with all before it. */
static void ten_thousand_names_go_into_one_directory(void **state)
{
    int many = (int)size_for_test(10000), n = 0;
    WIN32_FIND_DATAW data;
    WCHAR name[32];

    (void)state;
    CreateDirectoryW(L"C:\\big", NULL);
    memcpy(name, L"C:\\big\\f0000", sizeof(L"C:\\big\\f0000"));
    for (int i = 0; i < many; i++) {
        for (int digit = 0, rest = i; digit < 4; digit++, rest /= 10)
            name[11 - digit] = (WCHAR)('0' + rest % 10);
        HANDLE file = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
        assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
        CloseHandle(file);
    }
    HANDLE find = FindFirstFileW(L"C:\\BIG\\F*", &data);
    do
        n++;
    while (FindNextFileW(find, &data));
    assert_error(ERROR_NO_MORE_FILES);
    FindClose(find);
    assert_int_equal(n, many);
    memcpy(name, L"C:\\BIG\\F", 8 * sizeof(WCHAR)); /* the last, in another case */
    assert_true(PathFileExistsW(name));
}

/* What a directory holds is known, and yet every change is seen, whoever made it. */
static void names_in_another_case_follow_every_change(void **state)
{
    struct volume *v = win32_world->ports.volumes[0];
    struct volume_file *file;

    (void)state;
    CreateDirectoryW(L"C:\\Dir", NULL);
    assert_false(PathFileExistsW(L"C:\\dir\\NAME"));
    assert_int_equal(v->ops->open(v, VOLUME_ORIGIN, "Dir/name", O_CREAT | O_RDWR, 0644, &file), 0);
    v->ops->close(file);
    assert_true(PathFileExistsW(L"C:\\dir\\NAME"));
    assert_int_equal(v->ops->rename(v, VOLUME_ORIGIN, "Dir/name", "Dir/other", false), 0);
    assert_false(PathFileExistsW(L"C:\\dir\\NAME"));
    assert_true(PathFileExistsW(L"C:\\dir\\OTHER"));
    assert_true(MoveFileW(L"C:\\dir", L"C:\\Moved"));
    assert_false(PathFileExistsW(L"C:\\dir\\OTHER"));
    assert_true(PathFileExistsW(L"C:\\moved\\OTHER"));
    assert_int_equal(v->ops->unlink(v, VOLUME_ORIGIN, "Moved/other"), 0);
    assert_false(PathFileExistsW(L"C:\\moved\\OTHER"));
    assert_true(CreateDirectoryW(L"C:\\Dir", NULL));
    assert_false(PathFileExistsW(L"C:\\dir\\OTHER"));
}

static void deep_trees_are_walked(void **state)
{
    WCHAR path[4096] = L"\\\\?\\C:";
    WIN32_FIND_DATAW data;
    size_t length = 6;

    (void)state;
    for (int depth = 0; depth < 200; depth++) { /* beyond MAX_PATH, as only \\?\ allows */
        memcpy(path + length, L"\\deeper", 8 * sizeof(WCHAR));
        length += 7;
        path[length] = 0;
        assert_true(CreateDirectoryW(path, NULL));
    }
    memcpy(path + length, L"\\*", 3 * sizeof(WCHAR));
    HANDLE find = FindFirstFileW(path, &data);
    assert_ptr_not_equal(find, INVALID_HANDLE_VALUE);
    FindClose(find);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards_follow_the_rules_of_windows),
        win32_test(directory_has_dots_and_names_in_order),
        win32_test(root_has_no_dots),
        win32_test(searches_that_find_nothing_say_why),
        win32_test(search_handle_is_no_object_handle),
        win32_test(what_no_file_is_called_lies_on_a_volume),
        win32_test(volumes_have_names_and_roots),
        win32_test(volumes_are_enumerated),
        win32_test(full_paths_are_normalised),
        win32_test(ten_thousand_names_go_into_one_directory),
        win32_test(names_in_another_case_follow_every_change),
        win32_test(deep_trees_are_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

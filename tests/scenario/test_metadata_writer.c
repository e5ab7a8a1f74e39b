/* SPDX-License-Identifier: MIT */
/* Writers rebuilt from the documents that a backup saved, and the catalogue: loaded, simulated,
 * gathered through the API and saved they are the same document, and a backup finds what they list
 * although the world had none of it. */
#include "tests/support/fixtures.h"

#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/object.h"
#include "emu/doc/writer_catalog.h"
#include "emu/include/vssemu.h"
#include "tests/support/document_text.h"

#include <string.h>

/* What GatherWriterMetadata gives for the only writer of the world. */
static struct wmd *gathered(struct vssemu_world *w)
{
    IVssBackupComponents *vss = NULL;
    IVssExamineWriterMetadata *metadata = NULL;
    IVssAsync *async = NULL;
    VSS_ID instance;
    BSTR xml = NULL;
    UINT n = 0;
    struct wmd *wmd = NULL;

    (void)w;
    assert_int_equal(CreateVssBackupComponents(&vss), S_OK);
    assert_int_equal(vss->lpVtbl->InitializeForBackup(vss, NULL), S_OK);
    assert_int_equal(vss->lpVtbl->GatherWriterMetadata(vss, &async), S_OK);
    assert_int_equal(async->lpVtbl->Wait(async, INFINITE), S_OK);
    async->lpVtbl->Release(async);
    assert_int_equal(vss->lpVtbl->GetWriterMetadataCount(vss, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(vss->lpVtbl->GetWriterMetadata(vss, 0, &instance, &metadata), S_OK);
    assert_int_equal(metadata->lpVtbl->SaveAsXML(metadata, &xml), S_OK);
    auto_free char *text = utf8_from_wide(xml);

    bstr_free(xml);
    metadata->lpVtbl->Release(metadata);
    vss->lpVtbl->Release(vss);
    assert_int_equal(wmd_from_xml(text, strlen(text), &wmd, NULL), S_OK);
    return wmd;
}

static void expect_equivalent(const char *name, struct wmd *take_a, struct wmd *take_b)
{
    auto_free char *a = wmd_text(take_a, true), *b = wmd_text(take_b, true);
    auto_free char *difference = first_difference(a, b);

    wmd_free(take_a);
    wmd_free(take_b);
    if (difference)
        fail_msg("%s: %s", name, difference);
}

static void simulate(const char *name)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_free char *path = str_printf("%s/tests/fixtures/%s", SOURCE_DIR, name);
    size_t size;
    auto_free char *text = fixture(name, &size);
    struct wmd *original = NULL;

    if (!vssemu_add_writer_metadata(w, path))
        fail_msg("%s", vssemu_error(w));
    assert_int_equal(wmd_from_xml(text, size, &original, NULL), S_OK);
    expect_equivalent(name, original, gathered(w));
    assert_int_equal(vssemu_world_free(w), 0);
}

static void a_document_that_is_simulated_and_gathered_is_equivalent(void **state)
{
    (void)state;
    assert_true(each_fixture("wmd", simulate) >= 10);
}

static void expect_file(struct vssemu_world *w, const char *path)
{
    size_t size;
    void *data = NULL;

    if (!vssemu_file_read(w, path, &data, &size))
        fail_msg("%s", vssemu_error(w));
    assert_true(size > 0);
    free(data);
}

static void what_the_document_lists_is_there_in_volumes_that_were_not(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_free char *path = str_printf("%s/tests/fixtures/wmd/database.xml", SOURCE_DIR);

    (void)state;
    assert_true(vssemu_add_writer_metadata(w, path));
    assert_non_null(strstr(vssemu_trace(w), "the document names E:"));
    expect_file(w, "C:\\Engine\\main.dit");
    expect_file(w, "E:\\Engine Data\\sample.mdf");
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_string_equal(vssemu_writer_events(w, "Engine Writer"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                        "BackupComplete BackupShutdown");
    assert_int_equal(vssemu_world_free(w), 0);
}

static void a_volume_known_by_its_name_alone_is_simulated(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_free char *path =
        str_printf("%s/tests/fixtures/wmd/empty_groups_and_braces.xml", SOURCE_DIR);

    (void)state;
    assert_true(vssemu_add_writer_metadata(w, path));
    expect_file(w, "\\\\?\\Volume{5d6e7f80-1111-4222-8333-000000000002}\\Boot\\STORE");
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_int_equal(vssemu_world_free(w), 0);
}

static void files_of_the_test_stay_and_are_found_in_any_case(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_free char *path = str_printf("%s/tests/fixtures/wmd/database.xml", SOURCE_DIR);
    void *data = NULL;
    size_t size;

    (void)state;
    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "c:\\ENGINE\\Main.DIT", "mine", 4));
    assert_true(vssemu_add_writer_metadata(w, path));
    assert_true(vssemu_file_read(w, "C:\\Engine\\main.dit", &data, &size));
    assert_string_equal(data, "mine");
    free(data);
    assert_int_equal(vssemu_world_free(w), 0);
}

/* Learn: "Excluding Files from Shadow Copies": the writer that announced them deletes them. */
static void what_a_writer_excludes_is_in_no_snapshot_of_it(void **state)
{
#define OUTLOOK "\\Users\\Administrator\\AppData\\Local\\Microsoft\\Outlook"
    struct vssemu_world *w = vssemu_world_new(NULL);

    (void)state;
    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:" OUTLOOK "\\cache.ost", "c", 1));
    assert_true(vssemu_file_write(w, "C:" OUTLOOK "\\archive.pst", "a", 1));
    assert_true(vssemu_add_catalog_writer(w, "shadow-copy-optimization"));
    /* Without component mode every writer takes part. The answers are judged where they come. */
    if (!vssemu_play(w, "CreateVssBackupComponents\n"
                        "InitializeForBackup\n"
                        "SetBackupState full volumes\n"
                        "GatherWriterMetadata\n"
                        "StartSnapshotSet\n"
                        "AddToSnapshotSet C:\n"
                        "PrepareForBackup\n"
                        "DoSnapshotSet\n"
                        "ReadCopy C:" OUTLOOK "\\cache.ost -> 0x80070002\n"
                        "ReadCopy C:" OUTLOOK "\\archive.pst a\n"
                        "Read C:" OUTLOOK "\\cache.ost c\n"
                        "BackupComplete\n"
                        "Release\n"))
        fail_msg("%s", vssemu_error(w));
    assert_int_equal(vssemu_world_free(w), 0);
}

#define NOT_IN_SNAPSHOT \
    "HKLM\\SYSTEM\\CurrentControlSet\\Control\\BackupRestore\\FilesNotToSnapshot"

static const char *const files_of_entries[] = {
    "C:\\App\\a.tmp",
    "C:\\App\\a.dat",
    "C:\\App\\Deep\\b.tmp",
    "C:\\Cache\\x\\y\\c.bin",
    "D:\\Log\\d.log",
    "C:\\Users\\Ann\\Mail\\e.ost",
    "C:\\Users\\Bob\\MAIL\\f.OST",
    "C:\\Users\\Bob\\Mail\\f.pst",
};

/* A set of C: and D: with every writer. */
#define SET_OF_BOTH                 \
    "CreateVssBackupComponents\n"   \
    "InitializeForBackup\n"         \
    "SetBackupState full volumes\n" \
    "GatherWriterMetadata\n"        \
    "StartSnapshotSet\n"            \
    "AddToSnapshotSet C:\n"         \
    "AddToSnapshotSet D:\n"         \
    "PrepareForBackup\n"            \
    "DoSnapshotSet\n"

static struct vssemu_world *world_with_entries(void)
{
    static const WCHAR app[] = L"C:\\app\\*.tmp\0C:\\Cache\\* /s\0X:\\none\\*\0no path\0";
    static const WCHAR mail[] = L"$UserProfile$\\Mail\\*.ost\0";
    static const WCHAR log[] = L"$AllVolumes$\\Log\\*.log"; /* no zeroes at its end but one */
    static const WCHAR text[] = L"C:\\App\\*.dat";          /* no list: nothing is said of it */
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL) && vssemu_add_volume(w, "D:", NULL));
    for (size_t i = 0; i < sizeof(files_of_entries) / sizeof(files_of_entries[0]); i++)
        assert_true(vssemu_file_write(w, files_of_entries[i], "f", 1));
    assert_true(vssemu_registry_set(w, NOT_IN_SNAPSHOT, "App", REG_MULTI_SZ, app, sizeof(app)));
    assert_true(vssemu_registry_set(w, NOT_IN_SNAPSHOT, "Mail", REG_MULTI_SZ, mail, sizeof(mail)));
    assert_true(vssemu_registry_set(w, NOT_IN_SNAPSHOT, "Log", REG_MULTI_SZ, log, sizeof(log)));
    assert_true(vssemu_registry_set(w, NOT_IN_SNAPSHOT, "Text", REG_SZ, text, sizeof(text)));
    return w;
}

/* Learn: "Registry Keys and Values for Backup and Restore", FilesNotToSnapshot: full paths with *,
 * $UserProfile$, $AllVolumes$, /s; done by the Shadow Copy Optimization Writer. */
static void what_the_registry_keeps_out_is_in_no_snapshot(void **state)
{
    struct vssemu_world *w = world_with_entries();

    (void)state;
    assert_true(vssemu_add_catalog_writer(w, "shadow-copy-optimization"));
    if (!vssemu_play(w, SET_OF_BOTH "ReadCopy C:\\App\\a.tmp -> 0x80070002\n"
                                    "ReadCopy C:\\App\\a.dat f\n"
                                    "ReadCopy C:\\App\\Deep\\b.tmp f\n"
                                    "ReadCopy C:\\Cache\\x\\y\\c.bin -> 0x80070002\n"
                                    "ReadCopy D:\\Log\\d.log -> 0x80070002\n"
                                    "ReadCopy C:\\Users\\Ann\\Mail\\e.ost -> 0x80070002\n"
                                    "ReadCopy C:\\Users\\Bob\\Mail\\f.ost -> 0x80070002\n"
                                    "ReadCopy C:\\Users\\Bob\\Mail\\f.pst f\n"
                                    "Read C:\\App\\a.tmp f\n"
                                    "BackupComplete\n"
                                    "Release\n"))
        fail_msg("%s", vssemu_error(w));
    assert_int_equal(vssemu_world_free(w), 0);
}

static void without_its_writer_the_registry_keeps_nothing_out(void **state)
{
    struct vssemu_world *w = world_with_entries();

    (void)state;
    assert_true(vssemu_add_catalog_writer(w, "registry"));
    if (!vssemu_play(w, SET_OF_BOTH "ReadCopy C:\\App\\a.tmp f\n"
                                    "BackupComplete\n"
                                    "Release\n"))
        fail_msg("%s", vssemu_error(w));
    assert_int_equal(vssemu_world_free(w), 0);
}

static void programs_and_writers_expand_variables_alike(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_free char *path = str_printf("%s/tests/fixtures/wmd/express.xml", SOURCE_DIR);
    WCHAR expanded[200];
    DWORD attributes;

    (void)state;
    assert_true(vssemu_add_writer_metadata(w, path));
    assert_true(ExpandEnvironmentStringsW(L"%SystemRoot%\\System32\\Sample", expanded, 200) > 0);
    attributes = GetFileAttributesW(expanded);
    assert_int_not_equal(attributes, INVALID_FILE_ATTRIBUTES);
    assert_true(attributes & FILE_ATTRIBUTE_DIRECTORY);
    assert_true(GetEnvironmentVariableW(L"CommonProgramFiles(x86)", expanded, 200) > 0);
    assert_int_equal(vssemu_world_free(w), 0);
}

static void every_writer_of_the_catalogue_can_be_simulated_and_backed_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < writer_catalog_count(); i++) {
        const struct catalog_writer *row = writer_catalog_get(i);
        struct vssemu_world *w = vssemu_world_new(NULL);

        if (!vssemu_add_catalog_writer(w, row->key))
            fail_msg("%s", vssemu_error(w));
        assert_ptr_equal(writer_catalog_find(row->name), row);
        assert_ptr_equal(writer_catalog_find(row->key), row);
        expect_equivalent(row->key, writer_catalog_document(row), gathered(w));
        assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
        assert_int_equal(vssemu_world_free(w), 0);
    }
}

/* Windows: an idle Windows 11 lists these ten (observed-windows: O013). */
static void an_idle_machine_has_its_ten_writers(void **state)
{
    static const char *const names[] = {
        "Task Scheduler Writer",
        "VSS Metadata Store Writer",
        "Performance Counters Writer",
        "System Writer",
        "MSSearch Service Writer",
        "ASR Writer",
        "Shadow Copy Optimization Writer",
        "Registry Writer",
        "COM+ REGDB Writer",
        "WMI Writer",
    };
    struct vssemu_world *w = vssemu_world_new(NULL);
    size_t n_idle = 0;

    (void)state;
    for (size_t i = 0; i < writer_catalog_count(); i++)
        n_idle += writer_catalog_get(i)->is_in_idle_set;
    assert_int_equal(n_idle, 10);
    if (!vssemu_add_catalog_writer(w, "windows"))
        fail_msg("%s", vssemu_error(w));
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    for (size_t i = 0; i < 10; i++)
        assert_true(str_starts_with(vssemu_writer_events(w, names[i]), "Identify"));
    expect_file(w, "C:\\Windows\\System32\\config\\SAM");
    assert_int_equal(vssemu_world_free(w), 0);
}

/* Windows: the System Writer disappears when its document is too long for the transport. */
static void a_document_that_is_too_long_is_logged_and_its_writer_on_no_list(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    (void)state;
    assert_true(vssemu_add_catalog_writer(w, "system"));
    assert_true(vssemu_add_catalog_writer(w, "wmi"));
    vssemu_set_document_limit(w, 1000);
    assert_int_equal(vssemu_backup(w, VSSEMU_IDENTIFY), S_OK);
    assert_int_equal(vssemu_writer_state(w, "WMI Writer"), VSS_WS_STABLE);
    assert_int_equal(vssemu_writer_state(w, "System Writer"), VSS_WS_FAILED_AT_IDENTIFY);
    assert_non_null(
        strstr(vssemu_event_log(w), "VSS 8193 Error HRESULT_FROM_WIN32(ERROR_BAD_LENGTH)"));
    assert_non_null(strstr(vssemu_event_log(w), "XML document is too long"));
    assert_non_null(strstr(vssemu_event_log(w), "VSS 8193 Error VSS_E_UNEXPECTED"));
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_string_equal(vssemu_writer_events(w, "System Writer"), "Identify!");
    vssemu_set_document_limit(w, 0);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_true(str_starts_with(vssemu_writer_events(w, "System Writer"),
                                "Identify! Identify PrepareForBackup"));
    assert_int_equal(vssemu_world_free(w), 0);
}

static void a_file_of_several_documents_gives_several_writers(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    struct wmd *one = writer_catalog_document(writer_catalog_find("wmi"));
    struct wmd *two = writer_catalog_document(writer_catalog_find("registry"));
    auto_free char *first = wmd_to_xml(one), *second = wmd_to_xml(two);
    auto_free char *text = str_printf("<Documents><x/>%s\n%s</Documents>", first, second);

    (void)state;
    wmd_free(one);
    wmd_free(two);
    if (!vssemu_add_writer_metadata_xml(w, text))
        fail_msg("%s", vssemu_error(w));
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_true(str_starts_with(vssemu_writer_events(w, "WMI Writer"), "Identify Prepare"));
    assert_true(str_starts_with(vssemu_writer_events(w, "Registry Writer"), "Identify Prepare"));
    assert_false(vssemu_add_writer_metadata_xml(w, "<Documents><x/></Documents>"));
    assert_non_null(strstr(vssemu_error(w), "WRITER_METADATA"));
    assert_int_equal(vssemu_world_free(w), 0);
}

static void what_cannot_be_a_writer_is_refused_with_a_word(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    (void)state;
    assert_false(vssemu_add_writer_metadata(w, "/nowhere/w.xml"));
    assert_non_null(strstr(vssemu_error(w), "/nowhere/w.xml"));
    assert_false(vssemu_add_writer_metadata_xml(w, "<WRITER_METADATA/>"));
    assert_non_null(strstr(vssemu_error(w), "IDENTIFICATION"));
    assert_false(vssemu_add_writer_metadata_xml(
        w, "<WRITER_METADATA><IDENTIFICATION writerId='a1b2c3d4-0001-4002-8003-000000000001' "
           "instanceId='a1b2c3d4-0001-4002-8003-000000000002' friendlyName='x' "
           "usage='UNDEFINED' dataSource='OTHER'/></WRITER_METADATA>"));
    assert_non_null(strstr(vssemu_error(w), "usage"));
    assert_false(vssemu_add_catalog_writer(w, "Coffee Writer"));
    assert_non_null(strstr(vssemu_error(w), "vssemu writers"));
    assert_int_equal(vssemu_world_free(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_writer_excludes_is_in_no_snapshot_of_it),
        cmocka_unit_test(what_the_registry_keeps_out_is_in_no_snapshot),
        cmocka_unit_test(without_its_writer_the_registry_keeps_nothing_out),
        cmocka_unit_test(a_document_that_is_simulated_and_gathered_is_equivalent),
        cmocka_unit_test(what_the_document_lists_is_there_in_volumes_that_were_not),
        cmocka_unit_test(a_volume_known_by_its_name_alone_is_simulated),
        cmocka_unit_test(files_of_the_test_stay_and_are_found_in_any_case),

        cmocka_unit_test(programs_and_writers_expand_variables_alike),
        cmocka_unit_test(every_writer_of_the_catalogue_can_be_simulated_and_backed_up),
        cmocka_unit_test(an_idle_machine_has_its_ten_writers),
        cmocka_unit_test(a_document_that_is_too_long_is_logged_and_its_writer_on_no_list),
        cmocka_unit_test(a_file_of_several_documents_gives_several_writers),
        cmocka_unit_test(what_cannot_be_a_writer_is_refused_with_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

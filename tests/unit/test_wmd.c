/* SPDX-License-Identifier: MIT */
/* The Writer Metadata Document: the form Windows was seen to write, equivalent round trips, and
 * errors that name the place. */
#include "tests/support/shared_file.h"
#include "tests/support/size.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/wmd.h"

#include <string.h>

static struct wmd *parsed(const char *text)
{
    auto_free char *error = NULL;
    struct wmd *wmd = NULL;

    if (wmd_from_xml(text, strlen(text), &wmd, &error) != S_OK)
        fail_msg("%s", error);
    return wmd;
}

static void expect_round_trip(const char *text)
{
    struct wmd *wmd = parsed(text), *copy = wmd_copy(wmd);
    auto_free char *printed = wmd_to_xml(wmd), *of_copy = wmd_to_xml(copy);
    struct wmd *again = parsed(printed);
    auto_free char *second = wmd_to_xml(again);

    assert_string_equal(printed, second);
    assert_string_equal(printed, of_copy);
    assert_int_equal(wmd->components.count, again->components.count);
    wmd_free(again);
    wmd_free(copy);
    wmd_free(wmd);
}

static void expect_invalid(const char *text, const char *part)
{
    auto_free char *error = NULL;
    struct wmd *wmd = NULL;

    assert_int_equal(wmd_from_xml(text, strlen(text), &wmd, &error), VSS_E_INVALID_XML_DOCUMENT);
    assert_null(wmd);
    if (!strstr(error, part))
        fail_msg("\"%s\" lacks \"%s\"", error, part);
}

static void a_file_group_document_of_windows_is_understood(void **state)
{
    size_t size;
    auto_free char *text = shared_file("spec/examples/writer-metadata-filegroup.xml", &size);
    struct wmd *wmd = parsed(text);
    const struct wmd_component *component;

    (void)state;
    assert_string_equal(wmd->name, "Sample File Writer");
    assert_string_equal(GUID_TEXT(&wmd->writer_id), "11111111-2222-4333-8444-555555555555");
    assert_int_equal(wmd->usage, VSS_UT_USERDATA);
    assert_int_equal(wmd->source, VSS_ST_OTHER);
    assert_true(wmd->has_restore_method);
    assert_int_equal(wmd->restore_method, VSS_RME_RESTORE_IF_CAN_REPLACE);
    assert_int_equal(wmd->writer_restore, VSS_WRE_ALWAYS);
    assert_int_equal(wmd->components.count, 2);
    component = wmd_find_component(wmd, NULL, "Settings");
    assert_string_equal(component->caption, "Settings & profiles");
    assert_int_equal(component->files.count, 2);
    assert_true(component->files.items[1].recursive);
    assert_int_equal(component->files.items[1].backup_type_mask, FILESPEC_MASK_DEFAULT);
    assert_non_null(wmd_find_component(wmd, "Archive", "Year2031"));
    assert_null(wmd_find_component(wmd, "", "Year2031"));
    assert_int_equal(wmd->exclude_files.count, 1);
    assert_int_equal(wmd->exclude_files_from_snapshot.count, 1);
    wmd_free(wmd);
    expect_round_trip(text);
}

static void a_database_document_of_windows_is_understood(void **state)
{
    size_t size;
    auto_free char *text = shared_file("spec/examples/writer-metadata-database.xml", &size);
    struct wmd *wmd = parsed(text);
    const struct wmd_component *orders = wmd_find_component(wmd, "HOST-A", "orders");

    (void)state;
    assert_int_equal(wmd->backup_schema, 881);
    assert_string_equal(wmd->instance_name, "Sample Engine 1:Main");
    assert_int_equal(wmd->restore_method, VSS_RME_RESTORE_AT_REBOOT);
    assert_int_equal(orders->type, VSS_CT_DATABASE);
    assert_int_equal(orders->database_files.count, 1);
    assert_string_equal(orders->log_files.items[0].filespec, "orders*.log");
    assert_int_equal(orders->flags, 3);
    wmd_free(wmd);
    expect_round_trip(text);
}

static struct wmd *wmd_with_everything(void)
{
    struct wmd *wmd = wmd_new();
    struct wmd_component *component;

    wmd->writer_id.Data1 = 1;
    wmd->instance_id.Data1 = 2;
    free(wmd->name);
    wmd->name = mem_strdup("All");
    wmd->usage = VSS_UT_OTHER;
    wmd->source = VSS_ST_NONTRANSACTEDDB;
    wmd->has_restore_method = true;
    wmd->restore_method = VSS_RME_STOP_RESTORE_START;
    wmd->service = mem_strdup("svc");
    wmd->writer_restore = VSS_WRE_IF_REPLACE_FAILS;
    filespecs_add(&wmd->alternate_mappings, "C:\\a", "*", true, "D:\\a", FILESPEC_MASK_DEFAULT);
    component = wmd_add_component(wmd, VSS_CT_FILEGROUP, "p", "c");
    component->caption = mem_strdup("two\r\nlines");
    component->icon = mem_copy("icon", 4);
    component->icon_size = 4;
    filespecs_add(&component->files, "C:\\a", "*.x", false, "C:\\spit", 0x101);
    array_add(&component->dependencies,
              ((struct wmd_dependency){ { .Data1 = 3 }, mem_strdup("\\\\m\\p"), mem_strdup("n") }));
    return wmd;
}

static void what_windows_was_not_seen_to_write_stands_in_our_namespace_and_comes_back(void **state)
{
    struct wmd *wmd = wmd_with_everything(), *again;
    auto_free char *text = wmd_to_xml(wmd);

    (void)state;
    assert_non_null(strstr(text, "e:usage=\"OTHER\""));
    assert_non_null(strstr(text, "e:service=\"svc\""));
    assert_non_null(strstr(text, "<e:DEPENDENCY "));
    assert_non_null(strstr(text, "two&#13;&#10;lines"));
    assert_null(strchr(text, '\n'));
    again = parsed(text);
    assert_int_equal(again->usage, VSS_UT_OTHER);
    assert_int_equal(again->writer_restore, VSS_WRE_IF_REPLACE_FAILS);
    assert_string_equal(again->alternate_mappings.items[0].alternate_path, "D:\\a");
    assert_memory_equal(again->components.items[0].icon, "icon", 4);
    assert_string_equal(again->components.items[0].caption, "two\r\nlines");
    assert_string_equal(again->components.items[0].files.items[0].alternate_path, "C:\\spit");
    assert_string_equal(again->components.items[0].dependencies.items[0].logical_path, "\\\\m\\p");
    wmd_free(again);
    wmd_free(wmd);
    expect_round_trip(text);
}

#define IDENTIFICATION                                                                      \
    "<IDENTIFICATION writerId='{11111111-2222-4333-8444-55555555AAAA}' "                    \
    "instanceId='11111111-2222-4333-8444-555555555556' friendlyName='W' usage='USER_DATA' " \
    "dataSource='OTHER'/>"

static void any_order_namespace_and_spelling_that_section_6_names_is_read(void **state)
{
    struct wmd *wmd =
        parsed("<?xml version='1.0'?>\n<x:WRITER_METADATA xmlns:x='urn:other'>"
               "<x:BACKUP_LOCATIONS><EXCLUDE_FILES xmlns='' filespec='*' "
               "path='C:\\'/><UNKNOWN><DEEP/></UNKNOWN>"
               "<x:FILE_GROUP selectable='TRUE' componentName='g'/></x:BACKUP_LOCATIONS>"
               "<x:RESTORE_METHOD writerRestore='never' method='RESTORE_IF_CAN_REPLACE' "
               "rebootRequired='false'/>" IDENTIFICATION "</x:WRITER_METADATA>");

    (void)state;
    assert_string_equal(GUID_TEXT(&wmd->writer_id), "11111111-2222-4333-8444-55555555aaaa");
    assert_true(wmd->components.items[0].selectable);
    assert_int_equal(wmd->exclude_files.count, 1);
    assert_int_equal(wmd->restore_method, VSS_RME_RESTORE_IF_CAN_REPLACE);
    wmd_free(wmd);
}

static void errors_of_content_are_invalid_documents_and_say_where(void **state)
{
    (void)state;
    expect_invalid("<BACKUP_COMPONENTS/>", "WRITER_METADATA is expected");
    expect_invalid("<WRITER_METADATA/>", "IDENTIFICATION is missing");
    expect_invalid("<WRITER_METADATA>\n" IDENTIFICATION "\n" IDENTIFICATION "</WRITER_METADATA>",
                   "line 3: <IDENTIFICATION>");
    expect_invalid("<WRITER_METADATA><IDENTIFICATION writerId='x'/></WRITER_METADATA>", "a GUID");
    expect_invalid("<WRITER_METADATA backupSchema='x'/>", "backupSchema=\"x\": a decimal number");
    expect_invalid("<WRITER_METADATA>" IDENTIFICATION "<RESTORE_METHOD method='HOW'/>"
                   "</WRITER_METADATA>",
                   "RESTORE_IF_CAN_BE_REPLACED");
    expect_invalid("<WRITER_METADATA>" IDENTIFICATION "<BACKUP_LOCATIONS><FILE_GROUP "
                   "componentName='a'/><DATABASE componentName='a'/></BACKUP_LOCATIONS>"
                   "</WRITER_METADATA>",
                   "a second component \"a\"");
    expect_invalid("<WRITER_METADATA>" IDENTIFICATION "<BACKUP_LOCATIONS><FILE_GROUP "
                   "componentName='a'><FILE_LIST path='C:\\'/></FILE_GROUP></BACKUP_LOCATIONS>"
                   "</WRITER_METADATA>",
                   "<FILE_LIST>: the attribute filespec is missing");
}

static void a_truncated_document_is_not_loaded_at_any_length(void **state)
{
    struct wmd *wmd = wmd_with_everything();
    auto_free char *text = wmd_to_xml(wmd);

    (void)state;
    for (size_t size = 0; size < strlen(text); size++) {
        struct wmd *none = NULL;

        assert_int_equal(wmd_from_xml(text, size, &none, NULL), S_FALSE);
        assert_null(none);
    }
    wmd_free(wmd);
}

static void ancestors_are_found_by_path(void **state)
{
    struct wmd *wmd = wmd_new();

    (void)state;
    wmd_add_component(wmd, VSS_CT_FILEGROUP, "", "writerData")->selectable = true;
    wmd_add_component(wmd, VSS_CT_FILEGROUP, "", "Executables");
    wmd_add_component(wmd, VSS_CT_FILEGROUP, "writerData\\Set1", "Jan");
    wmd_add_component(wmd, VSS_CT_FILEGROUP, "Executables", "ConfigFiles");
    assert_true(
        wmd_has_selectable_ancestor(wmd, wmd_find_component(wmd, "writerData\\Set1", "Jan")));
    assert_false(
        wmd_has_selectable_ancestor(wmd, wmd_find_component(wmd, "Executables", "ConfigFiles")));
    assert_false(wmd_has_selectable_ancestor(wmd, wmd_find_component(wmd, "", "writerData")));
    assert_true(component_is_below("writerData\\Set1", "", "writerData"));
    assert_true(component_is_below("a\\b\\c", "a", "b"));
    assert_false(component_is_below("a\\bc", "a", "b"));
    assert_false(component_is_below("a", "a", "b"));
    wmd_free(wmd);
}

/* The System Writer's real document has about 18,900 rows and 2.15 MB (xml-documents: 6). The walk
 * count stands for time: a quadratic reader would not end within the test's limit. */
static void two_hundred_thousand_rows_and_components_load(void **state)
{
    struct wmd *wmd = wmd_new(), *again;
    auto_free char *text = NULL;
    auto_free char *last = NULL;
    size_t many = size_for_test(200000);

    (void)state;
    wmd->usage = VSS_UT_BOOTABLESYSTEMSTATE;
    wmd->source = VSS_ST_OTHER;
    wmd_add_component(wmd, VSS_CT_FILEGROUP, NULL, "System Files");
    for (size_t i = 0; i < many; i++) {
        auto_free char *name = str_printf("file%zu.dll", i);

        filespecs_add(&wmd->components.items[0].files, "C:\\Windows\\WinSxS\\amd64_component", name,
                      false, NULL, FILESPEC_MASK_DEFAULT);
        assert_non_null(wmd_add_component(wmd, VSS_CT_FILEGROUP, "path", name));
    }
    text = wmd_to_xml(wmd);
    assert_true(strlen(text) > 200 * many);
    again = parsed(text);
    assert_int_equal(again->components.items[0].files.count, many);
    assert_int_equal(again->components.count, many + 1);
    last = str_printf("file%zu.dll", many - 1);
    assert_ptr_equal(wmd_find_component(again, "path", last), &again->components.items[many]);
    wmd_free(again);
    wmd_free(wmd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_group_document_of_windows_is_understood),
        cmocka_unit_test(a_database_document_of_windows_is_understood),
        cmocka_unit_test(what_windows_was_not_seen_to_write_stands_in_our_namespace_and_comes_back),
        cmocka_unit_test(any_order_namespace_and_spelling_that_section_6_names_is_read),
        cmocka_unit_test(errors_of_content_are_invalid_documents_and_say_where),
        cmocka_unit_test(a_truncated_document_is_not_loaded_at_any_length),
        cmocka_unit_test(ancestors_are_found_by_path),
        cmocka_unit_test(two_hundred_thousand_rows_and_components_load),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

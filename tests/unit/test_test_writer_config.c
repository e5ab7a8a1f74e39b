/* SPDX-License-Identifier: MIT */
/* The Test Writer's file: everything it may hold, and errors a person can act upon. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/test_writer_config.h"

#include <string.h>

static struct test_writer_config *parsed(const char *text)
{
    struct test_writer_config *config = NULL;
    auto_free char *error = NULL;

    if (test_writer_config_parse(text, strlen(text), "w.xml", &config, &error) != S_OK)
        fail_msg("%s", error);
    return config;
}

static void the_example_of_the_tool_page_is_read(void **state)
{
    struct test_writer_config *config = parsed(
        "<TestWriter usage='USER_DATA' verbosity='high' deleteFiles='yes' checkIncludes='yes'\n"
        " checkExcludes='yes' supportsCopy='yes' supportsDifferential='yes'>\n"
        "<RestoreMethod method='RESTORE_IF_CAN_BE_REPLACED' writerRestore='always' "
        "rebootRequired='no'>\n"
        "<AlternateLocationMapping path='d:\\app' filespec='*.cfg' recursive='no' "
        "alternatePath='d:\\r'/>\n"
        "</RestoreMethod>\n"
        "<ExcludeFile path='d:\\app' filespec='*.lock' recursive='yes'/>\n"
        "<FailEvent writerEvent='Freeze' retryable='yes' numFailures='1'/>\n"
        "<FailEvent writerEvent='PrepareForSnapsot' retryable='no'/>\n"
        "<Component componentType='filegroup' logicalPath='App' componentName='Config' "
        "selectable='yes'>\n"
        "<ComponentFile path='d:\\app' filespec='*' recursive='yes' logBackupRequired='no'/>\n"
        "<PartialFile path='d:\\app' filespec='big.bin' ranges='0:4096,65536:512'/>\n"
        "<DifferencedFile path='d:\\app' filespec='*' year='1601' month='1' day='2' hour='1' "
        "minute='0' second='1'/>\n"
        "<Dependency writerId='11111111-2222-4333-8444-555555555555' logicalPath='Archive' "
        "componentName='Year2031'/>\n"
        "</Component></TestWriter>");
    const struct test_writer_component *component = &config->components.items[0];

    (void)state;
    assert_int_equal(config->usage, VSS_UT_USERDATA);
    assert_int_equal(config->verbosity, TEST_WRITER_HIGH);
    assert_true(config->delete_files && config->check_includes && config->check_excludes);
    assert_false(config->delete_partial_files);
    assert_int_equal(config->backup_schema, VSS_BS_COPY | VSS_BS_DIFFERENTIAL | VSS_BS_LAST_MODIFY |
                                                VSS_BS_WRITER_SUPPORTS_NEW_TARGET);
    assert_int_equal(config->restore_method, VSS_RME_RESTORE_IF_CAN_REPLACE);
    assert_int_equal(config->writer_restore, VSS_WRE_ALWAYS);
    assert_string_equal(config->alternate_mappings.items[0].alternate_path, "d:\\r");
    assert_true(config->exclude_files.items[0].recursive);
    assert_int_equal(config->fail_events.items[0].event, TEST_WRITER_FREEZE);
    assert_int_equal(config->fail_events.items[0].n_failures, 1);
    assert_int_equal(config->fail_events.items[1].event, TEST_WRITER_PREPARE_FOR_SNAPSHOT);
    assert_int_equal(config->fail_events.items[1].n_failures, TEST_WRITER_EVERY_TIME);
    assert_string_equal(component->logical_path, "App");
    assert_int_equal(component->files.items[0].backup_type_mask, 0xf07);
    assert_string_equal(component->partial_files.items[0].ranges, "0:4096,65536:512");
    assert_int_equal(component->differenced_files.items[0].last_modify_time,
                     (UINT64_C(86400) + 3601) * 10000000);
    assert_string_equal(component->dependencies.items[0].name, "Year2031");
    test_writer_config_free(config);
}

static void times_count_from_1601_over_leap_years(void **state)
{
    struct test_writer_config *config =
        parsed("<TestWriter><RestoreMethod method='CUSTOM'/><Component componentType='filegroup' "
               "componentName='c'><DifferencedFile path='d:\\' filespec='*' year='1970' month='1' "
               "day='1'/>"
               "<DifferencedFile path='d:\\' filespec='*' year='2024' month='3' day='1'/>"
               "<DifferencedFile path='d:\\' filespec='*'/></Component></TestWriter>");
    const struct test_writer_differenced *files =
        config->components.items[0].differenced_files.items;

    (void)state;
    assert_int_equal(files[0].last_modify_time, UINT64_C(116444736000000000));
    assert_int_equal(files[1].last_modify_time,
                     UINT64_C(116444736000000000) + UINT64_C(1709251200) * 10000000);
    assert_int_equal(files[2].last_modify_time, 0);
    test_writer_config_free(config);
}

#define METHOD "<RestoreMethod method='CUSTOM'/>"
#define IN_COMPONENT(x)                                                                  \
    "<TestWriter>" METHOD "\n<Component componentType='database' componentName='c'>\n" x \
    "</Component></TestWriter>"

static void every_mistake_names_file_line_element_and_what_is_allowed(void **state)
{
    static const struct {
        const char *text, *parts[3];
    } cases[] = {
        { "<Testwriter/>", { "line 1", "<Testwriter>", "TestWriter is expected" } },
        { "<TestWriter/>", { "line 1", "RestoreMethod", "missing" } },
        { "<TestWriter\ncolour='red'/>", { "<TestWriter>", "colour", "usage, verbosity" } },
        { "<TestWriter verbosity='loud'/>", { "verbosity=\"loud\"", "low, medium or high", "" } },
        { "<TestWriter deleteFiles='perhaps'/>", { "deleteFiles", "yes or no", "" } },
        { "<TestWriter>\n<Component/></TestWriter>",
          { "line 2", "first element", "RestoreMethod" } },
        { "<TestWriter>" METHOD "\n" METHOD "</TestWriter>",
          { "line 2", "<RestoreMethod>", "ExcludeFile, FailEvent, Component" } },
        { "<TestWriter><RestoreMethod method='MAGIC'/></TestWriter>",
          { "MAGIC", "RESTORE_IF_CAN_BE_REPLACED", "" } },
        { "<TestWriter><RestoreMethod/></TestWriter>", { "method", "missing", "" } },
        { "<TestWriter>" METHOD "<FailEvent writerEvent='Melt'/></TestWriter>",
          { "Melt", "Identify, PrepareForBackup", "PostRestore" } },
        { "<TestWriter>" METHOD "<FailEvent writerEvent='Thaw' numFailures='-1'/></TestWriter>",
          { "numFailures", "decimal number", "" } },
        { "<TestWriter>" METHOD "<ExcludeFile path='c:\\*' filespec='x'/></TestWriter>",
          { "path", "without wildcards", "" } },
        { "<TestWriter>" METHOD "<ExcludeFile path='c:\\' filespec='a\\b'/></TestWriter>",
          { "filespec", "without backslash", "" } },
        { "<TestWriter>" METHOD "<Component componentType='disk' componentName='c'/></TestWriter>",
          { "disk", "filegroup or database", "" } },
        { "<TestWriter>" METHOD "<Component componentType='database'/></TestWriter>",
          { "componentName", "", "" } },
        { IN_COMPONENT("<ComponentFile path='c:\\' filespec='*' recursive='yes'/>"),
          { "line 3", "<ComponentFile>", "database" } },
        { IN_COMPONENT("<PartialFile path='c:\\' filespec='f' ranges='5'/>"),
          { "ranges", "0:5", "" } },
        { IN_COMPONENT("<DifferencedFile path='c:\\' filespec='f' year='2020' month='13'/>"),
          { "month", "1 to 12", "" } },
        { IN_COMPONENT("<Dependency writerId='me'/>"), { "writerId", "GUID", "" } },
        { IN_COMPONENT("<File/>"), { "<File>", "<Component>", "ComponentFile, Dependency" } },
        { "<TestWriter>", { "line 1", "not well-formed", "" } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct test_writer_config *none = NULL;
        auto_free char *error = NULL;

        assert_int_equal(
            test_writer_config_parse(cases[i].text, strlen(cases[i].text), "w.xml", &none, &error),
            VSS_E_INVALID_XML_DOCUMENT);
        assert_null(none);
        assert_true(str_starts_with(error, "w.xml, line "));
        for (size_t j = 0; j < 3; j++) {
            if (!strstr(error, cases[i].parts[j]))
                fail_msg("\"%s\" lacks \"%s\"", error, cases[i].parts[j]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_tool_page_is_read),
        cmocka_unit_test(times_count_from_1601_over_leap_years),
        cmocka_unit_test(every_mistake_names_file_line_element_and_what_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

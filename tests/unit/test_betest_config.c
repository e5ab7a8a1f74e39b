/* SPDX-License-Identifier: MIT */
/* BETest's two ways to name components, and errors a person can act upon. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/betest_config.h"

#include <string.h>

typedef HRESULT parse_function(const char *, size_t, const char *, struct betest_config **,
                               char **);

static void expect_error(parse_function *parse, const char *text, HRESULT hr, const char *part)
{
    struct betest_config *none = NULL;
    auto_free char *error = NULL;

    assert_int_equal(parse(text, strlen(text), "b.xml", &none, &error), hr);
    assert_null(none);
    assert_true(str_starts_with(error, "b.xml"));
    if (!strstr(error, part))
        fail_msg("\"%s\" lacks \"%s\"", error, part);
}

static void both_forms_name_the_same_components(void **state)
{
    static const char xml[] =
        "<BETest><Writer writerid='11111111-2222-4333-8444-555555555555'>"
        "<Component componentName='Settings'></Component>"
        "<Component logicalPath='Archive' componentName='Year2031'/></Writer></BETest>";
    static const char text[] =
        "\"{11111111-2222-4333-8444-555555555555}\" : \"Settings\", \"Year2031\" ;\r\n\r\n";
    struct betest_config *a, *b;
    GUID id;

    (void)state;
    guid_from_text("11111111-2222-4333-8444-555555555555", &id);
    assert_int_equal(betest_config_from_xml(xml, strlen(xml), "x", &a, NULL), S_OK);
    assert_int_equal(betest_config_from_text(text, strlen(text), "x", &b, NULL), S_OK);
    assert_true(betest_config_names(a, &id, NULL, "Settings"));
    assert_true(betest_config_names(a, &id, "Archive", "Year2031"));
    assert_false(betest_config_names(a, &id, "", "Year2031"));
    assert_true(betest_config_names(b, &id, "", "Settings"));
    assert_true(betest_config_names(b, &id, "", "Year2031"));
    betest_config_free(a);
    betest_config_free(b);
}

static void an_empty_list_names_nothing(void **state)
{
    struct betest_config *config;

    (void)state;
    assert_int_equal(betest_config_from_xml("<BETest/>", 9, "x", &config, NULL), S_OK);
    assert_int_equal(config->writers.count, 0);
    betest_config_free(config);
    assert_int_equal(betest_config_from_text("", 0, "x", &config, NULL), S_OK);
    assert_int_equal(config->writers.count, 0);
    betest_config_free(config);
}

static void mistakes_in_the_xml_form_say_what_is_allowed(void **state)
{
    (void)state;
    expect_error(betest_config_from_xml, "<betest/>", VSS_E_INVALID_XML_DOCUMENT,
                 "BETest is expected");
    expect_error(betest_config_from_xml, "<BETest>\n<Writer writerId='x'/></BETest>",
                 VSS_E_INVALID_XML_DOCUMENT,
                 "line 2: <Writer>: the attribute writerId is not known "
                 "here; allowed: writerid");
    expect_error(betest_config_from_xml, "<BETest><Component/></BETest>",
                 VSS_E_INVALID_XML_DOCUMENT, "allowed: Writer");
    expect_error(betest_config_from_xml,
                 "<BETest><Writer writerid='11111111-2222-4333-8444-555555555555'>"
                 "<Component componentName=''/></Writer></BETest>",
                 VSS_E_INVALID_XML_DOCUMENT, "componentName");
    expect_error(betest_config_from_xml, "<BETest>", VSS_E_INVALID_XML_DOCUMENT, "not well-formed");
}

static void mistakes_in_the_text_form_say_line_column_and_what_is_expected(void **state)
{
    (void)state;
    expect_error(betest_config_from_text, "11111111", E_INVALIDARG,
                 "line 1, column 1: a writer's GUID");
    expect_error(betest_config_from_text, "\n\"11111111-2222-4333-8444-555555555555\": \"a\";",
                 E_INVALIDARG, "line 2, column 39: a colon with blanks");
    expect_error(betest_config_from_text, "\"11111111-2222-4333-8444-555555555555\" : a ;",
                 E_INVALIDARG, "component name");
    expect_error(betest_config_from_text, "\"11111111-2222-4333-8444-555555555555\" : \"a\"",
                 E_INVALIDARG, "semicolon");
    expect_error(betest_config_from_text, "\"11111111-2222-4333-8444-555555555555\" : \"\" ;",
                 E_INVALIDARG, "not empty");
    expect_error(betest_config_from_text,
                 "\"11111111-2222-4333-8444-555555555555\" : \"\xc3\xa4\" ;", E_INVALIDARG,
                 "ASCII");
    expect_error(betest_config_from_text, "\"11111111-2222-4333-8444-555555555555\" : \"a\" ; x",
                 E_INVALIDARG, "end of the line");
}

static void more_than_one_megabyte_of_text_is_refused(void **state)
{
    size_t size = (1 << 20) + 1;
    auto_free char *text = mem_alloc(size + 1);

    (void)state;
    memset(text, ' ', size);
    expect_error(betest_config_from_text, text, E_INVALIDARG, "1 MB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_name_the_same_components),
        cmocka_unit_test(an_empty_list_names_nothing),
        cmocka_unit_test(mistakes_in_the_xml_form_say_what_is_allowed),
        cmocka_unit_test(mistakes_in_the_text_form_say_line_column_and_what_is_expected),
        cmocka_unit_test(more_than_one_megabyte_of_text_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

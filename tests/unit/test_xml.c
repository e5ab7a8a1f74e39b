/* SPDX-License-Identifier: MIT */
/* The XML reader and writer below the documents: what is refused, and that no text does harm. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/base64.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/doc/xml.h"

#include <string.h>

/* Reads all of it; answers the error, NULL if there was none. */
static char *error_of_n(const char *text, size_t size, bool *ret_malformed)
{
    struct xml_reader *xml = xml_reader_new(text, size, "file.xml");
    enum xml_event event;
    char *error;

    do {
        event = xml_next(xml);
    } while (event != XML_DONE && event != XML_FAILED);
    error = mem_strdup(xml_error(xml));
    *ret_malformed = xml_is_malformed(xml);
    assert_true((event == XML_FAILED) == (error != NULL));
    xml_reader_free(xml);
    return error;
}

static void expect_error(const char *text, const char *part, bool malformed)
{
    bool is_malformed;
    auto_free char *error = error_of_n(text, strlen(text), &is_malformed);

    assert_non_null(error);
    if (!strstr(error, part))
        fail_msg("\"%s\" lacks \"%s\"", error, part);
    assert_non_null(strstr(error, "file.xml, line "));
    assert_int_equal(is_malformed, malformed);
}

static void elements_come_with_names_lines_and_attributes(void **state)
{
    const char text[] =
        "<?xml version='1.0'?><a xmlns='urn:x'>\n<p:b xmlns:p='urn:y' x='1 &amp; 2'/>"
        "text<!-- < c = d --></a>";
    struct xml_reader *xml = xml_reader_new(text, strlen(text), NULL);

    (void)state;
    assert_int_equal(xml_next(xml), XML_ELEMENT);
    assert_string_equal(xml_name(xml), "a");
    assert_null(xml_attribute(xml, "x"));
    assert_int_equal(xml_next(xml), XML_ELEMENT);
    assert_string_equal(xml_name(xml), "b");
    assert_int_equal(xml_line(xml), 2);
    assert_string_equal(xml_attribute(xml, "x"), "1 & 2");
    assert_int_equal(xml_next(xml), XML_END);
    assert_int_equal(xml_next(xml), XML_END);
    assert_int_equal(xml_next(xml), XML_DONE);
    assert_int_equal(xml_next(xml), XML_DONE);
    xml_reader_free(xml);
}

static void a_text_that_is_no_xml_is_malformed(void **state)
{
    (void)state;
    expect_error("", "empty", true);
    expect_error("hello", "not well-formed", true);
    expect_error("<a>\n<b></a>", "line 2", true);
    expect_error("<a", "not well-formed", true);
    expect_error("<a x='1' x='2'/>", "not well-formed", true);
    expect_error("<a/><b/>", "not well-formed", true);
    expect_error("<a x='&nosuch;'/>", "not well-formed", true);
    expect_error("<a x='\xff'/>", "not well-formed", true);
    expect_error("<a x='\x01'/>", "not well-formed", true);
    expect_error("<a><!-- open", "not well-formed", true);
}

static void every_truncation_of_a_document_is_an_error(void **state)
{
    const char text[] = "<a x='1'><b y=\"&lt;\"/><![CDATA[ < ]]><c>t</c></a>";

    (void)state;
    for (size_t size = 0; size < strlen(text); size++) {
        bool is_malformed;
        auto_free char *error = error_of_n(text, size, &is_malformed);

        assert_non_null(error);
        assert_true(is_malformed);
    }
}

static void a_document_type_is_refused_so_entities_cannot_explode(void **state)
{
    (void)state;
    expect_error("<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>]>\n<a>&y;</a>",
                 "document type", false);
    expect_error("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "document type", false);
    expect_error("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://localhost/'> %p;]><a/>", "document type",
                 false);
}

static void elements_too_deep_or_with_too_many_attributes_are_refused(void **state)
{
    auto_str struct str deep = { 0 }, wide = { 0 };

    (void)state;
    for (int i = 0; i < 100000; i++)
        str_add(&deep, "<a>");
    expect_error(deep.text, "64 deep", false);
    str_add(&wide, "<a");
    for (int i = 0; i < 100000; i++)
        str_addf(&wide, " a%d=''", i);
    str_add(&wide, "/>");
    expect_error(wide.text, "100000 attributes", false);
}

static void utf16_documents_are_read(void **state)
{
    static const char little[] = "\xff\xfe<\0a\0 \0x\0=\0'\0\xe4\0'\0/\0>\0";
    static const char big[] =
        "\0<\0?\0x\0m\0l\0 \0v\0e\0r\0s\0i\0o\0n\0=\0'\0001\0.\0000\0'\0 "
        "\0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0U\0T\0F\0-\0001\0006\0'\0?\0>\0<\0b\0/\0>";
    struct xml_reader *xml = xml_reader_new(little, sizeof(little) - 1, NULL);

    (void)state;
    assert_int_equal(xml_next(xml), XML_ELEMENT);
    assert_string_equal(xml_attribute(xml, "x"), "\xc3\xa4");
    xml_reader_free(xml);
    xml = xml_reader_new(big, sizeof(big) - 1, NULL);
    assert_int_equal(xml_next(xml), XML_ELEMENT);
    assert_string_equal(xml_name(xml), "b");
    xml_reader_free(xml);
}

static void values_survive_writing_and_reading(void **state)
{
    const char value[] = "<a> & \"b\"\r\n\t'c' \xc3\xa4";
    struct xml_writer *out = xml_writer_new();
    auto_free char *text = NULL;
    struct xml_reader *xml;

    (void)state;
    xml_writer_begin(out, "R");
    xml_writer_text(out, "v", value);
    xml_writer_text(out, "none", NULL);
    xml_writer_text(out, "empty", "");
    text = xml_writer_finish(out);
    assert_string_equal(text, "<R v=\"&lt;a&gt; &amp; &quot;b&quot;&#13;&#10;&#9;'c' \xc3\xa4\"/>");
    xml = xml_reader_new(text, strlen(text), NULL);
    assert_int_equal(xml_next(xml), XML_ELEMENT);
    assert_string_equal(xml_attribute(xml, "v"), value);
    xml_reader_free(xml);
}

static void what_xml_cannot_hold_is_replaced(void **state)
{
    struct xml_writer *out = xml_writer_new();
    auto_free char *text = NULL;
    bool is_malformed;

    (void)state;
    xml_writer_begin(out, "R");
    xml_writer_text(out, "v", "\x01 \xed\xa0\x80 \xef\xbf\xbf \xf0\x9f\x98\x80");
    text = xml_writer_finish(out);
    assert_string_equal(text, "<R v=\"\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd \xf0\x9f\x98\x80\"/>");
    assert_null(error_of_n(text, strlen(text), &is_malformed));
}

static void the_extension_is_declared_on_the_root_only_if_used(void **state)
{
    struct xml_writer *out = xml_writer_new();
    auto_free char *text = NULL;

    (void)state;
    xml_writer_begin(out, "R");
    xml_writer_text(out, "xmlns", "urn:r");
    xml_writer_begin(out, "C");
    xml_writer_enum(out, "type", component_type_words, VSS_CT_FILEGROUP);
    xml_writer_enum(out, "other", component_type_words, VSS_CT_DATABASE);
    xml_writer_begin_own(out, "OWN");
    text = xml_writer_finish(out);
    assert_string_equal(text, "<R xmlns=\"urn:r\" xmlns:e=\"" XML_EXTENSION_NAMESPACE "\">"
                              "<C type=\"filegroup\" e:other=\"database\"><e:OWN/></C></R>");
}

static void typed_attributes_say_what_they_want(void **state)
{
    const char text[] = "<a yes='maybe' n='12x' big='4294967296' id='nonsense' w='red'/>";
    static const char *const parts[] = { "yes or no", "decimal number",        "4294967295",
                                         "a GUID",    "filegroup or database", "is missing" };

    (void)state;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct xml_reader *xml = xml_reader_new(text, strlen(text), NULL);
        bool yes = false, good = true;
        uint32_t n;
        GUID id;
        int word;

        assert_int_equal(xml_next(xml), XML_ELEMENT);
        switch (i) {
        case 0:
            good = xml_get_bool(xml, "yes", true, false, &yes);
            break;
        case 1:
            good = xml_get_u32(xml, "n", true, 0, &n);
            break;
        case 2:
            good = xml_get_u32(xml, "big", true, 0, &n);
            break;
        case 3:
            good = xml_get_guid(xml, "id", true, &id);
            break;
        case 4:
            good = xml_get_enum(xml, "w", true, component_type_words, 0, &word);
            break;
        default:
            good = xml_get_guid(xml, "absent", true, &id);
        }
        assert_false(good);
        assert_non_null(strstr(xml_error(xml), parts[i]));
        assert_non_null(strstr(xml_error(xml), "<a>"));
        assert_false(xml_is_malformed(xml));
        assert_int_equal(xml_next(xml), XML_FAILED);
        xml_reader_free(xml);
    }
}

static void base64_goes_both_ways_and_refuses_other_text(void **state)
{
    const unsigned char bytes[] = { 0, 255, 16, 131, 16 };
    size_t size;

    (void)state;
    for (size_t n = 0; n <= sizeof(bytes); n++) {
        auto_free char *text = base64_encode(bytes, n);
        auto_free unsigned char *back = base64_decode(text, &size);

        assert_non_null(back);
        assert_int_equal(size, n);
        assert_memory_equal(back, bytes, n);
    }
    assert_null(base64_decode("abc", &size));
    assert_null(base64_decode("ab c", &size));
    assert_null(base64_decode("=abc", &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_come_with_names_lines_and_attributes),
        cmocka_unit_test(a_text_that_is_no_xml_is_malformed),
        cmocka_unit_test(every_truncation_of_a_document_is_an_error),
        cmocka_unit_test(a_document_type_is_refused_so_entities_cannot_explode),
        cmocka_unit_test(elements_too_deep_or_with_too_many_attributes_are_refused),
        cmocka_unit_test(utf16_documents_are_read),
        cmocka_unit_test(values_survive_writing_and_reading),
        cmocka_unit_test(what_xml_cannot_hold_is_replaced),
        cmocka_unit_test(the_extension_is_declared_on_the_root_only_if_used),
        cmocka_unit_test(typed_attributes_say_what_they_want),
        cmocka_unit_test(base64_goes_both_ways_and_refuses_other_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

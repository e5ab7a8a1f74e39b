/* SPDX-License-Identifier: MIT */
/* Documents with every peculiarity that real ones were seen to have (tests/fixtures), and the
 * examples of the shared folder: they load, say what they say, and come back the same when they are
 * written and read. Structures are compared, not texts. */
#include "tests/support/fixtures.h"

#include "emu/base/cleanup.h"
#include "emu/com/guid.h"
#include "tests/support/document_text.h"
#include "tests/support/shared_file.h"

#include <string.h>

static struct wmd *wmd_of(const char *name)
{
    auto_free char *error = NULL;
    size_t size;
    auto_free char *text = fixture(name, &size);
    struct wmd *wmd = NULL;

    if (wmd_from_xml(text, size, &wmd, &error) != S_OK)
        fail_msg("%s: %s", name, error);
    return wmd;
}

static void expect_same(const char *name, char *take_a, char *take_b)
{
    auto_free char *a = take_a, *b = take_b, *difference = first_difference(a, b);

    if (difference)
        fail_msg("%s: %s", name, difference);
}

static void expect_wmd_to_come_back(const char *name)
{
    struct wmd *wmd = wmd_of(name), *again = NULL;
    auto_free char *text = wmd_to_xml(wmd);

    assert_int_equal(wmd_from_xml(text, strlen(text), &again, NULL), S_OK);
    expect_same(name, wmd_text(wmd, false), wmd_text(again, false));
    wmd_free(again);
    wmd_free(wmd);
}

static void expect_bcd_to_come_back(const char *name)
{
    auto_free char *error = NULL, *written = NULL;
    size_t size;
    auto_free char *text = fixture(name, &size);
    struct bcd *bcd = NULL, *again = NULL;

    if (bcd_from_xml(text, size, &bcd, &error) != S_OK)
        fail_msg("%s: %s", name, error);
    written = bcd_to_xml(bcd);
    assert_int_equal(bcd_from_xml(written, strlen(written), &again, NULL), S_OK);
    expect_same(name, bcd_text(bcd), bcd_text(again));
    bcd_free(again);
    bcd_free(bcd);
}

static void every_fixture_comes_back_equivalent(void **state)
{
    (void)state;
    assert_true(each_fixture("wmd", expect_wmd_to_come_back) >= 10);
    assert_true(each_fixture("bcd", expect_bcd_to_come_back) >= 4);
}

static void an_express_writers_tabs_line_ends_and_capital_guids_are_read(void **state)
{
    struct wmd *wmd = wmd_of("wmd/express.xml");

    (void)state;
    assert_string_equal(GUID_TEXT(&wmd->writer_id), "2c9e3f10-7a54-4b6d-9e01-5d0b7f3a1c42");
    assert_string_equal(wmd->name, "Sample Express Writer");
    assert_int_equal(wmd->components.count, 1);
    assert_int_equal(wmd->components.items[0].files.count, 2);
    assert_true(wmd->components.items[0].files.items[0].recursive);
    assert_string_equal(wmd->components.items[0].files.items[1].filespec, "Perf???.dat");
    assert_int_equal(wmd->exclude_files.count, 1);
    wmd_free(wmd);
}

static void exclusions_may_stand_between_components(void **state)
{
    struct wmd *wmd = wmd_of("wmd/excludes_between_groups.xml");

    (void)state;
    assert_int_equal(wmd->components.count, 2);
    assert_string_equal(wmd->components.items[0].name, "First");
    assert_string_equal(wmd->components.items[1].name, "Second");
    assert_string_equal(wmd->components.items[1].caption, "The \"second\" & last <half>");
    assert_int_equal(wmd->exclude_files.count, 3);
    assert_string_equal(wmd->exclude_files.items[0].filespec, "*.tmp");
    assert_string_equal(wmd->exclude_files.items[1].path, "\\System Volume Information\\Heat");
    assert_string_equal(wmd->exclude_files.items[2].filespec, "*.lock");
    assert_false(wmd->has_restore_method);
    wmd_free(wmd);
}

static void the_restore_method_may_stand_last_or_nowhere(void **state)
{
    struct wmd *last = wmd_of("wmd/method_last.xml");
    struct wmd *none = wmd_of("wmd/no_method_only_excludes.xml");

    (void)state;
    assert_true(last->has_restore_method);
    assert_int_equal(last->restore_method, VSS_RME_RESTORE_AT_REBOOT);
    assert_true(last->reboot_required);
    assert_false(none->has_restore_method);
    assert_int_equal(none->components.count, 0);
    assert_int_equal(none->exclude_files_from_snapshot.count, 2);
    wmd_free(last);
    wmd_free(none);
}

/* A raw line break in an attribute is a blank to every XML reader; a reference to one stays. */
static void captions_keep_line_breaks_that_are_references(void **state)
{
    struct wmd *wmd = wmd_of("wmd/captions_with_breaks.xml");
    auto_free char *text = wmd_to_xml(wmd);

    (void)state;
    assert_string_equal(wmd->components.items[0].caption, "two lines");
    assert_string_equal(wmd->components.items[1].caption, "two\r\nlines\tand a tab");
    assert_non_null(strstr(text, "two&#13;&#10;lines&#9;and a tab"));
    wmd_free(wmd);
}

static void groups_without_files_and_names_with_braces_are_read(void **state)
{
    struct wmd *wmd = wmd_of("wmd/empty_groups_and_braces.xml");

    (void)state;
    assert_int_equal(wmd->components.count, 4);
    assert_int_equal(wmd->components.items[0].files.count, 0);
    assert_non_null(
        wmd_find_component(wmd, "Volumes", "Volume{5d6e7f80-1111-4222-8333-000000000001}"));
    assert_non_null(wmd_find_component(wmd, "Store", "Store + More"));
    wmd_free(wmd);
}

static void metadata_that_a_writer_wrote_back_is_in_no_namespace(void **state)
{
    size_t size;
    auto_free char *text = fixture("bcd/written_back.xml", &size), *written = NULL;
    struct bcd *bcd = NULL;

    (void)state;
    assert_int_equal(bcd_from_xml(text, size, &bcd, NULL), S_OK);
    assert_string_equal(bcd->writers.items[1]->components.items[0]->backup_metadata,
                        "BAAAAGRhdGE=");
    written = bcd_to_xml(bcd);
    assert_non_null(strstr(written, "<BACKUP_METADATA xmlns=\"\" metadata="));
    bcd_free(bcd);
}

static void the_examples_of_the_shared_folder_come_back_equivalent(void **state)
{
    static const char *const writers[] = { "spec/examples/writer-metadata-database.xml",
                                           "spec/examples/writer-metadata-filegroup.xml" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        auto_free char *error = NULL, *written = NULL;
        size_t size;
        auto_free char *text = shared_file(writers[i], &size);
        struct wmd *wmd = NULL, *again = NULL;

        if (wmd_from_xml(text, size, &wmd, &error) != S_OK)
            fail_msg("%s: %s", writers[i], error);
        written = wmd_to_xml(wmd);
        assert_int_equal(wmd_from_xml(written, strlen(written), &again, NULL), S_OK);
        expect_same(writers[i], wmd_text(wmd, false), wmd_text(again, false));
        wmd_free(again);
        wmd_free(wmd);
    }
}

/* What means harm is refused with a line, and none of it is ever half taken. */
static void hostile_documents_are_refused_with_a_word(void **state)
{
    static const struct {
        const char *text, *part;
    } documents[] = {
        { "<!DOCTYPE W [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><WRITER_METADATA x='&b;'/>",
          "document type" },
        { "<WRITER_METADATA x='&nobody;'/>", "line 1" },
        { "<WRITER_METADATA x='&#1;'/>", "line 1" },
        { "<WRITER_METADATA x='\x02'/>", "line 1" },
        { "\xff\xfe<\0W", "line 1" },
        { "<WRITER_METADATA>\n<IDENTIFICATION writerId='x'/></WRITER_METADATA>", "line 2" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        auto_free char *error = NULL;
        struct wmd *wmd = NULL;
        HRESULT hr = wmd_from_xml(documents[i].text, strlen(documents[i].text), &wmd, &error);

        assert_null(wmd);
        assert_true(hr == S_FALSE || hr == VSS_E_INVALID_XML_DOCUMENT);
        if (!error || !strstr(error, documents[i].part))
            fail_msg("document %zu: \"%s\" lacks \"%s\"", i, error ? error : "(none)",
                     documents[i].part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fixture_comes_back_equivalent),
        cmocka_unit_test(an_express_writers_tabs_line_ends_and_capital_guids_are_read),
        cmocka_unit_test(exclusions_may_stand_between_components),
        cmocka_unit_test(the_restore_method_may_stand_last_or_nowhere),
        cmocka_unit_test(captions_keep_line_breaks_that_are_references),
        cmocka_unit_test(groups_without_files_and_names_with_braces_are_read),
        cmocka_unit_test(metadata_that_a_writer_wrote_back_is_in_no_namespace),
        cmocka_unit_test(the_examples_of_the_shared_folder_come_back_equivalent),
        cmocka_unit_test(hostile_documents_are_refused_with_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

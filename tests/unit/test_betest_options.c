/* SPDX-License-Identifier: MIT */
/* The command line of the built-in requester (Learn: "BETest Tool"). What a wrong one is told
 * stands in tests/cli/test_betest_command_line.py, where it can be read. */
#include "tests/support/cmocka_vss.h"

#include "fakes/requester/betest.h"

#include <string.h>

/* Parses a command line given as words, the first of which is the program. */
#define PARSE(options, help, ...)                                                             \
    ({                                                                                        \
        char *words_[] = { "betest", __VA_ARGS__ };                                           \
        betest_options_parse((int)(sizeof(words_) / sizeof(*words_)), words_, options, help); \
    })

static void a_backup_takes_its_values_from_the_next_arguments(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_true(PARSE(&options, &is_help, "/B", "/S", "doc.xml", "/D", "/tmp/store", "/x",
                      "sel.xml", "-v"));
    assert_true(options.backup && !options.restore && options.verbose && !is_help);
    assert_string_equal(options.document, "doc.xml");
    assert_string_equal(options.store, "/tmp/store");
    assert_string_equal(options.configuration, "sel.xml");
    assert_int_equal(options.type, BETEST_FULL);
}

static void without_b_or_r_it_does_both(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_true(PARSE(&options, &is_help, "/S", "doc.xml", "/D", "store", "/auth"));
    assert_true(options.backup && options.restore && options.authoritative);
}

static void a_type_is_a_word_in_any_case(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_true(PARSE(&options, &is_help, "-b", "-t", "incremental", "-pre", "full.xml"));
    assert_int_equal(options.type, BETEST_INCREMENTAL);
    assert_string_equal(options.previous, "full.xml");
    assert_true(PARSE(&options, &is_help, "/B", "/T", "Log"));
    assert_int_equal(options.type, BETEST_LOG);
}

static void a_snapshot_alone_needs_nothing_and_is_a_copy(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_true(PARSE(&options, &is_help, "/Snapshot", "/P", "/Rollback", "/O"));
    assert_true(options.snapshot_only && options.backup && !options.restore);
    assert_true(options.persistent && options.rollback && options.bootable_state);
    assert_int_equal(options.type, BETEST_COPY);
    assert_true(PARSE(&options, &is_help, "/Snapshot", "/T", "FULL"));
    assert_int_equal(options.type, BETEST_FULL);
}

static void backup_complete_alone_or_never(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_true(PARSE(&options, &is_help, "/BC"));
    assert_true(options.complete_only && options.backup && !options.restore);
    assert_true(PARSE(&options, &is_help, "/B", "/NBC", "/StopError", "/C", "list.txt"));
    assert_true(options.never_complete && options.backup && options.stop_at_error);
    assert_string_equal(options.component_list, "list.txt");
}

static void a_restore_can_go_elsewhere_and_through_a_chain(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_true(PARSE(&options, &is_help, "/R", "/S", "inc.xml", "/Pre", "full.xml", "/NewTarget",
                      "C:\\a=D:\\b"));
    assert_true(options.restore && !options.backup);
    assert_string_equal(options.previous, "full.xml");
    assert_string_equal(options.new_target, "C:\\a=D:\\b");
}

static void help_is_no_mistake(void **state)
{
    struct betest_options options;
    bool is_help = false;

    (void)state;
    assert_false(PARSE(&options, &is_help, "/?"));
    assert_true(is_help);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_takes_its_values_from_the_next_arguments),
        cmocka_unit_test(without_b_or_r_it_does_both),
        cmocka_unit_test(a_type_is_a_word_in_any_case),
        cmocka_unit_test(a_snapshot_alone_needs_nothing_and_is_a_copy),
        cmocka_unit_test(backup_complete_alone_or_never),
        cmocka_unit_test(a_restore_can_go_elsewhere_and_through_a_chain),
        cmocka_unit_test(help_is_no_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

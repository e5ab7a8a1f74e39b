/* SPDX-License-Identifier: MIT */
/* The command line of the built-in requester (Learn: "BETest Tool"). */
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
}

static void without_b_or_r_it_does_both(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_true(PARSE(&options, &is_help, "/S", "doc.xml", "/D", "store"));
    assert_true(options.backup && options.restore);
}

static void what_makes_no_sense_is_refused(void **state)
{
    struct betest_options options;
    bool is_help;

    (void)state;
    assert_false(PARSE(&options, &is_help, "/B", "/R", "/S", "doc.xml"));
    assert_false(PARSE(&options, &is_help, "/R"));
    assert_false(PARSE(&options, &is_help, "/B", "/S"));
    assert_false(PARSE(&options, &is_help, "/B", "/S", "a", "/S", "b"));
    assert_false(PARSE(&options, &is_help, "/S", "doc.xml"));
    assert_false(PARSE(&options, &is_help, "/B", "/Q"));
    assert_false(PARSE(&options, &is_help, "/B", "doc.xml"));
    assert_false(PARSE(&options, &is_help, "/B", "/T", "FULL"));
    assert_false(is_help);
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
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(help_is_no_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

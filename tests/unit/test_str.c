/* SPDX-License-Identifier: MIT */
/* Text: wildcards by Windows rules, UTF-8 to UTF-16 and back. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"

static void star_takes_any_number_of_characters(void **state)
{
    (void)state;
    assert_true(str_matches("report.txt", "*.txt"));
    assert_true(str_matches("REPORT.TXT", "*.txt"));
    assert_true(str_matches("a.b.txt", "*.txt"));
    assert_false(str_matches("report.txt2", "*.txt"));
    assert_true(str_matches("", "*"));
}

static void star_dot_star_matches_names_without_a_dot(void **state)
{
    (void)state;
    assert_true(str_matches("README", "*.*"));
    assert_false(str_matches("README", "*.t*"));
}

static void question_mark_takes_exactly_one(void **state)
{
    (void)state;
    assert_true(str_matches("Perfc009.dat", "Perfc???.dat"));
    assert_false(str_matches("Perfc09.dat", "Perfc???.dat"));
}

static void astral_characters_become_surrogate_pairs_and_back(void **state)
{
    static const uint16_t pair[] = { 'a', 0xD83D, 0xDE00, 'b', 0 };

    (void)state;
    char *utf8 = utf8_from_utf16(pair);
    assert_string_equal(utf8, "a\xF0\x9F\x98\x80"
                              "b");
    uint16_t *back = utf16_from_utf8(utf8);
    assert_memory_equal(back, pair, sizeof(pair));
    free(back);
    free(utf8);
}

static void lone_surrogates_survive_the_round_trip(void **state)
{
    static const uint16_t lone[] = { 'x', 0xD800, 'y', 0xDC00, 0 };

    (void)state;
    char *utf8 = utf8_from_utf16(lone);
    uint16_t *back = utf16_from_utf8(utf8);
    assert_memory_equal(back, lone, sizeof(lone));
    free(back);
    free(utf8);
}

static void malformed_utf8_becomes_replacement_characters(void **state)
{
    static const uint16_t expected[] = { 'a', 0xFFFD, 'b', 0xFFFD, 0 };

    (void)state;
    uint16_t *wide = utf16_from_utf8("a\xFF"
                                     "b\xC3");
    assert_memory_equal(wide, expected, sizeof(expected));
    free(wide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(star_takes_any_number_of_characters),
        cmocka_unit_test(star_dot_star_matches_names_without_a_dot),
        cmocka_unit_test(question_mark_takes_exactly_one),
        cmocka_unit_test(astral_characters_become_surrogate_pairs_and_back),
        cmocka_unit_test(lone_surrogates_survive_the_round_trip),
        cmocka_unit_test(malformed_utf8_becomes_replacement_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

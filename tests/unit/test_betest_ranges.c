/* SPDX-License-Identifier: MIT */
/* Ranges of partial files and directed targets (Learn: "Working with Partial Files"). */
#include "tests/support/cmocka_vss.h"

#include "fakes/requester/betest_ranges.h"

#include <string.h>

static void a_list_is_decimal_or_hexadecimal(void **state)
{
    struct ranges ranges;

    (void)state;
    assert_true(ranges_parse("0:5,100:20, 0x1000 : 0x10", &ranges));
    assert_int_equal(ranges.items.count, 3);
    assert_int_equal(ranges.items.items[1].offset, 100);
    assert_int_equal(ranges.items.items[2].offset, 4096);
    assert_int_equal(ranges.items.items[2].length, 16);
    ranges_free(&ranges);
}

static void what_is_no_list_is_refused(void **state)
{
    static const char *const wrong[] = { "",
                                         "5",
                                         "5:",
                                         ":5",
                                         "1:2,",
                                         "1:2;3:4",
                                         "-1:2",
                                         "1:-2",
                                         "a:b",
                                         "1:2 x",
                                         "1::2",
                                         "0xffffffffffffffff:1",
                                         "1:0x7fffffffffffffff" };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct ranges ranges;

        if (ranges_parse(wrong[i], &ranges))
            fail_msg("\"%s\" was taken", wrong[i]);
        ranges_free(&ranges);
    }
}

static void a_ranges_file_holds_a_count_and_pairs(void **state)
{
    uint64_t numbers[] = { 2, 0, 10, 1 << 20, 512 };
    const char *bytes = (const char *)numbers;
    struct ranges ranges;

    (void)state;
    assert_true(ranges_parse_file(bytes, sizeof(numbers), &ranges));
    assert_int_equal(ranges.items.count, 2);
    assert_int_equal(ranges.items.items[1].offset, 1 << 20);
    ranges_free(&ranges);
    for (size_t size = 0; size < sizeof(numbers); size++) {
        assert_false(ranges_parse_file(bytes, size, &ranges));
        ranges_free(&ranges);
    }
    numbers[0] = UINT64_MAX;
    assert_false(ranges_parse_file(bytes, sizeof(numbers), &ranges));
    ranges_free(&ranges);
}

static void a_path_is_told_from_a_list(void **state)
{
    (void)state;
    assert_string_equal(ranges_file_of("File=C:\\r.bin"), "C:\\r.bin");
    assert_string_equal(ranges_file_of("C:\\r.bin"), "C:\\r.bin");
    assert_string_equal(ranges_file_of("%SystemDrive%\\r.bin"), "%SystemDrive%\\r.bin");
    assert_null(ranges_file_of("0:5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_decimal_or_hexadecimal),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(a_ranges_file_holds_a_count_and_pairs),
        cmocka_unit_test(a_path_is_told_from_a_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

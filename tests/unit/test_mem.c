/* SPDX-License-Identifier: MIT */
#include "emu/base/mem.h"

#include "tests/support/cmocka_vss.h"

#include <stdlib.h>

static void pages_begin_at_a_page_and_are_zeroed(void **state)
{
    static const size_t sizes[] = { 0, 1, 4096, 100000, 1u << 20 };

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        unsigned char *memory = mem_alloc_pages(sizes[i]);

        assert_int_equal((uintptr_t)memory % 4096, 0);
        for (size_t at = 0; at < sizes[i]; at++)
            assert_int_equal(memory[at], 0);
        free(memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_begin_at_a_page_and_are_zeroed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* docs/findings.md has a section for every rule of the table and no other, with its level, sentence
 * and page; and what Windows writes into the Application log besides. That each rule can be broken
 * show test_findings_requester.c, test_findings_writer.c and tests/conformance/findings.cpp. */
#include "tests/support/finding_checks.h"
#include "tests/support/finding_story.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <ctype.h>

static char *section_of(const struct finding_row *row)
{
    const char *level = finding_level_name(row->level), *side = finding_side_name(row->side);

    return str_printf("%c%s. The %s %s. Learn: \"%s\".\n", toupper(level[0]), level + 1, side,
                      row->broken, row->page);
}

static void the_page_says_what_the_table_says(void **state)
{
    FILE *file = fopen(SOURCE_DIR "/docs/findings.md", "r");
    char line[1024];
    unsigned n = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        if (!str_starts_with(line, "## "))
            continue;
        line[strcspn(line, "\n")] = 0;
        enum finding_rule rule = finding_rule_named(line + 3);

        n++;
        if (rule == N_FINDING_RULES)
            fail_msg("docs/findings.md: there is no rule %s", line + 3);
        auto_free char *wanted = section_of(finding_row(rule));

        assert_string_equal(fgets(line, sizeof(line), file), "\n");
        assert_string_equal(fgets(line, sizeof(line), file), wanted);
    }
    fclose(file);
    assert_int_equal(n, N_FINDING_RULES);
}

#define BACKUP "start volume=C prepare status do status complete status release"

static void the_log_knows_that_writers_cannot_call_back(void **state)
{
    struct story *story = story_play(CAST_PLAIN, "com create init state gather read " BACKUP);

    (void)state;
    assert_int_equal(vssemu_finding_count(story_world(story), "com-security-missing"), 1);
    assert_int_equal(vssemu_event_count(story_world(story), "VSS", 8194), 1);
    assert_int_equal(vssemu_event_count(story_world(story), "VSS", 8231), 1);
    story_close(story);
    story = story_play(CAST_PLAIN, "com security create init state gather read " BACKUP);
    assert_int_equal(vssemu_event_count(story_world(story), "VSS", 8194), 0);
    story_close(story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_says_what_the_table_says),
        cmocka_unit_test(the_log_knows_that_writers_cannot_call_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

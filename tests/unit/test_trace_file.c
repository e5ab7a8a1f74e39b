/* SPDX-License-Identifier: MIT */
/* A recorded trace read back whole: arguments survive, and whatever is damaged, cut off, moved or
 * added is told with its line. Two traces are compared in words. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/com/guid.h"
#include "emu/trace/trace_check.h"
#include "emu/trace/trace_diff.h"
#include "emu/trace/trace_lanes.h"
#include "emu/trace/trace_stats.h"

#include <stdlib.h>
#include <string.h>

#define HEADER "{\"vssemu_trace\":2,\"clock\":\"virtual\",\"seed\":1}\n"
#define FREEZE \
    "\"kind\":\"event\",\"who\":\"writer Sql\",\"what\":\"Freeze\",\"result\":\"S_OK\"}\n"
#define FIRST   "{\"n\":1,\"t\":10," FREEZE
#define SECOND  "{\"n\":2,\"t\":20," FREEZE
#define VERDICT "{\"verdict\":\"exit\",\"exit\":0,\"records\":2}\n"
#define WHOLE   HEADER FIRST SECOND VERDICT

/* The same in the version whose lines are checked. */
#define CHECKED_HEADER "{\"vssemu_trace\":3,\"clock\":\"virtual\",\"seed\":1}\n"

static void expect_refusal(const char *text, const char *words)
{
    struct trace_file file;
    char *error = NULL;

    if (trace_file_parse(text, strlen(text), "t", TRACE_FILE_WHOLE, &file, &error))
        fail_msg("taken for a trace: %s", text);
    if (!strstr(error, words))
        fail_msg("\"%s\" does not say \"%s\"", error, words);
    free(error);
}

/* The file has pointers into itself: it stays where it is made. */
static void expect_trace(const char *text, unsigned flags, struct trace_file *ret_file)
{
    char *error = NULL;

    if (!trace_file_parse(text, strlen(text), "t", flags, ret_file, &error))
        fail_msg("%s", error);
}

static void a_whole_trace_is_read(void **state)
{
    (void)state;
    struct trace_file file;

    expect_trace(WHOLE, TRACE_FILE_WHOLE, &file);
    assert_int_equal(file.records.count, 2);
    assert_string_equal(trace_file_record(&file, 1)->what, "Freeze");
    assert_int_equal(file.records.items[1].number, 3);
    assert_int_equal(file.verdict->n_records, 2);
    trace_file_free(&file);
}

static void what_is_damaged_is_told_with_its_line(void **state)
{
    (void)state;
    expect_refusal("", "t:1: the file is empty");
    expect_refusal(FIRST, "t:1: the header is missing");
    expect_refusal(HEADER "{\"n\":1,\n" VERDICT, "t:2: no JSON");
    expect_refusal(HEADER "[]\n" VERDICT, "t:2: no JSON object");
    expect_refusal(HEADER "{\"n\":1,\"t\":1,\"kind\":\"x\",\"who\":\"w\",\"what\":\"y\"}\n",
                   "t:2: ");
    expect_refusal(HEADER FIRST HEADER, "t:3: a second header");
    expect_refusal("{\"vssemu_trace\":7,\"clock\":\"real\",\"seed\":1}\n", "t:1: version 7");
    expect_refusal(HEADER "{\"t\":1," FREEZE, "t:2: a record without its number");
    expect_refusal(WHOLE FIRST, "t:5: something stands behind the verdict");
}

static void what_is_cut_off_is_told_with_its_line(void **state)
{
    (void)state;
    expect_refusal(HEADER FIRST SECOND, "t:4: the trace ends without its verdict");
    expect_refusal(HEADER FIRST "{\"n\":2,\"t\":20", "t:3: the line is cut off");
    expect_refusal(HEADER FIRST VERDICT, "t:3: the verdict counts 2 records, the file has 1");
    expect_refusal(HEADER SECOND VERDICT, "t:2: record 1 is missing");
}

static void what_was_moved_is_told_with_its_line(void **state)
{
    (void)state;
    expect_refusal(HEADER SECOND FIRST VERDICT, "t:2: record 1 is missing");
    expect_refusal(HEADER FIRST FIRST VERDICT, "t:3: record 1 stands here again");
    expect_refusal(HEADER "{\"n\":1,\"t\":30," FREEZE SECOND VERDICT,
                   "t:3: the time goes back, from 30 to 20 ns");
}

/* Lines with their checks, as the launcher writes them; the caller frees. */
static char *sealed(const char *const lines[], size_t n)
{
    struct str out = { 0 };
    uint64_t chain = 0;

    for (size_t i = 0; i < n; i++) {
        struct str line = { 0 };

        str_add(&line, lines[i]);
        trace_check_add(&line, i ? &chain : &(uint64_t){ 0 });
        str_add(&out, line.text);
        str_free(&line);
    }
    return str_take(&out);
}

/* The text with its first `from` as `to`, which is as long. */
static void expect_refusal_of_change(const char *text, const char *from, const char *to,
                                     const char *words)
{
    auto_free char *changed = strdup(text);
    struct trace_file file;
    char *at = strstr(changed, from);

    assert_non_null(at);
    memcpy(at, to, strlen(to));
    expect_refusal(changed, words);
    if (strstr(words, "--edited")) {
        expect_trace(changed, TRACE_FILE_EDITED, &file);
        trace_file_free(&file);
    }
}

static void what_was_changed_within_a_line_is_told_with_its_line(void **state)
{
    static const char *const lines[] = { CHECKED_HEADER, FIRST, SECOND, VERDICT };
    static const char *const others[] = { CHECKED_HEADER, "{\"n\":1,\"t\":11," FREEZE, SECOND,
                                          VERDICT };
    auto_free char *text = sealed(lines, 4), *other = sealed(others, 4);
    struct trace_file file;
    char *second = strstr(other, "{\"n\":2"), *end = strchr(second, '\n') + 1;
    (void)state;

    expect_trace(text, TRACE_FILE_WHOLE, &file);
    assert_int_equal(file.records.count, 2);
    assert_int_equal(file.records.items[0].body, strlen(FIRST) - strlen("}\n"));
    trace_file_free(&file);
    expect_refusal_of_change(text, "\"seed\":1", "\"seed\":2", "t:1: the line is not what was");
    /* Versions without checks: the header would take the checks of all lines away. */
    expect_refusal_of_change(text, "trace\":3", "trace\":2", "t:1: the line has a check");
    expect_refusal_of_change(text, "trace\":3", "trace\":1", "t:1: the line has a check");
    expect_refusal_of_change(text, "\"t\":10", "\"t\":12", "--edited");
    expect_refusal_of_change(text, "\"t\":10", "\"t\":12", "t:2: the line is not what was");
    expect_refusal_of_change(text, "\"t\":20", "\"t\":30", "t:3: the line is not what was");
    expect_refusal_of_change(text, "\"exit\":0", "\"exit\":1", "t:4: the line is not what was");
    expect_refusal_of_change(text, "check", "chuck", "t:1: the line does not end with its check");
    /* A line of another run, with the number and the check that it has there. */
    auto_free char *mixed = str_printf("%.*s%.*s%s", (int)(strstr(text, "{\"n\":2") - text), text,
                                       (int)(end - second), second, strstr(text, "{\"verdict"));
    expect_refusal(mixed, "t:3: the line is not what was");
}

/* The header of docs/trace-format.md: another program may compute checks, so they stay what they
 * are. */
static void the_check_of_the_documented_header_is_the_documented_one(void **state)
{
    struct str line = { 0 };
    (void)state;

    str_add(&line, "{\"vssemu_trace\":3,\"clock\":\"virtual\",\"seed\":42}\n");
    trace_check_add(&line, &(uint64_t){ 0 });
    assert_string_equal(line.text, "{\"vssemu_trace\":3,\"clock\":\"virtual\",\"seed\":42,"
                                   "\"check\":\"b54c00f09676b8aa\"}\n");
    str_free(&line);
}

static void records_have_the_same_checks_wherever_volumes_lay(void **state)
{
    static const char *const here[] = { CHECKED_HEADER, FIRST };
    static const char *const there[] = {
        "{\"vssemu_trace\":3,\"clock\":\"virtual\",\"seed\":1,\"world\":{}}\n", FIRST
    };
    auto_free char *one = sealed(here, 2), *other = sealed(there, 2);
    (void)state;

    assert_string_equal(strchr(one, '\n'), strchr(other, '\n'));
}

static void a_part_is_read_when_it_is_asked_for(void **state)
{
    (void)state;
    struct trace_file file;

    expect_trace(HEADER FIRST "{\"n\":2,\"t\":20", TRACE_FILE_PART, &file);
    assert_int_equal(file.records.count, 1);
    assert_null(file.verdict);
    trace_file_free(&file);
}

static void threads_of_the_real_clock_may_overtake_each_other(void **state)
{
    (void)state;
    struct trace_file file;

    expect_trace("{\"vssemu_trace\":2,\"clock\":\"real\",\"seed\":1}\n"
                 "{\"n\":1,\"t\":30," FREEZE SECOND VERDICT,
                 TRACE_FILE_WHOLE, &file);
    trace_file_free(&file);
}

static void the_first_version_is_still_read(void **state)
{
    (void)state;
    struct trace_file file;

    expect_trace("{\"vssemu_trace\":1,\"clock\":\"virtual\",\"seed\":1}\n"
                 "{\"t\":1," FREEZE "{\"t\":2," FREEZE VERDICT,
                 TRACE_FILE_WHOLE, &file);
    assert_int_equal(file.header->version, 1);
    trace_file_free(&file);
}

static char *made(const void *of)
{
    return str_printf("<made of=\"%s\"/>", (const char *)of);
}

static void arguments_are_read_back(void **state)
{
    static const GUID id = { 0x12345678, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
    const struct trace_arg args[] = {
        TRACE_TEXT("path", "a\\b"),        TRACE_TEXT("none", NULL), TRACE_NUMBER("type", -7),
        TRACE_TRUTH("succeeded", true),    TRACE_ID("writer", &id),  TRACE_IDS("ids", &id, 1),
        TRACE_MADE("metadata", made, "x"),
    };
    const struct trace_record record = { .kind = TRACE_CALL,
                                         .who = "requester",
                                         .what = "AddComponent",
                                         .args = args,
                                         .n_args = sizeof(args) / sizeof(args[0]) };
    (void)state;
    struct str out = { 0 };
    struct trace_line line;
    trace_json_add_record(&out, &record);
    assert_true(trace_json_read(out.text, out.length, &line));
    assert_int_equal(line.record.n_args, record.n_args);
    assert_string_equal(trace_record_text(&line.record, "path"), "a\\b");
    assert_non_null(trace_record_arg(&line.record, "none"));
    assert_null(trace_record_text(&line.record, "none"));
    assert_int_equal(trace_record_number(&line.record, "type", 0), -7);
    assert_int_equal(trace_record_number(&line.record, "succeeded", 0), 1);
    assert_int_equal(trace_record_number(&line.record, "absent", 5), 5);
    assert_string_equal(trace_record_text(&line.record, "writer"), GUID_TEXT(&id));
    assert_string_equal(trace_record_text(&line.record, "metadata"), "<made of=\"x\"/>");
    const struct trace_arg *ids = trace_record_arg(&line.record, "ids");
    assert_int_equal(ids->n, 1);
    assert_string_equal(((const char *const *)ids->of)[0], GUID_TEXT(&id));
    trace_line_fini(&line);
    str_free(&out);
}

static void a_header_tells_program_and_world(void **state)
{
    static const char *const program[] = { "./requester", "backup", "a \"b\"" };
    static const struct trace_header header = { .clock = "virtual",
                                                .seed = 3,
                                                .world = "{\"volumes\":[]}",
                                                .program = program,
                                                .n_program = 3 };
    (void)state;
    struct str out = { 0 };
    struct trace_line line;
    trace_json_add_header(&out, &header);
    assert_true(trace_json_read(out.text, out.length, &line));
    assert_int_equal(line.header.version, TRACE_FORMAT_VERSION);
    assert_int_equal(line.header.n_program, 3);
    assert_string_equal(line.header.program[2], "a \"b\"");
    assert_string_equal(line.header.world, "{\"volumes\":[]}");
    trace_line_fini(&line);
    str_free(&out);
}

/* ---- comparing ---- */

#define EVENT(n, t, who, what)                                                                  \
    "{\"n\":" #n ",\"t\":" #t ",\"kind\":\"event\",\"who\":\"writer " who "\",\"what\":\"" what \
    "\",\"result\":\"S_OK\"}\n"

static bool compare(const char *one, const char *other, enum trace_diff_mode mode, struct str *out)
{
    const struct trace_diff_options options = {
        .mode = mode, .n_context = 2, .name_a = "one", .name_b = "other"
    };
    struct trace_file a, b;

    expect_trace(one, TRACE_FILE_PART, &a);
    expect_trace(other, TRACE_FILE_PART, &b);
    bool is_same = trace_diff(&a, &b, &options, out);

    trace_file_free(&a);
    trace_file_free(&b);
    return is_same;
}

static void the_first_difference_is_told_in_words(void **state)
{
    (void)state;
    struct str out = { 0 };
    assert_true(compare(WHOLE, WHOLE, TRACE_DIFF_ALL, &out));
    assert_int_equal(out.length, 0);
    assert_false(compare(HEADER EVENT(1, 1, "A", "Freeze") EVENT(2, 2, "A", "Thaw"),
                         HEADER EVENT(1, 1, "A", "Freeze") EVENT(2, 2, "A", "Abort"),
                         TRACE_DIFF_ALL, &out));
    assert_non_null(strstr(out.text, "after 1 records that are the same, what happens differs: one,"
                                     " line 3, and other, line 3\n"));
    assert_non_null(strstr(out.text, "  - "));
    str_free(&out);
    assert_false(compare(HEADER EVENT(1, 1, "A", "Freeze") EVENT(2, 2, "A", "Thaw"),
                         HEADER EVENT(1, 1, "A", "Freeze"), TRACE_DIFF_ALL, &out));
    assert_non_null(strstr(out.text, "other ends here; one goes on with line 3"));
    str_free(&out);
}

static void order_is_each_participants_own(void **state)
{
    static const char one[] = HEADER EVENT(1, 1, "A", "Freeze") EVENT(2, 2, "B", "Freeze");
    static const char other[] = HEADER EVENT(1, 5, "B", "Freeze") EVENT(2, 7, "A", "Freeze");
    (void)state;
    struct str out = { 0 };
    assert_false(compare(one, other, TRACE_DIFF_STEPS, &out));
    str_free(&out);
    assert_true(compare(one, other, TRACE_DIFF_ORDER, &out));
    assert_false(compare(HEADER EVENT(1, 1, "A", "Freeze") EVENT(2, 2, "A", "Thaw"),
                         HEADER EVENT(1, 1, "A", "Thaw") EVENT(2, 2, "A", "Freeze"),
                         TRACE_DIFF_ORDER, &out));
    assert_non_null(strstr(out.text, "writer A: after 0 steps"));
    str_free(&out);
}

static bool is_not_of_b(const struct trace_record *record, const void *arg)
{
    (void)arg;
    return strcmp(record->who, "writer B") != 0;
}

/* What is left out has moved the number of what stays. */
static void numbers_are_no_difference(void **state)
{
    const struct trace_diff_options options = {
        .mode = TRACE_DIFF_ALL, .filter = is_not_of_b, .name_a = "one", .name_b = "other"
    };
    struct trace_file a, b;
    (void)state;

    expect_trace(HEADER EVENT(1, 1, "B", "Freeze") EVENT(2, 2, "A", "Freeze"), TRACE_FILE_PART, &a);
    expect_trace(HEADER EVENT(1, 2, "A", "Freeze"), TRACE_FILE_PART, &b);
    assert_true(trace_diff(&a, &b, &options, NULL));
    trace_file_free(&b);
    expect_trace(HEADER EVENT(1, 3, "A", "Freeze"), TRACE_FILE_PART, &b);
    assert_false(trace_diff(&a, &b, &options, NULL));
    trace_file_free(&b);
    trace_file_free(&a);
}

static void times_alone_are_no_difference_of_steps(void **state)
{
    (void)state;
    assert_false(compare(HEADER FIRST, HEADER "{\"n\":1,\"t\":11," FREEZE, TRACE_DIFF_ALL, NULL));
    assert_true(compare(HEADER FIRST, HEADER "{\"n\":1,\"t\":11," FREEZE, TRACE_DIFF_STEPS, NULL));
}

/* ---- pictures and sums ---- */

#define FROZEN                                                                                   \
    HEADER "{\"n\":1,\"t\":0,\"kind\":\"event\",\"who\":\"writer A\",\"what\":\"Freeze\","       \
           "\"before\":\"WAITING_FOR_FREEZE\",\"after\":\"WAITING_FOR_THAW\","                   \
           "\"result\":\"S_OK\",\"took\":500}\n"                                                 \
           "{\"n\":2,\"t\":1000000,\"kind\":\"volume\",\"who\":\"volume C:\",\"what\":\"hold\"," \
           "\"result\":\"S_OK\"}\n"                                                              \
           "{\"n\":3,\"t\":2000000,\"kind\":\"event\",\"who\":\"writer A\",\"what\":\"Thaw\","   \
           "\"before\":\"WAITING_FOR_THAW\",\"after\":\"FAILED_AT_THAW\","                       \
           "\"result\":\"VSS_E_WRITERERROR_RETRYABLE\"}\n"

static void lanes_show_who_is_frozen(void **state)
{
    static const struct trace_lanes_options ascii = { .is_ascii = true };
    (void)state;
    struct str out = { 0 };
    struct trace_file file;

    expect_trace(FROZEN, TRACE_FILE_PART, &file);
    trace_lanes_add(&out, &file, &ascii);
    assert_string_equal(out.text, "      seconds  writer A                     volume C:\n"
                                  "     0.000000  Freeze                       |\n"
                                  "     0.001000  #                            hold\n"
                                  "     0.002000  Thaw! VSS_E_WRITERERROR_RET~ #\n");
    trace_file_free(&file);
    str_free(&out);
}

static void stats_add_up_handlers_and_freezes(void **state)
{
    (void)state;
    struct trace_stats stats;
    struct trace_file file;

    expect_trace(FROZEN, TRACE_FILE_PART, &file);
    trace_stats_collect(&file, &stats);
    assert_int_equal(stats.end_ns, 2000000);
    assert_int_equal(stats.kinds[TRACE_EVENT], 2);
    assert_int_equal(stats.handlers.count, 2);
    assert_int_equal(stats.handlers.items[0].total_ns, 500);
    assert_int_equal(stats.frozen.count, 1);
    assert_string_equal(stats.frozen.items[0].who, "writer A");
    assert_int_equal(stats.frozen.items[0].total_ns, 2000000);
    assert_int_equal(stats.failures.count, 1);
    assert_int_equal(stats.results.count, 2);
    trace_stats_free(&stats);
    trace_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_trace_is_read),
        cmocka_unit_test(what_is_damaged_is_told_with_its_line),
        cmocka_unit_test(what_is_cut_off_is_told_with_its_line),
        cmocka_unit_test(what_was_moved_is_told_with_its_line),
        cmocka_unit_test(what_was_changed_within_a_line_is_told_with_its_line),
        cmocka_unit_test(the_check_of_the_documented_header_is_the_documented_one),
        cmocka_unit_test(records_have_the_same_checks_wherever_volumes_lay),
        cmocka_unit_test(a_part_is_read_when_it_is_asked_for),
        cmocka_unit_test(threads_of_the_real_clock_may_overtake_each_other),
        cmocka_unit_test(the_first_version_is_still_read),
        cmocka_unit_test(arguments_are_read_back),
        cmocka_unit_test(a_header_tells_program_and_world),
        cmocka_unit_test(the_first_difference_is_told_in_words),
        cmocka_unit_test(order_is_each_participants_own),
        cmocka_unit_test(numbers_are_no_difference),
        cmocka_unit_test(times_alone_are_no_difference_of_steps),
        cmocka_unit_test(lanes_show_who_is_frozen),
        cmocka_unit_test(stats_add_up_handlers_and_freezes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

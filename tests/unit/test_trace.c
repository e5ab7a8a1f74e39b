/* SPDX-License-Identifier: MIT */
/* The trace: what is written can be read back, a line is one line whatever stands in it, and what
 * a person sees is aligned. */
#include "tests/support/cmocka_vss.h"

#include "emu/com/hresult.h"
#include "emu/trace/trace_json.h"
#include "emu/trace/trace_sink.h"
#include "emu/trace/trace_text.h"

#include <string.h>
#include <unistd.h>

static const struct trace_record freeze = {
    .at_ns = 3141592653,
    .kind = TRACE_EVENT,
    .who = "writer Sql",
    .what = "Freeze",
    .before = "WAITING_FOR_FREEZE",
    .after = "FAILED_AT_FREEZE",
    .has_result = true,
    .result = (int32_t)0x800423F3,
    .detail = "first of two",
};

static void a_record_is_one_line_of_json(void **state)
{
    (void)state;
    struct str out = { 0 };
    trace_json_add_record(&out, &freeze);
    assert_string_equal(
        out.text, "{\"t\":3141592653,\"kind\":\"event\",\"who\":\"writer Sql\",\"what\":\"Freeze\","
                  "\"before\":\"WAITING_FOR_FREEZE\",\"after\":\"FAILED_AT_FREEZE\","
                  "\"result\":\"VSS_E_WRITERERROR_RETRYABLE\",\"detail\":\"first of two\"}\n");
    str_free(&out);
}

static void what_a_record_has_not_is_left_out(void **state)
{
    static const struct trace_record hold = {
        .kind = TRACE_VOLUME, .who = "volume C:", .what = "hold"
    };
    (void)state;
    struct str out = { 0 };
    trace_json_add_record(&out, &hold);
    assert_string_equal(out.text,
                        "{\"t\":0,\"kind\":\"volume\",\"who\":\"volume C:\",\"what\":\"hold\"}\n");
    str_free(&out);
}

static void a_record_read_back_is_the_record_written(void **state)
{
    (void)state;
    struct str out = { 0 };
    struct trace_line line;
    trace_json_add_record(&out, &freeze);
    assert_true(trace_json_read(out.text, out.length, &line));
    assert_int_equal(line.kind, TRACE_LINE_RECORD);
    assert_true(line.record.at_ns == freeze.at_ns);
    assert_int_equal(line.record.kind, TRACE_EVENT);
    assert_string_equal(line.record.who, freeze.who);
    assert_string_equal(line.record.what, freeze.what);
    assert_string_equal(line.record.before, freeze.before);
    assert_string_equal(line.record.after, freeze.after);
    assert_true(line.record.has_result);
    assert_int_equal(line.record.result, freeze.result);
    assert_string_equal(line.record.detail, freeze.detail);
    trace_line_fini(&line);
    str_free(&out);
}

static void codes_without_a_name_survive_too(void **state)
{
    (void)state;
    struct trace_record record = freeze;
    struct str out = { 0 };
    struct trace_line line;
    record.result = (int32_t)0xA1B2C3D4;
    trace_json_add_record(&out, &record);
    assert_true(trace_json_read(out.text, out.length, &line));
    assert_int_equal(line.record.result, record.result);
    trace_line_fini(&line);
    str_free(&out);
}

static void quotes_controls_and_bad_utf8_stay_inside_one_line(void **state)
{
    (void)state;
    struct trace_record record = freeze;
    struct str out = { 0 };
    struct trace_line line;
    record.detail = "C:\\a \"b\"\n\x01 \xFF \xE2\x82\xAC";
    trace_json_add_record(&out, &record);
    assert_ptr_equal(strchr(out.text, '\n'), out.text + out.length - 1);
    assert_true(trace_json_read(out.text, out.length, &line));
    assert_string_equal(line.record.detail, "C:\\a \"b\"\n\x01 \xEF\xBF\xBD \xE2\x82\xAC");
    trace_line_fini(&line);
    str_free(&out);
}

static void header_and_verdict_are_read_back(void **state)
{
    static const struct trace_header header = { .clock = "virtual", .seed = 42 };
    static const struct trace_verdict verdict = {
        .ending = TRACE_ENDED_BY_SIGNAL,
        .exit_code = 139,
        .signal = "SIGSEGV",
        .n_records = 7,
    };
    (void)state;
    struct str out = { 0 };
    struct trace_line line;
    trace_json_add_header(&out, &header);
    assert_true(trace_json_read(out.text, out.length, &line));
    assert_int_equal(line.kind, TRACE_LINE_HEADER);
    assert_string_equal(line.header.clock, "virtual");
    assert_true(line.header.seed == 42);
    trace_line_fini(&line);
    str_free(&out);
    trace_json_add_verdict(&out, &verdict);
    assert_true(trace_json_read(out.text, out.length, &line));
    assert_int_equal(line.kind, TRACE_LINE_VERDICT);
    assert_int_equal(line.verdict.ending, TRACE_ENDED_BY_SIGNAL);
    assert_int_equal(line.verdict.exit_code, 139);
    assert_string_equal(line.verdict.signal, "SIGSEGV");
    assert_null(line.verdict.message);
    assert_true(line.verdict.n_records == 7);
    trace_line_fini(&line);
    str_free(&out);
}

static void what_is_no_line_of_a_trace_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "hello",
        "[]",
        "{}",
        "{\"vssemu_trace\":99,\"clock\":\"real\",\"seed\":1}",
        "{\"t\":1,\"kind\":\"event\",\"who\":\"w\"",
        "{\"t\":1,\"kind\":\"nonsense\",\"who\":\"w\",\"what\":\"x\"}",
        "{\"t\":\"1\",\"kind\":\"event\",\"who\":\"w\",\"what\":\"x\"}",
        "{\"t\":1,\"kind\":\"event\",\"who\":\"w\",\"what\":\"x\",\"result\":\"E_NO_SUCH_NAME\"}",
        "{\"t\":1,\"kind\":\"event\",\"who\":\"w\",\"what\":\"x\",\"result\":\"0x800423F3F\"}",
        "{\"verdict\":\"maybe\",\"exit\":0}",
    };
    (void)state;
    struct trace_line line;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(trace_json_read(bad[i], strlen(bad[i]), &line));
}

static void a_person_sees_time_who_event_states_and_result(void **state)
{
    static const struct trace_text_style plain = { .has_colours = false };
    (void)state;
    struct str out = { 0 };
    trace_text_add_record(&out, &freeze, &plain);
    assert_string_equal(out.text, "   3.141592 writer Sql             Freeze                   "
                                  "WAITING_FOR_FREEZE -> FAILED_AT_FREEZE                   "
                                  "VSS_E_WRITERERROR_RETRYABLE first of two\n");
    str_free(&out);
}

static void a_state_that_stays_is_shown_once(void **state)
{
    static const struct trace_text_style plain = { .has_colours = false };
    static const struct trace_record record = {
        .kind = TRACE_EVENT,
        .who = "writer Sql",
        .what = "PrepareBackup",
        .before = "STABLE",
        .after = "STABLE",
    };
    (void)state;
    struct str out = { 0 };
    trace_text_add_record(&out, &record, &plain);
    assert_string_equal(out.text,
                        "   0.000000 writer Sql             PrepareBackup            STABLE\n");
    str_free(&out);
}

static void a_long_name_is_cut_so_that_columns_stay(void **state)
{
    static const struct trace_text_style plain = { .has_colours = false };
    static const struct trace_record record = {
        .kind = TRACE_PROVIDER,
        .who = "provider M\u00fcllers Volumenschattenkopien",
        .what = "CommitSnapshots",
    };
    (void)state;
    struct str out = { 0 };
    trace_text_add_record(&out, &record, &plain);
    assert_string_equal(out.text, "   0.000000 provider M\u00fcllers Volu\u2026 CommitSnapshots\n");
    str_free(&out);
}

static void colours_are_there_only_when_asked_for(void **state)
{
    static const struct trace_text_style plain = { .has_colours = false };
    static const struct trace_text_style coloured = { .has_colours = true };
    (void)state;
    struct str out = { 0 };
    trace_text_add_heading(&out, &plain);
    trace_text_add_record(&out, &freeze, &plain);
    assert_null(strchr(out.text, '\033'));
    trace_text_add_record(&out, &freeze, &coloured);
    assert_non_null(strchr(out.text, '\033'));
    str_free(&out);
}

static void a_sink_writes_each_record_at_once(void **state)
{
    int pipe_fds[2];
    char buffer[512];
    (void)state;
    assert_int_equal(pipe(pipe_fds), 0);
    struct trace_fd sink;
    struct trace_tee tee;
    struct str expected = { 0 };
    trace_fd_init(&sink, pipe_fds[1]);
    trace_tee_init(&tee, NULL, &sink.trace);
    trace_write(&tee.trace, &freeze);
    ssize_t n = read(pipe_fds[0], buffer, sizeof(buffer));
    trace_json_add_record(&expected, &freeze);
    assert_int_equal(n, (ssize_t)expected.length);
    assert_memory_equal(buffer, expected.text, expected.length);
    str_free(&expected);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

static int64_t five_seconds(struct sched *sched)
{
    (void)sched;
    return 5 * SCHED_SECOND;
}

static void keep_time(struct trace *trace, const struct trace_record *record);
static struct keeper {
    struct trace trace;
    int64_t at_ns;
} keeper = { .trace.write = keep_time };

static void keep_time(struct trace *trace, const struct trace_record *record)
{
    container_of(trace, struct keeper, trace)->at_ns = record->at_ns;
}

static void the_stamp_is_the_worlds_time(void **state)
{
    static const struct sched_ops ops = { .now = five_seconds };
    struct sched sched = { .ops = &ops };
    struct trace_stamp stamp;
    (void)state;
    trace_stamp_init(&stamp, &sched, &keeper.trace);
    trace_write(&stamp.trace, &freeze);
    assert_true(keeper.at_ns == 5 * SCHED_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_one_line_of_json),
        cmocka_unit_test(what_a_record_has_not_is_left_out),
        cmocka_unit_test(a_record_read_back_is_the_record_written),
        cmocka_unit_test(codes_without_a_name_survive_too),
        cmocka_unit_test(quotes_controls_and_bad_utf8_stay_inside_one_line),
        cmocka_unit_test(header_and_verdict_are_read_back),
        cmocka_unit_test(what_is_no_line_of_a_trace_is_refused),
        cmocka_unit_test(a_person_sees_time_who_event_states_and_result),
        cmocka_unit_test(a_state_that_stays_is_shown_once),
        cmocka_unit_test(a_long_name_is_cut_so_that_columns_stay),
        cmocka_unit_test(colours_are_there_only_when_asked_for),
        cmocka_unit_test(a_sink_writes_each_record_at_once),
        cmocka_unit_test(the_stamp_is_the_worlds_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

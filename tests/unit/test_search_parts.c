/* SPDX-License-Identifier: MIT */
/* Parts of the search, each alone: coverage of what records tell, shrinking against a made-up
 * failure. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/port/trace.h"
#include "emu/proto/fault_rules.h"
#include "emu/proto/writer_rules.h"
#include "emu/scenario/cast.h"
#include "emu/search/coverage.h"
#include "emu/search/shrink.h"

#include <stdlib.h>
#include <string.h>

/* ---- records as the service writes them ---- */

static struct trace_record event(const char *who, const char *what, const char *before,
                                 HRESULT result)
{
    return (struct trace_record){ .kind = TRACE_EVENT,
                                  .who = who,
                                  .what = what,
                                  .before = before,
                                  .has_result = true,
                                  .result = result };
}

static struct trace_record fault_note(const char *who, const char *text)
{
    return (struct trace_record){ .kind = TRACE_NOTE, .who = who, .what = "fault", .detail = text };
}

/* ---- coverage ---- */

static uint32_t met(const struct coverage *c, unsigned state, unsigned point, unsigned action)
{
    return coverage_get(c, &(struct coverage_cell){ FAULT_WRITER, state, point, action });
}

static void an_event_is_counted_with_its_state_and_fault(void **state)
{
    struct coverage *c = coverage_new();
    struct trace_record freeze = event("writer Sql", "Freeze", "WAITING_FOR_FREEZE", S_OK);
    struct trace_record fault =
        fault_note("writer Sql", "writer=Sql event=Freeze do=delay for=70s");

    (void)state;
    coverage_record(c, &freeze);
    assert_int_equal(met(c, VSS_WS_WAITING_FOR_FREEZE, ON_FREEZE, N_FAULT_ACTIONS), 1);
    assert_int_equal(coverage_take_new(c), 1);
    coverage_record(c, &freeze);
    assert_int_equal(coverage_take_new(c), 0);
    coverage_record(c, &fault);
    freeze.who = "writer Mail"; /* of another writer: without the fault */
    coverage_record(c, &freeze);
    freeze.who = "writer Sql";
    coverage_record(c, &freeze);
    assert_int_equal(met(c, VSS_WS_WAITING_FOR_FREEZE, ON_FREEZE, FAULT_DELAY), 1);
    assert_int_equal(met(c, VSS_WS_WAITING_FOR_FREEZE, ON_FREEZE, N_FAULT_ACTIONS), 3);
    coverage_free(c);
}

static void coverage_of_shards_is_added(void **state)
{
    struct coverage *a = coverage_new(), *b = coverage_new();
    struct trace_record thaw = event("writer Sql", "Thaw", "WAITING_FOR_THAW", S_OK);
    struct trace_record volume = { .kind = TRACE_VOLUME, .who = "volume C:", .what = "hold" };
    struct trace_record call = { .kind = TRACE_CALL, .who = "requester", .what = "DoSnapshotSet" };
    struct str text = { 0 }, again = { 0 };
    char *error = NULL;
    unsigned n, n_possible;

    (void)state;
    coverage_record(a, &thaw);
    coverage_record(a, &volume);
    coverage_record(b, &thaw);
    coverage_record(b, &call);
    coverage_write(a, &text);
    assert_true(coverage_add_text(b, text.text, &error));
    coverage_write(b, &again);
    assert_string_equal(again.text, "2 writer WAITING_FOR_THAW Thaw -\n"
                                    "1 volume hold -\n"
                                    "1 requester DoSnapshotSet -\n");
    coverage_count(b, &n, &n_possible);
    assert_int_equal(n, 3);
    assert_true(n_possible > 500);
    str_free(&text);
    str_free(&again);
    coverage_free(a);
    coverage_free(b);
}

static void coverage_that_is_not_ours_is_refused(void **state)
{
    static const char *const texts[] = {
        "x writer STABLE Freeze -",  "1 writer STABLE Freese -",
        "1 wirter STABLE Freeze -",  "1 writer STABLE Freeze hold",
        "1 writer Freeze -",         "1 volume STABLE hold -",
        "1 writer UNKNOWN Freeze -", "1",
        "1 volume commit delay",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct coverage *c = coverage_new();
        auto_free char *error = NULL;

        if (coverage_add_text(c, texts[i], &error))
            fail_msg("taken: %s", texts[i]);
        assert_non_null(strstr(error, "line 1"));
        coverage_free(c);
    }
}

/* ---- shrinking ---- */

struct wanted {
    unsigned n_runs, limit;
};

/* "Fails" when the hanging writer, the freeze of the second and the third step are there. */
static bool is_failure(void *arg, const struct scenario *s)
{
    struct wanted *wanted = arg;
    bool has_fault = false, has_writer = false, has_step = false;

    wanted->n_runs++;
    for (size_t i = 0; i < s->faults.count; i++)
        has_fault |= s->faults.items[i].hit.action == FAULT_HANG;
    for (size_t i = 0; i < s->writers.count; i++)
        has_writer |= strcmp(s->writers.items[i].document->name, "Cast Orders") == 0;
    for (size_t i = 0; i < s->steps.count; i++)
        has_step |= strcmp(s->steps.items[i].text, "DoSnapshotSet") == 0;
    return has_fault && has_writer && has_step;
}

static bool is_in_time(void *arg, unsigned n_runs)
{
    return n_runs < ((struct wanted *)arg)->limit;
}

static void fill(struct scenario *s)
{
    static const char *const steps[] = { "GatherWriterMetadata", "PrepareForBackup",
                                         "DoSnapshotSet", "BackupComplete" };
    char *error = NULL;

    *s = (struct scenario){ .has_seed = true, .seed = 77, .schedule = mem_strdup("pct:3") };
    for (size_t i = 0; i < 8; i++)
        scenario_add_document(s, cast_document(i));
    for (size_t i = 0; i < 4; i++)
        scenario_add_step(s, steps[i]);
    scenario_add_file(scenario_add_volume(s, 'C'), "a.txt", "x", 0);
    scenario_add_volume(s, 'D');
    assert_true(scenario_add_fault(s, "writer=* event=Freeze do=veto", &error));
    assert_true(scenario_add_fault(s, "writer=* event=Freeze nth=3 do=hang", &error));
    assert_true(scenario_add_fault(s, "volume=C: op=write do=fail code=EIO", &error));
}

static void a_failure_becomes_as_short_as_it_can(void **state)
{
    struct wanted wanted = { .limit = 1000 };
    struct shrink_work work = { .still_fails = is_failure, .go_on = is_in_time, .arg = &wanted };
    struct scenario s;

    (void)state;
    fill(&s);
    unsigned n = shrink(&s, &work);
    assert_int_equal(n, wanted.n_runs);
    assert_true(n < 100);
    assert_int_equal(s.writers.count, 1);
    assert_int_equal(s.steps.count, 1);
    assert_int_equal(s.faults.count, 1);
    assert_int_equal(s.volumes.count, 0);
    assert_int_equal(s.faults.items[0].nth, 1);
    assert_int_equal(s.seed, 1);
    assert_null(s.schedule);
    scenario_fini(&s);
}

static void shrinking_stops_when_time_is_up(void **state)
{
    struct wanted wanted = { .limit = 3 };
    struct shrink_work work = { .still_fails = is_failure, .go_on = is_in_time, .arg = &wanted };
    struct scenario s;

    (void)state;
    fill(&s);
    shrink(&s, &work);
    assert_int_equal(wanted.n_runs, 3);
    assert_true(is_failure(&wanted, &s));
    scenario_fini(&s);
}

/* ---- the cast ---- */

static void every_member_of_the_cast_is_a_writer(void **state)
{
    (void)state;
    for (size_t i = 0; i < cast_count(); i++) {
        struct wmd *wmd = cast_document(i), *again = NULL;
        auto_free char *xml = wmd_to_xml(wmd);
        auto_free char *error = NULL;

        if (wmd_from_xml(xml, strlen(xml), &again, &error) != S_OK)
            fail_msg("%s: %s", cast_get(i)->writer.key, error);
        assert_string_equal(again->name, wmd->name);
        assert_int_equal(again->components.count, wmd->components.count);
        assert_int_equal(cast_find(cast_get(i)->writer.key), i);
        wmd_free(wmd);
        wmd_free(again);
    }
    assert_int_equal(cast_find("nobody"), cast_count());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_counted_with_its_state_and_fault),
        cmocka_unit_test(coverage_of_shards_is_added),
        cmocka_unit_test(coverage_that_is_not_ours_is_refused),
        cmocka_unit_test(a_failure_becomes_as_short_as_it_can),
        cmocka_unit_test(shrinking_stops_when_time_is_up),
        cmocka_unit_test(every_member_of_the_cast_is_a_writer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

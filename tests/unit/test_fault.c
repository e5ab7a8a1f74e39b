/* SPDX-License-Identifier: MIT */
/* Planned faults: their text there and back, what is wrong with a text, which meeting they are due
 * at. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/base/str.h"
#include "emu/proto/api_rules.h"
#include "emu/proto/fault_rules.h"
#include "emu/proto/writer_rules.h"
#include "fakes/world/fault_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

static void a_text_comes_back_as_it_was(void **state)
{
    static const char *const texts[] = {
        "writer=SqlServerWriter event=Freeze nth=2 do=hang",
        "writer=\"Registry Writer\" event=Identify do=fail code=VSS_E_WRITERERROR_RETRYABLE",
        "writer=* event=Thaw do=veto",
        "writer=Mail* event=Freeze do=die for=5s",
        "writer=* event=Identify do=oversize size=2097152",
        "provider=* call=CommitSnapshots do=delay for=11s",
        "provider=System* call=BeginPrepareSnapshot nth=every do=fail code=0x80041234",
        "volume=C: op=write nth=100 do=fail code=EIO",
        "volume=C: at=1m do=vanish",
        "requester call=DoSnapshotSet do=die",
        "requester call=IVssAsync::Wait nth=3 do=short-wait for=250ms",
        "machine call=AddToSnapshotSet do=low-memory",
        "machine call=CreateVssBackupComponents do=access-denied",
        "machine at=90s do=clock-jump by=-2h",
        "machine at=0 do=restart",
        "machine call=* nth=40 do=low-memory",
        "writer=Sql event=* nth=3 do=fail code=VSS_E_WRITERERROR_TIMEOUT for=2s",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fault fault;
        auto_free char *error = NULL;

        if (!fault_parse(texts[i], &fault, &error))
            fail_msg("%s", error);
        auto_free char *text = fault_text(&fault);
        assert_string_equal(text, texts[i]);
        fault_fini(&fault);
    }
}

static void words_may_stand_in_any_order_and_case_of_names(void **state)
{
    struct fault fault;
    char *error = NULL;

    (void)state;
    assert_true(fault_parse("volume=d: do=fail  code=ENOSPC nth=7\top=WRITE", &fault, &error));
    assert_int_equal(fault.actor, FAULT_VOLUME);
    assert_int_equal(fault.point, AT_VOLUME_WRITE);
    assert_int_equal(fault.nth, 7);
    assert_int_equal(fault.hit.code, ENOSPC);
    fault_fini(&fault);
    assert_true(fault_parse("requester call=ivssbackupcomponents::startsnapshotset do=skip", &fault,
                            &error));
    assert_int_equal(fault.point, API_IVssBackupComponents_StartSnapshotSet);
    fault_fini(&fault);
}

static void a_wrong_text_says_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "", "says nothing" },
        { "wirter=Sql event=Freeze do=hang", "begins with who" },
        { "writer=Sql event=Freeze", "do=..." },
        { "writer=Sql do=hang", "where? event=" },
        { "writer=Sql event=Freese do=hang", "no event Freese" },
        { "writer=Sql event=Freeze do=vanish", "cannot do=vanish" },
        { "writer=Sql event=Freeze do=corrupt", "cannot happen at event Freeze" },
        { "writer=Sql event=Freeze do=delay", "needs for=" },
        { "writer=Sql event=Freeze do=delay for=soon", "250ms" },
        { "writer=Sql event=Freeze do=delay for=-1s", "250ms" },
        { "writer=Sql event=Freeze do=hang for=1s", "takes no time" },
        { "writer=Sql event=Freeze do=fail", "needs code=" },
        { "writer=Sql event=Freeze do=fail code=EIO", "HRESULT" },
        { "volume=C: op=read do=fail code=E_FAIL", "EIO" },
        { "writer=Sql event=Freeze nth=0 do=hang", "from 1" },
        { "writer=\"Sql event=Freeze do=hang", "not closed" },
        { "writer=Sql event=Freeze do=hang when=now", "no word" },
        { "writer=Sql event=Freeze at=1s do=hang", "exclude" },
        { "writer=Sql at=1s do=hang", "at a place" },
        { "volume=C: op=commit do=delay for=1s", "cannot happen at op commit" },
        { "machine call=SetContext do=low-memory", "cannot happen at call SetContext" },
        { "writer=* event=Identify do=oversize size=big", "number of bytes" },
        { "writer=* event=Identify do=oversize size=0", "number of bytes" },
        { "writer=* event=Identify do=oversize size=99999999999999", "to 16777216" },
        { "writer=* event=Identify do=oversize size=16777217", "to 16777216" },
        { "writer=* event=Freeze do=hang do=hang", "do= is given twice" },
        { "writer=* event=Freeze nth=1 do=hang nth=2", "nth= is given twice" },
        { "writer=\xff event=Freeze do=hang",
          "\"writer=\\xff event=Freeze do=hang\": is not UTF-8" },
        { "writer=\xed\xa0\x80 event=Freeze do=hang", "is not UTF-8" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fault fault;
        auto_free char *error = NULL;

        if (fault_parse(rows[i].text, &fault, &error))
            fail_msg("%s was taken", rows[i].text);
        if (!strstr(error, rows[i].says))
            fail_msg("%s: \"%s\" does not say %s", rows[i].text, error, rows[i].says);
    }
}

static void every_action_of_every_place_can_be_written(void **state)
{
    (void)state;
    for (unsigned actor = 0; actor < N_FAULT_ACTORS; actor++) {
        for (unsigned point = 0; point < fault_point_count((enum fault_actor)actor); point++) {
            for (unsigned action = 0; action < N_FAULT_ACTIONS; action++) {
                struct fault fault = { .actor = (enum fault_actor)actor,
                                       .point = point,
                                       .nth = 1,
                                       .hit = { .action = (enum fault_action)action } };
                struct fault again;
                auto_free char *error = NULL;

                if (!fault_rules_allow(fault.actor, point, fault.hit.action))
                    continue;
                switch (fault_action_argument(fault.hit.action)) {
                case FAULT_TAKES_CODE:
                    fault.hit.code = actor == FAULT_VOLUME ? EIO : (int32_t)0x80042306;
                    break;
                case FAULT_TAKES_DURATION:
                case FAULT_TAKES_JUMP:
                    fault.hit.duration_ns = 1000000;
                    break;
                default:
                    break;
                }
                auto_free char *text = fault_text(&fault);

                if (!fault_parse(text, &again, &error))
                    fail_msg("%s", error);
                assert_int_equal(again.point, point);
                assert_int_equal(again.hit.action, action);
                fault_fini(&again);
            }
        }
    }
}

static void durations(void **state)
{
    static const char *const texts[] = { "250ms", "10s", "5m", "2h", "1d", "-30s", "7ns", "0" };
    int64_t ns;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_true(duration_parse(texts[i], &ns));
        assert_string_equal(DURATION_TEXT(ns), texts[i]);
    }
    assert_true(duration_parse("120s", &ns));
    assert_string_equal(DURATION_TEXT(ns), "2m");
    assert_false(duration_parse("10", &ns));
    assert_false(duration_parse("s", &ns));
    assert_false(duration_parse("", &ns));
    assert_false(duration_parse("1.5s", &ns));
    assert_false(duration_parse("200000d", &ns));
    assert_false(duration_parse("99999999999999999999s", &ns));
}

/* ---- plan ---- */

static void add(struct fault_plan *plan, const char *text)
{
    struct fault fault;
    char *error = NULL;

    if (!fault_parse(text, &fault, &error))
        fail_msg("%s", error);
    fault_plan_add(plan, &fault);
}

static void the_nth_meeting_fires_and_no_other(void **state)
{
    struct fault_plan *plan = fault_plan_new(NULL);
    struct faults *faults = fault_plan_port(plan);
    struct fault_hit hit;

    (void)state;
    add(plan, "writer=Sql* event=Freeze nth=2 do=hang");
    assert_false(faults_meet(faults, FAULT_WRITER, "SqlServerWriter", ON_FREEZE, &hit));
    assert_false(faults_meet(faults, FAULT_WRITER, "Mail", ON_FREEZE, &hit));
    assert_false(faults_meet(faults, FAULT_WRITER, "SqlServerWriter", ON_THAW, &hit));
    assert_true(faults_meet(faults, FAULT_WRITER, "sqlserverwriter", ON_FREEZE, &hit));
    assert_int_equal(hit.action, FAULT_HANG);
    assert_false(faults_meet(faults, FAULT_WRITER, "SqlServerWriter", ON_FREEZE, &hit));
    assert_int_equal(fault_plan_fired(plan, 0), 1);
    assert_int_equal(fault_plan_met(plan, 0), 3);
    fault_plan_free(plan);
}

static void two_faults_of_a_place_both_count(void **state)
{
    struct fault_plan *plan = fault_plan_new(NULL);
    struct faults *faults = fault_plan_port(plan);
    struct fault_hit hit;

    (void)state;
    add(plan, "writer=* event=Freeze nth=1 do=veto");
    add(plan, "writer=* event=Freeze nth=2 do=hang");
    add(plan, "writer=* event=Freeze nth=every do=delay for=1s");
    assert_true(faults_meet(faults, FAULT_WRITER, "A", ON_FREEZE, &hit));
    assert_int_equal(hit.action, FAULT_VETO);
    assert_true(faults_meet(faults, FAULT_WRITER, "B", ON_FREEZE, &hit));
    assert_int_equal(hit.action, FAULT_HANG);
    assert_true(faults_meet(faults, FAULT_WRITER, "C", ON_FREEZE, &hit));
    assert_int_equal(hit.action, FAULT_DELAY);
    assert_int_equal(hit.duration_ns, 1000000000);
    fault_plan_free(plan);
}

static void a_star_means_each_place_where_it_can_happen(void **state)
{
    struct fault_plan *plan = fault_plan_new(NULL);
    struct faults *faults = fault_plan_port(plan);
    struct fault_hit hit;

    (void)state;
    add(plan, "machine call=* nth=2 do=low-memory");
    assert_false(faults_meet(faults, FAULT_MACHINE, NULL,
                             API_IVssBackupComponents_InitializeForBackup, &hit));
    assert_false(
        faults_meet(faults, FAULT_MACHINE, NULL, API_IVssBackupComponents_SetContext, &hit));
    assert_true(
        faults_meet(faults, FAULT_MACHINE, NULL, API_IVssBackupComponents_SetBackupState, &hit));
    assert_int_equal(hit.action, FAULT_LOW_MEMORY);
    fault_plan_free(plan);
}

static void a_fault_that_never_fired_says_why(void **state)
{
    struct fault_plan *plan = fault_plan_new(NULL);
    struct faults *faults = fault_plan_port(plan);
    struct fault_hit hit;
    char *why;

    (void)state;
    add(plan, "writer=Sqk event=Freeze do=hang");
    add(plan, "writer=Sql event=Freeze nth=2 do=hang");
    add(plan, "writer=Sql event=Thaw do=hang");
    add(plan, "provider=Mine call=OnLoad do=crash");
    add(plan, "volume=C: at=1m do=vanish");
    add(plan, "writer=Sql event=Freeze do=veto");
    assert_true(faults_meet(faults, FAULT_WRITER, "Sql", ON_FREEZE, &hit));
    static const char *const whys[] = {
        "its place was met 0 times: no writer is called Sqk; there are: Sql",
        "its place was met 1 time",
        "its place was met 0 times",
        "its place was met 0 times: no provider was asked for anything",
        "the run ended before, or there was no such volume then",
    };

    for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
        why = fault_plan_unfired(plan, i);
        assert_string_equal(why, whys[i]);
        free(why);
    }
    assert_null(fault_plan_unfired(plan, 5));
    fault_plan_free(plan);
}

static void lifted_faults_happen_no_more(void **state)
{
    struct fault_plan *plan = fault_plan_new(NULL);
    struct fault_hit hit;

    (void)state;
    add(plan, "writer=* event=Freeze nth=every do=hang");
    assert_true(faults_meet(fault_plan_port(plan), FAULT_WRITER, "Sql", ON_FREEZE, &hit));
    fault_plan_lift(plan);
    assert_false(faults_meet(fault_plan_port(plan), FAULT_WRITER, "Sql", ON_FREEZE, &hit));
    fault_plan_free(plan);
}

static void timed_faults_belong_to_no_place(void **state)
{
    struct fault_plan *plan = fault_plan_new(NULL);
    struct fault_hit hit;

    (void)state;
    add(plan, "writer=* event=Freeze do=veto");
    add(plan, "volume=C: at=1m do=vanish");
    assert_false(faults_meet(fault_plan_port(plan), FAULT_VOLUME, "C:", 0, &hit));
    assert_true(fault_plan_get(plan, 1)->is_timed);
    assert_int_equal(fault_plan_get(plan, 1)->at_ns, 60 * INT64_C(1000000000));
    fault_plan_fire_timed(plan, 1);
    assert_int_equal(fault_plan_fired(plan, 1), 1);
    assert_int_equal(fault_plan_fired(plan, 0), 0);
    fault_plan_free(plan);
}

static void no_plan_is_no_fault(void **state)
{
    struct fault_hit hit;

    (void)state;
    assert_false(faults_meet(NULL, FAULT_WRITER, "Sql", ON_FREEZE, &hit));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_comes_back_as_it_was),
        cmocka_unit_test(words_may_stand_in_any_order_and_case_of_names),
        cmocka_unit_test(a_wrong_text_says_what_is_wrong),
        cmocka_unit_test(every_action_of_every_place_can_be_written),
        cmocka_unit_test(durations),
        cmocka_unit_test(the_nth_meeting_fires_and_no_other),
        cmocka_unit_test(two_faults_of_a_place_both_count),
        cmocka_unit_test(a_star_means_each_place_where_it_can_happen),
        cmocka_unit_test(a_fault_that_never_fired_says_why),
        cmocka_unit_test(lifted_faults_happen_no_more),
        cmocka_unit_test(timed_faults_belong_to_no_place),
        cmocka_unit_test(no_plan_is_no_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

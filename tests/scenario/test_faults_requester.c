/* SPDX-License-Identifier: MIT */
/* Every fault of a scripted requester at each call of a backup: whatever it leaves out, does twice,
 * gives up or dies at, the fault happens once, a writer that froze is thawed or aborted,
 * BackupShutdown reaches who got PrepareForBackup, and nothing is left. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/port/trace.h"
#include "emu/proto/fault_rules.h"
#include "emu/scenario/scenario_read.h"
#include "emu/setup/scenario_run.h"

#include <stdlib.h>
#include <string.h>

static const char *const calls[] = {
    "CreateVssBackupComponents",
    "InitializeForBackup",
    "SetBackupState",
    "GatherWriterMetadata",
    "GetWriterMetadataCount", /* these a step makes besides its own */
    "GetWriterMetadata",
    "AddComponent",
    "StartSnapshotSet",
    "AddToSnapshotSet",
    "PrepareForBackup",
    "GatherWriterStatus",
    "GetWriterStatusCount",
    "GetWriterStatus",
    "GetSnapshotProperties",
    "DoSnapshotSet",
    "BackupComplete",
};

static unsigned n_fired(const struct scenario_run *run)
{
    unsigned n = 0;

    for (size_t i = 0; i < scenario_run_count(run); i++) {
        const struct trace_record *record = scenario_run_record(run, i);

        n += record->kind == TRACE_NOTE && str_is_equal(record->what, "fault");
    }
    return n;
}

static void check_events(const char *fault, const char *events)
{
    const char *freeze = strstr(events, "Freeze"), *prepare = strstr(events, "PrepareForBackup");

    if (freeze && !strstr(freeze, "Thaw") && !strstr(freeze, "Abort"))
        fail_msg("%s: stays frozen: %s", fault, events);
    if (prepare && !strstr(prepare, "BackupShutdown"))
        fail_msg("%s: no BackupShutdown: %s", fault, events);
}

static void play(const char *call, enum fault_action action, unsigned nth, unsigned n_expected)
{
    const char *argument = action == FAULT_SHORT_WAIT ? " for=1ms" : "";
    auto_free char *fault = str_printf("requester call=%s nth=%u do=%s%s", call, nth,
                                       fault_action_name(action), argument);
    auto_free char *yaml = str_printf("volumes: [C]\nwriters: [Sql]\nfaults: |\n  %s\n"
                                      "steps: |\n  backup\n",
                                      fault);
    struct scenario scenario;
    struct scenario_run run;
    auto_free char *error = NULL;

    print_message("%s\n", fault);
    if (!scenario_read(yaml, strlen(yaml), "(test)", &scenario, &error) ||
        !scenario_run_begin(&scenario, &run, &error))
        fail_msg("%s", error);
    assert_int_equal(n_fired(&run), n_expected);
    check_events(fault, vssemu_writer_events(run.world, "Sql"));
    assert_true(vssemu_file_write(run.world, "C:\\after.txt", "a", 1));
    scenario_run_end(&run);
    assert_int_equal(run.n_leaked, 0);
    scenario_fini(&scenario);
}

static void whatever_a_requester_does_at_a_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        for (unsigned action = 0; action < N_FAULT_ACTIONS; action++) {
            if (fault_rules_actor_has(FAULT_REQUESTER, (enum fault_action)action))
                play(calls[i], (enum fault_action)action, 1, 1);
        }
    }
}

/* The step asks, and the call that it makes does not ask again. */
static void a_call_is_one_place(void **state)
{
    (void)state;
    play("DoSnapshotSet", FAULT_DIE, 2, 0);
    play("PrepareForBackup", FAULT_SKIP, 2, 0);
    play("GatherWriterStatus", FAULT_SKIP, 2, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_requester_does_at_a_call),
        cmocka_unit_test(a_call_is_one_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

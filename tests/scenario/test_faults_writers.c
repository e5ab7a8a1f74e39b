/* SPDX-License-Identifier: MIT */
/* Every fault of a writer at every event, of a simulated writer and of one with a thread of its
 * own, beside a neighbour to which nothing happens: whatever goes wrong with one, what is always
 * true stays true. A backup and a restore each.
 *
 * Always: the fault happens once and is in the trace; a writer that froze is thawed or aborted,
 * BackupShutdown reaches whoever got PrepareForBackup (unless its process is gone or it hangs),
 * after Abort nothing comes but Abort and BackupShutdown, no write is held afterwards, the world
 * ends and nothing is left. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"
#include "emu/proto/fault_rules.h"
#include "emu/proto/writer_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the cast ---- */

/* A test that has failed leaves threads behind. */
static bool has_failed;

struct player {
    struct vssemu_writer *writer;
    struct str events; /* that its handlers ran for: "Identify PrepareForBackup " */
};

static bool seen(void *self, enum writer_event event)
{
    struct player *p = self;

    str_addf(&p->events, "%s ", writer_event_name(event));
    return true;
}

static bool on_identify(void *self, IVssCreateWriterMetadata *m)
{
    return seen(self, ON_IDENTIFY) &&
           SUCCEEDED(m->lpVtbl->AddComponent(m, VSS_CT_FILEGROUP, NULL, L"data", NULL, NULL, 0,
                                             false, true, true, true, 0)) &&
           SUCCEEDED(m->lpVtbl->SetRestoreMethod(m, VSS_RME_RESTORE_IF_CAN_REPLACE, NULL, NULL,
                                                 VSS_WRE_ALWAYS, false));
}

#define ON_COMPONENTS(name, event)                                      \
    static bool on_##name(void *self, IVssWriterComponents *components) \
    {                                                                   \
        (void)components;                                               \
        return seen(self, event);                                       \
    }
#define ON_NOTHING(name, event)       \
    static bool on_##name(void *self) \
    {                                 \
        return seen(self, event);     \
    }

ON_COMPONENTS(prepare_backup, ON_PREPARE_BACKUP)
ON_NOTHING(prepare_snapshot, ON_PREPARE_SNAPSHOT)
ON_NOTHING(freeze, ON_FREEZE)
ON_NOTHING(thaw, ON_THAW)
ON_NOTHING(abort, ON_ABORT)
ON_COMPONENTS(post_snapshot, ON_POST_SNAPSHOT)
ON_COMPONENTS(backup_complete, ON_BACKUP_COMPLETE)
ON_COMPONENTS(pre_restore, ON_PRE_RESTORE)
ON_COMPONENTS(post_restore, ON_POST_RESTORE)

static bool on_shutdown(void *self, VSS_ID set_id)
{
    (void)set_id;
    return seen(self, ON_BACKUP_SHUTDOWN);
}

static const struct vssemu_writer_ops ops = {
    .OnIdentify = on_identify,
    .OnPrepareBackup = on_prepare_backup,
    .OnPrepareSnapshot = on_prepare_snapshot,
    .OnFreeze = on_freeze,
    .OnThaw = on_thaw,
    .OnAbort = on_abort,
    .OnPostSnapshot = on_post_snapshot,
    .OnBackupComplete = on_backup_complete,
    .OnBackupShutdown = on_shutdown,
    .OnPreRestore = on_pre_restore,
    .OnPostRestore = on_post_restore,
};

static void enter(struct player *p, const WCHAR *name, bool is_inline)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ (DWORD)name[0], 2, 3, { 4 } };
    identity.name = name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    p->writer = vssemu_writer_new(&ops, p, is_inline ? VSSEMU_WRITER_INLINE : 0);
    assert_int_equal(vssemu_writer_initialize(p->writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(
                         p->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG),
                     S_OK);
}

static void leave(struct player *p)
{
    vssemu_writer_free(p->writer);
    str_free(&p->events);
}

/* ---- what is always true ---- */

static bool is_gone_after(enum fault_action action)
{
    return action == FAULT_CRASH || action == FAULT_DIE || action == FAULT_UNSUBSCRIBE ||
           action == FAULT_HANG;
}

/* What a writer was told, from its handlers or (trace) from what it answered. */
static void check_order(const char *who, const char *events, bool is_whole)
{
    bool is_frozen = false, was_aborted = false, owes_shutdown = false;
    auto_free char *copy = mem_strdup(events);

    for (char *event = strtok(copy, " "); event; event = strtok(NULL, " ")) {
        event[strcspn(event, "!")] = 0;
        if (was_aborted && strcmp(event, "Abort") && strcmp(event, "BackupShutdown") &&
            strcmp(event, "Identify"))
            fail_msg("%s gets %s after Abort: %s", who, event, events);
        if (!strcmp(event, "Identify"))
            was_aborted = false; /* another session: the restore */
        if (!strcmp(event, "PrepareForBackup"))
            owes_shutdown = true;
        if (!strcmp(event, "Freeze"))
            is_frozen = true;
        if (!strcmp(event, "Thaw") || !strcmp(event, "Abort"))
            is_frozen = false;
        was_aborted |= !strcmp(event, "Abort");
        if (!strcmp(event, "BackupShutdown"))
            owes_shutdown = false;
    }
    if (is_whole && is_frozen)
        fail_msg("%s stays frozen: %s", who, events);
    if (is_whole && owes_shutdown)
        fail_msg("%s gets no BackupShutdown: %s", who, events);
}

static void check_world(struct vssemu_world *w, const char *text)
{
    if (vssemu_fault_fired(w, 0) != 1)
        fail_msg("%s: %s", text, vssemu_unfired_faults(w));
    if (!strstr(vssemu_trace(w), text))
        fail_msg("the trace does not tell of %s", text);
    assert_true(vssemu_file_write(w, "C:\\after.txt", "a", 1)); /* or it waits for ever */
}

static const char *argument_of(enum fault_action action)
{
    switch (action) {
    case FAULT_FAIL:
    case FAULT_REPORT:
        return " code=VSS_E_WRITERERROR_RETRYABLE";
    case FAULT_DELAY:
        return " for=70s"; /* longer than the freeze window */
    case FAULT_DIE:
        return " for=5s";
    default:
        return "";
    }
}

static void play(enum writer_event event, enum fault_action action, bool is_inline)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    struct player bad = { 0 }, good = { 0 };
    auto_free char *text = str_printf("writer=Bad event=%s do=%s%s", writer_event_name(event),
                                      fault_action_name(action), argument_of(action));

    print_message("%s, %s\n", text, is_inline ? "simulated" : "native");
    assert_true(vssemu_add_volume(w, "C:", NULL));
    enter(&bad, L"Bad", is_inline);
    enter(&good, L"Good", !is_inline);
    if (event == ON_ABORT) /* something must raise it */
        assert_true(vssemu_add_fault(w, "writer=Bad event=Thaw do=veto"));
    if (!vssemu_add_fault(w, text))
        fail_msg("%s", vssemu_error(w));
    vssemu_backup(w, VSSEMU_BACKUP_COMPLETE);
    vssemu_backup(w, VSSEMU_END);
    vssemu_restore(w, VSSEMU_POST_RESTORE);
    vssemu_run_for(w, 10000);
    if (event == ON_ABORT)
        assert_int_equal(vssemu_fault_fired(w, 1), 1);
    check_world(w, event == ON_ABORT ? "do=veto" : text);
    check_order("Good", vssemu_writer_events(w, "Good"), true);
    check_order("Good itself", good.events.text, true);
    check_order("Bad", vssemu_writer_events(w, "Bad"), action != FAULT_HANG);
    if (bad.events.text)
        check_order("Bad itself", bad.events.text, !is_gone_after(action));
    leave(&bad);
    leave(&good);
    assert_int_equal(vssemu_world_free(w), 0);
}

static void play_all(bool is_inline)
{
    if (has_failed)
        skip();
    has_failed = true;
    for (unsigned event = 0; event < N_WRITER_EVENTS; event++) {
        for (unsigned action = 0; action < N_FAULT_ACTIONS; action++) {
            if (fault_rules_allow(FAULT_WRITER, event, (enum fault_action)action))
                play((enum writer_event)event, (enum fault_action)action, is_inline);
        }
    }
    has_failed = false;
}

static void whatever_goes_wrong_with_a_simulated_writer(void **state)
{
    (void)state;
    play_all(true);
}

static void whatever_goes_wrong_with_a_native_writer(void **state)
{
    (void)state;
    play_all(false);
}

/* ---- what the requester sees of it ---- */

/* clang-format off */
static const struct view_row {
    const char *what;          /* behind writer=Bad */
    VSS_WRITER_STATE state;
    HRESULT failure;
    bool is_aborted;
} views[] = {
    /* writer-notes 2 to 4: a veto, a missed window, a silent writer; failure-catalogue W08, I01 to I03. */
    { "event=Identify do=fail code=VSS_E_WRITERERROR_NONRETRYABLE",    VSS_WS_FAILED_AT_IDENTIFY,         VSS_E_WRITERERROR_NONRETRYABLE, false },
    { "event=Identify do=hang",                                        VSS_WS_FAILED_AT_IDENTIFY,         VSS_E_WRITER_NOT_RESPONDING,    false },
    { "event=Identify do=crash",                                       VSS_WS_FAILED_AT_IDENTIFY,         VSS_E_WRITER_NOT_RESPONDING,    false },
    { "event=Identify do=oversize",                                    VSS_WS_FAILED_AT_IDENTIFY,         VSS_E_UNEXPECTED,               false },
    { "event=Identify do=oversize size=100000",                        VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK,                          false },
    { "event=PrepareForBackup do=fail code=VSS_E_WRITERERROR_TIMEOUT", VSS_WS_FAILED_AT_PREPARE_BACKUP,   VSS_E_WRITERERROR_TIMEOUT,      false },
    { "event=PrepareForBackup do=hang",                                VSS_WS_STABLE,                     VSS_E_WRITER_NOT_RESPONDING,    false },
    { "event=PrepareForSnapshot do=veto",                              VSS_WS_FAILED_AT_PREPARE_SNAPSHOT, VSS_E_WRITERERROR_NONRETRYABLE, false },
    { "event=Freeze do=fail code=VSS_E_WRITERERROR_OUTOFRESOURCES",    VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITERERROR_OUTOFRESOURCES, true },
    { "event=Freeze do=fail code=VSS_E_WRITERERROR_RETRYABLE for=50s", VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITERERROR_RETRYABLE,    true  },
    { "event=Freeze do=report code=VSS_E_WRITERERROR_RETRYABLE",       VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITERERROR_RETRYABLE,    false },
    { "event=Freeze do=veto",                                          VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITERERROR_NONRETRYABLE, true  },
    { "event=Freeze do=throw",                                         VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITERERROR_NONRETRYABLE, true  },
    { "event=Freeze do=delay for=59s",                                 VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK,                          false },
    { "event=Freeze do=delay for=61s",                                 VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITERERROR_TIMEOUT,      true  },
    { "event=Freeze do=hang",                                          VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITERERROR_TIMEOUT,      false },
    { "event=Freeze do=crash",                                         VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITER_NOT_RESPONDING,    true  },
    { "event=Freeze do=unsubscribe",                                   VSS_WS_FAILED_AT_FREEZE,           VSS_E_WRITER_NOT_RESPONDING,    true  },
    { "event=Thaw do=fail code=VSS_E_WRITERERROR_RETRYABLE",           VSS_WS_FAILED_AT_THAW,             VSS_E_WRITERERROR_RETRYABLE,    true  },
    { "event=Thaw do=hang",                                            VSS_WS_WAITING_FOR_THAW,           VSS_E_WRITER_NOT_RESPONDING,    false },
    { "event=Thaw do=crash",                                           VSS_WS_FAILED_AT_THAW,             VSS_E_WRITER_NOT_RESPONDING,    true  },
    { "event=PostSnapshot do=fail code=VSS_E_WRITERERROR_RETRYABLE",   VSS_WS_FAILED_AT_POST_SNAPSHOT,    VSS_E_WRITERERROR_RETRYABLE,    false },
    { "event=PostSnapshot do=twice",                                   VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK,                          false },
};
/* clang-format on */

static void look(const struct view_row *row, bool is_inline)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    struct player bad = { 0 }, good = { 0 };
    auto_free char *text = str_printf("writer=Bad %s", row->what);

    print_message("%s, %s\n", text, is_inline ? "simulated" : "native");
    assert_true(vssemu_add_volume(w, "C:", NULL));
    enter(&bad, L"Bad", is_inline);
    enter(&good, L"Good", is_inline);
    assert_true(vssemu_add_fault(w, text));
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_string_equal(vssemu_unfired_faults(w), "");
    assert_int_equal(vssemu_writer_state(w, "Bad"), row->state);
    assert_int_equal(vssemu_writer_failure(w, "Bad"), row->failure);
    vssemu_run_for(w, 5000); /* Abort waits behind a handler that is late */
    assert_int_equal(strstr(vssemu_writer_events(w, "Bad"), "Abort") != NULL, row->is_aborted);
    if (strstr(row->what, "oversize") && !strstr(row->what, "size="))
        assert_true(vssemu_event_count(w, "VSS", 8193) > 0);
    leave(&bad);
    leave(&good);
    assert_int_equal(vssemu_world_free(w), 0);
}

static void the_requester_sees_what_became_of_it(void **state)
{
    (void)state;
    if (has_failed)
        skip();
    has_failed = true;
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
        look(&views[i], true);
        look(&views[i], false);
    }
    has_failed = false;
}

/* Learn: "IVssBackupComponents::GetWriterMetadata": the document is not valid. */
static void a_corrupt_document_is_told_when_it_is_asked_for(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    struct player bad = { 0 };

    (void)state;
    assert_true(vssemu_add_volume(w, "C:", NULL));
    enter(&bad, L"Bad", true);
    assert_true(vssemu_add_fault(w, "writer=* event=Identify do=corrupt"));
    assert_int_equal(vssemu_backup(w, VSSEMU_IDENTIFY), VSS_E_INVALID_XML_DOCUMENT);
    assert_int_equal(vssemu_event_count(w, "VSS", 8204), 1);
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    leave(&bad);
    assert_int_equal(vssemu_world_free(w), 0);
}

/* failure-catalogue T01: the time goes to the provider, the writers' windows pass. */
static void a_slow_provider_makes_writers_miss_their_window(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    struct player patient = { 0 };

    (void)state;
    assert_true(vssemu_add_volume(w, "C:", NULL));
    enter(&patient, L"Patient", false);
    assert_true(vssemu_add_fault(w, "provider=* call=PostCommitSnapshots do=delay for=61s"));
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_int_equal(vssemu_writer_state(w, "Patient"), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(vssemu_writer_failure(w, "Patient"), VSS_E_WRITERERROR_TIMEOUT);
    assert_int_equal(vssemu_event_count(w, "VSS", 8229), 1);
    vssemu_requester_dies(w);
    leave(&patient);
    assert_int_equal(vssemu_world_free(w), 0);
}

/* At each event: the second answer comes behind the first, and nothing follows from it. */
static void a_second_answer_changes_nothing(void **state)
{
    (void)state;
    for (unsigned inline_too = 0; inline_too < 2; inline_too++) {
        struct vssemu_world *w = vssemu_world_new(NULL);
        struct player bad = { 0 };

        assert_true(vssemu_add_volume(w, "C:", NULL));
        enter(&bad, L"Bad", inline_too);
        assert_true(vssemu_add_fault(w, "writer=Bad event=* nth=every do=twice"));
        assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
        assert_string_equal(vssemu_writer_events(w, "Bad"),
                            "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                            "BackupComplete BackupShutdown");
        const char *trace = vssemu_trace(w);
        unsigned n = 0;

        for (const char *at = trace; (at = strstr(at, "answers a second time")); at++)
            n++;
        assert_int_equal(n, 8);
        assert_true(strstr(trace, "answers a second time") > strstr(trace, "Identify "));
        leave(&bad);
        assert_int_equal(vssemu_world_free(w), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_answer_changes_nothing),
        cmocka_unit_test(the_requester_sees_what_became_of_it),
        cmocka_unit_test(a_corrupt_document_is_told_when_it_is_asked_for),
        cmocka_unit_test(a_slow_provider_makes_writers_miss_their_window),
        cmocka_unit_test(whatever_goes_wrong_with_a_simulated_writer),
        cmocka_unit_test(whatever_goes_wrong_with_a_native_writer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

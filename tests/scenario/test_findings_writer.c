/* SPDX-License-Identifier: MIT */
/* Rules that a writer breaks, each in a story of its own: what its handler does or leaves out. */
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"
#include "tests/support/cmocka_vss.h"

#include <stdlib.h>
#include <string.h>

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#define FULL                      (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)

enum fault {
    NO_FAULT,
    NO_METHOD,
    NO_COMPONENT,
    WRONG_ORDER,
    NO_MAPPING,
    LOG_SCHEMA,
    OVERLAP,
    RESERVED,
    FAILURE_IN_IDENTIFY,
    VALUE_IN_IDENTIFY,
    VETO_ALONE,
    STAMP,
    LATE_METADATA
};

struct writer {
    struct vssemu_writer *writer;
    enum fault fault;
};

static VSS_RESTOREMETHOD_ENUM method_of(enum fault fault)
{
    return fault == NO_MAPPING ? VSS_RME_RESTORE_TO_ALTERNATE_LOCATION
                               : VSS_RME_RESTORE_IF_CAN_REPLACE;
}

static bool identify(void *self, IVssCreateWriterMetadata *m)
{
    struct writer *w = self;

    if (w->fault == FAILURE_IN_IDENTIFY)
        vssemu_writer_set_failure(w->writer, VSS_E_WRITERERROR_RETRYABLE);
    if (w->fault == VALUE_IN_IDENTIFY)
        vssemu_writer_snapshot_set_id(w->writer);
    if (w->fault == WRONG_ORDER)
        call(m, AddFilesToFileGroup, NULL, L"f", L"C:\\x", L"*", false, NULL, FULL);
    if (w->fault != NO_COMPONENT) {
        call(m, AddComponent, VSS_CT_FILEGROUP, NULL, L"f", NULL, NULL, 0, false,
             w->fault == RESERVED, true, true, 0);
        call(m, AddFilesToFileGroup, NULL, L"f", L"C:\\docs", L"*", true, NULL, FULL);
    }
    if (w->fault == OVERLAP)
        call(m, AddFilesToFileGroup, NULL, L"f", L"C:\\docs\\more", L"*", false, NULL, FULL);
    if (w->fault == LOG_SCHEMA)
        call(m, SetBackupSchema, VSS_BS_LOG);
    if (w->fault != NO_METHOD)
        call(m, SetRestoreMethod, method_of(w->fault), NULL, NULL, VSS_WRE_ALWAYS, false);
    return true;
}

static bool with_component(struct writer *w, IVssWriterComponents *components)
{
    IVssComponent *component = NULL;

    if (call(components, GetComponent, 0, &component) != S_OK)
        return true;
    if (w->fault == STAMP)
        call(component, SetBackupStamp, L"1");
    if (w->fault == LATE_METADATA)
        call(component, SetBackupMetadata, L"late");
    call(component, Release);
    return true;
}

static bool prepare_backup(void *self, IVssWriterComponents *components)
{
    struct writer *w = self;

    return w->fault != STAMP || with_component(w, components);
}

static bool backup_complete(void *self, IVssWriterComponents *components)
{
    struct writer *w = self;

    return w->fault != LATE_METADATA || with_component(w, components);
}

static bool freeze(void *self)
{
    return ((struct writer *)self)->fault != VETO_ALONE;
}

static const struct vssemu_writer_ops ops = {
    .OnIdentify = identify,
    .OnPrepareBackup = prepare_backup,
    .OnFreeze = freeze,
    .OnBackupComplete = backup_complete,
};

static struct vssemu_world *run(struct writer *w)
{
    struct vssemu_world *world = vssemu_world_new(NULL);
    struct vssemu_writer_identity identity;

    assert_true(vssemu_add_volume(world, "C:", NULL));
    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 0x77, 1, 2, { 3 } };
    identity.name = L"Sql";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    w->writer = vssemu_writer_new(&ops, w, VSSEMU_WRITER_INLINE);
    assert_int_equal(vssemu_writer_initialize(w->writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(w->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG), S_OK);
    vssemu_backup(world, VSSEMU_END);
    return world;
}

static void end(struct vssemu_world *world, struct writer *w)
{
    vssemu_writer_free(w->writer);
    vssemu_world_free(world);
}

static const struct row {
    enum fault fault;
    const char *rule, *call;
} rows[] = {
    { NO_METHOD, "restore-method-missing", "OnIdentify" },
    { NO_COMPONENT, "component-missing", "OnIdentify" },
    { WRONG_ORDER, "identify-refusal-ignored", "AddFilesToFileGroup" },
    { NO_MAPPING, "alternate-location-without-mapping", "SetRestoreMethod" },
    { LOG_SCHEMA, "log-schema-without-logs", "SetBackupSchema" },
    { OVERLAP, "file-sets-overlap", "AddFilesToFileGroup" },
    { RESERVED, "component-reserved-flag", "AddComponent" },
    { FAILURE_IN_IDENTIFY, "failure-in-identify", "SetWriterFailure" },
    { VALUE_IN_IDENTIFY, "value-unpredictable", "GetCurrentSnapshotSetId" },
    { VETO_ALONE, "veto-without-failure", "OnFreeze" },
    { STAMP, "writer-schema-bit-missing", "SetBackupStamp" },
    { LATE_METADATA, "setter-refusal-ignored", "SetBackupMetadata" },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void each_fault_is_its_finding(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ROWS; i++) {
        struct writer w = { .fault = rows[i].fault };
        struct vssemu_world *world = run(&w);
        struct vssemu_finding f;
        bool is_seen = false;

        for (unsigned k = 0; vssemu_finding(world, k, &f); k++)
            is_seen |= strcmp(f.rule, rows[i].rule) == 0 && strcmp(f.call, rows[i].call) == 0 &&
                       strcmp(f.who, "writer Sql") == 0;
        if (!is_seen)
            fail_msg("%s is not among:\n%s", rows[i].rule, vssemu_findings(world));
        end(world, &w);
    }
}

static void a_correct_writer_breaks_nothing(void **state)
{
    struct writer w = { .fault = NO_FAULT };
    struct vssemu_world *world = run(&w);

    (void)state;
    assert_string_equal(vssemu_findings(world), "");
    end(world, &w);
}

static void a_veto_is_in_the_application_log(void **state)
{
    struct writer w = { .fault = VETO_ALONE };
    struct vssemu_world *world = run(&w);

    (void)state;
    assert_int_equal(vssemu_event_count(world, "VSS", 8229), 1);
    assert_non_null(
        strstr(vssemu_event_log(world), "VSS 8229 Warning VSS_E_WRITERERROR_NONRETRYABLE"));
    assert_non_null(strstr(vssemu_event_log(world), "Operation:"));
    assert_non_null(strstr(vssemu_event_log(world), "Writer Name: Sql"));
    assert_int_equal(vssemu_event_count(world, "VSS", 8224), 0);
    vssemu_run_for(world, 200000);
    assert_int_equal(vssemu_event_count(world, "VSS", 8224), 1);
    end(world, &w);
}

static void strictness_refuses_a_backup_state_in_a_restore(void **state)
{
    struct writer w = { .fault = NO_FAULT };
    struct vssemu_world *world = run(&w);
    IVssBackupComponents *b = NULL, *saved = NULL;
    BSTR xml = NULL;

    (void)state;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    assert_int_equal(CreateVssBackupComponents(&saved), S_OK);
    call(saved, InitializeForBackup, NULL);
    call(saved, SaveAsXML, &xml);
    for (int strict = 0; strict <= 1; strict++) {
        vssemu_set_strict_api(world, strict);
        assert_int_equal(CreateVssBackupComponents(&b), S_OK);
        assert_int_equal(call(b, InitializeForRestore, xml), S_OK);
        assert_int_equal(call(b, SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE),
                         strict ? VSS_E_BAD_STATE : S_OK);
        call(b, Release);
    }
    assert_int_equal(vssemu_finding_count(world, "backup-state-in-restore"), 2);
    SysFreeString(xml);
    call(saved, Release);
    CoUninitialize();
    end(world, &w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_its_finding),
        cmocka_unit_test(a_correct_writer_breaks_nothing),
        cmocka_unit_test(a_veto_is_in_the_application_log),
        cmocka_unit_test(strictness_refuses_a_backup_state_in_a_restore),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

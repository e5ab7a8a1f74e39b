/* SPDX-License-Identifier: MIT */
/* Every rule for writers: a handler that breaks it and nothing else, beside its correct twin, of
 * which nothing is said. What only the class CVssWriter can break is in
 * tests/conformance/findings.cpp. */
#include "tests/support/finding_checks.h"

#include "emu/include/vssemu_writer.h"
#include "emu/proto/writer_rules.h"

#include <windows.h>

#define call(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#define FULL                      (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)

struct writer;
/* What a handler does; what is an IVssCreateWriterMetadata, an IVssWriterComponents, or NULL. Its
 * answer is the handler's. */
typedef bool act(struct writer *w, void *what);

struct deed {
    enum writer_event at;
    act *does; /* NULL: nothing */
};

enum scene {
    WITHOUT_METHOD = 1,    /* OnIdentify names no restore method by itself */
    WITHOUT_COMPONENT = 2, /* nor component "f" with the files of C:\docs */
    TWO_INSTANCES = 4,
    THREADED = 8, /* handlers that take time */
    RESTORED = 16
};

struct row {
    const char *rule, *call, *object;
    unsigned scene;
    struct deed wrong, right;
    DWORD right_schema; /* SetBackupSchema of the correct twin */
    const char *who;    /* NULL: "writer Sql" */
};

struct writer {
    struct vssemu_writer *writer, *second;
    const struct row *row;
    bool is_right;
    IVssComponent *kept;
};

static bool does(struct writer *w, enum writer_event event, void *what)
{
    const struct deed *deed = w->is_right ? &w->row->right : &w->row->wrong;

    return deed->at != event || !deed->does || deed->does(w, what);
}

/* ---- OnIdentify ---- */

static bool add_component(struct writer *w, void *m)
{
    (void)w;
    call((IVssCreateWriterMetadata *)m, AddComponent, VSS_CT_FILEGROUP, NULL, L"f", NULL, NULL, 0,
         false, false, true, true, 0);
    return call((IVssCreateWriterMetadata *)m, AddFilesToFileGroup, NULL, L"f", L"C:\\docs", L"*",
                true, NULL, FULL) == S_OK;
}

static bool set_method(struct writer *w, void *m)
{
    (void)w;
    return call((IVssCreateWriterMetadata *)m, SetRestoreMethod, VSS_RME_RESTORE_IF_CAN_REPLACE,
                NULL, NULL, VSS_WRE_ALWAYS, false) == S_OK;
}

static bool identify(void *self, IVssCreateWriterMetadata *m)
{
    struct writer *w = self;

    if (!(w->row->scene & WITHOUT_COMPONENT))
        add_component(w, m);
    if (!(w->row->scene & WITHOUT_METHOD))
        set_method(w, m);
    if (w->is_right && w->row->right_schema)
        assert_int_equal(call(m, SetBackupSchema, w->row->right_schema), S_OK);
    return does(w, ON_IDENTIFY, m);
}

#define IDENTIFY_ACT(name, method, ...)            \
    static bool name(struct writer *w, void *what) \
    {                                              \
        IVssCreateWriterMetadata *m = what;        \
                                                   \
        (void)w;                                   \
        call(m, method, ##__VA_ARGS__);            \
        return true;                               \
    }
static const VSS_ID other_id = { 0x78, 1, 2, { 3 } };
IDENTIFY_ACT(files_of_nobody, AddFilesToFileGroup, NULL, L"g", L"C:\\x", L"*", false, NULL, FULL)
IDENTIFY_ACT(map_nothing, AddAlternateLocationMapping, L"C:\\x", L"*", true, L"C:\\y")
IDENTIFY_ACT(map_files, AddAlternateLocationMapping, L"C:\\docs", L"*", true, L"C:\\y")
IDENTIFY_ACT(to_nowhere, SetRestoreMethod, VSS_RME_RESTORE_TO_ALTERNATE_LOCATION, NULL, NULL,
             VSS_WRE_ALWAYS, false)
IDENTIFY_ACT(log_schema, SetBackupSchema, VSS_BS_LOG)
IDENTIFY_ACT(files_again, AddFilesToFileGroup, NULL, L"f", L"C:\\docs\\more", L"*", false, NULL,
             FULL)
IDENTIFY_ACT(other_files, AddFilesToFileGroup, NULL, L"f", L"C:\\more", L"*", false, NULL, FULL)
IDENTIFY_ACT(reserved_flag, AddComponent, VSS_CT_FILEGROUP, NULL, L"g", NULL, NULL, 0, false, true,
             true, true, 0)
IDENTIFY_ACT(no_reserved_flag, AddComponent, VSS_CT_FILEGROUP, NULL, L"g", NULL, NULL, 0, false,
             false, true, true, 0)
IDENTIFY_ACT(remote_by_name, AddComponentDependency, NULL, L"f", other_id, L"path",
             L"\\\\machine\\name")
IDENTIFY_ACT(remote_by_path, AddComponentDependency, NULL, L"f", other_id, L"\\\\machine\\path",
             L"name")

static bool files_of_somebody(struct writer *w, void *what)
{
    no_reserved_flag(w, what);
    return files_of_nobody(w, what);
}

static bool to_elsewhere(struct writer *w, void *m)
{
    return to_nowhere(w, m) && map_files(w, m);
}

static bool log_schema_with_logs(struct writer *w, void *what)
{
    IVssCreateWriterMetadata *m = what;

    call(m, AddComponent, VSS_CT_DATABASE, NULL, L"d", NULL, NULL, 0, false, false, true, true, 0);
    call(m, AddDatabaseFiles, NULL, L"d", L"C:\\d", L"*.mdb", FULL);
    call(m, AddDatabaseLogFiles, NULL, L"d", L"C:\\d", L"*.log", FULL);
    return log_schema(w, m);
}

static bool failure(struct writer *w, void *what)
{
    (void)what;
    vssemu_writer_set_failure(w->writer, VSS_E_WRITERERROR_RETRYABLE);
    return false;
}

static bool refuse(struct writer *w, void *what)
{
    (void)w, (void)what;
    return false;
}

static bool ask_set_id(struct writer *w, void *what)
{
    (void)what;
    vssemu_writer_snapshot_set_id(w->writer);
    return true;
}

/* ---- handlers with components ---- */

static IVssComponent *first_component(void *what)
{
    IVssComponent *component = NULL;

    assert_int_equal(call((IVssWriterComponents *)what, GetComponent, 0, &component), S_OK);
    return component;
}

#define COMPONENT_ACT(name, method, ...)                  \
    static bool name(struct writer *w, void *what)        \
    {                                                     \
        IVssComponent *component = first_component(what); \
                                                          \
        (void)w;                                          \
        call(component, method, ##__VA_ARGS__);           \
        call(component, Release);                         \
        return true;                                      \
    }
COMPONENT_ACT(stamp, SetBackupStamp, L"1")
COMPONENT_ACT(differenced, AddDifferencedFilesByLastModifyTime, L"C:\\docs", L"*", true,
              (FILETIME){ 1, 2 })
COMPONENT_ACT(write_metadata, SetBackupMetadata, L"late")
COMPONENT_ACT(partial, AddPartialFile, L"C:\\docs", L"a.txt", L"0:1", NULL)
COMPONENT_ACT(set_directed, SetRestoreTarget, VSS_RT_DIRECTED)
COMPONENT_ACT(directed, AddDirectedTarget, L"C:\\docs", L"a.txt", L"0:1", L"C:\\docs", L"b.txt",
              L"0:1")

static bool partial_if_wanted(struct writer *w, void *what)
{
    return !vssemu_writer_is_partial_file_support_enabled(w->writer) || partial(w, what);
}

static bool directed_after_target(struct writer *w, void *what)
{
    return set_directed(w, what) && directed(w, what);
}

static bool keep(struct writer *w, void *what)
{
    w->kept = first_component(what);
    return true;
}

static bool use_at_once(struct writer *w, void *what)
{
    BSTR name = NULL;

    keep(w, what);
    call(w->kept, GetComponentName, &name);
    SysFreeString(name);
    call(w->kept, Release);
    w->kept = NULL;
    return true;
}

static void use_kept(struct writer *w)
{
    BSTR name = NULL;

    if (!w->kept)
        return;
    call(w->kept, GetComponentName, &name);
    SysFreeString(name);
    call(w->kept, Release);
    w->kept = NULL;
}

/* ---- handlers that work ---- */

static bool take_time(struct writer *w, void *what)
{
    (void)w, (void)what;
    Sleep(31000); /* the window is a minute */
    return true;
}

static bool write_files(struct writer *w, void *what)
{
    WCHAR name[] = L"C:\\docs\\?.log";

    (void)w, (void)what;
    for (WCHAR c = 'a'; c < 'a' + 10; c++) {
        name[8] = c;
        HANDLE file = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

        assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
        CloseHandle(file);
    }
    return true;
}

/* ---- the writer ---- */

static bool prepare_backup(void *self, IVssWriterComponents *components)
{
    return does(self, ON_PREPARE_BACKUP, components);
}

static bool prepare_snapshot(void *self)
{
    return does(self, ON_PREPARE_SNAPSHOT, NULL);
}

static bool freeze(void *self)
{
    use_kept(self);
    return does(self, ON_FREEZE, NULL);
}

static bool post_snapshot(void *self, IVssWriterComponents *components)
{
    return does(self, ON_POST_SNAPSHOT, components);
}

static bool backup_complete(void *self, IVssWriterComponents *components)
{
    return does(self, ON_BACKUP_COMPLETE, components);
}

static bool pre_restore(void *self, IVssWriterComponents *components)
{
    return does(self, ON_PRE_RESTORE, components);
}

static const struct vssemu_writer_ops ops = {
    .OnIdentify = identify,
    .OnPrepareBackup = prepare_backup,
    .OnPrepareSnapshot = prepare_snapshot,
    .OnFreeze = freeze,
    .OnPostSnapshot = post_snapshot,
    .OnBackupComplete = backup_complete,
    .OnPreRestore = pre_restore,
};

static struct vssemu_writer *subscribe(struct writer *w, const WCHAR *instance_name)
{
    struct vssemu_writer_identity identity;
    struct vssemu_writer *writer =
        vssemu_writer_new(&ops, w, w->row->scene & THREADED ? 0 : VSSEMU_WRITER_INLINE);
    DWORD events = VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 0x77, 1, 2, { 3 } };
    identity.name = L"Sql";
    identity.instance_name = instance_name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    assert_int_equal(vssemu_writer_initialize(writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(writer, 0, events), S_OK);
    return writer;
}

static struct vssemu_world *run(struct writer *w)
{
    struct vssemu_world *world = vssemu_world_new(NULL);
    bool has_names = w->row->scene & TWO_INSTANCES && w->is_right;

    assert_true(vssemu_add_volume(world, "C:", NULL));
    assert_true(vssemu_file_write(world, "C:\\docs\\a.txt", "a", 1));
    w->writer = subscribe(w, has_names ? L"one" : NULL);
    if (w->row->scene & TWO_INSTANCES)
        w->second = subscribe(w, has_names ? L"two" : NULL);
    vssemu_backup(world, VSSEMU_END);
    if (w->row->scene & RESTORED)
        assert_int_equal(vssemu_restore(world, VSSEMU_POST_RESTORE), S_OK);
    return world;
}

static void end(struct vssemu_world *world, struct writer *w)
{
    vssemu_writer_free(w->writer);
    vssemu_writer_free(w->second);
    assert_int_equal(vssemu_world_free(world), 0);
}

static const struct row rows[] = {
    { "restore-method-missing", "OnIdentify", "", WITHOUT_METHOD,
      .right = { ON_IDENTIFY, set_method } },
    { "component-missing", "OnIdentify", "", WITHOUT_COMPONENT,
      .right = { ON_IDENTIFY, add_component } },
    { "identify-refusal-ignored", "AddFilesToFileGroup", "OnIdentify", 0,
      .wrong = { ON_IDENTIFY, files_of_nobody }, .right = { ON_IDENTIFY, files_of_somebody } },
    { "mapping-without-file-set", "AddAlternateLocationMapping", "C:\\x\\*", 0,
      .wrong = { ON_IDENTIFY, map_nothing }, .right = { ON_IDENTIFY, map_files } },
    { "alternate-location-without-mapping", "SetRestoreMethod", "", WITHOUT_METHOD,
      .wrong = { ON_IDENTIFY, to_nowhere }, .right = { ON_IDENTIFY, to_elsewhere } },
    { "log-schema-without-logs", "SetBackupSchema", "", 0, .wrong = { ON_IDENTIFY, log_schema },
      .right = { ON_IDENTIFY, log_schema_with_logs } },
    { "file-sets-overlap", "AddFilesToFileGroup", "C:\\docs\\more\\*", 0,
      .wrong = { ON_IDENTIFY, files_again }, .right = { ON_IDENTIFY, other_files } },
    { "component-reserved-flag", "AddComponent", "g", 0, .wrong = { ON_IDENTIFY, reserved_flag },
      .right = { ON_IDENTIFY, no_reserved_flag } },
    { "remote-dependency-form", "AddComponentDependency", "\\\\machine\\name", 0,
      .wrong = { ON_IDENTIFY, remote_by_name }, .right = { ON_IDENTIFY, remote_by_path } },
    { "instance-name-missing", "Initialize", "", TWO_INSTANCES, .who = NULL },
    { "failure-in-identify", "SetWriterFailure", "", 0, .wrong = { ON_IDENTIFY, failure },
      .right = { ON_IDENTIFY, refuse } },
    { "value-unpredictable", "GetCurrentSnapshotSetId", "OnIdentify", 0,
      .wrong = { ON_IDENTIFY, ask_set_id }, .right = { ON_FREEZE, ask_set_id } },

    { "veto-without-failure", "OnFreeze", "", 0, .wrong = { ON_FREEZE, refuse },
      .right = { ON_FREEZE, failure } },
    { "setter-refusal-ignored", "SetBackupMetadata", "OnBackupComplete", 0,
      .wrong = { ON_BACKUP_COMPLETE, write_metadata },
      .right = { ON_POST_SNAPSHOT, write_metadata } },
    { "components-kept", "GetComponentName", "", 0, .wrong = { ON_PREPARE_BACKUP, keep },
      .right = { ON_PREPARE_BACKUP, use_at_once },
      .who = "writer" /* the object knows no more whose it was */ },
    { "writer-schema-bit-missing", "SetBackupStamp", "f", 0, .wrong = { ON_PREPARE_BACKUP, stamp },
      .right = { ON_PREPARE_BACKUP, stamp },
      .right_schema = VSS_BS_INCREMENTAL | VSS_BS_TIMESTAMPED },
    { "writer-schema-bit-missing", "AddDifferencedFilesByLastModifyTime", "f", 0,
      .wrong = { ON_POST_SNAPSHOT, differenced }, .right = { ON_POST_SNAPSHOT, differenced },
      .right_schema = VSS_BS_INCREMENTAL | VSS_BS_LAST_MODIFY },
    { "partial-file-unsupported", "AddPartialFile", "f", 0, .wrong = { ON_POST_SNAPSHOT, partial },
      .right = { ON_POST_SNAPSHOT, partial_if_wanted } },
    { "directed-target-alone", "AddDirectedTarget", "f", RESTORED,
      .wrong = { ON_PRE_RESTORE, directed }, .right = { ON_PRE_RESTORE, directed_after_target } },
    { "freeze-too-long", "OnFreeze", "", THREADED, .wrong = { ON_FREEZE, take_time },
      .right = { ON_PREPARE_SNAPSHOT, take_time } },
    { "freeze-writes", "OnFreeze", "", THREADED, .wrong = { ON_FREEZE, write_files },
      .right = { ON_PREPARE_SNAPSHOT, write_files } },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void each_writer_breaks_its_rule_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ROWS; i++) {
        struct writer wrong = { .row = &rows[i] }, right = { .row = &rows[i], .is_right = true };
        struct vssemu_world *world = run(&wrong);

        expect_finding(
            world, &(struct expected_finding){ .rule = rows[i].rule,
                                               .call = rows[i].call,
                                               .object = rows[i].object,
                                               .who = rows[i].who ? rows[i].who : "writer Sql" });
        end(world, &wrong);
        world = run(&right);
        expect_no_finding(world, rows[i].rule);
        end(world, &right);
    }
}

static const struct row veto = { .wrong = { ON_FREEZE, refuse } }, plain;

/* A restart is no second instance. */
static void one_instance_after_the_other_needs_no_name(void **state)
{
    struct writer w = { .row = &plain };
    struct vssemu_world *world = run(&w);

    (void)state;
    assert_int_equal(vssemu_writer_unsubscribe(w.writer), S_OK);
    w.second = subscribe(&w, NULL);
    expect_no_finding(world, "instance-name-missing");
    end(world, &w);
}

static void a_veto_is_in_the_application_log(void **state)
{
    struct writer w = { .row = &veto };
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
    struct writer w = { .row = &plain };
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
        cmocka_unit_test(each_writer_breaks_its_rule_alone),
        cmocka_unit_test(one_instance_after_the_other_needs_no_name),
        cmocka_unit_test(a_veto_is_in_the_application_log),
        cmocka_unit_test(strictness_refuses_a_backup_state_in_a_restore),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

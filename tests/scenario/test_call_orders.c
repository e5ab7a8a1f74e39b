/* SPDX-License-Identifier: MIT */
/* The orders of calls that requesters in the field are known to use: all of them work on Windows,
 * also where documentation forbids a step or is silent about it, so none may fail here. What each
 * story is there for stands above it. */
#include "tests/support/mail_stage.h"

static IVssBackupComponentsEx4 *initialized(void)
{
    IVssBackupComponentsEx4 *b = new_requester();

    MUST(call(b, InitializeForBackup, NULL));
    return b;
}

static VSS_ID start_and_add(IVssBackupComponentsEx4 *b)
{
    VSS_ID set_id, id;

    MUST(call(b, StartSnapshotSet, &set_id));
    MUST(call(b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &id));
    return set_id;
}

#define RUN(method)                                      \
    do {                                                 \
        IVssAsync *async_ = NULL;                        \
        MUST(finish(call(b, method, &async_), &async_)); \
    } while (0)

static void read_properties(IVssBackupComponentsEx4 *b, VSS_ID snapshot_id)
{
    VSS_SNAPSHOT_PROP prop;

    MUST(call(b, GetSnapshotProperties, snapshot_id, &prop));
    VssFreeSnapshotPropertiesInternal(&prop);
}

static VSS_ID snapshot_of_query(IVssBackupComponentsEx4 *b)
{
    IVssEnumObject *snapshots = NULL;
    VSS_OBJECT_PROP prop;
    ULONG n = 0;

    MUST(call(b, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &snapshots));
    MUST(call(snapshots, Next, 1, &prop, &n));
    VSS_ID id = prop.Obj.Snap.m_SnapshotId;
    VssFreeSnapshotPropertiesInternal(&prop.Obj.Snap);
    call(snapshots, Release);
    return id;
}

static void delete_set(IVssBackupComponentsEx4 *b, VSS_ID set_id, HRESULT expected)
{
    LONG n_deleted = 0;
    VSS_ID which;

    assert_int_equal(
        call(b, DeleteSnapshots, set_id, VSS_OBJECT_SNAPSHOT_SET, TRUE, &n_deleted, &which),
        expected);
}

static void read_status(IVssBackupComponentsEx4 *b)
{
    VSS_WRITER_STATE writer_state;
    VSS_ID instance, class_id;
    BSTR name = NULL;
    HRESULT failure;
    UINT n = 0;

    RUN(GatherWriterStatus);
    MUST(call(b, GetWriterStatusCount, &n));
    for (UINT i = 0; i < n; i++) {
        MUST(call(b, GetWriterStatus, i, &instance, &class_id, &name, &writer_state, &failure));
        assert_int_equal(failure, S_OK);
        bstr_free(name);
    }
}

/* ---- backups ---- */

/* The kit's sample: status is gathered many times and never freed, the document is saved before the
 * success of components is told. */
static void status_is_never_freed(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    BSTR xml = NULL;

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetBackupState, TRUE, TRUE, VSS_BT_FULL, FALSE));
    gather(b);
    add_every_store(b);
    start_and_add(b);
    RUN(PrepareForBackup);
    read_status(b);
    RUN(DoSnapshotSet);
    read_status(b);
    MUST(call(b, SaveAsXML, &xml));
    bstr_free(xml);
    read_properties(b, snapshot_of_query(b));
    MUST(call(b, SetBackupSucceeded, instance_with(b, L"first"), mail_id, VSS_CT_FILEGROUP, NULL,
              L"one", TRUE));
    RUN(BackupComplete);
    read_status(b);
    call(b, Release);
    leave(&one);
}

/* Component mode without a component, no SetBackupSucceeded, deletion by set id after
 * BackupComplete, status freed behind all that, operations released behind the object. */
static void component_mode_without_components(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    IVssAsync *prepared = NULL, *made = NULL;
    HRESULT status = E_FAIL;
    BSTR xml = NULL;
    VSS_ID set_id;

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetBackupState, TRUE, TRUE, VSS_BT_FULL, FALSE));
    gather(b);
    set_id = start_and_add(b);
    MUST(call(b, PrepareForBackup, &prepared));
    MUST(call(prepared, Wait, INFINITE));
    read_status(b);
    MUST(call(b, DoSnapshotSet, &made));
    MUST(call(made, Wait, INFINITE));
    read_status(b);
    snapshot_of_query(b);
    RUN(BackupComplete);
    read_status(b);
    MUST(call(b, SaveAsXML, &xml));
    bstr_free(xml);
    delete_set(b, set_id, S_OK);
    MUST(call(b, FreeWriterStatus));
    assert_int_equal(call(b, Release), 0);
    MUST(call(made, QueryStatus, &status, NULL)); /* still readable */
    assert_int_equal(status, VSS_S_ASYNC_FINISHED);
    call(prepared, Release);
    call(made, Release);
    leave(&one);
}

/* No components, an explicit VSS_CTX_BACKUP, questions and a second volume with the set open; the
 * writers of the volume take part. */
static void volume_mode_with_an_explicit_context(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    BOOL is_supported = FALSE;
    LONG n_deleted = 0;
    VSS_ID set_id, id, which;

    assert_true(vssemu_add_volume(*state, "D:", NULL));
    subscribe(&one);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetContext, VSS_CTX_BACKUP));
    MUST(call(b, SetBackupState, FALSE, FALSE, VSS_BT_COPY, FALSE));
    gather(b);
    MUST(call(b, IsVolumeSupported, GUID_NULL, (VSS_PWSZ)L"C:\\", &is_supported));
    assert_true(is_supported);
    MUST(call(b, StartSnapshotSet, &set_id));
    MUST(call(b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &id));
    MUST(call(b, IsVolumeSupported, GUID_NULL, (VSS_PWSZ)L"D:\\", &is_supported));
    MUST(call(b, AddToSnapshotSet, (VSS_PWSZ)L"D:\\", GUID_NULL, &which));
    RUN(PrepareForBackup);
    RUN(DoSnapshotSet);
    read_properties(b, id);
    RUN(BackupComplete);
    MUST(call(b, DeleteSnapshots, id, VSS_OBJECT_SNAPSHOT, TRUE, &n_deleted, &which));
    assert_int_equal(n_deleted, 1);
    call(b, Release);
    assert_string_equal(vssemu_writer_events(*state, "Mail"),
                        "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot "
                        "BackupComplete BackupShutdown");
    leave(&one);
}

static IVssBackupComponentsEx4 *prepared_late(void)
{
    IVssBackupComponentsEx4 *b = initialized();

    gather(b);
    start_and_add(b);
    add_every_store(b);
    MUST(call(b, SetBackupState, TRUE, TRUE, VSS_BT_FULL, FALSE));
    RUN(PrepareForBackup);
    return b;
}

/* Components after the volumes, SetBackupState last of all; a trial run ends right after
 * PrepareForBackup. */
static void components_after_volumes_and_the_state_last(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = prepared_late();
    call(b, Release); /* the trial */
    b = prepared_late();
    RUN(DoSnapshotSet);
    RUN(BackupComplete);
    call(b, Release);
    leave(&one);
}

/* On an error: AbortBackup, and then deletion on the same object, whatever is left. */
static void deletion_follows_an_abort(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    VSS_ID set_id;

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetBackupState, FALSE, FALSE, VSS_BT_FULL, FALSE));
    gather(b);
    set_id = start_and_add(b);
    RUN(PrepareForBackup);
    MUST(call(b, AbortBackup));
    delete_set(b, set_id, VSS_E_OBJECT_NOT_FOUND);
    call(b, Release);

    b = initialized();
    MUST(call(b, SetBackupState, FALSE, FALSE, VSS_BT_FULL, FALSE));
    gather(b);
    set_id = start_and_add(b);
    RUN(PrepareForBackup);
    RUN(DoSnapshotSet);
    MUST(call(b, AbortBackup));
    delete_set(b, set_id, S_OK);
    call(b, Release);
    leave(&one);
}

/* The context comes after the gather, status before the set, and each status is freed. */
static void the_context_comes_after_the_gather(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetBackupState, TRUE, TRUE, VSS_BT_FULL, FALSE));
    gather(b);
    MUST(call(b, SetContext, VSS_CTX_BACKUP));
    add_every_store(b);
    read_status(b);
    MUST(call(b, FreeWriterStatus));
    start_and_add(b);
    RUN(PrepareForBackup);
    read_status(b);
    MUST(call(b, FreeWriterStatus));
    RUN(DoSnapshotSet);
    read_status(b);
    MUST(call(b, FreeWriterStatus));
    RUN(BackupComplete);
    call(b, Release);
    leave(&one);
}

/* A persistent copy, chosen after the gather; read and deleted later by objects with nothing but a
 * context. */
static void a_persistent_copy_outlives_its_maker(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    VSS_ID set_id, id;

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetBackupState, TRUE, TRUE, VSS_BT_FULL, FALSE));
    gather(b);
    MUST(call(b, SetContext, VSS_CTX_APP_ROLLBACK));
    add_every_store(b);
    MUST(call(b, StartSnapshotSet, &set_id));
    MUST(call(b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", GUID_NULL, &id));
    RUN(PrepareForBackup);
    RUN(DoSnapshotSet);
    RUN(BackupComplete);
    call(b, Release);

    b = initialized();
    MUST(call(b, SetContext, VSS_CTX_APP_ROLLBACK));
    read_properties(b, id);
    call(b, Release);
    b = initialized();
    MUST(call(b, SetContext, (LONG)VSS_CTX_ALL));
    MUST(call(b, SetBackupState, FALSE, TRUE, VSS_BT_FULL, FALSE));
    delete_set(b, set_id, S_OK);
    call(b, Release);
    leave(&one);
}

/* On a client system a transportable context is refused, and asked for again without; the state
 * comes before the context; components are every selectable one. */
static void a_refused_context_is_tried_again(void **state)
{
    const LONG context =
        VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_NO_AUTORECOVERY | VSS_VOLSNAP_ATTR_TXF_RECOVERY;
    struct mail one = { .name = L"first", .store = L"one" };
    VSS_ID set_id;

    assert_true(vssemu_set_choice(*state, "edition", "client"));
    subscribe(&one);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetBackupState, TRUE, TRUE, VSS_BT_COPY, FALSE));
    assert_int_equal(call(b, SetContext, context | VSS_VOLSNAP_ATTR_TRANSPORTABLE),
                     VSS_E_UNSUPPORTED_CONTEXT);
    MUST(call(b, SetContext, context));
    gather(b);
    add_every_store(b);
    MUST(call(b, AddComponent, instance_with(b, L"first"), mail_id, VSS_CT_FILEGROUP, L"one",
              L"box")); /* below an added one */
    set_id = start_and_add(b);
    RUN(PrepareForBackup);
    RUN(GatherWriterStatus); /* and never read */
    RUN(DoSnapshotSet);
    RUN(BackupComplete);
    delete_set(b, set_id, S_OK);
    call(b, Release);
    leave(&one);
}

/* Gives up while DoSnapshotSet is pending, which a slow writer holds up. */
static bool take_a_second(void *self)
{
    (void)self;
    Sleep(1000);
    return true;
}

static void a_pending_set_is_given_up(void **state)
{
    static const struct vssemu_writer_ops slow_ops = { .OnFreeze = take_a_second };
    struct vssemu_writer *slow = vssemu_writer_new(&slow_ops, NULL, 0);
    struct vssemu_writer_identity identity;
    HRESULT status = S_OK;
    IVssAsync *async = NULL;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = mail_id;
    identity.name = L"Slow";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    MUST(vssemu_writer_initialize(slow, &identity));
    MUST(vssemu_writer_subscribe(slow, 0, VSS_SM_BACKUP_EVENTS_FLAG));
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, SetBackupState, FALSE, TRUE, VSS_BT_COPY, FALSE));
    gather(b);
    start_and_add(b);
    RUN(PrepareForBackup);
    MUST(call(b, DoSnapshotSet, &async));
    MUST(call(async, Wait, 10));
    MUST(call(async, QueryStatus, &status, NULL));
    assert_int_equal(status, VSS_S_ASYNC_PENDING);
    MUST(call(b, AbortBackup));
    MUST(call(async, QueryStatus, &status, NULL));
    assert_int_equal(status, VSS_S_ASYNC_CANCELLED);
    call(b, Release);
    call(async, Release);
    assert_null(vssemu_snapshot_device(*state, "C:"));
    vssemu_writer_free(slow);
}

/* ---- questions and restores ---- */

/* Nothing but InitializeForBackup: the list of providers. */
static void providers_are_listed_on_a_second_object(void **state)
{
    IVssEnumObject *providers = NULL;
    VSS_OBJECT_PROP prop;
    ULONG n = 0;

    assert_non_null(*state);
    IVssBackupComponentsEx4 *b = initialized();
    MUST(call(b, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_PROVIDER, &providers));
    MUST(call(providers, Next, 1, &prop, &n));
    assert_int_equal(prop.Type, VSS_OBJECT_PROVIDER);
    free(prop.Obj.Prov.m_pwszProviderName);
    free(prop.Obj.Prov.m_pwszProviderVersion);
    call(providers, Release);
    call(b, Release);
}

/* The kit's sample: SetBackupState in a restore, status before any event, components read and
 * selected before PreRestore; or released after the selection without any event. */
static void a_restore_with_backup_state(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    BSTR xml;

    (void)state;
    subscribe(&one);
    xml = whole_backup();
    for (int with_events = 0; with_events < 2; with_events++) {
        IVssBackupComponentsEx4 *b = new_requester();
        IVssWriterComponentsExt *components = NULL;
        IVssComponent *component = NULL;

        MUST(call(b, InitializeForRestore, xml));
        MUST(call(b, SetBackupState, TRUE, TRUE, VSS_BT_FULL, FALSE));
        gather(b);
        read_status(b);
        MUST(call(b, GetWriterComponents, 0, &components));
        MUST(call(components, GetComponent, 0, &component));
        call(component, Release);
        release_components(components);
        MUST(select_store(b, L"one", GUID_NULL));
        if (with_events) {
            RUN(PreRestore);
            read_status(b);
            MUST(
                call(b, SetFileRestoreStatus, mail_id, VSS_CT_FILEGROUP, NULL, L"one", VSS_RS_ALL));
            RUN(PostRestore);
            read_status(b);
        }
        call(b, Release);
    }
    assert_seen(&one, "PreRestore(one+) PostRestore(one+) ");
    bstr_free(xml);
    leave(&one);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        STORY(status_is_never_freed),
        STORY(component_mode_without_components),
        STORY(volume_mode_with_an_explicit_context),
        STORY(components_after_volumes_and_the_state_last),
        STORY(deletion_follows_an_abort),
        STORY(the_context_comes_after_the_gather),
        STORY(a_persistent_copy_outlives_its_maker),
        STORY(a_refused_context_is_tried_again),
        STORY(a_pending_set_is_given_up),
        STORY(providers_are_listed_on_a_second_object),
        STORY(a_restore_with_backup_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

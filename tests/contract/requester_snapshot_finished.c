/* SPDX-License-Identifier: MIT */
/* Finished snapshots: their properties, lists of them, deleting them, and which session sees which.
 * Learn: "IVssBackupComponents::GetSnapshotProperties", "...::Query", "...::DeleteSnapshots",
 * "VSS_SNAPSHOT_CONTEXT enumeration". */
#include "script_provider.h"
#include "stage.h"

#include <string.h>

#define B(method, ...)          call(stage->b, method, ##__VA_ARGS__)
#define BASE(method, code, ...) SHOWS(IVssBackupComponents, method, code, B(method, ##__VA_ARGS__))
#define C_ROOT                  ((VSS_PWSZ)L"C:\\")

static struct stage *stage_in(LONG context)
{
    struct stage *stage = stage_open();

    stage->context = context;
    stage_go(stage, AT_SNAPSHOT_DONE);
    return stage;
}

/* A second session, for administration. */
static IVssBackupComponents *session_in(LONG context)
{
    IVssBackupComponents *b = NULL;

    MUST(CreateVssBackupComponents(&b));
    MUST(call(b, InitializeForBackup, NULL));
    MUST(call(b, SetContext, context));
    return b;
}

/* A snapshot without writers, whose session has ended. */
static VSS_ID leave_snapshot(LONG context)
{
    IVssBackupComponents *b = session_in(context);
    IVssAsync *async = NULL;
    VSS_ID set_id, id;

    MUST(call(b, StartSnapshotSet, &set_id));
    MUST(call(b, AddToSnapshotSet, C_ROOT, GUID_NULL, &id));
    MUST(stage_finish(call(b, DoSnapshotSet, &async), &async));
    call(b, Release);
    return id;
}

static ULONG count(IVssBackupComponents *b)
{
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP prop;
    ULONG n = 0, got;

    MUST(call(b, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found));
    while (call(found, Next, 1, &prop, &got) == S_OK) {
        EXPECT(prop.Type == VSS_OBJECT_SNAPSHOT && prop.Obj.Snap.m_eStatus == VSS_SS_CREATED);
        VssFreeSnapshotProperties(&prop.Obj.Snap);
        n++;
    }
    call(found, Release);
    return n;
}

static ULONG count_in(LONG context)
{
    IVssBackupComponents *b = session_in(context);
    ULONG n = count(b);

    call(b, Release);
    return n;
}

/* ---- properties ---- */

static void properties(void)
{
    struct stage *stage = stage_in(VSS_CTX_BACKUP);
    VSS_SNAPSHOT_PROP prop;

    BASE(GetSnapshotProperties, E_INVALIDARG, stage->snapshot_id, NULL);
    BASE(GetSnapshotProperties, VSS_E_OBJECT_NOT_FOUND, stage->set_id, &prop);
    BASE(GetSnapshotProperties, S_OK, stage->snapshot_id, &prop);
    EXPECT(IsEqualGUID(&prop.m_SnapshotSetId, &stage->set_id));
    EXPECT(prop.m_lSnapshotsCount == 1 && prop.m_eStatus == VSS_SS_CREATED);
    EXPECT(wcscmp(prop.m_pwszSnapshotDeviceObject,
                  L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1") == 0);
    /* Windows: seen in a listing as "Differential, Auto recovered" */
    EXPECT(prop.m_lSnapshotAttributes ==
           (VSS_VOLSNAP_ATTR_DIFFERENTIAL | VSS_VOLSNAP_ATTR_AUTORECOVER));
    VssFreeSnapshotProperties(&prop);
    stage_close(stage);
}

static void attributes_of_contexts(void)
{
    static const struct {
        LONG context, attributes;
    } rows[] = {
        /* Windows: 0x00120019 was seen of an exposed one */
        { VSS_CTX_NAS_ROLLBACK, VSS_CTX_NAS_ROLLBACK | VSS_VOLSNAP_ATTR_DIFFERENTIAL },
        { VSS_CTX_FILE_SHARE_BACKUP, VSS_CTX_FILE_SHARE_BACKUP | VSS_VOLSNAP_ATTR_DIFFERENTIAL },
        { VSS_CTX_CLIENT_ACCESSIBLE, VSS_CTX_CLIENT_ACCESSIBLE | VSS_VOLSNAP_ATTR_DIFFERENTIAL },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct stage *stage = stage_open();
        IVssBackupComponents *b = session_in(rows[i].context);
        IVssAsync *async = NULL;
        VSS_SNAPSHOT_PROP prop;
        VSS_ID set_id, id;

        MUST(call(b, StartSnapshotSet, &set_id));
        MUST(call(b, AddToSnapshotSet, C_ROOT, GUID_NULL, &id));
        OFF_LIST(VSS_E_OBJECT_NOT_FOUND, call(b, GetSnapshotProperties, id, &prop)); /* not yet */
        MUST(stage_finish(call(b, DoSnapshotSet, &async), &async));
        MUST(call(b, GetSnapshotProperties, id, &prop));
        EXPECT(prop.m_lSnapshotAttributes == rows[i].attributes);
        VssFreeSnapshotProperties(&prop);
        call(b, Release);
        stage_close(stage);
    }
}

static void wrong_states(void)
{
    struct stage *stage = stage_at(AT_CREATED);
    IVssEnumObject *found = NULL;
    VSS_SNAPSHOT_PROP prop;

    BASE(GetSnapshotProperties, VSS_E_BAD_STATE, stage->snapshot_id, &prop);
    BASE(Query, VSS_E_BAD_STATE, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    stage_go(stage, AT_RESTORE);
    BASE(GetSnapshotProperties, VSS_E_BAD_STATE, stage->snapshot_id, &prop);
    BASE(Query, VSS_E_BAD_STATE, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    stage_close(stage);
}

/* ---- lists ---- */

static void lists(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP prop;
    ULONG n;

    BASE(Query, S_OK, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    EXPECT(call(found, Next, 1, &prop, &n) == S_FALSE && n == 0);
    call(found, Release);
    BASE(Query, S_OK, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_PROVIDER, &found);
    EXPECT(call(found, Next, 1, &prop, &n) == S_OK && prop.Type == VSS_OBJECT_PROVIDER);
    EXPECT(prop.Obj.Prov.m_eProviderType == VSS_PROV_SYSTEM);
    CoTaskMemFree(prop.Obj.Prov.m_pwszProviderName);
    CoTaskMemFree(prop.Obj.Prov.m_pwszProviderVersion);
    call(found, Release);
    BASE(Query, E_INVALIDARG, stage_writer_id, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    BASE(Query, E_INVALIDARG, GUID_NULL, VSS_OBJECT_SNAPSHOT, VSS_OBJECT_SNAPSHOT, &found);
    BASE(Query, E_INVALIDARG, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT_SET, &found);
    BASE(Query, E_INVALIDARG, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, NULL);
    stage_close(stage);
}

static void contexts_do_not_see_each_other(void)
{
    struct stage *stage = stage_at(AT_SNAPSHOT_DONE); /* VSS_CTX_BACKUP */
    VSS_ID rollback = leave_snapshot(VSS_CTX_NAS_ROLLBACK);
    VSS_ID accessible = leave_snapshot(VSS_CTX_CLIENT_ACCESSIBLE);
    IVssBackupComponents *b = session_in(VSS_CTX_NAS_ROLLBACK), *all = NULL;
    VSS_SNAPSHOT_PROP prop;
    VSS_ID not_deleted;
    LONG n;

    EXPECT(count_in(VSS_CTX_BACKUP) == 1 && count(b) == 1);
    EXPECT(count_in(VSS_CTX_CLIENT_ACCESSIBLE) == 1 && count_in((LONG)VSS_CTX_ALL) == 3);
    MUST(call(b, GetSnapshotProperties, rollback, &prop));
    VssFreeSnapshotProperties(&prop);
    SHOWS(IVssBackupComponents, GetSnapshotProperties, VSS_E_OBJECT_NOT_FOUND,
          call(b, GetSnapshotProperties, accessible, &prop));
    SHOWS(IVssBackupComponents, DeleteSnapshots, VSS_E_OBJECT_NOT_FOUND,
          call(b, DeleteSnapshots, accessible, VSS_OBJECT_SNAPSHOT, TRUE, &n, &not_deleted));
    all = session_in((LONG)VSS_CTX_ALL);
    MUST(call(all, DeleteSnapshots, accessible, VSS_OBJECT_SNAPSHOT, FALSE, &n, &not_deleted));
    EXPECT(n == 1 && count(all) == 2);
    call(all, Release);
    call(b, Release);
    stage_close(stage);
}

/* Learn: "Usage Conventions": 64 client-accessible snapshots of a volume; the oldest goes. */
static void client_accessible_ones_make_room(void)
{
    struct stage *stage = stage_at(AT_INITIALIZED);
    VSS_ID first = leave_snapshot(VSS_CTX_CLIENT_ACCESSIBLE), last = first;
    IVssBackupComponents *all = session_in((LONG)VSS_CTX_ALL);
    VSS_SNAPSHOT_PROP prop;

    for (unsigned i = 0; i < 64; i++)
        last = leave_snapshot(VSS_CTX_CLIENT_ACCESSIBLE);
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, call(all, GetSnapshotProperties, first, &prop));
    MUST(call(all, GetSnapshotProperties, last, &prop));
    VssFreeSnapshotProperties(&prop);
    EXPECT(count(all) == 64);
    call(all, Release);
    stage_close(stage);
}

/* ---- deleting ---- */

static void deleting(void)
{
    struct stage *stage = stage_in(VSS_CTX_APP_ROLLBACK);
    VSS_ID not_deleted = stage->set_id;
    LONG n = -1;

    BASE(DeleteSnapshots, E_INVALIDARG, stage->set_id, VSS_OBJECT_PROVIDER, FALSE, &n,
         &not_deleted);
    BASE(DeleteSnapshots, E_INVALIDARG, stage->set_id, VSS_OBJECT_SNAPSHOT_SET, FALSE, NULL,
         &not_deleted);
    BASE(DeleteSnapshots, VSS_E_OBJECT_NOT_FOUND, stage_writer_id, VSS_OBJECT_SNAPSHOT, FALSE, &n,
         &not_deleted);
    EXPECT(n == 0 && IsEqualGUID(&not_deleted, &GUID_NULL));
    BASE(DeleteSnapshots, S_OK, stage->set_id, VSS_OBJECT_SNAPSHOT_SET, FALSE, &n, &not_deleted);
    EXPECT(n == 1 && IsEqualGUID(&not_deleted, &GUID_NULL));
    BASE(DeleteSnapshots, VSS_E_OBJECT_NOT_FOUND, stage->set_id, VSS_OBJECT_SNAPSHOT_SET, FALSE, &n,
         &not_deleted);
    stage_close(stage);
}

/* One after another; the first failure ends it, and nothing is taken back. */
static void deleting_half_a_set(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider;
    VSS_ID second, not_deleted;
    LONG n;

    vssemu_add_volume(stage->world, "D:", NULL);
    provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);
    stage_go(stage, AT_SET_OPEN);
    MUST(B(AddToSnapshotSet, (VSS_PWSZ)L"D:\\", GUID_NULL, &second));
    stage_go(stage, AT_SNAPSHOT_DONE);
    script_provider_answers_from(provider, "DeleteSnapshots", VSS_E_PROVIDER_VETO, 2);
    BASE(DeleteSnapshots, VSS_E_PROVIDER_VETO, stage->set_id, VSS_OBJECT_SNAPSHOT_SET, FALSE, &n,
         &not_deleted);
    EXPECT(n == 1 && IsEqualGUID(&not_deleted, &second));
    script_provider_answers(provider, "DeleteSnapshots", E_FAIL);
    BASE(DeleteSnapshots, VSS_E_UNEXPECTED_PROVIDER_ERROR, second, VSS_OBJECT_SNAPSHOT, TRUE, &n,
         &not_deleted);
    EXPECT(n == 0 && IsEqualGUID(&not_deleted, &second));
    script_provider_answers(provider, "DeleteSnapshots", S_OK);
    MUST(B(DeleteSnapshots, stage->set_id, VSS_OBJECT_SNAPSHOT_SET, FALSE, &n, &not_deleted));
    EXPECT(n == 1);
    stage_close(stage);
}

static void providers_that_fail(void)
{
    struct stage *stage = stage_open();
    struct script_provider *provider = script_provider_add(stage->world, VSS_PROV_SOFTWARE);
    IVssEnumObject *found = NULL;
    VSS_SNAPSHOT_PROP prop;

    stage_go(stage, AT_SNAPSHOT_DONE);
    script_provider_answers(provider, "GetSnapshotProperties", VSS_E_PROVIDER_VETO);
    BASE(GetSnapshotProperties, VSS_E_PROVIDER_VETO, stage->snapshot_id, &prop);
    script_provider_answers(provider, "Query", VSS_E_PROVIDER_VETO);
    BASE(Query, VSS_E_PROVIDER_VETO, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);
    script_provider_answers(provider, "GetSnapshotProperties", E_FAIL);
    BASE(GetSnapshotProperties, VSS_E_UNEXPECTED_PROVIDER_ERROR, stage->snapshot_id, &prop);
    script_provider_answers(provider, "Query", E_FAIL);
    BASE(Query, VSS_E_UNEXPECTED_PROVIDER_ERROR, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT,
         &found);
    EXPECT(!found);
    script_provider_answers(provider, "GetSnapshotProperties", S_OK);
    stage_close(stage);
}

/* ---- the end of a session ---- */

static void what_stays_after_release(void)
{
    struct stage *stage = stage_in(VSS_CTX_BACKUP);
    const char *told;

    leave_snapshot(VSS_CTX_NAS_ROLLBACK);
    EXPECT(count_in((LONG)VSS_CTX_ALL) == 2);
    call(stage->b, Release);
    stage->b = NULL;
    told = vssemu_writer_events(stage->world, STAGE_WRITER_NAME);
    EXPECT(count_in((LONG)VSS_CTX_ALL) == 1 && count_in(VSS_CTX_NAS_ROLLBACK) == 1);
    SHOWS_EFFECT(IVssBackupComponents, Release, (none), strstr(told, "BackupShutdown") != NULL);
    stage_close(stage);
}

int main(void)
{
    properties();
    attributes_of_contexts();
    wrong_states();
    lists();
    contexts_do_not_see_each_other();
    client_accessible_ones_make_room();
    deleting();
    deleting_half_a_set();
    providers_that_fail();
    what_stays_after_release();
    return contract_result();
}

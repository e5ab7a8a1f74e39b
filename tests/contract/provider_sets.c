/* SPDX-License-Identifier: MIT */
/* Sets that a user's provider takes part in: beside another one, with what it takes too long for,
 * vetoes, says wrong or does not say. Learn: "Error Handling in Shadow Copy Providers", "State
 * Transitions in Shadow Copy Providers". The second provider of a story is one of the test's own;
 * the registered one is loaded over its class. */
#include "script_provider.h"
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#define B(method, ...) call(stage->b, method, ##__VA_ARGS__)
#define C_ROOT         ((VSS_PWSZ)L"C:\\")
#define D_ROOT         ((VSS_PWSZ)L"D:\\")
static const VSS_ID system_id = {
    0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
};

struct scene {
    struct stage *stage;
    struct script_provider *own, *other; /* registered; of the test */
    VSS_ID c, d;                         /* their snapshots */
};

/* C: for the registered provider, D: for the test's. */
static struct scene open_scene(void)
{
    struct scene s = { .stage = stage_open() };
    struct stage *stage = s.stage;

    EXPECT(vssemu_add_volume(stage->world, "D:", NULL));
    s.own = script_provider_register(VSS_PROV_SOFTWARE);
    s.other = script_provider_add(stage->world, VSS_PROV_HARDWARE);
    stage_go(stage, AT_CHOSEN);
    MUST(B(StartSnapshotSet, &stage->set_id));
    MUST(B(AddToSnapshotSet, C_ROOT, script_provider_id(VSS_PROV_SOFTWARE), &s.c));
    MUST(B(AddToSnapshotSet, D_ROOT, script_provider_id(VSS_PROV_HARDWARE), &s.d));
    return s;
}

static HRESULT make(struct scene *s)
{
    struct stage *stage = s->stage;
    IVssAsync *async = NULL;

    MUST(stage_finish(B(PrepareForBackup, &async), &async));
    return stage_finish(B(DoSnapshotSet, &async), &async);
}

static void close_scene(struct scene *s)
{
    stage_close(s->stage);
    script_provider_end(s->own);
}

static unsigned n_of(struct script_provider *p, const char *method)
{
    return script_provider_count(p, method);
}

/* ---- together ---- */

static void two_providers_make_one_set(void)
{
    struct scene s = open_scene();
    struct stage *stage = s.stage;
    VSS_SNAPSHOT_PROP prop;

    OFF_LIST(S_OK, make(&s));
    EXPECT(n_of(s.own, "PostFinalCommitSnapshots") == 1);
    EXPECT(n_of(s.other, "PostFinalCommitSnapshots") == 1);
    EXPECT(n_of(s.own, "SetContext") == 1);
    MUST(B(GetSnapshotProperties, s.c, &prop));
    EXPECT(prop.m_lSnapshotsCount == 2);
    EXPECT(wcscmp(prop.m_pwszSnapshotDeviceObject, L"\\\\?\\GLOBALROOT\\Device\\ScriptSnapshot1") ==
           0);
    VssFreeSnapshotProperties(&prop);
    EXPECT(strstr(vssemu_trace(stage->world), "provider Script") != NULL);
    close_scene(&s);
}

/* Six seconds each: one after the other they would miss the ten of the hold. */
static void providers_commit_side_by_side(void)
{
    struct scene s = open_scene();
    int64_t before = vssemu_now_ms(s.stage->world);

    script_provider_takes(s.own, "CommitSnapshots", 6000);
    script_provider_takes(s.other, "CommitSnapshots", 6000);
    OFF_LIST(S_OK, make(&s));
    EXPECT(vssemu_now_ms(s.stage->world) - before < 10000);
    close_scene(&s);
}

static void the_built_in_one_beside_it(void)
{
    struct stage *stage = stage_open();
    struct script_provider *own = script_provider_register(VSS_PROV_SOFTWARE);
    struct scene s = { .stage = stage, .own = own };
    VSS_SNAPSHOT_PROP prop;

    EXPECT(vssemu_add_volume(stage->world, "D:", NULL));
    stage_go(stage, AT_CHOSEN);
    MUST(B(StartSnapshotSet, &stage->set_id));
    MUST(B(AddToSnapshotSet, C_ROOT, GUID_NULL, &s.c)); /* software before system */
    MUST(B(AddToSnapshotSet, D_ROOT, system_id, &s.d));
    OFF_LIST(S_OK, make(&s));
    MUST(B(GetSnapshotProperties, s.c, &prop));
    EXPECT(wcsstr(prop.m_pwszSnapshotDeviceObject, L"ScriptSnapshot") != NULL);
    EXPECT(prop.m_lSnapshotsCount == 2);
    VssFreeSnapshotProperties(&prop);
    MUST(B(GetSnapshotProperties, s.d, &prop));
    EXPECT(wcsstr(prop.m_pwszSnapshotDeviceObject, L"HarddiskVolumeShadowCopy") != NULL);
    EXPECT(prop.m_lSnapshotsCount == 2);
    VssFreeSnapshotProperties(&prop);
    close_scene(&s);
}

/* ---- failing ---- */

/* Every provider of the set is told to abort, and the writers; nothing stays. */
static void one_fails_for_all(const char *phase, bool is_committed)
{
    struct scene s = open_scene();
    struct stage *stage = s.stage;
    VSS_SNAPSHOT_PROP prop;

    script_provider_answers(s.other, phase, VSS_E_PROVIDER_VETO);
    OFF_LIST(VSS_E_PROVIDER_VETO, make(&s));
    vssemu_run_for(stage->world, 100);
    EXPECT(n_of(s.own, "AbortSnapshots") == 1 && n_of(s.other, "AbortSnapshots") == 1);
    EXPECT(n_of(s.own, "DeleteSnapshots") == is_committed); /* its copy was there already */
    /* Writers that have answered PostSnapshot are through (choice abort_after_post_snapshot). */
    EXPECT((strstr(vssemu_writer_events(stage->world, STAGE_WRITER_NAME), "Abort") != NULL) ==
           (strcmp(phase, "PostFinalCommitSnapshots") != 0));
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, B(GetSnapshotProperties, s.c, &prop));
    script_provider_answers(s.other, phase, S_OK);
    close_scene(&s);
}

/* What AbortSnapshots answers changes nothing: copies that were there are deleted all the same. */
static void an_abort_that_fails_is_ignored(void)
{
    struct scene s = open_scene();

    script_provider_answers(s.own, "AbortSnapshots", E_FAIL);
    script_provider_answers(s.other, "PostCommitSnapshots", VSS_E_PROVIDER_VETO);
    OFF_LIST(VSS_E_PROVIDER_VETO, make(&s));
    vssemu_run_for(s.stage->world, 100);
    EXPECT(n_of(s.own, "AbortSnapshots") == 1 && n_of(s.own, "DeleteSnapshots") == 1);
    close_scene(&s);
}

static void a_set_that_is_given_up_is_told_to_nobody(void)
{
    struct scene s = open_scene();
    struct stage *stage = s.stage;

    MUST(B(AbortBackup));
    EXPECT(n_of(s.own, "AbortSnapshots") == 0 && n_of(s.own, "DeleteSnapshots") == 0);
    call(stage->b, Release);
    stage->b = NULL;
    stage->next = AT_CREATED;
    stage_go(stage, AT_SNAPSHOT_DONE); /* the next one does not mind the dead one */
    EXPECT(n_of(s.own, "BeginPrepareSnapshot") + n_of(s.other, "BeginPrepareSnapshot") == 3);
    close_scene(&s);
}

/* ---- taking time ---- */

static void commit_that_misses_the_hold(void)
{
    struct scene s = open_scene();
    int64_t before = vssemu_now_ms(s.stage->world);

    script_provider_takes(s.own, "CommitSnapshots", 60000); /* as the guest agent of QEMU may */
    OFF_LIST(VSS_E_HOLD_WRITES_TIMEOUT, make(&s));
    EXPECT(vssemu_now_ms(s.stage->world) - before >= 10000);
    EXPECT(vssemu_now_ms(s.stage->world) - before < 60000);
    EXPECT(n_of(s.own, "AbortSnapshots") == 1); /* while CommitSnapshots still runs */
    vssemu_run_for(s.stage->world, 60000);
    EXPECT(n_of(s.own, "DeleteSnapshots") == 1); /* what it has made in the end */
    close_scene(&s);
}

/* EndPrepareSnapshots may take any time; AbortSnapshots comes in the middle of it. */
static void preparing_is_interrupted(void)
{
    struct scene s = open_scene();
    struct stage *stage = s.stage;
    IVssAsync *async = NULL;
    HRESULT status = S_OK;

    script_provider_takes(s.own, "EndPrepareSnapshots", 3600000);
    MUST(stage_finish(B(PrepareForBackup, &async), &async));
    MUST(B(DoSnapshotSet, &async));
    vssemu_run_for(stage->world, 1800000);
    MUST(call(async, QueryStatus, &status, NULL));
    EXPECT(status == VSS_S_ASYNC_PENDING && n_of(s.own, "AbortSnapshots") == 0);
    OFF_LIST(S_OK, call(async, Cancel));
    vssemu_run_for(stage->world, 1000);
    EXPECT(n_of(s.own, "AbortSnapshots") == 1);
    MUST(call(async, QueryStatus, &status, NULL));
    EXPECT(status == VSS_S_ASYNC_CANCELLED);
    call(async, Release);
    vssemu_run_for(stage->world, 3600000);
    close_scene(&s);
}

/* ---- saying little, or nonsense ---- */

/* The guest agent of QEMU answers so: its copies are the hypervisor's. */
static void copies_that_nobody_reads(void)
{
    struct scene s = open_scene();
    struct stage *stage = s.stage;
    VSS_ID not_deleted;
    VSS_SNAPSHOT_PROP prop;
    LONG n = 7;

    script_provider_is(s.own, SCRIPT_MUTE);
    script_provider_answers(s.own, "SetSnapshotProperty", E_NOTIMPL);
    script_provider_answers(s.own, "RevertToSnapshot", E_NOTIMPL);
    script_provider_answers(s.own, "QueryRevertStatus", E_NOTIMPL);
    OFF_LIST(S_OK, make(&s));
    MUST(B(GetSnapshotProperties, s.c, &prop));
    EXPECT(IsEqualGUID(&prop.m_SnapshotId, &s.c) && !prop.m_pwszSnapshotDeviceObject);
    EXPECT(prop.m_pwszOriginalVolumeName && prop.m_eStatus == VSS_SS_CREATED);
    VssFreeSnapshotProperties(&prop);
    OFF_LIST(S_OK, B(DeleteSnapshots, s.c, VSS_OBJECT_SNAPSHOT, TRUE, &n, &not_deleted));
    EXPECT(vssemu_event_count(stage->world, "VSS", 12293) == 0);
    close_scene(&s);
}

static void nonsense(void)
{
    struct scene s = open_scene();
    struct stage *stage = s.stage;
    VSS_SNAPSHOT_PROP prop;

    script_provider_is(s.own, SCRIPT_GARBAGE);
    OFF_LIST(S_OK, make(&s));
    MUST(B(GetSnapshotProperties, s.c, &prop));
    EXPECT(IsEqualGUID(&prop.m_SnapshotId, &s.c) &&
           IsEqualGUID(&prop.m_SnapshotSetId, &stage->set_id));
    EXPECT(prop.m_lSnapshotsCount == 2 && prop.m_eStatus == VSS_SS_CREATED);
    VssFreeSnapshotProperties(&prop);
    close_scene(&s);
}

/* ---- snapshots of an earlier run ---- */

static unsigned count_listed(struct stage *stage, VSS_SNAPSHOT_PROP *ret_prop)
{
    IVssEnumObject *list = NULL;
    VSS_OBJECT_PROP prop;
    unsigned n_all = 0;
    ULONG n = 0;

    MUST(B(Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &list));
    while (call(list, Next, 1, &prop, &n) == S_OK) {
        *ret_prop = prop.Obj.Snap;
        VssFreeSnapshotProperties(&prop.Obj.Snap);
        n_all++;
    }
    call(list, Release);
    return n_all;
}

static struct stage *stage_of(struct script_provider *own, LONG context)
{
    struct stage *stage = stage_open();
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE);
    IVssAdmin *admin = script_admin();

    (void)own; /* its class is registered, its id is not in this world */
    MUST(call(admin, RegisterProvider, id, id, (VSS_PWSZ)L"Script Provider", VSS_PROV_SOFTWARE,
              (VSS_PWSZ)L"1.0", id));
    call(admin, Release);
    stage->context = context;
    stage_go(stage, AT_CREATED);
    MUST(B(InitializeForBackup, NULL));
    MUST(B(SetContext, context));
    return stage;
}

/* The provider keeps its snapshots; a service that has not heard of them learns them from Query. */
static void snapshots_of_an_earlier_run(void)
{
    struct stage *stage = stage_open();
    struct script_provider *own = script_provider_register(VSS_PROV_SOFTWARE);
    VSS_SNAPSHOT_PROP prop = { 0 };
    VSS_ID id, not_deleted;
    LONG n = 0;

    stage->context = VSS_CTX_NAS_ROLLBACK;
    stage_go(stage, AT_INITIALIZED);
    MUST(B(StartSnapshotSet, &stage->set_id));
    MUST(B(AddToSnapshotSet, C_ROOT, GUID_NULL, &id));
    IVssAsync *async = NULL;
    MUST(stage_finish(B(DoSnapshotSet, &async), &async));
    EXPECT(count_listed(stage, &prop) == 1);
    stage_close(stage);

    stage = stage_of(own, VSS_CTX_APP_ROLLBACK); /* of another context */
    EXPECT(count_listed(stage, &prop) == 0);
    stage_close(stage);

    stage = stage_of(own, VSS_CTX_NAS_ROLLBACK);
    OFF_LIST(VSS_E_OBJECT_NOT_FOUND, B(GetSnapshotProperties, id, &prop));
    EXPECT(count_listed(stage, &prop) == 1);
    EXPECT(IsEqualGUID(&prop.m_SnapshotId, &id));
    MUST(B(GetSnapshotProperties, id, &prop));
    VssFreeSnapshotProperties(&prop);
    OFF_LIST(S_OK, B(DeleteSnapshots, id, VSS_OBJECT_SNAPSHOT, TRUE, &n, &not_deleted));
    EXPECT(n == 1 && count_listed(stage, &prop) == 0);
    stage_close(stage);
    script_provider_end(own);
}

static void register_again(const CLSID *class_id)
{
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE);
    IVssAdmin *admin = script_admin();

    MUST(call(admin, UnregisterProvider, id));
    MUST(call(admin, RegisterProvider, id, *class_id, (VSS_PWSZ)L"Script Provider",
              VSS_PROV_SOFTWARE, (VSS_PWSZ)L"2.0", *class_id));
    call(admin, Release);
}

/* An update of a provider has another class; the snapshots of the old one are its own. */
static void an_update_takes_over_the_snapshots(void)
{
    static const CLSID no_class = { 0x0badc1a5, 1, 2, { 3 } };
    struct stage *stage = stage_open();
    struct script_provider *own = script_provider_register(VSS_PROV_SOFTWARE);
    VSS_ID right_class = script_provider_id(VSS_PROV_SOFTWARE), id;
    VSS_SNAPSHOT_PROP prop;
    IVssAsync *async = NULL;

    stage->context = VSS_CTX_NAS_ROLLBACK;
    stage_go(stage, AT_INITIALIZED);
    MUST(B(StartSnapshotSet, &stage->set_id));
    MUST(B(AddToSnapshotSet, C_ROOT, GUID_NULL, &id));
    MUST(stage_finish(B(DoSnapshotSet, &async), &async));
    register_again(&no_class);
    EXPECT(B(GetSnapshotProperties, id, &prop) != S_OK); /* nobody is there to be asked */
    register_again(&right_class);
    OFF_LIST(S_OK, B(GetSnapshotProperties, id, &prop));
    VssFreeSnapshotProperties(&prop);
    stage_close(stage);
    script_provider_end(own);
}

/* ---- not loading ---- */

static void what_does_not_load(void)
{
    static const IID *const lacking[] = { &IID_IVssSoftwareSnapshotProvider,
                                          &IID_IVssProviderCreateSnapshotSet };
    struct stage *stage = stage_at(AT_CHOSEN);
    struct script_provider *own = script_provider_register(VSS_PROV_SOFTWARE);
    VSS_ID id = script_provider_id(VSS_PROV_SOFTWARE), snapshot;

    MUST(B(StartSnapshotSet, &stage->set_id));
    for (size_t i = 0; i < 2; i++) {
        script_provider_lacks(own, lacking[i]);
        OFF_LIST(VSS_E_UNEXPECTED_PROVIDER_ERROR, B(AddToSnapshotSet, C_ROOT, id, &snapshot));
    }
    EXPECT(vssemu_event_count(stage->world, "VSS", 12292) == 2);
    script_provider_lacks(own, &IID_IVssProviderNotifications); /* which is no need */
    OFF_LIST(S_OK, B(AddToSnapshotSet, C_ROOT, id, &snapshot));
    EXPECT(n_of(own, "OnLoad") == 0);
    stage_close(stage);
    script_provider_end(own);

    /* A provider of hardware is passed over. */
    stage = stage_at(AT_CHOSEN);
    IVssAdmin *admin = script_admin();
    MUST(call(admin, RegisterProvider, id, id, (VSS_PWSZ)L"Disks", VSS_PROV_HARDWARE,
              (VSS_PWSZ)L"1", id));
    call(admin, Release);
    MUST(B(StartSnapshotSet, &stage->set_id));
    OFF_LIST(VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, B(AddToSnapshotSet, C_ROOT, id, &snapshot));
    OFF_LIST(S_OK, B(AddToSnapshotSet, C_ROOT, GUID_NULL, &snapshot));
    stage_close(stage);

    /* Windows: seen with an uninstaller that had left the registration behind. */
    stage = stage_at(AT_CHOSEN);
    admin = script_admin();
    MUST(call(admin, RegisterProvider, id, id, (VSS_PWSZ)L"Half Provider", VSS_PROV_SOFTWARE,
              (VSS_PWSZ)L"1", id));
    call(admin, Release);
    MUST(B(StartSnapshotSet, &stage->set_id));
    OFF_LIST(VSS_E_PROVIDER_NOT_REGISTERED, B(AddToSnapshotSet, C_ROOT, id, &snapshot));
    EXPECT(strstr(vssemu_event_log(stage->world), "Half Provider") != NULL);
    stage_close(stage);
}

int main(void)
{
    two_providers_make_one_set();
    providers_commit_side_by_side();
    the_built_in_one_beside_it();
    one_fails_for_all("EndPrepareSnapshots", false);
    one_fails_for_all("PreCommitSnapshots", false);
    one_fails_for_all("CommitSnapshots", true);
    one_fails_for_all("PostCommitSnapshots", true);
    one_fails_for_all("PreFinalCommitSnapshots", true);
    one_fails_for_all("PostFinalCommitSnapshots", true);
    an_abort_that_fails_is_ignored();
    a_set_that_is_given_up_is_told_to_nobody();
    commit_that_misses_the_hold();
    preparing_is_interrupted();
    copies_that_nobody_reads();
    nonsense();
    snapshots_of_an_earlier_run();
    an_update_takes_over_the_snapshots();
    what_does_not_load();
    return contract_has_failed();
}

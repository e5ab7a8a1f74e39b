/* SPDX-License-Identifier: MIT */
/* The system provider by itself, over volumes in memory, called as the service calls it. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/com/guid.h"
#include "emu/com/object.h"
#include "emu/port/clock.h"
#include "emu/port/sched.h"
#include "emu/port/volume.h"
#include "emu/port/world.h"
#include "fakes/world/memstore.h"
#include "fakes/world/vsched.h"
#include "provider_sim/cow/cow_port.h"
#include "provider_sim/soft_provider.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static const VSS_ID provider_id = {
    0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
};

static const VSS_ID id_none;

struct cast {
    struct vsched *vsched;
    struct clock clock;
    struct store *stores[2];
    struct volume *volumes[2];
    struct world_ports world;
    IVssSoftwareSnapshotProvider *provider;
    IVssProviderCreateSnapshotSet *set;
};

static int64_t fixed_time(struct clock *clock)
{
    (void)clock;
    return INT64_C(1700000000000000000);
}

static VSS_ID id_of(unsigned n)
{
    return (VSS_ID){ .Data1 = n, .Data2 = 1 };
}

static int begin(void **state)
{
    struct cast *c = mem_new(struct cast);

    c->vsched = vsched_new(1, NULL);
    c->clock.unix_ns = fixed_time;
    for (size_t i = 0; i < 2; i++) {
        c->stores[i] = memstore_new(&c->clock);
        assert_int_equal(
            cow_port_new(vsched_port(c->vsched), (char)('C' + i), c->stores[i], &c->volumes[i]), 0);
    }
    c->world = (struct world_ports){ .sched = vsched_port(c->vsched),
                                     .clock = &c->clock,
                                     .volumes = c->volumes,
                                     .n_volumes = 2,
                                     .is_virtual = true };
    soft_provider_new(&c->world, &provider_id, &c->provider);
    assert_int_equal(c->provider->lpVtbl->QueryInterface(
                         c->provider, &IID_IVssProviderCreateSnapshotSet, (void **)&c->set),
                     S_OK);
    *state = c;
    return 0;
}

static int end(void **state)
{
    struct cast *c = *state;

    c->set->lpVtbl->Release(c->set);
    c->provider->lpVtbl->Release(c->provider);
    for (size_t i = 0; i < 2; i++)
        c->volumes[i]->ops->free(c->volumes[i]);
    vsched_free(c->vsched);
    assert_int_equal(com_object_count_live(NULL), 0);
    free(c);
    return 0;
}

static void put(struct volume *v, const char *path, const char *text)
{
    struct volume_file *file;

    assert_int_equal(v->ops->open(v, VOLUME_ORIGIN, path, O_RDWR | O_CREAT | O_TRUNC, 0644, &file),
                     0);
    assert_int_equal(v->ops->write(file, text, strlen(text), 0), strlen(text));
    v->ops->close(file);
}

static void assert_content(struct volume *v, unsigned view, const char *path, const char *text)
{
    char buffer[64] = { 0 };
    struct volume_file *file;

    assert_int_equal(v->ops->open(v, view, path, O_RDONLY, 0, &file), 0);
    assert_true(v->ops->read(file, buffer, sizeof(buffer) - 1, 0) >= 0);
    v->ops->close(file);
    assert_string_equal(buffer, text);
}

static HRESULT prepare(struct cast *c, unsigned set, unsigned snapshot, const char *volume,
                       LONG context)
{
    WCHAR *name = task_wide_from_utf8(volume);
    HRESULT hr = c->provider->lpVtbl->BeginPrepareSnapshot(c->provider, id_of(set), id_of(snapshot),
                                                           name, context);

    free(name);
    return hr;
}

static HRESULT commit(struct cast *c, unsigned set)
{
    HRESULT hr = c->set->lpVtbl->EndPrepareSnapshots(c->set, id_of(set));

    if (SUCCEEDED(hr))
        hr = c->set->lpVtbl->PreCommitSnapshots(c->set, id_of(set));
    return SUCCEEDED(hr) ? c->set->lpVtbl->CommitSnapshots(c->set, id_of(set)) : hr;
}

static HRESULT finish(struct cast *c, unsigned set, LONG n)
{
    HRESULT hr = c->set->lpVtbl->PostCommitSnapshots(c->set, id_of(set), n);

    if (SUCCEEDED(hr))
        hr = c->set->lpVtbl->PreFinalCommitSnapshots(c->set, id_of(set));
    return SUCCEEDED(hr) ? c->set->lpVtbl->PostFinalCommitSnapshots(c->set, id_of(set)) : hr;
}

static ULONG count_snapshots(struct cast *c)
{
    auto_release(IVssEnumObject) *found = NULL;
    VSS_OBJECT_PROP props[8];
    ULONG n = 0;

    assert_int_equal(c->provider->lpVtbl->Query(c->provider, id_none, VSS_OBJECT_NONE,
                                                VSS_OBJECT_SNAPSHOT, &found),
                     S_OK);
    assert_int_equal(found->lpVtbl->Next(found, 8, props, &n), S_FALSE);
    for (ULONG i = 0; i < n; i++) {
        assert_int_equal(props[i].Obj.Snap.m_eStatus, VSS_SS_CREATED);
        snapshot_prop_clear(&props[i].Obj.Snap);
    }
    return n;
}

/* Learn: "VSS_SNAPSHOT_PROP". */
static void set_over_two_volumes_is_made_listed_and_deleted(void **state)
{
    struct cast *c = *state;
    VSS_SNAPSHOT_PROP prop = { 0 };
    VSS_ID not_deleted;
    LONG n_deleted = 0;

    put(c->volumes[0], "file", "before");
    put(c->volumes[1], "file", "there");
    assert_int_equal(prepare(c, 1, 10, c->volumes[0]->guid_name, VSS_CTX_BACKUP), S_OK);
    assert_int_equal(prepare(c, 1, 11, "D:\\", VSS_CTX_BACKUP), S_OK);
    assert_int_equal(commit(c, 1), S_OK);
    put(c->volumes[0], "file", "after");

    assert_int_equal(count_snapshots(c), 0);
    assert_int_equal(c->provider->lpVtbl->GetSnapshotProperties(c->provider, id_of(10), &prop),
                     S_OK);
    auto_free char *device = utf8_from_wide(prop.m_pwszSnapshotDeviceObject);
    assert_string_equal(device, "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1");
    auto_free char *original = utf8_from_wide(prop.m_pwszOriginalVolumeName);
    assert_string_equal(original, c->volumes[0]->guid_name);
    assert_int_equal(prop.m_lSnapshotsCount, 2);
    assert_true(prop.m_tsCreationTimestamp == clock_filetime(&c->clock));
    snapshot_prop_clear(&prop);

    assert_int_equal(finish(c, 1, 2), S_OK);
    assert_int_equal(count_snapshots(c), 2);
    assert_content(c->volumes[0], 1, "file", "before");
    assert_content(c->volumes[0], VOLUME_ORIGIN, "file", "after");
    assert_content(c->volumes[1], 2, "file", "there");

    assert_int_equal(c->provider->lpVtbl->DeleteSnapshots(c->provider, id_of(1),
                                                          VSS_OBJECT_SNAPSHOT_SET, FALSE,
                                                          &n_deleted, &not_deleted),
                     S_OK);
    assert_int_equal(n_deleted, 2);
    assert_true(guid_is_null(&not_deleted));
    assert_int_equal(count_snapshots(c), 0);
}

static void phases_out_of_order_are_a_bad_state(void **state)
{
    struct cast *c = *state;

    assert_int_equal(c->set->lpVtbl->EndPrepareSnapshots(c->set, id_of(1)), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(prepare(c, 1, 10, "C:\\", VSS_CTX_BACKUP), S_OK);
    assert_int_equal(c->set->lpVtbl->CommitSnapshots(c->set, id_of(1)), VSS_E_BAD_STATE);
    assert_int_equal(c->provider->lpVtbl->SetContext(c->provider, (LONG)VSS_CTX_ALL),
                     VSS_E_BAD_STATE);
    assert_int_equal(commit(c, 1), S_OK);
    assert_int_equal(c->set->lpVtbl->CommitSnapshots(c->set, id_of(1)), VSS_E_BAD_STATE);
}

static void aborted_set_leaves_no_snapshot_and_its_numbers_do_not_come_back(void **state)
{
    struct cast *c = *state;
    VSS_SNAPSHOT_PROP prop = { 0 };
    struct stat st;

    assert_int_equal(prepare(c, 1, 10, "C:\\", VSS_CTX_BACKUP), S_OK);
    assert_int_equal(commit(c, 1), S_OK);
    assert_int_equal(c->set->lpVtbl->AbortSnapshots(c->set, id_of(1)), S_OK);
    assert_int_equal(c->provider->lpVtbl->GetSnapshotProperties(c->provider, id_of(10), &prop),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->volumes[0]->ops->stat(c->volumes[0], 1, "", &st), -ESTALE);
    assert_int_equal(c->volumes[0]->ops->next_number(c->volumes[0]), 2);
}

static void new_set_means_that_one_never_committed_is_dead(void **state)
{
    struct cast *c = *state;

    assert_int_equal(prepare(c, 1, 10, "C:\\", VSS_CTX_BACKUP), S_OK);
    assert_int_equal(prepare(c, 2, 20, "C:\\", VSS_CTX_BACKUP), S_OK);
    assert_int_equal(c->set->lpVtbl->EndPrepareSnapshots(c->set, id_of(1)), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(commit(c, 2), S_OK);
}

static void what_cannot_be_promised_is_refused(void **state)
{
    struct cast *c = *state;

    assert_int_equal(prepare(c, 1, 10, "C:\\", VSS_CTX_BACKUP | VSS_VOLSNAP_ATTR_TRANSPORTABLE),
                     VSS_E_UNSUPPORTED_CONTEXT);
    assert_int_equal(prepare(c, 1, 10, "X:\\", VSS_CTX_BACKUP), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->provider->lpVtbl->RevertToSnapshot(c->provider, id_of(1)),
                     VSS_E_OBJECT_NOT_FOUND);
}

static HRESULT make(struct cast *c, unsigned set, unsigned snapshot, LONG context)
{
    HRESULT hr = prepare(c, set, snapshot, "C:\\", context);

    if (SUCCEEDED(hr))
        hr = commit(c, set);
    return SUCCEEDED(hr) ? finish(c, set, 1) : hr;
}

/* Learn: "Usage Conventions". Persistent ones of other contexts are not counted. */
static void oldest_client_accessible_snapshot_makes_room(void **state)
{
    struct cast *c = *state;
    VSS_SNAPSHOT_PROP prop = { 0 };

    assert_int_equal(make(c, 1000, 1000, VSS_CTX_NAS_ROLLBACK), S_OK);
    for (unsigned i = 1; i <= 64; i++)
        assert_int_equal(make(c, i, i, VSS_CTX_CLIENT_ACCESSIBLE), S_OK);
    assert_int_equal(c->provider->lpVtbl->GetSnapshotProperties(c->provider, id_of(1), &prop),
                     S_OK);
    snapshot_prop_clear(&prop);
    assert_int_equal(make(c, 65, 65, VSS_CTX_CLIENT_ACCESSIBLE), S_OK);
    assert_int_equal(c->provider->lpVtbl->GetSnapshotProperties(c->provider, id_of(1), &prop),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->provider->lpVtbl->GetSnapshotProperties(c->provider, id_of(1000), &prop),
                     S_OK);
    snapshot_prop_clear(&prop);
}

static HRESULT revert_status(struct cast *c)
{
    auto_release(IVssAsync) *async = NULL;
    HRESULT status = S_OK;
    WCHAR *name = task_wide_from_utf8("C:\\");
    HRESULT hr = c->provider->lpVtbl->QueryRevertStatus(c->provider, name, &async);

    free(name);
    if (hr != S_OK)
        return hr;
    assert_int_equal(async->lpVtbl->QueryStatus(async, &status, NULL), S_OK);
    return status;
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* Learn: "IVssSoftwareSnapshotProvider::RevertToSnapshot". */
static void revert_is_shown_while_it_runs(void **state)
{
    struct cast *c = *state;
    struct sched *sched = vsched_port(c->vsched);

    put(c->volumes[0], "file", "before");
    assert_int_equal(make(c, 1, 10, VSS_CTX_BACKUP), S_OK);
    assert_int_equal(make(c, 2, 20, VSS_CTX_APP_ROLLBACK), S_OK);
    put(c->volumes[0], "file", "spoilt");
    assert_int_equal(c->provider->lpVtbl->RevertToSnapshot(c->provider, id_of(10)),
                     VSS_E_UNSUPPORTED_CONTEXT);
    assert_int_equal(revert_status(c), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->provider->lpVtbl->RevertToSnapshot(c->provider, id_of(20)), S_OK);
    assert_int_equal(revert_status(c), VSS_S_ASYNC_PENDING);
    assert_int_equal(c->provider->lpVtbl->RevertToSnapshot(c->provider, id_of(20)),
                     VSS_E_REVERT_IN_PROGRESS);
    sched_enter(sched);
    sched_wait(sched, never, NULL, sched_now(sched) + 2 * SCHED_SECOND);
    sched_leave(sched);
    assert_int_equal(revert_status(c), VSS_S_ASYNC_FINISHED);
    assert_content(c->volumes[0], VOLUME_ORIGIN, "file", "before");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(set_over_two_volumes_is_made_listed_and_deleted, begin,
                                        end),
        cmocka_unit_test_setup_teardown(phases_out_of_order_are_a_bad_state, begin, end),
        cmocka_unit_test_setup_teardown(
            aborted_set_leaves_no_snapshot_and_its_numbers_do_not_come_back, begin, end),
        cmocka_unit_test_setup_teardown(new_set_means_that_one_never_committed_is_dead, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_promised_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(oldest_client_accessible_snapshot_makes_room, begin, end),
        cmocka_unit_test_setup_teardown(revert_is_shown_while_it_runs, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

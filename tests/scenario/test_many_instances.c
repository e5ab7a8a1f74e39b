/* SPDX-License-Identifier: MIT */
/* Several instances of one writer class, as Windows has them for Hyper-V or several database
 * servers: told apart by their instance ids alone. Learn: "IVssBackupComponents::AddComponent",
 * "IVssBackupComponents::DisableWriterInstances". */
#include "tests/support/requester_steps.h"

#include <stdlib.h>
#include <string.h>

#define N 3

struct instance {
    struct vssemu_writer *writer;
    bool fails_at_freeze;
    unsigned n_prepares, n_freezes;
};

struct cast {
    struct vssemu_world *world;
    struct instance instances[N];
};

static const VSS_ID class_of_all = { 7, 7, 7, { 7 } };

static bool on_identify(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    return SUCCEEDED(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, L"data", NULL, NULL, 0, false,
                          false, true, false, 0)) &&
           SUCCEEDED(
               call(m, AddFilesToFileGroup, NULL, L"data", L"C:\\data", L"*", true, NULL, 0x0f0f));
}

static bool on_prepare_backup(void *self, IVssWriterComponents *components)
{
    (void)components;
    ((struct instance *)self)->n_prepares++;
    return true;
}

static bool on_freeze(void *self)
{
    struct instance *instance = self;

    instance->n_freezes++;
    return !instance->fails_at_freeze;
}

static const struct vssemu_writer_ops ops = { .OnIdentify = on_identify,
                                              .OnPrepareBackup = on_prepare_backup,
                                              .OnFreeze = on_freeze };

static void subscribe(struct instance *instance, const WCHAR *instance_name)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = class_of_all;
    identity.name = L"Many Writer";
    identity.instance_name = instance_name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    instance->writer = vssemu_writer_new(&ops, instance, VSSEMU_WRITER_INLINE);
    assert_int_equal(vssemu_writer_initialize(instance->writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(instance->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG), S_OK);
}

static int setup(void **state)
{
    static const WCHAR *const names[N] = { L"first", L"second", L"third" };
    struct cast *cast = calloc(1, sizeof(*cast));

    cast->world = vssemu_world_new(NULL);
    assert_true(vssemu_add_volume(cast->world, "C:", NULL));
    for (int i = 0; i < N; i++)
        subscribe(&cast->instances[i], names[i]);
    *state = cast;
    return 0;
}

static int teardown(void **state)
{
    struct cast *cast = *state;

    for (int i = 0; i < N; i++)
        vssemu_writer_free(cast->instances[i].writer);
    assert_int_equal(vssemu_world_free(cast->world), 0);
    free(cast);
    return 0;
}

static UINT count_metadata(IVssBackupComponents *b)
{
    UINT n = 0;

    assert_int_equal(call(b, GetWriterMetadataCount, &n), S_OK);
    return n;
}

static bool is_same(VSS_ID a, VSS_ID b)
{
    return memcmp(&a, &b, sizeof(a)) == 0;
}

static void backup_to_snapshot(IVssBackupComponents *b)
{
    assert_int_equal(requester_start_set(b), S_OK);
    assert_int_equal(requester_add_volume(b), S_OK);
    assert_int_equal(requester_prepare(b), S_OK);
    assert_int_equal(requester_snapshot(b), S_OK);
}

static void each_instance_has_an_id_of_its_own_and_the_class_of_all(void **state)
{
    IVssBackupComponents *b = requester_new();
    VSS_ID ids[N];

    (void)state;
    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(count_metadata(b), N);
    for (UINT i = 0; i < N; i++) {
        VSS_ID class_id;

        ids[i] = requester_writer(b, i, &class_id);
        assert_true(is_same(class_id, class_of_all));
        for (UINT k = 0; k < i; k++)
            assert_false(is_same(ids[k], ids[i]));
    }
    call(b, Release);
}

/* Instance ids hold while the writers run, so one session finds them for the next. */
static void disabled_instance_is_left_out_and_the_others_stay(void **state)
{
    struct cast *cast = *state;
    IVssBackupComponents *scout = requester_new(), *b = requester_new();
    VSS_ID class_id, second, id;

    assert_int_equal(requester_gather(scout), S_OK);
    second = requester_writer(scout, 1, &class_id);
    call(scout, Release);
    assert_int_equal(call(b, DisableWriterInstances, &second, 1), S_OK);
    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(count_metadata(b), N - 1);
    for (UINT i = 0; i < N - 1; i++) {
        id = requester_writer(b, i, &class_id);
        assert_false(is_same(id, second));
        assert_int_equal(requester_add(b, i, L"data"), S_OK);
    }
    assert_int_equal(call(b, AddComponent, second, class_of_all, VSS_CT_FILEGROUP, NULL, L"data"),
                     VSS_E_OBJECT_NOT_FOUND);
    backup_to_snapshot(b);
    call(b, Release);
    assert_int_equal(cast->instances[0].n_freezes, 1);
    assert_int_equal(cast->instances[1].n_freezes, 0);
    assert_int_equal(cast->instances[2].n_freezes, 1);
}

static void disabled_in_one_session_is_no_word_to_another(void **state)
{
    IVssBackupComponents *scout = requester_new(), *a = requester_new(), *b = requester_new();
    VSS_ID class_id, first;

    (void)state;
    assert_int_equal(requester_gather(scout), S_OK);
    first = requester_writer(scout, 0, &class_id);
    call(scout, Release);
    assert_int_equal(call(a, DisableWriterInstances, &first, 1), S_OK);
    assert_int_equal(requester_gather(a), S_OK);
    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(count_metadata(a), N - 1);
    assert_int_equal(count_metadata(b), N);
    call(a, Release);
    call(b, Release);
}

static void only_the_chosen_instance_takes_part(void **state)
{
    struct cast *cast = *state;
    IVssBackupComponents *b = requester_new();

    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(requester_add(b, 2, L"data"), S_OK);
    assert_int_equal(requester_add(b, 2, L"data"), VSS_E_OBJECT_ALREADY_EXISTS);
    backup_to_snapshot(b);
    call(b, Release);
    assert_int_equal(cast->instances[0].n_prepares, 0);
    assert_int_equal(cast->instances[1].n_prepares, 0);
    assert_int_equal(cast->instances[2].n_prepares, 1);
}

static void one_instance_fails_and_its_sisters_do_not(void **state)
{
    struct cast *cast = *state;
    IVssBackupComponents *b = requester_new();
    HRESULT failure;

    cast->instances[1].fails_at_freeze = true;
    assert_int_equal(requester_gather(b), S_OK);
    for (UINT i = 0; i < N; i++)
        assert_int_equal(requester_add(b, i, L"data"), S_OK);
    backup_to_snapshot(b);
    assert_int_equal(requester_state(b, 0, &failure), VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    assert_int_equal(requester_state(b, 1, &failure), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(failure, VSS_E_WRITERERROR_NONRETRYABLE);
    assert_int_equal(requester_state(b, 2, &failure), VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    assert_int_equal(failure, S_OK);
    call(b, Release);
}

/* SetBackupSucceeded names the instance: the other's component of the same name is untouched. */
static void success_is_reported_to_one_instance(void **state)
{
    IVssBackupComponents *b = requester_new();
    VSS_ID class_id, id;

    (void)state;
    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(requester_add(b, 0, L"data"), S_OK);
    assert_int_equal(requester_add(b, 1, L"data"), S_OK);
    backup_to_snapshot(b);
    id = requester_writer(b, 1, &class_id);
    assert_int_equal(
        call(b, SetBackupSucceeded, id, class_id, VSS_CT_FILEGROUP, NULL, L"data", TRUE), S_OK);
    for (UINT i = 0; i < 2; i++) {
        IVssWriterComponentsExt *components = NULL;
        IVssComponent *component = NULL;
        VSS_ID instance, writer;
        boolean succeeded = 2;

        assert_int_equal(call(b, GetWriterComponents, i, &components), S_OK);
        assert_int_equal(call(components, GetWriterInfo, &instance, &writer), S_OK);
        assert_int_equal(call(components, GetComponent, 0, &component), S_OK);
        HRESULT hr = call(component, GetBackupSucceeded, &succeeded);
        assert_int_equal(hr == S_OK && succeeded == TRUE, is_same(instance, id));
        call(component, Release);
        requester_release_components(components);
    }
    call(b, Release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_instance_has_an_id_of_its_own_and_the_class_of_all,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(disabled_instance_is_left_out_and_the_others_stay, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(disabled_in_one_session_is_no_word_to_another, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(only_the_chosen_instance_takes_part, setup, teardown),
        cmocka_unit_test_setup_teardown(one_instance_fails_and_its_sisters_do_not, setup, teardown),
        cmocka_unit_test_setup_teardown(success_is_reported_to_one_instance, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

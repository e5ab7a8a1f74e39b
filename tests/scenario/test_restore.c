/* SPDX-License-Identifier: MIT */
/* Restores that are more than "everything back where it was": to another instance of a writer, by a
 * subcomponent, with writers that have gone or that want no part in it.
 *
 * Learn: "Overview of Preparing for Restore", "IVssBackupComponentsEx::SetSelectedForRestoreEx",
 * "VSS_WRITERRESTORE_ENUM", "Stopping Services for Restore by Requestors". */
#include "tests/support/mail_stage.h"

static void each_instance_gets_its_own_components(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    struct mail two = { .name = L"second", .store = L"two" };

    (void)state;
    subscribe(&one);
    subscribe(&two);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    MUST(select_store(b, L"one", GUID_NULL));
    run_events(b);
    assert_seen(&one, "PreRestore(one+) PostRestore(one+) ");
    assert_seen(&two, ""); /* nothing of it was selected */
    call(b, Release);
    leave(&one);
    leave(&two);
}

static void a_component_moves_to_another_instance(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    struct mail two = { .name = L"second", .store = L"two" };

    (void)state;
    subscribe(&one);
    subscribe(&two);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    MUST(select_store(b, L"one", instance_with(b, L"second")));
    run_events(b);
    assert_seen(&one, "");
    assert_seen(&two, "PreRestore(one+ two-) PostRestore(one+ two-) ");
    call(b, Release);
    leave(&one);
    leave(&two);
}

static void both_components_go_to_one_instance(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    struct mail two = { .name = L"second", .store = L"two" };

    (void)state;
    subscribe(&one);
    subscribe(&two);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    MUST(select_store(b, L"one", instance_with(b, L"second")));
    MUST(select_store(b, L"two", GUID_NULL));
    run_events(b);
    assert_seen(&one, "");
    assert_seen(&two, "PreRestore(one+ two+) PostRestore(one+ two+) ");
    call(b, Release);
    leave(&one);
    leave(&two);
}

/* Instance ids change with each start: the new instance knows the components, so it is the one. */
static void a_writer_that_was_restarted_is_recognised(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };

    (void)state;
    subscribe(&one);
    BSTR xml = whole_backup();
    vssemu_writer_free(one.writer);
    subscribe(&one);
    IVssBackupComponentsEx4 *b = begin_restore(xml);
    MUST(select_store(b, L"one", GUID_NULL));
    run_events(b);
    assert_seen(&one, "PreRestore(one+) PostRestore(one+) ");
    call(b, Release);
    leave(&one);
}

/* Learn: "Restores Without Writer Participation": its files are restored without it. */
static void a_writer_that_vanished_cannot_be_selected(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    struct mail two = { .name = L"second", .store = L"two" };
    IVssWriterComponentsExt *components = NULL;
    UINT n = 0;

    (void)state;
    subscribe(&one);
    BSTR xml = whole_backup();
    leave(&one);
    IVssBackupComponentsEx4 *b = begin_restore(xml);
    assert_int_equal(select_store(b, L"one", GUID_NULL), VSS_E_OBJECT_NOT_FOUND);
    MUST(call(b, GetWriterComponentsCount, &n)); /* what was backed up can still be read */
    assert_int_equal(n, 1);
    MUST(call(b, GetWriterComponents, 0, &components));
    release_components(components);
    run_events(b); /* nobody is told */
    call(b, Release);
    leave(&two);
}

/* What the status says, gathered now. */
static HRESULT failure_of_first_writer(IVssBackupComponentsEx4 *b)
{
    VSS_WRITER_STATE writer_state;
    HRESULT failure = S_OK;
    IVssAsync *async = NULL;
    VSS_ID instance, class_id;
    BSTR name = NULL;

    MUST(finish(call(b, GatherWriterStatus, &async), &async));
    MUST(call(b, GetWriterStatus, 0, &instance, &class_id, &name, &writer_state, &failure));
    bstr_free(name);
    return failure;
}

/* Learn: "Stopping Services for Restore by Requestors": a writer in a service that is stopped
 * between the events misses PostRestore, and the status tells. */
static void a_writer_that_stops_between_the_events_is_missed(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    IVssAsync *async = NULL;

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    MUST(select_store(b, L"one", GUID_NULL));
    MUST(finish(call(b, PreRestore, &async), &async));
    vssemu_writer_free(one.writer);
    one.writer = NULL;
    MUST(finish(call(b, PostRestore, &async), &async));
    assert_seen(&one, "PreRestore(one+) ");
    assert_int_equal(failure_of_first_writer(b), VSS_E_WRITER_NOT_RESPONDING);
    call(b, Release);
    leave(&one);
}

/* A writer that went before any event: the status tells, too. */
static void a_writer_that_went_does_not_answer_for_its_status(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    vssemu_writer_free(one.writer);
    one.writer = NULL;
    assert_int_equal(failure_of_first_writer(b), VSS_E_WRITER_NOT_RESPONDING);
    call(b, Release);
    leave(&one);
}

static void participation_decides_about_the_events(void **state)
{
    struct mail never = { .name = L"first", .store = L"one", .participation = VSS_WRE_NEVER };
    struct mail rarely = { .name = L"second",
                           .store = L"two",
                           .participation = VSS_WRE_IF_REPLACE_FAILS };

    (void)state;
    subscribe(&never);
    subscribe(&rarely);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    MUST(select_store(b, L"one", GUID_NULL));
    MUST(select_store(b, L"two", GUID_NULL));
    run_events(b);
    assert_seen(&never, "");
    assert_seen(&rarely, "PreRestore(two+) PostRestore(two+) "); /* VSS cannot know what failed */
    call(b, Release);
    leave(&never);
    leave(&rarely);
}

static void a_part_of_a_component_is_restored(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };

    (void)state;
    subscribe(&one);
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    assert_int_equal(call(b, AddRestoreSubcomponent, mail_id, VSS_CT_FILEGROUP, NULL, L"one",
                          L"one", L"box", FALSE),
                     VSS_E_BAD_STATE); /* its root was not selected */
    MUST(select_store(b, L"one", GUID_NULL));
    MUST(call(b, AddRestoreSubcomponent, mail_id, VSS_CT_FILEGROUP, NULL, L"one", L"one", L"box",
              FALSE));
    /* A file set below the root belongs to it, another does not. */
    MUST(call(b, AddNewTarget, mail_id, VSS_CT_FILEGROUP, NULL, L"one", L"C:\\mail\\box", L"one",
              FALSE, L"C:\\new"));
    assert_int_equal(call(b, AddNewTarget, mail_id, VSS_CT_FILEGROUP, NULL, L"one",
                          L"C:\\mail\\box", L"one", TRUE, L"C:\\new"),
                     VSS_E_OBJECT_NOT_FOUND);
    run_events(b);
    assert_seen(&one, "PreRestore(one+1) PostRestore(one+1) ");
    call(b, Release);
    leave(&one);
}

/* ---- a handler that is late ---- */

struct late {
    HRESULT answers[2]; /* of GetComponentCount, after a second, for each call of the handler */
    int n;
};

static bool identify_late(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    MUST(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, L"one", NULL, NULL, 0, false, false, true,
              true, 0));
    return true;
}

static bool look_late(void *self, IVssWriterComponents *components)
{
    struct late *late = self;
    UINT n = 0;

    Sleep(1000);
    late->answers[late->n++] = call(components, GetComponentCount, &n);
    return true;
}

/* PreRestore that was cancelled leaves the object where it was; the handler that still runs keeps
 * what it was given, and the next PreRestore waits for its turn. */
static void a_cancelled_pre_restore_can_be_tried_again(void **state)
{
    static const struct vssemu_writer_ops late_ops = { .OnIdentify = identify_late,
                                                       .OnPreRestore = look_late };
    struct late late = { { E_FAIL, E_FAIL }, 0 };
    struct vssemu_writer *writer = vssemu_writer_new(&late_ops, &late, 0);
    struct vssemu_writer_identity identity;
    HRESULT status = S_OK;
    IVssAsync *async = NULL;

    (void)state;
    vssemu_writer_identity_init(&identity);
    identity.writer_id = mail_id;
    identity.name = L"Late";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    MUST(vssemu_writer_initialize(writer, &identity));
    MUST(
        vssemu_writer_subscribe(writer, 0, VSS_SM_BACKUP_EVENTS_FLAG | VSS_SM_RESTORE_EVENTS_FLAG));
    IVssBackupComponentsEx4 *b = begin_restore(whole_backup());
    MUST(select_store(b, L"one", GUID_NULL));
    MUST(call(b, PreRestore, &async));
    MUST(call(async, Wait, 10));
    MUST(call(async, Cancel));
    MUST(call(async, QueryStatus, &status, NULL));
    assert_int_equal(status, VSS_S_ASYNC_CANCELLED);
    call(async, Release);
    MUST(finish(call(b, PreRestore, &async), &async));
    MUST(finish(call(b, PostRestore, &async), &async));
    assert_int_equal(late.n, 2);
    assert_int_equal(late.answers[1], S_OK);
    call(b, Release);
    vssemu_writer_free(writer);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        STORY(each_instance_gets_its_own_components),
        STORY(a_component_moves_to_another_instance),
        STORY(both_components_go_to_one_instance),
        STORY(a_writer_that_was_restarted_is_recognised),
        STORY(a_writer_that_vanished_cannot_be_selected),
        STORY(a_writer_that_stops_between_the_events_is_missed),
        STORY(a_writer_that_went_does_not_answer_for_its_status),
        STORY(participation_decides_about_the_events),
        STORY(a_cancelled_pre_restore_can_be_tried_again),
        STORY(a_part_of_a_component_is_restored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

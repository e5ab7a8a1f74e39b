/* SPDX-License-Identifier: MIT */
/* Several requesters at once: one snapshot set at a time is made on the machine, everything else
 * goes on side by side, and no session sees anything of another. Learn:
 * "IVssBackupComponents::StartSnapshotSet" (VSS_E_SNAPSHOT_SET_IN_PROGRESS). */
#include "tests/support/requester_steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MASK (VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED)

/* A writer with two components. In the session that the test points at it fails at Freeze; in each
 * session it leaves the session's first number as stamp. */
struct cast {
    struct vssemu_world *world;
    struct vssemu_writer *writer;
    VSS_ID session_that_fails;
    unsigned n_freezes;
};

static bool on_identify(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    return SUCCEEDED(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, L"a", NULL, NULL, 0, false,
                          false, true, false, 0)) &&
           SUCCEEDED(call(m, AddComponent, VSS_CT_FILEGROUP, NULL, L"b", NULL, NULL, 0, false,
                          false, true, false, 0)) &&
           SUCCEEDED(call(m, AddFilesToFileGroup, NULL, L"a", L"C:\\a", L"*", true, NULL, MASK)) &&
           SUCCEEDED(call(m, AddFilesToFileGroup, NULL, L"b", L"C:\\b", L"*", true, NULL, MASK));
}

static bool on_freeze(void *self)
{
    struct cast *cast = self;
    VSS_ID session;

    assert_int_equal(vssemu_writer_session_id(cast->writer, &session), S_OK);
    cast->n_freezes++;
    if (memcmp(&session, &cast->session_that_fails, sizeof(session)) != 0)
        return true;
    vssemu_writer_set_failure(cast->writer, VSS_E_WRITERERROR_RETRYABLE);
    return false;
}

static void stamp_of(VSS_ID session, WCHAR stamp[9])
{
    char text[9];

    snprintf(text, sizeof(text), "%08x", (unsigned)session.Data1);
    for (int i = 0; i < 9; i++)
        stamp[i] = (WCHAR)text[i];
}

static bool on_prepare_backup(void *self, IVssWriterComponents *components)
{
    struct cast *cast = self;
    VSS_ID session;
    WCHAR stamp[9];
    UINT n = 0;

    assert_int_equal(vssemu_writer_session_id(cast->writer, &session), S_OK);
    stamp_of(session, stamp);
    call(components, GetComponentCount, &n);
    for (UINT i = 0; i < n; i++) {
        IVssComponent *component = NULL;

        if (call(components, GetComponent, i, &component) != S_OK)
            return false;
        call(component, SetBackupStamp, stamp);
        call(component, Release);
    }
    return true;
}

static const struct vssemu_writer_ops ops = { .OnIdentify = on_identify,
                                              .OnPrepareBackup = on_prepare_backup,
                                              .OnFreeze = on_freeze };

static void subscribe(struct cast *cast, unsigned flags)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ 1, 2, 3, { 4 } };
    identity.name = L"Shared Writer";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    cast->writer = vssemu_writer_new(&ops, cast, flags);
    assert_int_equal(vssemu_writer_initialize(cast->writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(cast->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG), S_OK);
}

static int setup_with(void **state, unsigned flags)
{
    struct cast *cast = calloc(1, sizeof(*cast));

    cast->world = vssemu_world_new(NULL);
    assert_true(vssemu_add_volume(cast->world, "C:", NULL));
    subscribe(cast, flags);
    *state = cast;
    return 0;
}

static int setup(void **state)
{
    return setup_with(state, VSSEMU_WRITER_INLINE);
}

/* The writer has a thread of its own, as native ones do. */
static int setup_with_thread(void **state)
{
    return setup_with(state, 0);
}

static int teardown(void **state)
{
    struct cast *cast = *state;

    vssemu_writer_free(cast->writer);
    assert_int_equal(vssemu_world_free(cast->world), 0);
    free(cast);
    return 0;
}

/* Up to where a snapshot set can be started. */
static IVssBackupComponents *requester_with(const WCHAR *component)
{
    IVssBackupComponents *b = requester_new();

    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(requester_add(b, 0, component), S_OK);
    return b;
}

static void open_and_prepare(IVssBackupComponents *b)
{
    assert_int_equal(requester_start_set(b), S_OK);
    assert_int_equal(requester_add_volume(b), S_OK);
    assert_int_equal(requester_prepare(b), S_OK);
}

static VSS_ID session_of(IVssBackupComponents *b)
{
    IVssBackupComponentsEx3 *ex3 = NULL;
    VSS_ID id;

    assert_int_equal(call(b, QueryInterface, &IID_IVssBackupComponentsEx3, (void **)&ex3), S_OK);
    assert_int_equal(call(ex3, GetSessionId, &id), S_OK);
    call(ex3, Release);
    return id;
}

/* ---- one set at a time ---- */

static void nobody_starts_a_set_while_another_is_made(void **state)
{
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_with(L"b");

    (void)state;
    assert_int_equal(requester_start_set(a), S_OK);
    assert_int_equal(requester_start_set(b), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    assert_int_equal(requester_add_volume(a), S_OK);
    assert_int_equal(requester_start_set(b), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    assert_int_equal(requester_prepare(a), S_OK);
    assert_int_equal(requester_start_set(b), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    assert_int_equal(requester_snapshot(a), S_OK);
    assert_int_equal(requester_start_set(b), S_OK);
    call(a, Release);
    call(b, Release);
}

/* The refusal changed nothing: what b had chosen is still there, and its backup goes on. */
static void who_was_refused_goes_on_later(void **state)
{
    struct cast *cast = *state;
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_with(L"b");
    HRESULT failure;

    open_and_prepare(a);
    assert_int_equal(requester_start_set(b), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    assert_int_equal(requester_snapshot(a), S_OK);
    open_and_prepare(b);
    assert_int_equal(requester_snapshot(b), S_OK);
    assert_int_equal(requester_complete(a), S_OK);
    assert_int_equal(requester_complete(b), S_OK);
    assert_int_equal(requester_state(a, 0, &failure), VSS_WS_STABLE);
    assert_int_equal(requester_state(b, 0, &failure), VSS_WS_STABLE);
    assert_int_equal(cast->n_freezes, 2);
    call(a, Release);
    call(b, Release);
}

static void set_of_a_requester_that_lets_go_blocks_nobody(void **state)
{
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_with(L"b");

    (void)state;
    open_and_prepare(a);
    assert_int_equal(requester_start_set(b), VSS_E_SNAPSHOT_SET_IN_PROGRESS);
    call(a, Release);
    assert_int_equal(requester_start_set(b), S_OK);
    call(b, Release);
}

static void aborted_set_blocks_nobody(void **state)
{
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_with(L"b");

    (void)state;
    open_and_prepare(a);
    assert_int_equal(call(a, AbortBackup), S_OK);
    assert_int_equal(requester_start_set(b), S_OK);
    call(a, Release);
    call(b, Release);
}

static void failed_set_blocks_nobody(void **state)
{
    struct cast *cast = *state;
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_with(L"b");

    assert_true(vssemu_set_choice(cast->world, "writer_veto", "fail-set"));
    cast->session_that_fails = session_of(a);
    open_and_prepare(a);
    assert_true(FAILED(requester_snapshot(a)));
    open_and_prepare(b);
    assert_int_equal(requester_snapshot(b), S_OK);
    call(a, Release);
    call(b, Release);
}

/* Learn: the lock is on the creation; everything else has none. */
static void everything_else_goes_on_beside_the_set(void **state)
{
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_new();
    IVssBackupComponents *restore = NULL;
    HRESULT failure;

    (void)state;
    open_and_prepare(a);
    assert_int_equal(requester_gather(b), S_OK);
    assert_int_equal(requester_add(b, 0, L"b"), S_OK);
    assert_int_equal(requester_state(b, 0, &failure), VSS_WS_STABLE);
    char *document = requester_document(b);
    BSTR xml = bstr_from_utf8(document);
    assert_int_equal(CreateVssBackupComponentsInternal(&restore), S_OK);
    assert_int_equal(call(restore, InitializeForRestore, xml), S_OK);
    assert_int_equal(requester_gather(restore), S_OK);
    assert_int_equal(requester_snapshot(a), S_OK);
    bstr_free(xml);
    free(document);
    call(restore, Release);
    call(a, Release);
    call(b, Release);
}

/* ---- sessions are kept apart ---- */

static void writer_that_fails_in_one_session_is_well_in_another(void **state)
{
    struct cast *cast = *state;
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_with(L"a");
    HRESULT failure_a, failure_b;

    cast->session_that_fails = session_of(a);
    open_and_prepare(a);
    assert_int_equal(requester_snapshot(a), S_OK); /* its status tells */
    assert_int_equal(requester_state(a, 0, &failure_a), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(failure_a, VSS_E_WRITERERROR_RETRYABLE);
    assert_int_equal(requester_state(b, 0, &failure_b), VSS_WS_STABLE);
    assert_int_equal(failure_b, S_OK);

    open_and_prepare(b);
    assert_int_equal(requester_snapshot(b), S_OK);
    assert_int_equal(requester_state(b, 0, &failure_b), VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    assert_int_equal(failure_b, S_OK);
    assert_int_equal(requester_state(a, 0, &failure_a), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(failure_a, VSS_E_WRITERERROR_RETRYABLE);
    call(a, Release);
    call(b, Release);
}

static void each_document_has_its_own_components_and_stamps(void **state)
{
    IVssBackupComponents *a = requester_with(L"a"), *b = requester_with(L"b");
    char stamp_a[9], stamp_b[9];

    (void)state;
    snprintf(stamp_a, sizeof(stamp_a), "%08x", (unsigned)session_of(a).Data1);
    snprintf(stamp_b, sizeof(stamp_b), "%08x", (unsigned)session_of(b).Data1);
    assert_string_not_equal(stamp_a, stamp_b);
    open_and_prepare(a);
    assert_int_equal(requester_snapshot(a), S_OK);
    open_and_prepare(b);
    char *document_a = requester_document(a), *document_b = requester_document(b);
    assert_non_null(strstr(document_a, "componentName=\"a\""));
    assert_null(strstr(document_a, "componentName=\"b\""));
    assert_non_null(strstr(document_a, stamp_a));
    assert_null(strstr(document_a, stamp_b));
    assert_non_null(strstr(document_b, "componentName=\"b\""));
    assert_null(strstr(document_b, "componentName=\"a\""));
    assert_non_null(strstr(document_b, stamp_b));
    assert_null(strstr(document_b, stamp_a));
    free(document_a);
    free(document_b);
    call(a, Release);
    call(b, Release);
}

/* ---- two threads ---- */

struct backup_thread {
    const WCHAR *component;
    HANDLE set_is_open, was_refused; /* the first waits for the second's refusal; NULL: does not */
    bool is_first;
    unsigned n_refusals;
    HRESULT result;
    VSS_WRITER_STATE state_after_snapshot, state_at_end;
};

static void wait_for_the_other(struct backup_thread *mine)
{
    if (mine->set_is_open && !mine->is_first)
        WaitForSingleObject(mine->set_is_open, INFINITE);
}

static void let_the_other_try(struct backup_thread *mine)
{
    if (!mine->set_is_open || !mine->is_first)
        return;
    SetEvent(mine->set_is_open);
    WaitForSingleObject(mine->was_refused, INFINITE);
}

static DWORD WINAPI back_up(void *arg)
{
    struct backup_thread *mine = arg;
    IVssBackupComponents *b = requester_with(mine->component);
    HRESULT failure;

    wait_for_the_other(mine);
    while ((mine->result = requester_start_set(b)) == VSS_E_SNAPSHOT_SET_IN_PROGRESS) {
        mine->n_refusals++;
        if (mine->was_refused)
            SetEvent(mine->was_refused);
        Sleep(100);
    }
    let_the_other_try(mine);
    assert_int_equal(requester_add_volume(b), S_OK);
    assert_int_equal(requester_prepare(b), S_OK);
    mine->result = requester_snapshot(b);
    mine->state_after_snapshot = requester_state(b, 0, &failure);
    assert_int_equal(requester_complete(b), S_OK);
    mine->state_at_end = requester_state(b, 0, &failure);
    call(b, Release);
    return 0;
}

static void run_both(struct backup_thread *first, struct backup_thread *second)
{
    HANDLE threads[] = { CreateThread(NULL, 0, back_up, first, 0, NULL),
                         CreateThread(NULL, 0, back_up, second, 0, NULL) };

    WaitForMultipleObjects(2, threads, TRUE, INFINITE);
    CloseHandle(threads[0]);
    CloseHandle(threads[1]);
}

static void assert_backed_up(const struct backup_thread *thread)
{
    assert_int_equal(thread->result, S_OK);
    assert_int_equal(thread->state_after_snapshot, VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    assert_int_equal(thread->state_at_end, VSS_WS_STABLE);
}

static void second_thread_is_refused_until_the_first_has_its_set(void **state)
{
    struct cast *cast = *state;
    struct backup_thread first = { .component = L"a",
                                   .is_first = true,
                                   .set_is_open = CreateEventW(NULL, FALSE, FALSE, NULL),
                                   .was_refused = CreateEventW(NULL, FALSE, FALSE, NULL) };
    struct backup_thread second = first;

    second.component = L"b";
    second.is_first = false;
    run_both(&first, &second);
    assert_backed_up(&first);
    assert_backed_up(&second);
    assert_int_equal(first.n_refusals, 0);
    assert_true(second.n_refusals > 0);
    assert_int_equal(cast->n_freezes, 2);
    CloseHandle(first.set_is_open);
    CloseHandle(first.was_refused);
}

/* No order is asked for: whatever the seed draws, both get through. */
static void two_threads_get_through_whoever_is_first(void **state)
{
    struct cast *cast = *state;
    struct backup_thread first = { .component = L"a" }, second = { .component = L"b" };

    for (unsigned i = 1; i <= 10; i++) {
        run_both(&first, &second);
        assert_backed_up(&first);
        assert_backed_up(&second);
        assert_int_equal(cast->n_freezes, 2 * i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_starts_a_set_while_another_is_made, setup, teardown),
        cmocka_unit_test_setup_teardown(who_was_refused_goes_on_later, setup, teardown),
        cmocka_unit_test_setup_teardown(set_of_a_requester_that_lets_go_blocks_nobody, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(aborted_set_blocks_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(failed_set_blocks_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(everything_else_goes_on_beside_the_set, setup, teardown),
        cmocka_unit_test_setup_teardown(writer_that_fails_in_one_session_is_well_in_another, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(each_document_has_its_own_components_and_stamps, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(second_thread_is_refused_until_the_first_has_its_set,
                                        setup_with_thread, teardown),
        cmocka_unit_test_setup_teardown(two_threads_get_through_whoever_is_first, setup_with_thread,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

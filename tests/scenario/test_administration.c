/* SPDX-License-Identifier: MIT */
/* The life of a persistent snapshot: made, shown as a drive, read, hidden, reverted to, deleted;
 * and two contexts that do not see each other. Learn: "Exposing and Surfacing Shadow Copied
 * Volumes", "IVssBackupComponents::RevertToSnapshot", "VSS_SNAPSHOT_CONTEXT enumeration". */
#include "tests/support/cmocka_vss.h"

#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/include/vssemu.h"

#include <stdlib.h>
#include <string.h>

#define CALL(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)

static WCHAR c_root[] = L"C:\\", drive[] = L"V:";

static int setup(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "first", 5));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(vssemu_world_free(*state), 0);
    return 0;
}

static IVssBackupComponentsEx4 *session_in(LONG context)
{
    IVssBackupComponents *b = NULL;
    IVssBackupComponentsEx4 *newest = NULL;

    assert_int_equal(CreateVssBackupComponentsInternal(&b), S_OK);
    assert_int_equal(CALL(b, QueryInterface, &IID_IVssBackupComponentsEx4, (void **)&newest), S_OK);
    CALL(b, Release);
    assert_int_equal(CALL(newest, InitializeForBackup, NULL), S_OK);
    assert_int_equal(CALL(newest, SetContext, context), S_OK);
    return newest;
}

static void finish(HRESULT started, IVssAsync *async)
{
    HRESULT status;

    assert_int_equal(started, S_OK);
    CALL(async, Wait, INFINITE);
    assert_int_equal(CALL(async, QueryStatus, &status, NULL), S_OK);
    assert_int_equal(status, VSS_S_ASYNC_FINISHED);
    CALL(async, Release);
}

/* The session has ended when this answers. */
static VSS_ID leave_snapshot(LONG context)
{
    IVssBackupComponentsEx4 *b = session_in(context);
    IVssAsync *async = NULL;
    VSS_ID set_id, id;

    assert_int_equal(CALL(b, StartSnapshotSet, &set_id), S_OK);
    assert_int_equal(CALL(b, AddToSnapshotSet, c_root, (VSS_ID){ 0 }, &id), S_OK);
    HRESULT hr = CALL(b, DoSnapshotSet, &async);
    finish(hr, async);
    CALL(b, Release);
    return id;
}

static void assert_holds(struct vssemu_world *w, const char *path, const char *expected)
{
    void *data = NULL;
    size_t size = 0;

    if (!vssemu_file_read(w, path, &data, &size))
        fail_msg("%s: %s", path, vssemu_error(w));
    assert_string_equal(data, expected);
    free(data);
}

static void assert_is_missing(struct vssemu_world *w, const char *path)
{
    void *data = NULL;
    size_t size = 0;

    assert_false(vssemu_file_read(w, path, &data, &size));
}

static void life_of_a_persistent_snapshot(void **state)
{
    struct vssemu_world *w = *state;
    VSS_ID id = leave_snapshot(VSS_CTX_NAS_ROLLBACK), not_deleted;
    IVssBackupComponentsEx4 *b = session_in((LONG)VSS_CTX_ALL);
    IVssAsync *async = NULL;
    VSS_PWSZ exposed = NULL;
    LONG n;

    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "second", 6));
    assert_true(vssemu_file_write(w, "C:\\docs\\b.txt", "third", 5));
    assert_int_equal(
        CALL(b, ExposeSnapshot, id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY, drive, &exposed), S_OK);
    free(exposed);
    assert_holds(w, "V:\\docs\\a.txt", "first");
    assert_is_missing(w, "V:\\docs\\b.txt");
    assert_int_equal(CALL(b, UnexposeSnapshot, id), S_OK);
    assert_is_missing(w, "V:\\docs\\a.txt");

    assert_int_equal(CALL(b, RevertToSnapshot, id, FALSE), S_OK);
    HRESULT hr = CALL(b, QueryRevertStatus, c_root, &async);
    finish(hr, async);
    assert_holds(w, "C:\\docs\\a.txt", "first");
    assert_is_missing(w, "C:\\docs\\b.txt");

    assert_int_equal(CALL(b, DeleteSnapshots, id, VSS_OBJECT_SNAPSHOT, FALSE, &n, &not_deleted),
                     S_OK);
    assert_int_equal(n, 1);
    assert_null(vssemu_snapshot_device(w, "C:"));
    assert_holds(w, "C:\\docs\\a.txt", "first");
    CALL(b, Release);
}

static ULONG count_in(LONG context)
{
    IVssBackupComponentsEx4 *b = session_in(context);
    IVssEnumObject *found = NULL;
    VSS_OBJECT_PROP props[4];
    ULONG n = 0;

    assert_int_equal(CALL(b, Query, (VSS_ID){ 0 }, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found),
                     S_OK);
    assert_int_equal(CALL(found, Next, 4, props, &n), S_FALSE);
    for (ULONG i = 0; i < n; i++)
        snapshot_prop_clear(&props[i].Obj.Snap);
    CALL(found, Release);
    CALL(b, Release);
    return n;
}

static void contexts_do_not_see_each_other(void **state)
{
    VSS_ID rollback = leave_snapshot(VSS_CTX_NAS_ROLLBACK), not_deleted;
    LONG n;

    (void)state;
    leave_snapshot(VSS_CTX_CLIENT_ACCESSIBLE);
    leave_snapshot(VSS_CTX_FILE_SHARE_BACKUP); /* is released with its session */
    assert_int_equal(count_in(VSS_CTX_NAS_ROLLBACK), 1);
    assert_int_equal(count_in(VSS_CTX_CLIENT_ACCESSIBLE), 1);
    assert_int_equal(count_in(VSS_CTX_BACKUP), 0);
    assert_int_equal(count_in((LONG)VSS_CTX_ALL), 2);

    IVssBackupComponentsEx4 *b = session_in(VSS_CTX_CLIENT_ACCESSIBLE);
    assert_int_equal(
        CALL(b, DeleteSnapshots, rollback, VSS_OBJECT_SNAPSHOT, TRUE, &n, &not_deleted),
        VSS_E_OBJECT_NOT_FOUND);
    CALL(b, Release);
    assert_int_equal(count_in((LONG)VSS_CTX_ALL), 2);
}

static void deleting_takes_the_drive_away(void **state)
{
    struct vssemu_world *w = *state;
    VSS_ID id = leave_snapshot(VSS_CTX_NAS_ROLLBACK), not_deleted;
    IVssBackupComponentsEx4 *b = session_in(VSS_CTX_NAS_ROLLBACK);
    VSS_PWSZ exposed = NULL;
    LONG n;

    assert_int_equal(
        CALL(b, ExposeSnapshot, id, NULL, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY, drive, &exposed), S_OK);
    free(exposed);
    assert_holds(w, "V:\\docs\\a.txt", "first");
    assert_int_equal(CALL(b, DeleteSnapshots, id, VSS_OBJECT_SNAPSHOT, TRUE, &n, &not_deleted),
                     S_OK);
    assert_is_missing(w, "V:\\docs\\a.txt");
    CALL(b, Release);
}

int main(void)
{
#define ADMINISTRATION_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        ADMINISTRATION_TEST(life_of_a_persistent_snapshot),
        ADMINISTRATION_TEST(contexts_do_not_see_each_other),
        ADMINISTRATION_TEST(deleting_takes_the_drive_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

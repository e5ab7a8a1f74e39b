/* SPDX-License-Identifier: MIT */
/* Sets that an earlier requester has left in a test's world: seen and read by a later one, oldest
 * first, with writers when asked, and nobody's leftovers. */
#include "tests/support/cmocka_vss.h"

#include "emu/com/enumerator.h"
#include "emu/include/vssemu.h"

#include <stdlib.h>
#include <string.h>

#define CALL(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)

static int setup(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_add_volume(w, "D:", NULL));
    assert_true(vssemu_file_write(w, "C:\\a.txt", "first", 5));
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    assert_int_equal(vssemu_world_free(*state), 0);
    return 0;
}

static IVssBackupComponents *session_of_all(void)
{
    IVssBackupComponents *vss = NULL;

    assert_int_equal(CreateVssBackupComponentsInternal(&vss), S_OK);
    assert_int_equal(CALL(vss, InitializeForBackup, NULL), S_OK);
    assert_int_equal(CALL(vss, SetContext, (LONG)VSS_CTX_ALL), S_OK);
    return vss;
}

/* How many there are; props gets at most n of them, as the enumerator gives them. */
static ULONG query(VSS_OBJECT_PROP *props, ULONG n)
{
    IVssBackupComponents *vss = session_of_all();
    IVssEnumObject *list = NULL;
    ULONG n_got = 0;

    assert_int_equal(CALL(vss, Query, GUID_NULL, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &list),
                     S_OK);
    CALL(list, Next, n, props, &n_got);
    CALL(list, Release);
    CALL(vss, Release);
    return n_got;
}

static void a_later_requester_sees_them(void **state)
{
    VSS_ID old = { 0 }, new = { 0 };
    VSS_OBJECT_PROP props[4];
    void *data;
    size_t size;

    assert_true(vssemu_make_snapshots(*state, "C:", &old));
    assert_true(vssemu_file_write(*state, "C:\\a.txt", "second", 6));
    assert_true(vssemu_make_snapshots(*state, "C:,D:,context=nas_rollback", &new));
    assert_int_equal(query(props, 4), 3);
    for (int i = 0; i < 3; i++) {
        const VSS_SNAPSHOT_PROP *snapshot = &props[i].Obj.Snap;

        assert_memory_equal(&snapshot->m_SnapshotSetId, i ? &new : &old, sizeof(VSS_ID));
        assert_int_equal(snapshot->m_eStatus, VSS_SS_CREATED);
        assert_int_equal(snapshot->m_lSnapshotsCount, i ? 2 : 1);
        if (i)
            assert_true(snapshot->m_tsCreationTimestamp > props[0].Obj.Snap.m_tsCreationTimestamp);
    }
    assert_true(vssemu_file_read(
        *state, "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1\\a.txt", &data, &size));
    assert_string_equal(data, "first");
    free(data);
    for (int i = 0; i < 3; i++)
        VssFreeSnapshotPropertiesInternal(&props[i].Obj.Snap);
    assert_int_equal(vssemu_find_leaks(*state), 0);
}

static void writers_take_part_when_asked(void **state)
{
    static const char xml[] =
        "<TestWriter usage='USER_DATA'><RestoreMethod method='RESTORE_IF_NOT_THERE' "
        "writerRestore='always' rebootRequired='no'/><Component componentType='filegroup' "
        "componentName='A' selectable='yes'><ComponentFile path='C:\\' filespec='*'/></Component>"
        "</TestWriter>";

    assert_true(vssemu_add_writer_xml(*state, xml));
    assert_true(vssemu_make_snapshots(*state, "C:", NULL));
    assert_string_equal(vssemu_writer_events(*state, "Test Writer"), "");
    assert_true(vssemu_make_snapshots(*state, "C:,context=APP_ROLLBACK", NULL));
    assert_non_null(strstr(vssemu_writer_events(*state, "Test Writer"), "Freeze"));
    assert_non_null(strstr(vssemu_writer_events(*state, "Test Writer"), "BackupShutdown"));
}

static void what_makes_no_sense_is_told(void **state)
{
    assert_false(vssemu_make_snapshots(*state, "E:", NULL));
    assert_string_equal(vssemu_error(*state), "there is no volume E:");
    assert_false(vssemu_make_snapshots(*state, "C:,context=file_share_backup", NULL));
    assert_non_null(strstr(vssemu_error(*state), "no context of persistent snapshots"));
    assert_false(vssemu_make_snapshots(*state, "C:,then=/no/such/place", NULL));
    assert_non_null(strstr(vssemu_error(*state), "cannot read /no/such/place"));
    assert_int_equal(vssemu_backup(*state, VSSEMU_IDENTIFY), S_OK);
    assert_false(vssemu_make_snapshots(*state, "C:", NULL));
    assert_non_null(strstr(vssemu_error(*state), "a backup is open"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_later_requester_sees_them, setup, teardown),
        cmocka_unit_test_setup_teardown(writers_take_part_when_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(what_makes_no_sense_is_told, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

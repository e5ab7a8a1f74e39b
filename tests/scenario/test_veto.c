/* SPDX-License-Identifier: MIT */
/* A veto at PrepareForSnapshot, Freeze and Thaw, by a simulated writer (FailEvent of a Test Writer
 * file) and by a native one: what the requester sees of that writer, of its neighbour and of
 * DoSnapshotSet.
 *
 * Learn: "Writer Errors and Vetoes" (the requester decides what a veto is worth), "Aborting VSS
 * Operations" (a veto in Freeze or Thaw raises Abort, one in PrepareForSnapshot does not),
 * "IVssBackupComponents::DoSnapshotSet" (no writer code among its results), "VSS Test Writer Tool"
 * (retryable="no" is always VSS_E_WRITERERROR_NONRETRYABLE). Windows: two published logs show the
 * set succeeding although a writer failed (states 8 and 9). */
#include "tests/support/cmocka_vss.h"

#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct veto_row {
    const char *event;                 /* in a Test Writer file */
    const char *events;                /* what the writer gets, up to the veto and behind it */
    VSS_WRITER_STATE state;
} rows[] = {
    { "PrepareForSnapshot", "Identify PrepareForBackup PrepareForSnapshot!",                      VSS_WS_FAILED_AT_PREPARE_SNAPSHOT },
    { "Freeze",             "Identify PrepareForBackup PrepareForSnapshot Freeze! Abort",         VSS_WS_FAILED_AT_FREEZE           },
    { "Thaw",               "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw! Abort",    VSS_WS_FAILED_AT_THAW             },
};
/* clang-format on */

static const char neighbour_events[] =
    "Identify PrepareForBackup PrepareForSnapshot Freeze Thaw PostSnapshot";

/* ---- the cast ---- */

static struct vssemu_world *new_world(void)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "a", 1));
    return w;
}

static void add_simulated(struct vssemu_world *w, const char *fail_event, bool is_retryable)
{
    char *xml = str_printf(
        "<TestWriter usage='USER_DATA'>"
        "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always' "
        "rebootRequired='no'/>"
        "<FailEvent writerEvent='%s' retryable='%s'/>"
        "<Component componentType='filegroup' componentName='docs' selectable='yes'>"
        "<ComponentFile path='C:\\docs' filespec='*' recursive='yes'/></Component></TestWriter>",
        fail_event, is_retryable ? "yes" : "no");

    if (!vssemu_add_writer_xml(w, xml))
        fail_msg("%s", vssemu_error(w));
    free(xml);
}

struct native {
    struct vssemu_writer *writer;
    const char *fails_at;
    HRESULT failure;
};

static bool answer(struct native *n, const char *event)
{
    if (!n->fails_at || strcmp(n->fails_at, event))
        return true;
    assert_int_equal(vssemu_writer_set_failure(n->writer, n->failure), S_OK);
    return false;
}

static bool native_identify(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    return SUCCEEDED(m->lpVtbl->AddComponent(m, VSS_CT_FILEGROUP, NULL, L"mine", NULL, NULL, 0,
                                             false, false, true, false, 0));
}

static bool native_prepare_snapshot(void *self)
{
    return answer(self, "PrepareForSnapshot");
}

static bool native_freeze(void *self)
{
    return answer(self, "Freeze");
}

static bool native_thaw(void *self)
{
    return answer(self, "Thaw");
}

static const struct vssemu_writer_ops native_ops = {
    .OnIdentify = native_identify,
    .OnPrepareSnapshot = native_prepare_snapshot,
    .OnFreeze = native_freeze,
    .OnThaw = native_thaw,
};

static void native_begin(struct native *n, const WCHAR *name)
{
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = (VSS_ID){ (DWORD)name[0], 2, 3, { 4 } };
    identity.name = name;
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    n->writer = vssemu_writer_new(&native_ops, n, 0);
    assert_int_equal(vssemu_writer_initialize(n->writer, &identity), S_OK);
    assert_int_equal(vssemu_writer_subscribe(n->writer, 0, VSS_SM_BACKUP_EVENTS_FLAG), S_OK);
}

/* ---- what must be seen ---- */

static bool is_retryable_code(HRESULT hr)
{
    return hr == VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT || hr == VSS_E_WRITERERROR_OUTOFRESOURCES ||
           hr == VSS_E_WRITERERROR_TIMEOUT || hr == VSS_E_WRITERERROR_RETRYABLE;
}

static void assert_veto(struct vssemu_world *w, const struct veto_row *row, const char *vetoer,
                        const char *neighbour, bool is_retryable)
{
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK); /* DoSnapshotSet succeeds */
    assert_non_null(vssemu_snapshot_device(w, "C:"));
    assert_string_equal(vssemu_writer_events(w, vetoer), row->events);
    assert_int_equal(vssemu_writer_state(w, vetoer), row->state);
    HRESULT failure = vssemu_writer_failure(w, vetoer);
    if (is_retryable)
        assert_true(is_retryable_code(failure));
    else
        assert_int_equal(failure, VSS_E_WRITERERROR_NONRETRYABLE);

    assert_string_equal(vssemu_writer_events(w, neighbour), neighbour_events);
    assert_int_equal(vssemu_writer_state(w, neighbour), VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
    assert_int_equal(vssemu_writer_failure(w, neighbour), S_OK);
}

static void a_simulated_writer_that_vetoes_fails_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        const struct veto_row *row = &rows[i / 2];
        struct vssemu_world *w = new_world();
        struct native neighbour = { 0 };

        print_message("%s, %s\n", row->event, i % 2 ? "retryable" : "not retryable");
        add_simulated(w, row->event, i % 2);
        native_begin(&neighbour, L"Neighbour");
        assert_veto(w, row, "Test Writer", "Neighbour", i % 2);
        assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
        vssemu_writer_free(neighbour.writer);
        assert_int_equal(vssemu_world_free(w), 0);
    }
}

static void a_native_writer_that_vetoes_fails_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        const struct veto_row *row = &rows[i / 2];
        struct vssemu_world *w = new_world();
        struct native neighbour = { 0 };
        struct native vetoer = { .fails_at = row->event,
                                 .failure = i % 2 ? VSS_E_WRITERERROR_OUTOFRESOURCES
                                                  : VSS_E_WRITERERROR_NONRETRYABLE };

        print_message("%s, %s\n", row->event, i % 2 ? "retryable" : "not retryable");
        native_begin(&vetoer, L"Vetoer");
        native_begin(&neighbour, L"Neighbour");
        assert_veto(w, row, "Vetoer", "Neighbour", i % 2);
        assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
        vssemu_writer_free(vetoer.writer);
        vssemu_writer_free(neighbour.writer);
        assert_int_equal(vssemu_world_free(w), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_simulated_writer_that_vetoes_fails_alone),
        cmocka_unit_test(a_native_writer_that_vetoes_fails_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

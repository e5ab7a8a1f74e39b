/* SPDX-License-Identifier: MIT */
/* Test Writers in a world: each event fails as its file asks, several instances stand side by side.
 * The format: Learn, "VSS Test Writer Tool"; what a failure leads to: "Determining Writer Status",
 * "Aborting VSS Operations". */
#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"

#include <stdlib.h>
#include <string.h>

#define METHOD "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always'/>"

static struct vssemu_world *world_with(const char *fail_events)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    auto_free char *xml =
        str_printf("<TestWriter checkIncludes='no'>" METHOD "%s"
                   "<Component componentType='filegroup' componentName='data'>"
                   "<ComponentFile path='C:\\data' filespec='*'/></Component></TestWriter>",
                   fail_events);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    if (!vssemu_add_writer_xml(w, xml))
        fail_msg("%s", vssemu_error(w));
    return w;
}

static bool is_retryable(HRESULT code)
{
    return code == VSS_E_WRITERERROR_OUTOFRESOURCES || code == VSS_E_WRITERERROR_TIMEOUT ||
           code == VSS_E_WRITERERROR_RETRYABLE;
}

#define BEFORE_SNAPSHOT "Identify PrepareForBackup"
#define BEFORE_FREEZE   BEFORE_SNAPSHOT " PrepareForSnapshot"

static const struct {
    const char *event;
    enum vssemu_until until; /* the requester looks behind this event */
    VSS_WRITER_STATE state;
    const char *events; /* what the writer has been told by then */
} backup_rows[] = {
    { "PrepareForBackup", VSSEMU_PREPARE_BACKUP, VSS_WS_FAILED_AT_PREPARE_BACKUP,
      "Identify PrepareForBackup!" },
    { "PrepareForSnapsot", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_PREPARE_SNAPSHOT,
      BEFORE_SNAPSHOT " PrepareForSnapshot!" },
    { "PrepareForSnapshot", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_PREPARE_SNAPSHOT,
      BEFORE_SNAPSHOT " PrepareForSnapshot!" },
    { "Freeze", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_FREEZE, BEFORE_FREEZE " Freeze! Abort" },
    { "Thaw", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_THAW, BEFORE_FREEZE " Freeze Thaw! Abort" },
    { "PostSnapshot", VSSEMU_POST_SNAPSHOT, VSS_WS_FAILED_AT_POST_SNAPSHOT,
      BEFORE_FREEZE " Freeze Thaw PostSnapshot!" },
    { "BackupComplete", VSSEMU_BACKUP_COMPLETE, VSS_WS_FAILED_AT_BACKUP_COMPLETE,
      BEFORE_FREEZE " Freeze Thaw PostSnapshot BackupComplete!" },
};
#define N_BACKUP_ROWS (sizeof(backup_rows) / sizeof(backup_rows[0]))

static void every_event_of_a_backup_fails_with_the_kind_of_code_that_is_asked_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * N_BACKUP_ROWS; i++) {
        bool retryable = i % 2;
        auto_free char *fail = str_printf("<FailEvent writerEvent='%s' retryable='%s'/>",
                                          backup_rows[i / 2].event, retryable ? "yes" : "no");
        struct vssemu_world *w = world_with(fail);
        HRESULT code;

        assert_int_equal(vssemu_backup(w, backup_rows[i / 2].until), S_OK);
        if (vssemu_writer_state(w, "Test Writer") != backup_rows[i / 2].state)
            fail_msg("%s: state %d", backup_rows[i / 2].event,
                     vssemu_writer_state(w, "Test Writer"));
        code = vssemu_writer_failure(w, "Test Writer");
        assert_true(retryable ? is_retryable(code) : code == VSS_E_WRITERERROR_NONRETRYABLE);
        assert_string_equal(vssemu_writer_events(w, "Test Writer"), backup_rows[i / 2].events);
        assert_int_equal(vssemu_world_free(w), 0);
    }
}

static void an_event_fails_as_often_as_asked_and_then_succeeds(void **state)
{
    struct vssemu_world *w =
        world_with("<FailEvent writerEvent='Freeze' retryable='yes' numFailures='2'/>");

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
        assert_int_equal(vssemu_writer_state(w, "Test Writer"),
                         i < 2 ? VSS_WS_FAILED_AT_FREEZE : VSS_WS_WAITING_FOR_BACKUP_COMPLETE);
        assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    }
    assert_int_equal(vssemu_world_free(w), 0);
}

static void a_writer_that_fails_identify_is_on_no_list(void **state)
{
    struct vssemu_world *w = world_with("<FailEvent writerEvent='Identify' numFailures='1'/>");

    (void)state;
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"), "Identify!");
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_true(str_starts_with(vssemu_writer_events(w, "Test Writer"),
                                "Identify! Identify PrepareForBackup PrepareForSnapshot"));
    assert_int_equal(vssemu_world_free(w), 0);
}

static void a_writer_may_fail_its_abort_too(void **state)
{
    struct vssemu_world *w = world_with("<FailEvent writerEvent='Freeze'/>"
                                        "<FailEvent writerEvent='Abort' retryable='yes'/>");

    (void)state;
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    assert_string_equal(vssemu_writer_events(w, "Test Writer"), BEFORE_FREEZE " Freeze! Abort!");
    /* The earlier failure stays visible (writer-notes: question 6). */
    assert_int_equal(vssemu_writer_state(w, "Test Writer"), VSS_WS_FAILED_AT_FREEZE);
    assert_int_equal(vssemu_writer_failure(w, "Test Writer"), VSS_E_WRITERERROR_NONRETRYABLE);
    assert_int_equal(vssemu_world_free(w), 0);
}

/* The session of a restore is over with it: what the writer failed with stands in the trace. */
static void expect_failing_note(struct vssemu_world *w, const char *event, bool retryable)
{
    static const char *const codes[] = { "VSS_E_WRITERERROR_OUTOFRESOURCES",
                                         "VSS_E_WRITERERROR_TIMEOUT",
                                         "VSS_E_WRITERERROR_RETRYABLE" };
    auto_free char *begin = str_printf("%s with VSS_E_WRITERERROR_", event);
    const char *note = strstr(vssemu_trace(w), begin);
    bool is_found = false;

    assert_non_null(note);
    note += strlen(event) + strlen(" with ");
    for (size_t i = 0; i < 3; i++)
        is_found = is_found || str_starts_with(note, codes[i]);
    assert_true(is_found == retryable);
    assert_true(retryable || str_starts_with(note, "VSS_E_WRITERERROR_NONRETRYABLE"));
}

static void both_events_of_a_restore_fail_as_asked(void **state)
{
    static const struct {
        const char *event;
        enum vssemu_until until;
        VSS_WRITER_STATE state;
    } rows[] = {
        { "PreRestore", VSSEMU_PRE_RESTORE, VSS_WS_FAILED_AT_PRE_RESTORE },
        { "PostRestore", VSSEMU_POST_RESTORE, VSS_WS_FAILED_AT_POST_RESTORE },
    };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        bool retryable = i % 2;
        auto_free char *fail = str_printf("<FailEvent writerEvent='%s' retryable='%s'/>",
                                          rows[i / 2].event, retryable ? "yes" : "no");
        struct vssemu_world *w = world_with(fail);

        assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
        assert_int_equal(vssemu_restore(w, rows[i / 2].until), S_OK);
        assert_int_equal(vssemu_writer_state(w, "Test Writer"), rows[i / 2].state);
        expect_failing_note(w, rows[i / 2].event, retryable);
        assert_int_equal(vssemu_world_free(w), 0);
    }
}

static void a_seed_repeats_the_retryable_code(void **state)
{
    HRESULT codes[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vssemu_world *w = world_with("<FailEvent writerEvent='Thaw' retryable='yes'/>");

        assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
        codes[i] = vssemu_writer_failure(w, "Test Writer");
        assert_int_equal(vssemu_world_free(w), 0);
    }
    assert_int_equal(codes[0], codes[1]);
}

/* Several instances have one class and ids of their own; their components must differ. */
static void several_instances_stand_side_by_side(void **state)
{
    struct vssemu_world *w = vssemu_world_new(NULL);
    void *data = NULL;
    size_t size;

    (void)state;
    assert_true(vssemu_add_volume(w, "C:", NULL));
    for (int i = 0; i < 3; i++) {
        auto_free char *xml = str_printf(
            "<TestWriter instanceName='instance %d' deleteFiles='yes'>" METHOD
            "<Component componentType='filegroup' logicalPath='Instance %d' componentName='data'>"
            "<ComponentFile path='C:\\data%d' filespec='*'/></Component></TestWriter>",
            i, i, i);
        auto_free char *file = str_printf("C:\\data%d\\a.txt", i);
        auto_free char *content = str_printf("file of %d", i);

        assert_true(vssemu_file_write(w, file, content, strlen(content)));
        if (!vssemu_add_writer_xml(w, xml))
            fail_msg("%s", vssemu_error(w));
    }
    assert_int_equal(vssemu_backup(w, VSSEMU_POST_SNAPSHOT), S_OK);
    for (int i = 0; i < 3; i++) {
        auto_free char *file = str_printf("C:\\data%d\\a.txt", i);
        auto_free char *in_snapshot =
            str_printf("%s\\data%d\\a.txt", vssemu_snapshot_device(w, "C:"), i);
        auto_free char *content = str_printf("file of %d", i);

        assert_false(vssemu_file_read(w, file, &data, &size)); /* each instance deleted its own */
        assert_true(vssemu_file_read(w, in_snapshot, &data, &size));
        assert_string_equal(data, content);
        free(data);
    }
    assert_int_equal(vssemu_backup(w, VSSEMU_END), S_OK);
    assert_int_equal(vssemu_world_free(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_of_a_backup_fails_with_the_kind_of_code_that_is_asked_for),
        cmocka_unit_test(an_event_fails_as_often_as_asked_and_then_succeeds),
        cmocka_unit_test(a_writer_that_fails_identify_is_on_no_list),
        cmocka_unit_test(a_writer_may_fail_its_abort_too),
        cmocka_unit_test(both_events_of_a_restore_fail_as_asked),
        cmocka_unit_test(a_seed_repeats_the_retryable_code),
        cmocka_unit_test(several_instances_stand_side_by_side),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

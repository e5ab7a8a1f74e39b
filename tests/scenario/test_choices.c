/* SPDX-License-Identifier: MIT */
/* Each switch of the table of open questions, set to each of its values: what a requester or writer
 * then sees. One story a switch, in a world of its own; a switch without a story fails. */
#include "tests/support/choice_stories.h"

#include "emu/com/bstr.h"
#include "emu/include/vssemu.h"
#include "emu/include/vssemu_writer.h"
#include "emu/proto/choices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define C(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)

HRESULT APIENTRY CreateVssBackupComponentsInternal(IVssBackupComponents **ret);
HRESULT APIENTRY CreateVssExamineWriterMetadataInternal(BSTR xml, IVssExamineWriterMetadata **ret);

static const GUID any_provider;

/* ---- the cast: a writer that fails where it is told, a requester that goes step by step ---- */

static const char writer_xml[] =
    "<TestWriter usage='USER_DATA'>"
    "<RestoreMethod method='RESTORE_IF_CAN_REPLACE' writerRestore='always' rebootRequired='no'/>"
    "%s<Component componentType='filegroup' componentName='docs' selectable='yes'>"
    "<ComponentFile path='C:\\docs' filespec='*' recursive='yes'/></Component></TestWriter>";

static void add_writer(struct vssemu_world *w, const char *fails_at)
{
    char fail[100] = "", xml[1024];

    if (fails_at)
        snprintf(fail, sizeof(fail), "<FailEvent writerEvent='%s' retryable='no'/>", fails_at);
    snprintf(xml, sizeof(xml), writer_xml, fail);
    assert_true(vssemu_add_writer_xml(w, xml));
}

static IVssBackupComponents *initialized(void)
{
    IVssBackupComponents *b = NULL;

    assert_int_equal(CreateVssBackupComponentsInternal(&b), S_OK);
    assert_int_equal(C(b, InitializeForBackup, NULL), S_OK);
    return b;
}

/* Waits, and answers the operation's result. */
static HRESULT ended(HRESULT started, IVssAsync *async)
{
    HRESULT result = E_FAIL;

    assert_int_equal(started, S_OK);
    C(async, Wait, INFINITE);
    assert_int_equal(C(async, QueryStatus, &result, NULL), S_OK);
    C(async, Release);
    return result;
}

static IVssBackupComponents *gathered(void)
{
    IVssBackupComponents *b = initialized();
    IVssAsync *async = NULL;
    HRESULT hr;

    assert_int_equal(C(b, SetBackupState, false, false, VSS_BT_FULL, false), S_OK);
    hr = C(b, GatherWriterMetadata, &async);
    assert_int_equal(ended(hr, async), VSS_S_ASYNC_FINISHED);
    return b;
}

static HRESULT snapshot(IVssBackupComponents *b)
{
    IVssAsync *async = NULL;
    VSS_ID id;
    HRESULT hr;

    assert_int_equal(C(b, StartSnapshotSet, &id), S_OK);
    assert_int_equal(C(b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", any_provider, &id), S_OK);
    hr = C(b, PrepareForBackup, &async);
    assert_int_equal(ended(hr, async), VSS_S_ASYNC_FINISHED);
    hr = C(b, DoSnapshotSet, &async);
    return ended(hr, async);
}

static const char *events(struct vssemu_world *w)
{
    return vssemu_writer_events(w, "Test Writer");
}

static long has_event(struct vssemu_world *w, const char *name)
{
    return strstr(events(w), name) != NULL;
}

/* ---- the stories: each answers a number that the value decides ---- */

static long writer_veto(struct vssemu_world *w)
{
    add_writer(w, "Freeze");
    IVssBackupComponents *b = gathered();
    HRESULT result = snapshot(b);

    C(b, Release);
    return result;
}

static long prepare_without_components(struct vssemu_world *w)
{
    IVssBackupComponents *b = initialized();
    IVssAsync *async = NULL;
    VSS_ID id;
    HRESULT hr;

    add_writer(w, NULL);
    assert_int_equal(C(b, SetBackupState, true, false, VSS_BT_FULL, false), S_OK);
    hr = C(b, GatherWriterMetadata, &async);
    assert_int_equal(ended(hr, async), VSS_S_ASYNC_FINISHED);
    assert_int_equal(C(b, StartSnapshotSet, &id), S_OK);
    hr = C(b, PrepareForBackup, &async);
    assert_int_equal(ended(hr, async), VSS_S_ASYNC_FINISHED);
    C(b, Release);
    return has_event(w, "PrepareForBackup");
}

static long prepare_failure_aborts(struct vssemu_world *w)
{
    add_writer(w, "PrepareForSnapshot");
    IVssBackupComponents *b = gathered();

    snapshot(b);
    C(b, Release);
    return has_event(w, "Abort");
}

static long state_after_abort(struct vssemu_world *w)
{
    add_writer(w, NULL);
    assert_int_equal(vssemu_backup(w, VSSEMU_FREEZE), S_OK);
    vssemu_requester_dies(w);
    return vssemu_writer_state(w, "Test Writer");
}

static long abort_after_post_snapshot(struct vssemu_world *w)
{
    add_writer(w, NULL);
    IVssBackupComponents *b = gathered();

    assert_int_equal(snapshot(b), VSS_S_ASYNC_FINISHED);
    assert_int_equal(C(b, AbortBackup), S_OK);
    C(b, Release);
    return has_event(w, "Abort");
}

static long shutdown_after_abort(struct vssemu_world *w)
{
    add_writer(w, NULL);
    assert_int_equal(vssemu_backup(w, VSSEMU_PREPARE_BACKUP), S_OK);
    vssemu_requester_dies(w);
    assert_true(has_event(w, "Abort"));
    return has_event(w, "BackupShutdown");
}

static long backup_complete_failure(struct vssemu_world *w)
{
    add_writer(w, "BackupComplete");
    vssemu_backup(w, VSSEMU_END);
    return vssemu_writer_state(w, "Test Writer");
}

#define N_SLOTS 64

/* So many sessions that are complete and not released; what the next one's status says. */
static long session_slots(struct vssemu_world *w)
{
    IVssBackupComponents *b[N_SLOTS + 1];
    IVssAsync *async = NULL;
    HRESULT hr, failure = E_FAIL;
    VSS_WRITER_STATE writer_state;
    VSS_ID instance, class_id;
    BSTR name = NULL;

    add_writer(w, NULL);
    for (size_t i = 0; i <= N_SLOTS; i++) {
        b[i] = gathered();
        assert_int_equal(snapshot(b[i]), VSS_S_ASYNC_FINISHED);
        hr = C(b[i], BackupComplete, &async);
        assert_int_equal(ended(hr, async), VSS_S_ASYNC_FINISHED);
    }
    hr = C(b[N_SLOTS], GatherWriterStatus, &async);
    assert_int_equal(ended(hr, async), VSS_S_ASYNC_FINISHED);
    assert_int_equal(
        C(b[N_SLOTS], GetWriterStatus, 0, &instance, &class_id, &name, &writer_state, &failure),
        S_OK);
    bstr_free(name);
    for (size_t i = 0; i <= N_SLOTS; i++)
        C(b[i], Release);
    return failure;
}

static long unexpected_code(struct vssemu_world *w)
{
    IVssBackupComponents *b = initialized();

    assert_true(vssemu_plan_condition(w, VSSEMU_INTERNAL_ERROR, NULL, 1));
    HRESULT hr = C(b, SetBackupState, false, false, VSS_BT_FULL, false);
    C(b, Release);
    return hr;
}

/* An operation that fails. */
static long wait_result(struct vssemu_world *w)
{
    add_writer(w, "Freeze");
    IVssBackupComponents *b = gathered();
    IVssAsync *async = NULL;
    VSS_ID id;

    assert_int_equal(C(b, StartSnapshotSet, &id), S_OK);
    assert_int_equal(C(b, AddToSnapshotSet, (VSS_PWSZ)L"C:\\", any_provider, &id), S_OK);
    HRESULT hr = C(b, PrepareForBackup, &async);
    assert_int_equal(ended(hr, async), VSS_S_ASYNC_FINISHED);
    assert_true(vssemu_set_choice(w, "writer_veto", "fail-set"));
    assert_int_equal(C(b, DoSnapshotSet, &async), S_OK);
    hr = C(async, Wait, INFINITE);
    C(async, Release);
    C(b, Release);
    return hr;
}

static long wait_limit(struct vssemu_world *w)
{
    add_writer(w, NULL);
    IVssBackupComponents *b = initialized();
    IVssAsync *async = NULL;

    assert_int_equal(C(b, GatherWriterMetadata, &async), S_OK);
    HRESULT hr = C(async, Wait, 1000);
    assert_int_equal(C(async, Wait, INFINITE), S_OK);
    C(async, Release);
    C(b, Release);
    return hr;
}

static bool knows(IVssBackupComponents *b, REFIID iid)
{
    IUnknown *face = NULL;
    HRESULT hr = C(b, QueryInterface, iid, (void **)&face);

    if (face)
        C(face, Release);
    return hr == S_OK;
}

/* One digit for each interface, Ex first. */
static long newest_interface(struct vssemu_world *w)
{
    (void)w;
    IVssBackupComponents *b = initialized();
    long seen = knows(b, &IID_IVssBackupComponentsEx) * 1000 +
                knows(b, &IID_IVssBackupComponentsEx2) * 100 +
                knows(b, &IID_IVssBackupComponentsEx3) * 10 +
                knows(b, &IID_IVssBackupComponentsEx4);

    C(b, Release);
    return seen;
}

static long set_context(LONG context)
{
    IVssBackupComponents *b = initialized();
    HRESULT hr = C(b, SetContext, context);

    C(b, Release);
    return hr;
}

static long edition(struct vssemu_world *w)
{
    (void)w;
    return set_context(VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_TRANSPORTABLE);
}

static long no_context_code(struct vssemu_world *w)
{
    (void)w;
    return set_context(7);
}

static long filter_after_gather(struct vssemu_world *w)
{
    add_writer(w, NULL);
    IVssBackupComponents *b = gathered();
    VSS_ID class_id = any_provider;
    HRESULT hr = C(b, DisableWriterClasses, &class_id, 1);

    C(b, Release);
    return hr;
}

static long malformed_metadata(struct vssemu_world *w)
{
    add_writer(w, NULL);
    IVssBackupComponents *b = gathered();
    IVssExamineWriterMetadata *metadata = NULL;
    BSTR text = bstr_from_utf8("<WRITER_METADATA");
    VSS_ID instance;

    assert_int_equal(C(b, GetWriterMetadata, 0, &instance, &metadata), S_OK);
    HRESULT hr = C(metadata, LoadFromXML, text);
    bstr_free(text);
    C(metadata, Release);
    C(b, Release);
    return hr;
}

static long query_without_match(struct vssemu_world *w)
{
    (void)w;
    IVssBackupComponents *b = initialized();
    IVssEnumObject *found = NULL;
    HRESULT hr = C(b, Query, any_provider, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &found);

    C(found, Release);
    C(b, Release);
    return hr;
}

static long abort_drops_copies(struct vssemu_world *w)
{
    add_writer(w, NULL);
    IVssBackupComponents *b = gathered();

    assert_int_equal(snapshot(b), VSS_S_ASYNC_FINISHED);
    assert_int_equal(C(b, AbortBackup), S_OK);
    long is_there = vssemu_snapshot_device(w, "C:") != NULL;
    C(b, Release);
    return is_there;
}

/* Windows: still there 5 s after the last Release, gone about 390 s after its creation. */
static long auto_release(struct vssemu_world *w)
{
    add_writer(w, NULL);
    IVssBackupComponents *b = gathered();

    assert_int_equal(snapshot(b), VSS_S_ASYNC_FINISHED);
    C(b, Release);
    vssemu_run_for(w, 5000);
    long is_there = vssemu_snapshot_device(w, "C:") != NULL;
    vssemu_run_for(w, 400000);
    assert_null(vssemu_snapshot_device(w, "C:"));
    return is_there;
}

/* ---- the table ---- */

static const struct story {
    enum choice choice;
    long (*tell)(struct vssemu_world *w);
    long expected[4]; /* for each value, in the order of the switch */
} stories[] = {
    { CHOICE_WRITER_VETO, writer_veto, { VSS_S_ASYNC_FINISHED, VSS_E_UNEXPECTED_WRITER_ERROR } },
    { CHOICE_PREPARE_WITHOUT_COMPONENTS, prepare_without_components, { 0, 1 } },
    { CHOICE_PREPARE_FAILURE_ABORTS, prepare_failure_aborts, { 0, 1 } },
    { CHOICE_STATE_AFTER_ABORT, state_after_abort, { VSS_WS_FAILED_AT_FREEZE, VSS_WS_STABLE } },
    { CHOICE_ABORT_AFTER_POST_SNAPSHOT, abort_after_post_snapshot, { 0, 1 } },
    { CHOICE_SHUTDOWN_AFTER_ABORT, shutdown_after_abort, { 1, 0 } },
    { CHOICE_BACKUP_COMPLETE_FAILURE,
      backup_complete_failure,
      { VSS_WS_FAILED_AT_BACKUP_COMPLETE, VSS_WS_STABLE } },
    { CHOICE_SESSION_SLOTS, session_slots, { S_OK, VSS_E_WRITER_STATUS_NOT_AVAILABLE } },
    { CHOICE_UNEXPECTED_CODE, unexpected_code, { VSS_E_UNEXPECTED, E_UNEXPECTED } },
    { CHOICE_WAIT_RESULT, wait_result, { S_OK, VSS_E_UNEXPECTED_WRITER_ERROR } },
    { CHOICE_WAIT_LIMIT, wait_limit, { S_OK, E_INVALIDARG } },
    { CHOICE_NEWEST_INTERFACE, newest_interface, { 1000, 1110, 1111 } },
    { CHOICE_EDITION, edition, { S_OK, VSS_E_UNSUPPORTED_CONTEXT } },
    { CHOICE_NO_CONTEXT_CODE, no_context_code, { VSS_E_UNSUPPORTED_CONTEXT, E_INVALIDARG } },
    { CHOICE_FILTER_AFTER_GATHER, filter_after_gather, { S_OK, VSS_E_BAD_STATE } },
    { CHOICE_MALFORMED_METADATA, malformed_metadata, { S_FALSE, VSS_E_INVALID_XML_DOCUMENT } },
    { CHOICE_QUERY_WITHOUT_MATCH, query_without_match, { S_OK, S_FALSE } },
    { CHOICE_ABORT_DROPS_COPIES, abort_drops_copies, { 1, 0 } },
    { CHOICE_AUTO_RELEASE, auto_release, { 0, 1 } },
    { CHOICE_RESTORE_INSTANCES, restore_instances, { 2, 1 } },
    { CHOICE_AREA_ON_CHANGE, area_on_change, { S_OK, VSS_E_OBJECT_NOT_FOUND } },
    { CHOICE_SNAPSHOT_PROTECTION, snapshot_protection, { S_OK, E_NOTIMPL } },
};
#define N_STORIES (sizeof(stories) / sizeof(stories[0]))

static long tell_in_world_of_its_own(const struct story *story, const char *name, const char *value)
{
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_add_volume(w, "C:", NULL));
    assert_true(vssemu_file_write(w, "C:\\docs\\a.txt", "before", 6));
    assert_true(vssemu_set_choice(w, name, value));
    long seen = story->tell(w);
    assert_int_equal(vssemu_world_free(w), 0);
    return seen;
}

static void every_value_of_a_switch_has_its_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_STORIES; i++) {
        const struct choice_row *row = choice_row(stories[i].choice);

        for (size_t v = 0; row->values[v]; v++) {
            long seen = tell_in_world_of_its_own(&stories[i], row->name, row->values[v]);

            if (seen != stories[i].expected[v])
                fail_msg("%s=%s: %#lx instead of %#lx", row->name, row->values[v], seen,
                         stories[i].expected[v]);
        }
    }
}

static void every_switch_has_its_story(void **state)
{
    (void)state;
    for (size_t c = 0; c < N_CHOICES; c++) {
        bool is_told = false;

        for (size_t i = 0; i < N_STORIES; i++)
            is_told = is_told || stories[i].choice == (enum choice)c;
        if (!is_told)
            fail_msg("%s has no story", choice_row(c)->name);
    }
}

/* Learn: the pages of each method: "E_UNEXPECTED before Windows 7 and Server 2008 R2". */
static void a_version_of_windows_sets_them_together(void **state)
{
    (void)state;
    struct vssemu_world *w = vssemu_world_new(NULL);

    assert_true(vssemu_set_windows(w, "2003"));
    assert_int_equal(unexpected_code(w), E_UNEXPECTED);
    assert_int_equal(newest_interface(w), 1000);
    assert_true(vssemu_set_windows(w, "2008R2"));
    assert_int_equal(unexpected_code(w), VSS_E_UNEXPECTED);
    assert_int_equal(newest_interface(w), 1110);
    assert_false(vssemu_set_windows(w, "95"));
    assert_false(vssemu_set_choice(w, "writer_veto", "sometimes"));
    assert_false(vssemu_set_choice(w, "no_such_choice", "yes"));
    assert_int_equal(vssemu_world_free(w), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_of_a_switch_has_its_effect),
        cmocka_unit_test(every_switch_has_its_story),
        cmocka_unit_test(a_version_of_windows_sets_them_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

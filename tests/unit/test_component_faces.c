/* SPDX-License-Identifier: MIT */
/* The COM faces of the Backup Components Document, IVssWriterComponents(Ext) and IVssComponent(Ex,
 * Ex2): every result their pages list, by the handlers in which they are called. Facts:
 * writer-contract, writer-notes section 6. */
#include "tests/support/face_checks.h"

#include "emu/api/component_face.h"
#include "emu/api/writer_components.h"

#include <string.h>

struct handler {
    struct bcd *bcd;
    struct bcd_writer *writer;
    struct components_lease *lease;
    struct writer_components *components;
    IVssComponentEx2 *c;
};

static struct handler handler_begin(enum components_access access)
{
    static const GUID writer_id = { .Data1 = 1 }, instance_id = { .Data1 = 2 };
    struct handler h = { .bcd = bcd_new() };
    IVssWriterComponents *face;
    IVssComponent *component;

    h.writer = bcd_add_writer(h.bcd, &writer_id, &instance_id, NULL, 0);
    bcd_add_component(h.writer, VSS_CT_FILEGROUP, "p", "c");
    h.lease = components_lease_new(access, NULL);
    h.components = writer_components_new(h.lease, h.writer);
    face = writer_components_face(h.components);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, &component), S_OK);
    assert_int_equal(
        component->lpVtbl->QueryInterface(component, &IID_IVssComponentEx2, (void **)&h.c), S_OK);
    component->lpVtbl->Release(component);
    return h;
}

static struct bcd_component *stored(struct handler *h)
{
    return h->writer->components.items[0];
}

static void handler_end(struct handler *h)
{
    components_lease_end(h->lease);
    bcd_free(h->bcd);
    writer_components_free(h->components);
    h->c->lpVtbl->Release(h->c);
}

static void a_writer_finds_its_components(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PREPARE_BACKUP);
    IVssWriterComponents *face = writer_components_face(h.components);
    struct writer_components *empty;
    IVssComponent *component;
    VSS_ID instance, writer;
    VSS_COMPONENT_TYPE type;
    BSTR text;
    UINT n;

    (void)state;
    assert_int_equal(face->lpVtbl->GetComponentCount(face, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(face->lpVtbl->GetComponentCount(face, NULL), E_INVALIDARG);
    assert_int_equal(face->lpVtbl->GetWriterInfo(face, &instance, &writer), S_OK);
    assert_int_equal(instance.Data1, 2);
    assert_int_equal(writer.Data1, 1);
    assert_int_equal(face->lpVtbl->GetWriterInfo(face, NULL, &writer), E_INVALIDARG);
    assert_int_equal(face->lpVtbl->GetComponent(face, 1, &component), VSS_E_OBJECT_NOT_FOUND);
    assert_null(component);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, NULL), E_INVALIDARG);
    assert_int_equal(h.c->lpVtbl->GetLogicalPath(h.c, &text), S_OK);
    expect_text(text, "p");
    assert_int_equal(h.c->lpVtbl->GetComponentName(h.c, &text), S_OK);
    expect_text(text, "c");
    assert_int_equal(h.c->lpVtbl->GetComponentType(h.c, &type), S_OK);
    assert_int_equal(type, VSS_CT_FILEGROUP);
    assert_int_equal(h.c->lpVtbl->GetComponentType(h.c, NULL), E_INVALIDARG);

    empty = writer_components_new_empty(h.lease, &writer, &instance);
    face = writer_components_face(empty);
    assert_int_equal(face->lpVtbl->GetComponentCount(face, &n), S_OK);
    assert_int_equal(n, 0);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, &component), VSS_E_OBJECT_NOT_FOUND);
    writer_components_free(empty);
    handler_end(&h);
}

/* The setters of writer-notes, section 6, by the handlers in which they work. */
enum setter {
    SET_BACKUP_METADATA,
    SET_BACKUP_STAMP,
    ADD_PARTIAL,
    ADD_DIFFERENCED,
    SET_PREPARE_MSG,
    SET_POST_SNAPSHOT_MSG,
    SET_RESTORE_METADATA,
    SET_RESTORE_TARGET,
    ADD_DIRECTED,
    SET_PRE_RESTORE_MSG,
    SET_POST_RESTORE_MSG,
    SET_FAILURE,
    N_SETTERS
};

static HRESULT call_setter(IVssComponentEx2 *c, enum setter setter)
{
    FILETIME time = { 1, 2 };

    switch (setter) {
    case SET_BACKUP_METADATA:
        return c->lpVtbl->SetBackupMetadata(c, L"x");
    case SET_BACKUP_STAMP:
        return c->lpVtbl->SetBackupStamp(c, L"x");
    case ADD_PARTIAL:
        return c->lpVtbl->AddPartialFile(c, L"C:\\d", L"f", L"0:1", NULL);
    case ADD_DIFFERENCED:
        return c->lpVtbl->AddDifferencedFilesByLastModifyTime(c, L"C:\\d", L"*", TRUE, time);
    case SET_PREPARE_MSG:
        return c->lpVtbl->SetPrepareForBackupFailureMsg(c, L"x");
    case SET_POST_SNAPSHOT_MSG:
        return c->lpVtbl->SetPostSnapshotFailureMsg(c, L"x");
    case SET_RESTORE_METADATA:
        return c->lpVtbl->SetRestoreMetadata(c, L"x");
    case SET_RESTORE_TARGET:
        return c->lpVtbl->SetRestoreTarget(c, VSS_RT_DIRECTED);
    case ADD_DIRECTED:
        return c->lpVtbl->AddDirectedTarget(c, L"C:\\s", L"f", L"0:1", L"D:\\s", L"g", L"5:1");
    case SET_PRE_RESTORE_MSG:
        return c->lpVtbl->SetPreRestoreFailureMsg(c, L"x");
    case SET_POST_RESTORE_MSG:
        return c->lpVtbl->SetPostRestoreFailureMsg(c, L"x");
    default:
        return c->lpVtbl->SetFailure(c, VSS_E_WRITERERROR_RETRYABLE, E_FAIL, L"why", 0);
    }
}

static void setters_work_in_their_handlers_and_nowhere_else(void **state)
{
    static const char *const allowed[] = {
        /* a column a setter, in the order of the enumeration */
        [COMPONENTS_REQUESTER_BACKUP] = "------------",
        [COMPONENTS_REQUESTER_RESTORE] = "------------",
        [COMPONENTS_PREPARE_BACKUP] = "yyyyy------y",
        [COMPONENTS_POST_SNAPSHOT] = "yyyy-y-----y",
        [COMPONENTS_BACKUP_COMPLETE] = "-----------y",
        [COMPONENTS_PRE_RESTORE] = "------yyyy-y",
        [COMPONENTS_POST_RESTORE] = "----------yy",
    };

    (void)state;
    for (size_t access = 0; access < sizeof(allowed) / sizeof(allowed[0]); access++) {
        struct handler h = handler_begin((enum components_access)access);

        for (size_t setter = 0; setter < N_SETTERS; setter++) {
            HRESULT expected = allowed[access][setter] == 'y' ? S_OK : VSS_E_BAD_STATE;

            assert_int_equal(call_setter(h.c, (enum setter)setter), expected);
        }
        handler_end(&h);
    }
}

static void setters_refuse_arguments_that_make_no_sense(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PREPARE_BACKUP);
    IVssComponentEx2 *c = h.c;
    FILETIME time = { 0 };

    (void)state;
    assert_int_equal(c->lpVtbl->SetBackupMetadata(c, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->SetBackupMetadata(c, L"one"), S_OK);
    assert_int_equal(c->lpVtbl->SetBackupMetadata(c, L"two"), VSS_E_OBJECT_ALREADY_EXISTS);
    assert_string_equal(stored(&h)->backup_metadata, "one");
    assert_int_equal(c->lpVtbl->SetBackupStamp(c, L"one"), S_OK);
    assert_int_equal(c->lpVtbl->SetBackupStamp(c, L"two"), S_OK);
    assert_string_equal(stored(&h)->backup_stamp, "two");
    assert_int_equal(c->lpVtbl->AddPartialFile(c, NULL, L"f", L"0:1", NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddPartialFile(c, L"C:\\", L"f*", L"0:1", NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddPartialFile(c, L"C:\\", L"f", NULL, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddDifferencedFilesByLastModifyTime(c, NULL, L"*", TRUE, time),
                     E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddDifferencedFilesByLastModifyLSN(c, L"C:\\", L"*", TRUE, NULL),
                     E_NOTIMPL);
    assert_int_equal(c->lpVtbl->SetRestoreTarget(c, VSS_RT_UNDEFINED), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->AddDirectedTarget(c, L"C:\\", L"*", L"0:1", L"D:\\", L"g", L"0:1"),
                     E_INVALIDARG);
    assert_int_equal(c->lpVtbl->SetFailure(c, E_FAIL, 0, NULL, 0), E_INVALIDARG);
    handler_end(&h);
}

typedef HRESULT text_getter(IVssComponentEx2 *, BSTR *);

static void texts_are_s_false_until_somebody_says_them(void **state)
{
    struct handler h = handler_begin(COMPONENTS_POST_RESTORE);
    IVssComponentEx2 *c = h.c;
    struct bcd_component *s = stored(&h);
    const struct {
        text_getter *get;
        char **field;
    } texts[] = {
        { c->lpVtbl->GetBackupMetadata, &s->backup_metadata },
        { c->lpVtbl->GetRestoreMetadata, &s->restore_metadata },
        { c->lpVtbl->GetPreRestoreFailureMsg, &s->pre_restore_failure_msg },
        { c->lpVtbl->GetPostRestoreFailureMsg, &s->post_restore_failure_msg },
        { c->lpVtbl->GetBackupStamp, &s->backup_stamp },
        { c->lpVtbl->GetPreviousBackupStamp, &s->previous_backup_stamp },
        { c->lpVtbl->GetBackupOptions, &s->backup_options },
        { c->lpVtbl->GetRestoreOptions, &s->restore_options },
        { c->lpVtbl->GetPrepareForBackupFailureMsg, &s->prepare_backup_failure_msg },
        { c->lpVtbl->GetPostSnapshotFailureMsg, &s->post_snapshot_failure_msg },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        BSTR text = (BSTR)(void *)&text;

        assert_int_equal(texts[i].get(c, NULL), E_INVALIDARG);
        assert_int_equal(texts[i].get(c, &text), S_FALSE);
        assert_null(text);
        bcd_set_text(texts[i].field, "said");
        assert_int_equal(texts[i].get(c, &text), S_OK);
        expect_text(text, "said");
    }
    handler_end(&h);
}

static void what_a_restore_needs_is_told_in_a_restore(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PRE_RESTORE);
    struct handler backup = handler_begin(COMPONENTS_BACKUP_COMPLETE);
    IVssComponentEx2 *c = h.c;
    VSS_FILE_RESTORE_STATUS status;
    VSS_RESTORE_TARGET target;
    VSS_ROLLFORWARD_TYPE type;
    boolean yes = true;
    BSTR text;

    (void)state;
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, &yes), S_OK);
    assert_false(yes);
    stored(&h)->selected_for_restore = BCD_YES;
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, &yes), S_OK);
    assert_true(yes);
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->GetAdditionalRestores(c, &yes), S_FALSE);
    assert_false(yes);
    stored(&h)->additional_restores = BCD_YES;
    assert_int_equal(c->lpVtbl->GetAdditionalRestores(c, &yes), S_OK);
    assert_true(yes);
    assert_int_equal(c->lpVtbl->GetRestoreTarget(c, &target), S_OK);
    assert_int_equal(target, VSS_RT_ORIGINAL);
    stored(&h)->restore_status = VSS_RS_ALL;
    assert_int_equal(c->lpVtbl->GetFileRestoreStatus(c, &status), S_OK);
    assert_int_equal(status, VSS_RS_ALL);
    assert_int_equal(c->lpVtbl->GetAuthoritativeRestore(c, &yes), S_OK);
    assert_false(yes);
    stored(&h)->roll_forward = VSS_RF_PARTIAL;
    bcd_set_text(&stored(&h)->roll_forward_point, "noon");
    assert_int_equal(c->lpVtbl->GetRollForward(c, &type, &text), S_OK);
    expect_text(text, "noon");
    assert_int_equal(c->lpVtbl->GetRollForward(c, NULL, &text), E_INVALIDARG);

    c = backup.c;
    assert_int_equal(c->lpVtbl->IsSelectedForRestore(c, &yes), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetFileRestoreStatus(c, &status), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetBackupSucceeded(c, &yes), S_FALSE);
    stored(&backup)->backup_succeeded = BCD_YES;
    assert_int_equal(c->lpVtbl->GetBackupSucceeded(c, &yes), S_OK);
    assert_true(yes);
    handler_end(&backup);
    handler_end(&h);
}

static void files_named_by_writers_are_told_entry_by_entry(void **state)
{
    struct handler h = handler_begin(COMPONENTS_REQUESTER_RESTORE);
    IVssComponentEx2 *c = h.c;
    struct bcd_component *s = stored(&h);
    BSTR t[4];
    FILETIME time;
    BOOL recursive;
    UINT n;

    (void)state;
    bcd_add_partial_file(s, "C:\\d", "f", "0:1", NULL);
    assert_int_equal(c->lpVtbl->GetPartialFileCount(c, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(c->lpVtbl->GetPartialFile(c, 0, &t[0], &t[1], &t[2], &t[3]), S_OK);
    expect_text(t[0], "C:\\d");
    expect_text(t[1], "f");
    expect_text(t[2], "0:1");
    assert_null(t[3]);
    assert_int_equal(c->lpVtbl->GetPartialFile(c, 1, &t[0], &t[1], &t[2], &t[3]),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetPartialFile(c, 0, &t[0], NULL, &t[2], &t[3]), E_INVALIDARG);

    bcd_add_differenced_file(s, "C:\\d", "*", true, UINT64_C(0x200000001));
    assert_int_equal(c->lpVtbl->GetDifferencedFilesCount(c, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(c->lpVtbl->GetDifferencedFile(c, 0, &t[0], &t[1], &recursive, &t[2], &time),
                     S_OK);
    expect_text(t[0], "C:\\d");
    expect_text(t[1], "*");
    assert_true(recursive);
    assert_int_equal(time.dwHighDateTime, 2);
    assert_int_equal(time.dwLowDateTime, 1);
    assert_int_equal(c->lpVtbl->GetDifferencedFile(c, 1, &t[0], &t[1], &recursive, NULL, &time),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetDifferencedFile(c, 0, &t[0], &t[1], NULL, NULL, &time),
                     E_INVALIDARG);
    handler_end(&h);
}

static void targets_and_subcomponents_are_told_entry_by_entry(void **state)
{
    static const char *const target[6] = { "1", "2", "3", "4", "5", "6" };
    struct handler h = handler_begin(COMPONENTS_REQUESTER_RESTORE);
    IVssComponentEx2 *c = h.c;
    struct bcd_component *s = stored(&h);
    BSTR t[6];
    IVssWMFiledesc *file;
    boolean repair;
    UINT n;

    (void)state;
    bcd_add_directed_target(s, target);
    assert_int_equal(c->lpVtbl->GetDirectedTargetCount(c, &n), S_OK);
    assert_int_equal(c->lpVtbl->GetDirectedTarget(c, 0, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5]),
                     S_OK);
    for (int i = 0; i < 6; i++)
        expect_text(t[i], target[i]);
    assert_int_equal(c->lpVtbl->GetDirectedTarget(c, 1, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5]),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetDirectedTarget(c, 0, &t[0], &t[1], &t[2], &t[3], &t[4], NULL),
                     E_INVALIDARG);

    bcd_add_subcomponent(s, "p\\c", "sub", true);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponentCount(c, &n), S_OK);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponent(c, 0, &t[0], &t[1], &repair), S_OK);
    expect_text(t[0], "p\\c");
    expect_text(t[1], "sub");
    assert_true(repair);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponent(c, 1, &t[0], &t[1], &repair),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetRestoreSubcomponent(c, 0, &t[0], &t[1], NULL), E_INVALIDARG);

    filespecs_add(&s->alternate_mappings, "C:\\a", "*", false, "D:\\a", MASK);
    filespecs_add(&s->new_targets, "C:\\b", "*", false, "D:\\b", MASK);
    assert_int_equal(c->lpVtbl->GetAlternateLocationMappingCount(c, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(c->lpVtbl->GetAlternateLocationMapping(c, 0, &file), S_OK);
    expect_filedesc(file, "C:\\a", "*", "D:\\a", MASK);
    assert_int_equal(c->lpVtbl->GetAlternateLocationMapping(c, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetNewTargetCount(c, &n), S_OK);
    assert_int_equal(c->lpVtbl->GetNewTargetCount(c, NULL), E_INVALIDARG);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 0, &file), S_OK);
    expect_filedesc(file, "C:\\b", "*", "D:\\b", MASK);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 1, &file), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 0, NULL), E_INVALIDARG);
    handler_end(&h);
}

static void a_component_failure_is_read_back_in_a_backup(void **state)
{
    struct handler h = handler_begin(COMPONENTS_POST_SNAPSHOT);
    struct handler restore = handler_begin(COMPONENTS_REQUESTER_RESTORE);
    HRESULT hr, application;
    BSTR message;
    DWORD reserved;

    (void)state;
    assert_int_equal(h.c->lpVtbl->SetFailure(h.c, VSS_E_WRITERERROR_TIMEOUT, E_ABORT, L"why", 0),
                     S_OK);
    assert_int_equal(h.c->lpVtbl->GetFailure(h.c, &hr, &application, &message, &reserved), S_OK);
    assert_int_equal(hr, VSS_E_WRITERERROR_TIMEOUT);
    assert_int_equal(application, E_ABORT);
    expect_text(message, "why");
    assert_int_equal(h.c->lpVtbl->GetFailure(h.c, &hr, &application, &message, NULL), E_INVALIDARG);
    assert_int_equal(
        restore.c->lpVtbl->GetFailure(restore.c, &hr, &application, &message, &reserved),
        VSS_E_BAD_STATE);
    handler_end(&restore);
    handler_end(&h);
}

static void objects_of_an_ended_lease_touch_nothing(void **state)
{
    struct handler h = handler_begin(COMPONENTS_PREPARE_BACKUP);
    IVssWriterComponents *face = writer_components_face(h.components);
    IVssComponentEx2 *c = h.c;
    IVssComponent *component;
    IVssWMFiledesc *file;
    VSS_ID id;
    BSTR text;
    UINT n = 7;

    (void)state;
    components_lease_end(h.lease);
    bcd_free(h.bcd); /* Valgrind and ASan see any later access */
    assert_int_equal(face->lpVtbl->GetComponentCount(face, &n), VSS_E_BAD_STATE);
    assert_int_equal(n, 0);
    assert_int_equal(face->lpVtbl->GetWriterInfo(face, &id, &id), VSS_E_BAD_STATE);
    assert_int_equal(face->lpVtbl->GetComponent(face, 0, &component), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetComponentName(c, &text), VSS_E_BAD_STATE);
    assert_null(text);
    assert_int_equal(c->lpVtbl->GetPartialFileCount(c, &n), VSS_E_BAD_STATE);
    assert_int_equal(c->lpVtbl->GetNewTarget(c, 0, &file), VSS_E_BAD_STATE);
    assert_null(file);
    for (size_t setter = 0; setter < N_SETTERS; setter++)
        assert_int_equal(call_setter(c, (enum setter)setter), VSS_E_BAD_STATE);
    writer_components_free(h.components);
    c->lpVtbl->Release(c);
}

static void a_requesters_object_is_two_tables_and_counts_references(void **state)
{
    struct handler h = handler_begin(COMPONENTS_REQUESTER_BACKUP);
    IVssWriterComponentsExt *ext;
    IVssComponent *component;
    IUnknown *unknown, *same;
    UINT n;

    (void)state;
    writer_components_ext_new(h.lease, h.writer, &ext);
    unknown = writer_components_ext_unknown(ext);
    assert_int_equal(unknown->lpVtbl->QueryInterface(unknown, &IID_IUnknown, (void **)&same), S_OK);
    assert_ptr_equal(same, unknown);
    assert_int_equal(same->lpVtbl->Release(same), 1);
    assert_int_equal(ext->lpVtbl->GetComponentCount(ext, &n), S_OK);
    assert_int_equal(n, 1);
    assert_int_equal(ext->lpVtbl->GetComponent(ext, 0, &component), S_OK);
    component->lpVtbl->Release(component);
    assert_int_equal(ext->lpVtbl->GetComponent(ext, 1, &component), VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(unknown->lpVtbl->Release(unknown), 0);
    handler_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FACE_TEST(a_writer_finds_its_components),
        FACE_TEST(setters_work_in_their_handlers_and_nowhere_else),
        FACE_TEST(setters_refuse_arguments_that_make_no_sense),
        FACE_TEST(texts_are_s_false_until_somebody_says_them),
        FACE_TEST(what_a_restore_needs_is_told_in_a_restore),
        FACE_TEST(files_named_by_writers_are_told_entry_by_entry),
        FACE_TEST(targets_and_subcomponents_are_told_entry_by_entry),
        FACE_TEST(a_component_failure_is_read_back_in_a_backup),
        FACE_TEST(objects_of_an_ended_lease_touch_nothing),
        FACE_TEST(a_requesters_object_is_two_tables_and_counts_references),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Which components a requester may add: the documented example of a writer with nested
 * components, some selectable and some not. Learn: "Working with Selectability for Backup",
 * "Logical Pathing of Components", "Use of Components by the Requestor". */
#include "tests/support/mail_stage.h"

/* clang-format off */
static const struct component_row {
    const WCHAR *path, *name;
    bool is_selectable;
    HRESULT added; /* what AddComponent answers; a part of a set cannot come alone unless selectable */
} rows[] = {
    { NULL,                    L"Executables",  false, S_OK         }, /* must be added */
    { L"Executables",          L"ConfigFiles",  false, S_OK         }, /* its parent is not selectable: no set */
    { NULL,                    L"LicenseInfo",  true,  S_OK         },
    { NULL,                    L"Security",     true,  S_OK         },
    { L"Security",             L"UserInfo",     false, E_INVALIDARG },
    { L"Security",             L"Certificates", false, E_INVALIDARG },
    { NULL,                    L"writerData",   true,  S_OK         },
    { L"writerData",           L"Set1",         false, E_INVALIDARG },
    { L"writerData\\Set1",     L"Jan",          false, E_INVALIDARG },
    { L"writerData\\QueryLogs",L"Query",        false, E_INVALIDARG }, /* no component is called QueryLogs */
    { L"writerData",           L"Usage",        true,  S_OK         }, /* below an added one, and accepted */
    { L"writerData\\Usage",    L"Jan",          false, E_INVALIDARG },
};
/* clang-format on */
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static bool identify_all(void *self, IVssCreateWriterMetadata *m)
{
    (void)self;
    for (size_t i = 0; i < N_ROWS; i++)
        MUST(call(m, AddComponent, VSS_CT_FILEGROUP, rows[i].path, rows[i].name, NULL, NULL, 0,
                  false, false, rows[i].is_selectable, false, 0));
    return true;
}

static struct vssemu_writer *add_writer(void)
{
    static const struct vssemu_writer_ops all_ops = { .OnIdentify = identify_all };
    struct vssemu_writer *writer = vssemu_writer_new(&all_ops, NULL, VSSEMU_WRITER_INLINE);
    struct vssemu_writer_identity identity;

    vssemu_writer_identity_init(&identity);
    identity.writer_id = mail_id;
    identity.name = L"MyWriter";
    identity.usage = VSS_UT_USERDATA;
    identity.source = VSS_ST_OTHER;
    MUST(vssemu_writer_initialize(writer, &identity));
    MUST(vssemu_writer_subscribe(writer, 0, VSS_SM_BACKUP_EVENTS_FLAG));
    return writer;
}

static VSS_ID the_instance(IVssBackupComponentsEx4 *b)
{
    IVssExamineWriterMetadata *metadata = NULL;
    VSS_ID instance = GUID_NULL;

    MUST(call(b, GetWriterMetadata, 0, &instance, &metadata));
    call(metadata, Release);
    return instance;
}

static IVssBackupComponentsEx4 *requester_with_metadata(void)
{
    IVssBackupComponentsEx4 *b = new_requester();

    MUST(call(b, InitializeForBackup, NULL));
    MUST(call(b, SetBackupState, TRUE, FALSE, VSS_BT_FULL, FALSE));
    gather(b);
    return b;
}

static void a_part_of_a_set_is_not_added_alone(void **state)
{
    struct vssemu_writer *writer = add_writer();
    IVssBackupComponentsEx4 *b = requester_with_metadata();
    VSS_ID instance = the_instance(b);

    (void)state;
    for (size_t i = 0; i < N_ROWS; i++) {
        HRESULT hr =
            call(b, AddComponent, instance, mail_id, VSS_CT_FILEGROUP, rows[i].path, rows[i].name);

        if (hr != rows[i].added)
            fail_msg("row %zu: %s instead of %s", i, vssemu_result_name(hr),
                     vssemu_result_name(rows[i].added));
    }
    call(b, Release);
    vssemu_writer_free(writer);
}

/* Names are compared exactly, and the type is no part of the name. */
static void a_name_is_exact_and_the_type_no_part_of_it(void **state)
{
    struct vssemu_writer *writer = add_writer();
    IVssBackupComponentsEx4 *b = requester_with_metadata();
    VSS_ID instance = the_instance(b);

    (void)state;
    assert_int_equal(call(b, AddComponent, instance, mail_id, VSS_CT_FILEGROUP, NULL, L"security"),
                     VSS_E_OBJECT_NOT_FOUND);
    assert_int_equal(call(b, AddComponent, instance, mail_id, VSS_CT_FILEGROUP, L"\\", L"Security"),
                     VSS_E_OBJECT_NOT_FOUND);
    MUST(call(b, AddComponent, instance, mail_id, VSS_CT_DATABASE, NULL, L"Security"));
    assert_int_equal(call(b, AddComponent, instance, mail_id, VSS_CT_FILEGROUP, NULL, L"Security"),
                     VSS_E_OBJECT_ALREADY_EXISTS);
    call(b, Release);
    vssemu_writer_free(writer);
}

/* A setter that names no instance speaks of the entries of all of them; one that does, of one. */
static void a_setter_without_instance_speaks_of_all(void **state)
{
    struct mail one = { .name = L"first", .store = L"same" };
    struct mail two = { .name = L"second", .store = L"same" };
    IVssBackupComponentsEx4 *b;
    UINT n = 0;

    (void)state;
    subscribe(&one);
    subscribe(&two);
    b = requester_with_metadata();
    add_every_store(b);
    MUST(call(b, SetBackupOptions, mail_id, VSS_CT_FILEGROUP, NULL, L"same", L"deep"));
    MUST(call(b, GetWriterComponentsCount, &n));
    assert_int_equal(n, 2);
    for (UINT i = 0; i < n; i++) {
        IVssWriterComponentsExt *components = NULL;
        IVssComponent *component = NULL;
        BSTR options = NULL;

        MUST(call(b, GetWriterComponents, i, &components));
        MUST(call(components, GetComponent, 0, &component));
        MUST(call(component, GetBackupOptions, &options));
        bstr_free(options);
        call(component, Release);
        release_components(components);
    }
    call(b, Release);
    leave(&one);
    leave(&two);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        STORY(a_part_of_a_set_is_not_added_alone),
        STORY(a_name_is_exact_and_the_type_no_part_of_it),
        STORY(a_setter_without_instance_speaks_of_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

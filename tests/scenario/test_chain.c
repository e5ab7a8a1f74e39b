/* SPDX-License-Identifier: MIT */
/* Types of backup and chains of them: what a writer is told, the stamps that go from one backup
 * to the next, and a document that travels. Learn: "VSS_BACKUP_TYPE", "Requestor Role in VSS
 * Incremental and Differential Backups", "Importing Transportable Shadow Copied Volumes". */
#include "tests/support/mail_stage.h"

static char *stamp_of(BSTR xml)
{
    IVssBackupComponentsEx4 *b = new_requester();
    IVssWriterComponentsExt *components = NULL;
    IVssComponent *component = NULL;
    BSTR stamp = NULL;

    MUST(call(b, InitializeForRestore, xml));
    MUST(call(b, GetWriterComponents, 0, &components));
    MUST(call(components, GetComponent, 0, &component));
    MUST(call(component, GetBackupStamp, &stamp));
    char *text = utf8_from_wide(stamp);
    bstr_free(stamp);
    call(component, Release);
    release_components(components);
    call(b, Release);
    return text;
}

/* Learn: the stamp that a writer gave at one backup is shown to it at the next. */
static void a_chain_of_backups_hands_the_stamps_on(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    BSTR full, incremental, stamp;
    char *text;

    (void)state;
    subscribe(&one);
    one.stamp = str_printf("monday");
    full = end_backup(begin_backup(VSS_BT_FULL, L"one", NULL));
    assert_int_equal(one.type, VSS_BT_FULL);
    assert_null(one.previous);
    text = stamp_of(full);
    assert_string_equal(text, "monday");

    free(one.stamp);
    one.stamp = str_printf("tuesday");
    stamp = bstr_from_utf8(text);
    free(text);
    incremental = end_backup(begin_backup(VSS_BT_INCREMENTAL, L"one", stamp));
    assert_int_equal(one.type, VSS_BT_INCREMENTAL);
    assert_string_equal(one.previous, "monday");
    text = stamp_of(incremental);
    assert_string_equal(text, "tuesday");
    free(text);
    bstr_free(stamp);
    bstr_free(full);
    bstr_free(incremental);
    leave(&one);
}

static void every_type_of_backup_is_told_to_the_writer(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };

    (void)state;
    subscribe(&one);
    for (int type = VSS_BT_FULL; type <= VSS_BT_OTHER; type++) {
        bstr_free(end_backup(begin_backup((VSS_BACKUP_TYPE)type, L"one", NULL)));
        assert_int_equal(one.type, type);
    }
    leave(&one);
}

static void a_document_of_transport_can_be_read_on_another_machine(void **state)
{
    struct mail one = { .name = L"first", .store = L"one" };
    IVssBackupComponentsEx4 *b, *elsewhere;
    IVssAsync *async = NULL;
    BSTR xml = NULL, again = NULL;
    UINT n = 0;

    (void)state;
    subscribe(&one);
    b = begin_backup(VSS_BT_COPY, L"one", NULL);
    MUST(finish(call(b, DoSnapshotSet, &async), &async));
    MUST(call(b, SaveAsXML, &xml)); /* before BackupComplete */
    elsewhere = new_requester();
    MUST(call(elsewhere, InitializeForBackup, xml));
    MUST(call(elsewhere, GetWriterComponentsCount, &n));
    assert_int_equal(n, 1);
    MUST(call(elsewhere, SaveAsXML, &again));
    char *text = utf8_from_wide(xml), *text_again = utf8_from_wide(again);
    assert_string_equal(text, text_again);
    free(text);
    free(text_again);
    call(elsewhere, Release);
    MUST(finish(call(b, BackupComplete, &async), &async));
    call(b, Release);
    bstr_free(xml);
    bstr_free(again);
    leave(&one);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        STORY(a_chain_of_backups_hands_the_stamps_on),
        STORY(every_type_of_backup_is_told_to_the_writer),
        STORY(a_document_of_transport_can_be_read_on_another_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

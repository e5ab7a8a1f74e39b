/* SPDX-License-Identifier: MIT */
/* The Backup Components Document: the form Windows was seen to write, and a round trip of all that
 * a restore needs. */
#include "tests/support/shared_file.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/bcd.h"

#include <string.h>

static const GUID writer_id = { .Data1 = 1 }, instance_id = { .Data1 = 2 };

static struct bcd *parsed(const char *text)
{
    auto_free char *error = NULL;
    struct bcd *bcd = NULL;

    if (bcd_from_xml(text, strlen(text), &bcd, &error) != S_OK)
        fail_msg("%s", error);
    return bcd;
}

static void the_document_of_windows_is_understood_and_printed_alike(void **state)
{
    size_t size;
    auto_free char *text = shared_file("spec/examples/backup-components.xml", &size);
    struct bcd *bcd = parsed(text);
    struct bcd_component *component;
    auto_free char *printed = bcd_to_xml(bcd), *shape = NULL;
    const char *odd = strstr(text, " xmlns=\"x-schema:#VssComponentMetadata\" instanceId");

    (void)state;
    assert_true(bcd->has_backup_state);
    assert_true(bcd->select_components);
    assert_int_equal(bcd->backup_type, VSS_BT_FULL);
    assert_string_equal(GUID_TEXT(&bcd->snapshot_set_id), "cccccccc-1111-4222-8333-444444444444");
    assert_int_equal(bcd->writers.count, 2);
    assert_int_equal(bcd->writers.items[1]->backup_schema, 881);
    component = bcd_writer_find(bcd->writers.items[1], "HOST-A", "sample");
    assert_string_equal(component->backup_stamp, "U1RBTVAtMDAwMQ==");
    assert_string_equal(component->backup_metadata, "c3ludGhldGljIHdyaXRlciBkYXRh");
    assert_non_null(bcd_writer_find(bcd->writers.items[0], NULL, "Settings"));

    /* The same text but for a namespace that a changed element repeats, and a final line end. */
    text[strcspn(text, "\r\n")] = '\0';
    shape = str_printf("%.*s%s", (int)(odd - text), text,
                       odd + strlen(" xmlns=\"x-schema:#VssComponentMetadata\""));
    assert_string_equal(printed, shape);
    bcd_free(bcd);
}

static struct bcd *bcd_with_everything(void)
{
    static const char *const target[6] = { "C:\\s", "f", "0:5", "D:\\d", "g", "5:5" };
    struct bcd *bcd = bcd_new();
    struct bcd_writer *writer = bcd_add_writer(bcd, &writer_id, &instance_id, "inst", 881);
    struct bcd_component *c = bcd_add_component(writer, VSS_CT_DATABASE, "p", "n");

    bcd_add_writer(bcd, &instance_id, &writer_id, NULL, 0); /* without components */
    bcd->has_backup_state = bcd->select_components = bcd->partial_file_support = true;
    bcd->backup_type = VSS_BT_INCREMENTAL;
    bcd->restore_type = VSS_RTYPE_BY_COPY;
    c->backup_succeeded = BCD_NO;
    c->selected_for_restore = BCD_YES;
    c->additional_restores = BCD_NO;
    c->restore_instance_id.Data1 = 7;
    bcd_set_text(&c->backup_stamp, "stamp");
    bcd_set_text(&c->previous_backup_stamp, "before");
    bcd_set_text(&c->backup_options, "\"A\"=\"B\"");
    bcd_set_text(&c->backup_metadata, "meta\r\ndata");
    bcd_set_text(&c->restore_options, "ro");
    bcd_set_text(&c->restore_metadata, "rm");
    bcd_set_text(&c->prepare_backup_failure_msg, "m1");
    bcd_set_text(&c->post_snapshot_failure_msg, "m2");
    bcd_set_text(&c->pre_restore_failure_msg, "m3");
    bcd_set_text(&c->post_restore_failure_msg, "m4");
    c->restore_target = VSS_RT_DIRECTED;
    c->restore_status = VSS_RS_FAILED;
    c->authoritative_restore = true;
    c->roll_forward = VSS_RF_PARTIAL;
    bcd_set_text(&c->roll_forward_point, "noon");
    bcd_set_text(&c->restore_name, "p\\other");
    bcd_add_partial_file(c, "C:\\db", "f.dat", "0:10", "pm");
    bcd_add_differenced_file(c, "C:\\db", "*", true, UINT64_C(133000000000000000));
    filespecs_add(&c->alternate_mappings, "C:\\a", "*", false, "D:\\a", FILESPEC_MASK_DEFAULT);
    filespecs_add(&c->new_targets, "C:\\b", "*", true, "D:\\b", FILESPEC_MASK_DEFAULT);
    bcd_add_directed_target(c, target);
    bcd_add_subcomponent(c, "p\\n", "sub", false);
    bcd_add_snapshot(bcd, &instance_id, &writer_id, "\\\\?\\Volume{1}\\", 0x29);
    return bcd;
}

static void everything_a_session_stores_comes_back(void **state)
{
    struct bcd *bcd = bcd_with_everything(), *again;
    auto_free char *text = bcd_to_xml(bcd), *second = NULL;
    const struct bcd_component *c;

    (void)state;
    again = parsed(text);
    second = bcd_to_xml(again);
    assert_string_equal(text, second);
    assert_int_equal(again->writers.count, 1); /* a writer without components never appears */
    assert_int_equal(again->backup_type, VSS_BT_INCREMENTAL);
    assert_int_equal(again->restore_type, VSS_RTYPE_BY_COPY);
    c = bcd_writer_find(bcd_find_writer(again, &writer_id, &instance_id), "p", "n");
    assert_int_equal(c->type, VSS_CT_DATABASE);
    assert_int_equal(c->backup_succeeded, BCD_NO);
    assert_int_equal(c->selected_for_restore, BCD_YES);
    assert_int_equal(c->additional_restores, BCD_NO);
    assert_int_equal(c->restore_instance_id.Data1, 7);
    assert_string_equal(c->previous_backup_stamp, "before");
    assert_string_equal(c->backup_metadata, "meta\r\ndata");
    assert_string_equal(c->restore_metadata, "rm");
    assert_string_equal(c->post_restore_failure_msg, "m4");
    assert_int_equal(c->restore_target, VSS_RT_DIRECTED);
    assert_int_equal(c->restore_status, VSS_RS_FAILED);
    assert_true(c->authoritative_restore);
    assert_int_equal(c->roll_forward, VSS_RF_PARTIAL);
    assert_string_equal(c->partial_files.items[0].metadata, "pm");
    assert_int_equal(c->differenced_files.items[0].last_modify_time, UINT64_C(133000000000000000));
    assert_string_equal(c->alternate_mappings.items[0].alternate_path, "D:\\a");
    assert_true(c->new_targets.items[0].recursive);
    assert_string_equal(c->directed_targets.items[0].destination_ranges, "5:5");
    assert_string_equal(c->subcomponents.items[0].name, "sub");
    assert_int_equal(again->snapshots.count, 1);
    assert_memory_equal(&again->snapshots.items[0].id, &instance_id, sizeof(instance_id));
    assert_memory_equal(&again->snapshots.items[0].provider_id, &writer_id, sizeof(writer_id));
    assert_string_equal(again->snapshots.items[0].original_volume, "\\\\?\\Volume{1}\\");
    assert_int_equal(again->snapshots.items[0].attributes, 0x29);
    bcd_free(again);
    bcd_free(bcd);
}

static void every_truncation_is_refused(void **state)
{
    struct bcd *bcd = bcd_with_everything();
    auto_free char *text = bcd_to_xml(bcd);

    (void)state;
    for (size_t size = 0; size < strlen(text); size++) {
        auto_free char *error = NULL;
        struct bcd *none = NULL;

        assert_int_equal(bcd_from_xml(text, size, &none, &error), S_FALSE);
        assert_null(none);
        assert_non_null(error);
    }
    bcd_free(bcd);
}

static void errors_of_content_say_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        { "<WRITER_METADATA/>", "BACKUP_COMPONENTS is expected" },
        { "<BACKUP_COMPONENTS backupType='big'/>", "full, incremental" },
        { "<BACKUP_COMPONENTS><WRITER_COMPONENTS/></BACKUP_COMPONENTS>", "instanceId is missing" },
        { "<BACKUP_COMPONENTS><WRITER_COMPONENTS instanceId='11111111-2222-4333-8444-555555555555' "
          "writerId='11111111-2222-4333-8444-555555555555'><COMPONENT componentName='a'/>"
          "</WRITER_COMPONENTS></BACKUP_COMPONENTS>",
          "componentType is missing" },
        { "<BACKUP_COMPONENTS><WRITER_COMPONENTS instanceId='11111111-2222-4333-8444-555555555555' "
          "writerId='11111111-2222-4333-8444-555555555555'/><WRITER_COMPONENTS "
          "instanceId='11111111-2222-4333-8444-555555555555' "
          "writerId='11111111-2222-4333-8444-555555555555'/></BACKUP_COMPONENTS>",
          "a second entry" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        auto_free char *error = NULL;
        struct bcd *none = NULL;

        assert_int_equal(bcd_from_xml(cases[i].text, strlen(cases[i].text), &none, &error),
                         VSS_E_INVALID_XML_DOCUMENT);
        assert_null(none);
        if (!strstr(error, cases[i].part))
            fail_msg("\"%s\" lacks \"%s\"", error, cases[i].part);
    }
}

static void a_component_is_added_once_and_found(void **state)
{
    struct bcd *bcd = bcd_new();
    struct bcd_writer *writer = bcd_add_writer(bcd, &writer_id, &instance_id, NULL, 0);
    struct bcd_component *component = bcd_add_component(writer, VSS_CT_FILEGROUP, NULL, "c");

    (void)state;
    assert_null(bcd_add_component(writer, VSS_CT_FILEGROUP, "", "c"));
    assert_ptr_equal(bcd_writer_find(writer, "", "c"), component);
    assert_null(bcd_writer_find(writer, "x", "c"));
    assert_ptr_equal(bcd_find_writer(bcd, &writer_id, NULL), writer);
    assert_null(bcd_find_writer(bcd, &writer_id, &writer_id));
    bcd_free(bcd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_of_windows_is_understood_and_printed_alike),
        cmocka_unit_test(everything_a_session_stores_comes_back),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(errors_of_content_say_what_is_wrong),
        cmocka_unit_test(a_component_is_added_once_and_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

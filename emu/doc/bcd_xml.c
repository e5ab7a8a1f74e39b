/* SPDX-License-Identifier: MIT */
/* The Backup Components Document as XML: what Windows was seen to write (xml-documents: 4), and the
 * rest, which is most of what a restore needs, under the extension namespace. Reading takes any
 * order, names with or without namespace, and skips what it does not know. */
#include "emu/doc/bcd.h"
#include "emu/doc/xml.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"

#include <stdio.h>

#define NAMESPACE "x-schema:#VssComponentMetadata"

/* ---- writing ---- */

static void write_specs(struct xml_writer *xml, const char *element, const struct filespecs *specs)
{
    for (size_t i = 0; i < specs->count; i++) {
        xml_writer_begin_own(xml, element);
        xml_writer_text(xml, "path", specs->items[i].path);
        xml_writer_text(xml, "filespec", specs->items[i].filespec);
        xml_writer_bool(xml, "recursive", specs->items[i].recursive);
        xml_writer_text(xml, "alternatePath", specs->items[i].alternate_path);
        xml_writer_end(xml);
    }
}

static void write_own_answer(struct xml_writer *xml, const char *name, enum bcd_answer answer)
{
    if (answer != BCD_UNSET)
        xml_writer_own(xml, name, answer == BCD_YES ? "yes" : "no");
}

static void write_files(struct xml_writer *xml, const struct bcd_component *component)
{
    for (size_t i = 0; i < component->partial_files.count; i++) {
        const struct bcd_partial_file *file = &component->partial_files.items[i];

        xml_writer_begin_own(xml, "PARTIAL_FILE");
        xml_writer_text(xml, "path", file->path);
        xml_writer_text(xml, "filename", file->filename);
        xml_writer_text(xml, "ranges", file->ranges);
        xml_writer_text(xml, "metadata", file->metadata);
        xml_writer_end(xml);
    }
    for (size_t i = 0; i < component->differenced_files.count; i++) {
        const struct bcd_differenced_file *file = &component->differenced_files.items[i];

        xml_writer_begin_own(xml, "DIFFERENCED_FILE");
        xml_writer_text(xml, "path", file->path);
        xml_writer_text(xml, "filespec", file->filespec);
        xml_writer_bool(xml, "recursive", file->recursive);
        xml_writer_u64(xml, "lastModifyTime", file->last_modify_time);
        xml_writer_end(xml);
    }
}

static void write_directed_targets(struct xml_writer *xml, const struct bcd_component *component)
{
    for (size_t i = 0; i < component->directed_targets.count; i++) {
        const struct bcd_directed_target *target = &component->directed_targets.items[i];

        xml_writer_begin_own(xml, "DIRECTED_TARGET");
        xml_writer_text(xml, "sourcePath", target->source_path);
        xml_writer_text(xml, "sourceFilename", target->source_filename);
        xml_writer_text(xml, "sourceRanges", target->source_ranges);
        xml_writer_text(xml, "destinationPath", target->destination_path);
        xml_writer_text(xml, "destinationFilename", target->destination_filename);
        xml_writer_text(xml, "destinationRanges", target->destination_ranges);
        xml_writer_end(xml);
    }
}

static void write_own_attributes(struct xml_writer *xml, const struct bcd_component *component)
{
    write_own_answer(xml, "backupSucceeded", component->backup_succeeded);
    xml_writer_own(xml, "previousBackupStamp", component->previous_backup_stamp);
    xml_writer_own(xml, "backupOptions", component->backup_options);
    xml_writer_own(xml, "prepareBackupFailure", component->prepare_backup_failure_msg);
    xml_writer_own(xml, "postSnapshotFailure", component->post_snapshot_failure_msg);
    write_own_answer(xml, "selectedForRestore", component->selected_for_restore);
    if (!guid_is_null(&component->restore_instance_id))
        xml_writer_own(xml, "restoreInstanceId", GUID_TEXT(&component->restore_instance_id));
    write_own_answer(xml, "additionalRestores", component->additional_restores);
    xml_writer_own(xml, "restoreOptions", component->restore_options);
    xml_writer_enum(xml, "restoreTarget", restore_target_words, (int)component->restore_target);
    xml_writer_enum(xml, "restoreStatus", restore_status_words, (int)component->restore_status);
    if (component->authoritative_restore)
        xml_writer_own(xml, "authoritativeRestore", "yes");
    xml_writer_enum(xml, "rollForward", rollforward_words, (int)component->roll_forward);
    xml_writer_own(xml, "rollForwardPoint", component->roll_forward_point);
    xml_writer_own(xml, "restoreName", component->restore_name);
    xml_writer_own(xml, "preRestoreFailure", component->pre_restore_failure_msg);
    xml_writer_own(xml, "postRestoreFailure", component->post_restore_failure_msg);
}

static void write_component(struct xml_writer *xml, const struct bcd_component *component)
{
    xml_writer_begin(xml, "COMPONENT");
    xml_writer_text(xml, "logicalPath", component->logical_path);
    xml_writer_text(xml, "componentName", component->name);
    xml_writer_enum(xml, "componentType", component_type_words, (int)component->type);
    xml_writer_text(xml, "backupStamp", component->backup_stamp);
    xml_writer_text(xml, "componentCaption", component->caption);
    write_own_attributes(xml, component);
    if (component->backup_metadata) {
        xml_writer_begin(xml, "BACKUP_METADATA");
        xml_writer_empty_namespace(xml);
        xml_writer_text(xml, "metadata", component->backup_metadata);
        xml_writer_end(xml);
    }
    if (component->restore_metadata) {
        xml_writer_begin_own(xml, "RESTORE_METADATA");
        xml_writer_text(xml, "metadata", component->restore_metadata);
        xml_writer_end(xml);
    }
    write_files(xml, component);
    write_specs(xml, "ALTERNATE_LOCATION_MAPPING", &component->alternate_mappings);
    write_specs(xml, "NEW_TARGET", &component->new_targets);
    write_directed_targets(xml, component);
    for (size_t i = 0; i < component->subcomponents.count; i++) {
        xml_writer_begin_own(xml, "RESTORE_SUBCOMPONENT");
        xml_writer_text(xml, "logicalPath", component->subcomponents.items[i].logical_path);
        xml_writer_text(xml, "componentName", component->subcomponents.items[i].name);
        xml_writer_bool(xml, "repair", component->subcomponents.items[i].repair);
        xml_writer_end(xml);
    }
    xml_writer_end(xml);
}

static void write_writer(struct xml_writer *xml, const struct bcd_writer *writer)
{
    xml_writer_begin(xml, "WRITER_COMPONENTS");
    xml_writer_guid(xml, "instanceId", &writer->instance_id);
    xml_writer_guid(xml, "writerId", &writer->writer_id);
    xml_writer_text(xml, "instanceName", writer->instance_name);
    xml_writer_u64(xml, "backupSchema", writer->backup_schema);
    for (size_t i = 0; i < writer->components.count; i++)
        write_component(xml, writer->components.items[i]);
    xml_writer_end(xml);
}

/* Under the extension namespace: no document of a transportable set was ever published. */
static void write_snapshot(struct xml_writer *xml, const struct bcd_snapshot *snapshot)
{
    xml_writer_begin_own(xml, "SNAPSHOT");
    xml_writer_guid(xml, "snapshotId", &snapshot->id);
    xml_writer_guid(xml, "providerId", &snapshot->provider_id);
    xml_writer_text(xml, "originalVolume", snapshot->original_volume);
    xml_writer_u64(xml, "attributes", snapshot->attributes);
    xml_writer_end(xml);
}

char *bcd_to_xml(const struct bcd *bcd)
{
    struct xml_writer *xml = xml_writer_new();

    xml_writer_begin(xml, "BACKUP_COMPONENTS");
    xml_writer_text(xml, "xmlns", NAMESPACE);
    xml_writer_text(xml, "version", "1.2");
    if (bcd->has_backup_state) {
        xml_writer_bool(xml, "bootableSystemStateBackup", bcd->bootable_system_state);
        xml_writer_bool(xml, "selectComponents", bcd->select_components);
        xml_writer_enum(xml, "backupType", backup_type_words, (int)bcd->backup_type);
        xml_writer_bool(xml, "partialFileSupport", bcd->partial_file_support);
    }
    if (!guid_is_null(&bcd->snapshot_set_id))
        xml_writer_guid(xml, "snapshotSetId", &bcd->snapshot_set_id);
    if (bcd->restore_type != VSS_RTYPE_UNDEFINED)
        xml_writer_enum(xml, "restoreType", restore_type_words, (int)bcd->restore_type);
    for (size_t i = 0; i < bcd->writers.count; i++) {
        if (bcd->writers.items[i]->components.count)
            write_writer(xml, bcd->writers.items[i]);
    }
    for (size_t i = 0; i < bcd->snapshots.count; i++)
        write_snapshot(xml, &bcd->snapshots.items[i]);
    return xml_writer_finish(xml);
}

/* ---- reading: each function begins behind its element's start and ends behind its end ---- */

static char *copy_or_empty(struct xml_reader *xml, const char *name)
{
    return mem_strdup(component_path(xml_attribute(xml, name)));
}

static bool get_answer(struct xml_reader *xml, const char *name, enum bcd_answer *ret_answer)
{
    bool yes;

    if (!xml_attribute(xml, name))
        return true;
    if (!xml_get_bool(xml, name, true, false, &yes))
        return false;
    *ret_answer = yes ? BCD_YES : BCD_NO;
    return true;
}

static bool read_spec(struct xml_reader *xml, struct filespecs *specs)
{
    bool recursive;

    if (!xml_get_bool(xml, "recursive", false, false, &recursive))
        return false;
    filespecs_add(specs, component_path(xml_attribute(xml, "path")),
                  component_path(xml_attribute(xml, "filespec")), recursive,
                  xml_attribute(xml, "alternatePath"), FILESPEC_MASK_DEFAULT);
    return xml_skip(xml);
}

static bool read_partial_file(struct xml_reader *xml, struct bcd_component *component)
{
    bcd_add_partial_file(component, component_path(xml_attribute(xml, "path")),
                         component_path(xml_attribute(xml, "filename")),
                         component_path(xml_attribute(xml, "ranges")),
                         xml_attribute(xml, "metadata"));
    return xml_skip(xml);
}

static bool read_differenced_file(struct xml_reader *xml, struct bcd_component *component)
{
    uint64_t time;
    bool recursive;

    if (!xml_get_bool(xml, "recursive", false, false, &recursive) ||
        !xml_get_u64(xml, "lastModifyTime", false, 0, &time))
        return false;
    bcd_add_differenced_file(component, component_path(xml_attribute(xml, "path")),
                             component_path(xml_attribute(xml, "filespec")), recursive, time);
    return xml_skip(xml);
}

static bool read_directed_target(struct xml_reader *xml, struct bcd_component *component)
{
    struct bcd_directed_target *target = array_push(&component->directed_targets);

    target->source_path = copy_or_empty(xml, "sourcePath");
    target->source_filename = copy_or_empty(xml, "sourceFilename");
    target->source_ranges = copy_or_empty(xml, "sourceRanges");
    target->destination_path = copy_or_empty(xml, "destinationPath");
    target->destination_filename = copy_or_empty(xml, "destinationFilename");
    target->destination_ranges = copy_or_empty(xml, "destinationRanges");
    return xml_skip(xml);
}

static bool read_subcomponent(struct xml_reader *xml, struct bcd_component *component)
{
    bool repair;

    if (!xml_get_bool(xml, "repair", false, false, &repair))
        return false;
    bcd_add_subcomponent(component, xml_attribute(xml, "logicalPath"),
                         component_path(xml_attribute(xml, "componentName")), repair);
    return xml_skip(xml);
}

static bool read_metadata(struct xml_reader *xml, char **field)
{
    bcd_set_text(field, xml_attribute(xml, "metadata"));
    return xml_skip(xml);
}

static bool read_component_child(struct xml_reader *xml, struct bcd_component *component)
{
    const char *name = xml_name(xml);

    if (str_is_equal(name, "BACKUP_METADATA"))
        return read_metadata(xml, &component->backup_metadata);
    if (str_is_equal(name, "RESTORE_METADATA"))
        return read_metadata(xml, &component->restore_metadata);
    if (str_is_equal(name, "PARTIAL_FILE"))
        return read_partial_file(xml, component);
    if (str_is_equal(name, "DIFFERENCED_FILE"))
        return read_differenced_file(xml, component);
    if (str_is_equal(name, "ALTERNATE_LOCATION_MAPPING"))
        return read_spec(xml, &component->alternate_mappings);
    if (str_is_equal(name, "NEW_TARGET"))
        return read_spec(xml, &component->new_targets);
    if (str_is_equal(name, "DIRECTED_TARGET"))
        return read_directed_target(xml, component);
    if (str_is_equal(name, "RESTORE_SUBCOMPONENT"))
        return read_subcomponent(xml, component);
    return xml_skip(xml);
}

static bool read_restore_attributes(struct xml_reader *xml, struct bcd_component *component)
{
    int target, status, roll_forward;

    if (!get_answer(xml, "selectedForRestore", &component->selected_for_restore) ||
        !get_answer(xml, "additionalRestores", &component->additional_restores) ||
        !xml_get_guid(xml, "restoreInstanceId", false, &component->restore_instance_id) ||
        !xml_get_enum(xml, "restoreTarget", false, restore_target_words, 0, &target) ||
        !xml_get_enum(xml, "restoreStatus", false, restore_status_words, 0, &status) ||
        !xml_get_enum(xml, "rollForward", false, rollforward_words, 0, &roll_forward) ||
        !xml_get_bool(xml, "authoritativeRestore", false, false, &component->authoritative_restore))
        return false;
    component->restore_target = (VSS_RESTORE_TARGET)target;
    component->restore_status = (VSS_FILE_RESTORE_STATUS)status;
    component->roll_forward = (VSS_ROLLFORWARD_TYPE)roll_forward;
    bcd_set_text(&component->restore_options, xml_attribute(xml, "restoreOptions"));
    bcd_set_text(&component->roll_forward_point, xml_attribute(xml, "rollForwardPoint"));
    bcd_set_text(&component->restore_name, xml_attribute(xml, "restoreName"));
    bcd_set_text(&component->pre_restore_failure_msg, xml_attribute(xml, "preRestoreFailure"));
    bcd_set_text(&component->post_restore_failure_msg, xml_attribute(xml, "postRestoreFailure"));
    return true;
}

static bool read_attributes(struct xml_reader *xml, struct bcd_component *component)
{
    if (!get_answer(xml, "backupSucceeded", &component->backup_succeeded))
        return false;
    bcd_set_text(&component->caption, xml_attribute(xml, "componentCaption"));
    bcd_set_text(&component->backup_stamp, xml_attribute(xml, "backupStamp"));
    bcd_set_text(&component->previous_backup_stamp, xml_attribute(xml, "previousBackupStamp"));
    bcd_set_text(&component->backup_options, xml_attribute(xml, "backupOptions"));
    bcd_set_text(&component->prepare_backup_failure_msg,
                 xml_attribute(xml, "prepareBackupFailure"));
    bcd_set_text(&component->post_snapshot_failure_msg, xml_attribute(xml, "postSnapshotFailure"));
    return read_restore_attributes(xml, component);
}

static bool read_component(struct xml_reader *xml, struct bcd_writer *writer)
{
    const char *path = xml_attribute(xml, "logicalPath");
    const char *name = xml_required(xml, "componentName");
    struct bcd_component *component;
    enum xml_event event;
    int type;

    if (!name || !xml_get_enum(xml, "componentType", true, component_type_words, 0, &type))
        return false;
    component = bcd_add_component(writer, (VSS_COMPONENT_TYPE)type, path, name);
    if (!component)
        return xml_fail(xml, "a second component \"%s\" with the logical path \"%s\"", name,
                        component_path(path));
    if (!read_attributes(xml, component))
        return false;
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!read_component_child(xml, component))
            return false;
    }
    return event == XML_END;
}

static bool read_writer(struct xml_reader *xml, struct bcd *bcd, struct text_index *writers)
{
    GUID writer_id, instance_id;
    struct bcd_writer *writer;
    uint32_t backup_schema;
    enum xml_event event;
    char key[2 * GUID_TEXT_SIZE];

    if (!xml_get_guid(xml, "instanceId", true, &instance_id) ||
        !xml_get_guid(xml, "writerId", true, &writer_id) ||
        !xml_get_u32(xml, "backupSchema", false, 0, &backup_schema))
        return false;
    snprintf(key, sizeof(key), "%s %s", GUID_TEXT(&writer_id), GUID_TEXT(&instance_id));
    if (!text_index_add(writers, key, 0))
        return xml_fail(xml, "a second entry for the writer %s, instance %s", GUID_TEXT(&writer_id),
                        GUID_TEXT(&instance_id));
    writer = bcd_add_writer(bcd, &writer_id, &instance_id, xml_attribute(xml, "instanceName"),
                            backup_schema);
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        bool is_component = str_is_equal(xml_name(xml), "COMPONENT");

        if (!(is_component ? read_component(xml, writer) : xml_skip(xml)))
            return false;
    }
    return event == XML_END;
}

static bool read_root(struct xml_reader *xml, struct bcd *bcd)
{
    int backup_type, restore_type;

    if (!str_is_equal(xml_name(xml), "BACKUP_COMPONENTS"))
        return xml_fail(xml, "the root element BACKUP_COMPONENTS is expected");
    bcd->has_backup_state = xml_attribute(xml, "backupType") != NULL;
    if (!xml_get_bool(xml, "bootableSystemStateBackup", false, false,
                      &bcd->bootable_system_state) ||
        !xml_get_bool(xml, "selectComponents", false, false, &bcd->select_components) ||
        !xml_get_enum(xml, "backupType", false, backup_type_words, 0, &backup_type) ||
        !xml_get_bool(xml, "partialFileSupport", false, false, &bcd->partial_file_support) ||
        !xml_get_guid(xml, "snapshotSetId", false, &bcd->snapshot_set_id) ||
        !xml_get_enum(xml, "restoreType", false, restore_type_words, 0, &restore_type))
        return false;
    bcd->backup_type = (VSS_BACKUP_TYPE)backup_type;
    bcd->restore_type = (VSS_RESTORE_TYPE)restore_type;
    return true;
}

static bool read_snapshot(struct xml_reader *xml, struct bcd *bcd)
{
    const char *volume = xml_attribute(xml, "originalVolume");
    GUID id, provider_id;
    uint32_t attributes;

    if (!volume || !*volume)
        return xml_fail(xml, "the attribute originalVolume is missing");
    if (!xml_get_guid(xml, "snapshotId", true, &id) ||
        !xml_get_guid(xml, "providerId", true, &provider_id) ||
        !xml_get_u32(xml, "attributes", true, 0, &attributes))
        return false;
    bcd_add_snapshot(bcd, &id, &provider_id, volume, attributes);
    return xml_skip(xml);
}

static bool read_member(struct xml_reader *xml, struct bcd *bcd, struct text_index *writers)
{
    if (str_is_equal(xml_name(xml), "WRITER_COMPONENTS"))
        return read_writer(xml, bcd, writers);
    if (str_is_equal(xml_name(xml), "SNAPSHOT"))
        return read_snapshot(xml, bcd);
    return xml_skip(xml);
}

static bool read_document(struct xml_reader *xml, struct bcd *bcd, struct text_index *writers)
{
    enum xml_event event = xml_next(xml);

    if (event != XML_ELEMENT || !read_root(xml, bcd))
        return false;
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!read_member(xml, bcd, writers))
            return false;
    }
    return event == XML_END;
}

HRESULT bcd_from_xml(const char *text, size_t size, struct bcd **ret, char **ret_error)
{
    struct xml_reader *xml = xml_reader_new(text, size, NULL);
    struct text_index writers = { 0 };
    struct bcd *bcd = bcd_new();
    HRESULT hr = S_OK;

    if (read_document(xml, bcd, &writers)) {
        *ret = bcd;
    } else {
        hr = xml_is_malformed(xml) ? S_FALSE : VSS_E_INVALID_XML_DOCUMENT;
        if (ret_error)
            *ret_error = mem_strdup(xml_error(xml));
        bcd_free(bcd);
    }
    text_index_free(&writers);
    xml_reader_free(xml);
    return hr;
}

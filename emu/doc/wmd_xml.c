/* SPDX-License-Identifier: MIT */
/* The Writer Metadata Document as XML: what Windows was seen to write (xml-documents: 3), and the
 * rest (icons, dependencies, alternate locations, services) under the extension namespace. Reading
 * takes any order, names with or without namespace, and skips what it does not know. */
#include "emu/doc/wmd.h"
#include "emu/doc/xml.h"

#include "emu/base/base64.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <string.h>

#define NAMESPACE "x-schema:#VssWriterMetadataInfo"

/* ---- writing ---- */

static void write_identification(struct xml_writer *xml, const struct wmd *wmd)
{
    xml_writer_begin(xml, "IDENTIFICATION");
    xml_writer_guid(xml, "writerId", &wmd->writer_id);
    xml_writer_guid(xml, "instanceId", &wmd->instance_id);
    xml_writer_text(xml, "instanceName", wmd->instance_name);
    xml_writer_text(xml, "friendlyName", wmd->name);
    xml_writer_enum(xml, "usage", usage_words, (int)wmd->usage);
    xml_writer_enum(xml, "dataSource", source_words, (int)wmd->source);
    xml_writer_u64(xml, "majorVersion", wmd->major_version);
    xml_writer_u64(xml, "minorVersion", wmd->minor_version);
    xml_writer_end(xml);
}

static void write_restore_method(struct xml_writer *xml, const struct wmd *wmd)
{
    xml_writer_begin(xml, "RESTORE_METHOD");
    xml_writer_enum(xml, "method", restore_method_words, (int)wmd->restore_method);
    xml_writer_enum(xml, "writerRestore", writer_restore_words, (int)wmd->writer_restore);
    xml_writer_bool(xml, "rebootRequired", wmd->reboot_required);
    xml_writer_own(xml, "service", wmd->service);
    xml_writer_own(xml, "userProcedure", wmd->user_procedure);
    for (size_t i = 0; i < wmd->alternate_mappings.count; i++) {
        const struct filespec *spec = &wmd->alternate_mappings.items[i];

        xml_writer_begin_own(xml, "ALTERNATE_LOCATION_MAPPING");
        xml_writer_text(xml, "path", spec->path);
        xml_writer_text(xml, "filespec", spec->filespec);
        xml_writer_bool(xml, "recursive", spec->recursive);
        xml_writer_text(xml, "alternatePath", spec->alternate_path);
        xml_writer_end(xml);
    }
    xml_writer_end(xml);
}

static void write_files(struct xml_writer *xml, const char *element, const struct filespecs *specs)
{
    for (size_t i = 0; i < specs->count; i++) {
        const struct filespec *spec = &specs->items[i];

        xml_writer_begin(xml, element);
        xml_writer_text(xml, "path", spec->path);
        xml_writer_text(xml, "filespec", spec->filespec);
        if (spec->recursive)
            xml_writer_bool(xml, "recursive", true);
        xml_writer_u64(xml, "filespecBackupType", spec->backup_type_mask);
        xml_writer_own(xml, "alternatePath", spec->alternate_path);
        xml_writer_end(xml);
    }
}

static void write_excludes(struct xml_writer *xml, const char *element,
                           const struct filespecs *specs)
{
    for (size_t i = 0; i < specs->count; i++) {
        xml_writer_begin(xml, element);
        xml_writer_text(xml, "path", specs->items[i].path);
        xml_writer_text(xml, "filespec", specs->items[i].filespec);
        xml_writer_bool(xml, "recursive", specs->items[i].recursive);
        xml_writer_end(xml);
    }
}

static void write_component(struct xml_writer *xml, const struct wmd_component *component)
{
    bool is_database = component->type == VSS_CT_DATABASE;

    xml_writer_begin(xml, is_database ? "DATABASE" : "FILE_GROUP");
    xml_writer_text(xml, "logicalPath", component->logical_path);
    xml_writer_text(xml, "componentName", component->name);
    xml_writer_text(xml, "caption", component->caption);
    xml_writer_bool(xml, "restoreMetadata", component->restore_metadata);
    xml_writer_bool(xml, "notifyOnBackupComplete", component->notify_on_backup_complete);
    xml_writer_bool(xml, "selectable", component->selectable);
    xml_writer_bool(xml, "selectableForRestore", component->selectable_for_restore);
    xml_writer_u64(xml, "componentFlags", component->flags);
    if (component->icon) {
        auto_free char *icon = base64_encode(component->icon, component->icon_size);

        xml_writer_own(xml, "icon", icon);
    }
    write_files(xml, "FILE_LIST", &component->files);
    write_files(xml, "DATABASE_FILES", &component->database_files);
    write_files(xml, "DATABASE_LOGFILES", &component->log_files);
    for (size_t i = 0; i < component->dependencies.count; i++) {
        const struct wmd_dependency *dependency = &component->dependencies.items[i];

        xml_writer_begin_own(xml, "DEPENDENCY");
        xml_writer_guid(xml, "writerId", &dependency->writer_id);
        xml_writer_text(xml, "logicalPath", dependency->logical_path);
        xml_writer_text(xml, "componentName", dependency->name);
        xml_writer_end(xml);
    }
    xml_writer_end(xml);
}

char *wmd_to_xml(const struct wmd *wmd)
{
    struct xml_writer *xml = xml_writer_new();

    xml_writer_begin(xml, "WRITER_METADATA");
    xml_writer_text(xml, "xmlns", NAMESPACE);
    xml_writer_text(xml, "version", "1.2");
    if (wmd->backup_schema)
        xml_writer_u64(xml, "backupSchema", wmd->backup_schema);
    write_identification(xml, wmd);
    if (wmd->has_restore_method)
        write_restore_method(xml, wmd);
    xml_writer_begin(xml, "BACKUP_LOCATIONS");
    for (size_t i = 0; i < wmd->components.count; i++)
        write_component(xml, &wmd->components.items[i]);
    write_excludes(xml, "EXCLUDE_FILES", &wmd->exclude_files);
    write_excludes(xml, "EXCLUDE_FILES_FROM_SNAPSHOT", &wmd->exclude_files_from_snapshot);
    return xml_writer_finish(xml);
}

/* ---- reading: each function begins behind its element's start and ends behind its end ---- */

static bool read_identification(struct xml_reader *xml, struct wmd *wmd)
{
    int usage, source;

    if (!xml_get_guid(xml, "writerId", true, &wmd->writer_id) ||
        !xml_get_guid(xml, "instanceId", true, &wmd->instance_id) ||
        !xml_get_text(xml, "instanceName", false, &wmd->instance_name) ||
        !xml_get_enum(xml, "usage", true, usage_words, 0, &usage) ||
        !xml_get_enum(xml, "dataSource", true, source_words, 0, &source) ||
        !xml_get_u32(xml, "majorVersion", false, 0, &wmd->major_version) ||
        !xml_get_u32(xml, "minorVersion", false, 0, &wmd->minor_version))
        return false;
    if (xml_attribute(xml, "friendlyName")) {
        free(wmd->name);
        wmd->name = mem_strdup(xml_attribute(xml, "friendlyName"));
    }
    wmd->usage = (VSS_USAGE_TYPE)usage;
    wmd->source = (VSS_SOURCE_TYPE)source;
    return xml_skip(xml);
}

/* Which of the three optional attributes an element has follows from the element. */
static bool read_filespec(struct xml_reader *xml, struct filespecs *specs)
{
    const char *path = xml_required(xml, "path");
    const char *filespec = path ? xml_required(xml, "filespec") : NULL;
    uint32_t mask;
    bool recursive;

    if (!filespec || !xml_get_bool(xml, "recursive", false, false, &recursive) ||
        !xml_get_u32(xml, "filespecBackupType", false, FILESPEC_MASK_DEFAULT, &mask))
        return false;
    filespecs_add(specs, path, filespec, recursive, xml_attribute(xml, "alternatePath"), mask);
    return xml_skip(xml);
}

static bool read_restore_method(struct xml_reader *xml, struct wmd *wmd)
{
    int method, writer_restore;
    enum xml_event event;

    if (wmd->has_restore_method)
        return xml_fail(xml, "a second restore method");
    wmd->has_restore_method = true;
    if (!xml_get_enum(xml, "method", true, restore_method_words, 0, &method) ||
        !xml_get_enum(xml, "writerRestore", true, writer_restore_words, 0, &writer_restore) ||
        !xml_get_bool(xml, "rebootRequired", false, false, &wmd->reboot_required) ||
        !xml_get_text(xml, "service", false, &wmd->service) ||
        !xml_get_text(xml, "userProcedure", false, &wmd->user_procedure))
        return false;
    wmd->restore_method = (VSS_RESTOREMETHOD_ENUM)method;
    wmd->writer_restore = (VSS_WRITERRESTORE_ENUM)writer_restore;
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        bool is_mapping = str_is_equal(xml_name(xml), "ALTERNATE_LOCATION_MAPPING");

        if (!(is_mapping ? read_filespec(xml, &wmd->alternate_mappings) : xml_skip(xml)))
            return false;
    }
    return event == XML_END;
}

static bool read_dependency(struct xml_reader *xml, struct wmd_component *component)
{
    const char *name = xml_required(xml, "componentName");
    struct wmd_dependency *dependency;
    GUID writer_id;

    if (!name || !xml_get_guid(xml, "writerId", true, &writer_id))
        return false;
    dependency = array_push(&component->dependencies);
    dependency->writer_id = writer_id;
    dependency->logical_path = mem_strdup(component_path(xml_attribute(xml, "logicalPath")));
    dependency->name = mem_strdup(name);
    return xml_skip(xml);
}

static bool read_component_child(struct xml_reader *xml, struct wmd_component *component)
{
    const char *name = xml_name(xml);

    if (str_is_equal(name, "FILE_LIST") && component->type == VSS_CT_FILEGROUP)
        return read_filespec(xml, &component->files);
    if (str_is_equal(name, "DATABASE_FILES") && component->type == VSS_CT_DATABASE)
        return read_filespec(xml, &component->database_files);
    if (str_is_equal(name, "DATABASE_LOGFILES") && component->type == VSS_CT_DATABASE)
        return read_filespec(xml, &component->log_files);
    if (str_is_equal(name, "DEPENDENCY"))
        return read_dependency(xml, component);
    return xml_skip(xml);
}

static bool read_component(struct xml_reader *xml, struct wmd *wmd, VSS_COMPONENT_TYPE type)
{
    const char *path = xml_attribute(xml, "logicalPath");
    const char *name = xml_required(xml, "componentName");
    struct wmd_component *component;
    enum xml_event event;

    if (!name)
        return false;
    component = wmd_add_component(wmd, type, path, name);
    if (!component)
        return xml_fail(xml, "a second component \"%s\" with the logical path \"%s\"", name,
                        component_path(path));
    if (!xml_get_text(xml, "caption", false, &component->caption) ||
        !xml_get_bool(xml, "restoreMetadata", false, false, &component->restore_metadata) ||
        !xml_get_bool(xml, "notifyOnBackupComplete", false, false,
                      &component->notify_on_backup_complete) ||
        !xml_get_bool(xml, "selectable", false, false, &component->selectable) ||
        !xml_get_bool(xml, "selectableForRestore", false, false,
                      &component->selectable_for_restore) ||
        !xml_get_u32(xml, "componentFlags", false, 0, &component->flags))
        return false;
    const char *icon = xml_attribute(xml, "icon");

    if (icon && *icon) {
        component->icon = base64_decode(icon, &component->icon_size);
        if (!component->icon)
            return xml_fail(xml, "the attribute icon is not base64");
    }
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!read_component_child(xml, component))
            return false;
    }
    return event == XML_END;
}

static bool read_location(struct xml_reader *xml, struct wmd *wmd)
{
    const char *name = xml_name(xml);

    if (str_is_equal(name, "FILE_GROUP"))
        return read_component(xml, wmd, VSS_CT_FILEGROUP);
    if (str_is_equal(name, "DATABASE"))
        return read_component(xml, wmd, VSS_CT_DATABASE);
    if (str_is_equal(name, "EXCLUDE_FILES"))
        return read_filespec(xml, &wmd->exclude_files);
    if (str_is_equal(name, "EXCLUDE_FILES_FROM_SNAPSHOT"))
        return read_filespec(xml, &wmd->exclude_files_from_snapshot);
    return xml_skip(xml);
}

static bool read_locations(struct xml_reader *xml, struct wmd *wmd)
{
    enum xml_event event;

    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!read_location(xml, wmd))
            return false;
    }
    return event == XML_END;
}

static bool is_document(struct xml_reader *xml)
{
    return str_is_equal(xml_name(xml), "WRITER_METADATA");
}

/* Behind the start of WRITER_METADATA. */
static bool read_document(struct xml_reader *xml, struct wmd *wmd)
{
    bool has_identification = false;
    enum xml_event event;

    if (!xml_get_u32(xml, "backupSchema", false, 0, &wmd->backup_schema))
        return false;
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        const char *name = xml_name(xml);
        bool good;

        if (str_is_equal(name, "IDENTIFICATION") && !has_identification)
            good = has_identification = read_identification(xml, wmd);
        else if (str_is_equal(name, "IDENTIFICATION"))
            good = xml_fail(xml, "a second identification");
        else if (str_is_equal(name, "RESTORE_METHOD"))
            good = read_restore_method(xml, wmd);
        else if (str_is_equal(name, "BACKUP_LOCATIONS"))
            good = read_locations(xml, wmd);
        else
            good = xml_skip(xml);
        if (!good)
            return false;
    }
    if (event == XML_END && !has_identification)
        return xml_fail(xml, "the element IDENTIFICATION is missing");
    return event == XML_END;
}

static bool read_only_document(struct xml_reader *xml, struct wmd *wmd)
{
    if (xml_next(xml) != XML_ELEMENT)
        return false;
    if (!is_document(xml))
        return xml_fail(xml, "the root element WRITER_METADATA is expected");
    return read_document(xml, wmd);
}

HRESULT wmd_from_xml(const char *text, size_t size, struct wmd **ret, char **ret_error)
{
    struct xml_reader *xml = xml_reader_new(text, size, NULL);
    struct wmd *wmd = wmd_new();
    HRESULT hr = S_OK;

    if (read_only_document(xml, wmd)) {
        *ret = wmd;
    } else {
        hr = xml_is_malformed(xml) ? S_FALSE : VSS_E_INVALID_XML_DOCUMENT;
        if (ret_error)
            *ret_error = mem_strdup(xml_error(xml));
        wmd_free(wmd);
    }
    xml_reader_free(xml);
    return hr;
}

/* The documents inside of the current element. */
static bool read_documents(struct xml_reader *xml, struct wmds *wmds)
{
    enum xml_event event;

    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!is_document(xml)) {
            if (!xml_skip(xml))
                return false;
            continue;
        }
        *array_push(wmds) = wmd_new();
        if (!read_document(xml, wmds->items[wmds->count - 1]))
            return false;
    }
    return event == XML_END &&
           (wmds->count || xml_fail(xml, "an element WRITER_METADATA is expected"));
}

HRESULT wmds_from_xml(const char *text, size_t size, struct wmds *ret, char **ret_error)
{
    struct xml_reader *xml = xml_reader_new(text, size, NULL);
    struct wmds wmds = { 0 };
    bool is_good = xml_next(xml) == XML_ELEMENT;
    HRESULT hr = S_OK;

    if (is_good && is_document(xml)) {
        *array_push(&wmds) = wmd_new();
        is_good = read_document(xml, wmds.items[0]);
    } else if (is_good) {
        is_good = read_documents(xml, &wmds);
    }
    if (is_good) {
        *ret = wmds;
    } else {
        hr = xml_is_malformed(xml) ? S_FALSE : VSS_E_INVALID_XML_DOCUMENT;
        if (ret_error)
            *ret_error = mem_strdup(xml_error(xml));
        wmds_free(&wmds);
    }
    xml_reader_free(xml);
    return hr;
}

void wmds_free(struct wmds *wmds)
{
    for (size_t i = 0; i < wmds->count; i++)
        wmd_free(wmds->items[i]);
    array_free(wmds);
}

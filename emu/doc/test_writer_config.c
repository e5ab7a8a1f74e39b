/* SPDX-License-Identifier: MIT */
/* See test_writer_config.h. People write these files, so what is not known is refused with what
 * would be. The format: Learn, "VSS Test Writer Tool". */
#include "emu/doc/test_writer_config_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <string.h>

/* The page spells PrepareForSnapsot so; both are taken. */
static const struct enum_word event_words[] = {
    { TEST_WRITER_IDENTIFY, "Identify", NULL, true },
    { TEST_WRITER_PREPARE_FOR_BACKUP, "PrepareForBackup", NULL, true },
    { TEST_WRITER_PREPARE_FOR_SNAPSHOT, "PrepareForSnapshot", "PrepareForSnapsot", true },
    { TEST_WRITER_FREEZE, "Freeze", NULL, true },
    { TEST_WRITER_THAW, "Thaw", NULL, true },
    { TEST_WRITER_POST_SNAPSHOT, "PostSnapshot", NULL, true },
    { TEST_WRITER_ABORT, "Abort", NULL, true },
    { TEST_WRITER_BACKUP_COMPLETE, "BackupComplete", NULL, true },
    { TEST_WRITER_PRE_RESTORE, "PreRestore", NULL, true },
    { TEST_WRITER_POST_RESTORE, "PostRestore", NULL, true },
    { 0, NULL, NULL, false },
};

static const struct enum_word verbosity_words[] = {
    { TEST_WRITER_LOW, "low", NULL, true },
    { TEST_WRITER_MEDIUM, "medium", NULL, true },
    { TEST_WRITER_HIGH, "high", NULL, true },
    { 0, NULL, NULL, false },
};

const char *test_writer_event_name(enum test_writer_event event)
{
    return enum_word_of_value(event_words, (int)event)->word;
}

/* ---- small values ---- */

char *test_writer_get_copy(struct xml_reader *xml, const char *name)
{
    return mem_strdup(component_path(xml_attribute(xml, name)));
}

/* path and filespec, which most elements have. */
bool test_writer_check_names(struct xml_reader *xml)
{
    const char *path = xml_attribute(xml, "path"), *filespec = xml_attribute(xml, "filespec");

    if (!path || !filespec)
        return xml_fail(xml, "the attribute %s is missing", path ? "filespec" : "path");
    if (!filespec_path_is_valid(path))
        return xml_fail(xml, "path=\"%s\": a directory without wildcards is expected", path);
    if (!filespec_pattern_is_valid(filespec))
        return xml_fail(
            xml, "filespec=\"%s\": a file name or pattern without backslash is expected", filespec);
    return true;
}

/* Sets or clears one bit of a mask from a yes/no attribute. */
bool test_writer_get_bit(struct xml_reader *xml, const char *name, bool fallback, uint32_t bit,
                         uint32_t *mask)
{
    bool is_set;

    if (!xml_get_bool(xml, name, false, fallback, &is_set))
        return false;
    if (is_set)
        *mask |= bit;
    return true;
}

bool test_writer_no_children(struct xml_reader *xml)
{
    const char *parent = xml_name(xml);
    enum xml_event event = xml_next(xml);

    if (event == XML_ELEMENT)
        return xml_unknown_element(xml, parent, "nothing");
    return event == XML_END;
}

/* ---- RestoreMethod, ExcludeFile, FailEvent ---- */

static bool read_mapping(struct xml_reader *xml, struct test_writer_config *config)
{
    static const char *const allowed[] = { "path", "filespec", "recursive", "alternatePath", NULL };
    const char *alternate = xml_attribute(xml, "alternatePath");
    bool recursive;

    if (!xml_check_attributes(xml, allowed) || !test_writer_check_names(xml) ||
        !xml_get_bool(xml, "recursive", false, false, &recursive))
        return false;
    if (!alternate || !filespec_path_is_valid(alternate))
        return xml_fail(xml, "the attribute alternatePath must name a directory");
    filespecs_add(&config->alternate_mappings, xml_attribute(xml, "path"),
                  xml_attribute(xml, "filespec"), recursive, alternate, FILESPEC_MASK_DEFAULT);
    return test_writer_no_children(xml);
}

static bool read_restore_method(struct xml_reader *xml, struct test_writer_config *config)
{
    static const char *const allowed[] = { "method", "writerRestore", "rebootRequired", NULL };
    int method, writer_restore;
    enum xml_event event;

    if (!xml_check_attributes(xml, allowed) ||
        !xml_get_enum(xml, "method", true, restore_method_words, 0, &method) ||
        !xml_get_enum(xml, "writerRestore", false, writer_restore_words, VSS_WRE_NEVER,
                      &writer_restore) ||
        !xml_get_bool(xml, "rebootRequired", false, false, &config->reboot_required))
        return false;
    config->restore_method = (VSS_RESTOREMETHOD_ENUM)method;
    config->writer_restore = (VSS_WRITERRESTORE_ENUM)writer_restore;
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!str_is_equal(xml_name(xml), "AlternateLocationMapping"))
            return xml_unknown_element(xml, "RestoreMethod", "AlternateLocationMapping");
        if (!read_mapping(xml, config))
            return false;
    }
    return event == XML_END;
}

static bool read_exclude(struct xml_reader *xml, struct test_writer_config *config)
{
    static const char *const allowed[] = { "path", "filespec", "recursive", NULL };
    bool recursive;

    if (!xml_check_attributes(xml, allowed) || !test_writer_check_names(xml) ||
        !xml_get_bool(xml, "recursive", false, false, &recursive))
        return false;
    filespecs_add(&config->exclude_files, xml_attribute(xml, "path"),
                  xml_attribute(xml, "filespec"), recursive, NULL, FILESPEC_MASK_DEFAULT);
    return test_writer_no_children(xml);
}

static bool read_fail_event(struct xml_reader *xml, struct test_writer_config *config)
{
    static const char *const allowed[] = { "writerEvent", "retryable", "numFailures", NULL };
    struct test_writer_fail fail;
    int event;

    if (!xml_check_attributes(xml, allowed) ||
        !xml_get_enum(xml, "writerEvent", true, event_words, 0, &event) ||
        !xml_get_bool(xml, "retryable", false, false, &fail.retryable) ||
        !xml_get_u32(xml, "numFailures", false, TEST_WRITER_EVERY_TIME, &fail.n_failures))
        return false;
    fail.event = (enum test_writer_event)event;
    array_add(&config->fail_events, fail);
    return test_writer_no_children(xml);
}

/* ---- TestWriter ---- */

static bool read_root(struct xml_reader *xml, struct test_writer_config *config)
{
    static const char *const allowed[] = { "usage",
                                           "verbosity",
                                           "deleteFiles",
                                           "deletePartialFiles",
                                           "deleteDifferencedFiles",
                                           "checkIncludes",
                                           "checkExcludes",
                                           "supportsCopy",
                                           "supportsDifferential",
                                           "supportsIncremental",
                                           "supportsLog",
                                           "supportsNewTarget",
                                           "instanceName",
                                           NULL };
    uint32_t *schema = &config->backup_schema;
    int usage, verbosity;

    if (!str_is_equal(xml_name(xml), "TestWriter"))
        return xml_fail(xml, "the root element TestWriter is expected");
    if (!xml_check_attributes(xml, allowed) ||
        !xml_get_enum(xml, "usage", false, usage_words, VSS_UT_USERDATA, &usage) ||
        !xml_get_enum(xml, "verbosity", false, verbosity_words, TEST_WRITER_MEDIUM, &verbosity) ||
        !xml_get_bool(xml, "deleteFiles", false, false, &config->delete_files) ||
        !xml_get_bool(xml, "deletePartialFiles", false, false, &config->delete_partial_files) ||
        !xml_get_bool(xml, "deleteDifferencedFiles", false, false,
                      &config->delete_differenced_files) ||
        !xml_get_bool(xml, "checkIncludes", false, false, &config->check_includes) ||
        !xml_get_bool(xml, "checkExcludes", false, false, &config->check_excludes) ||
        !test_writer_get_bit(xml, "supportsCopy", false, VSS_BS_COPY, schema) ||
        !test_writer_get_bit(xml, "supportsDifferential", false, VSS_BS_DIFFERENTIAL, schema) ||
        !test_writer_get_bit(xml, "supportsIncremental", false, VSS_BS_INCREMENTAL, schema) ||
        !test_writer_get_bit(xml, "supportsLog", false, VSS_BS_LOG, schema) ||
        !test_writer_get_bit(xml, "supportsNewTarget", true, VSS_BS_WRITER_SUPPORTS_NEW_TARGET,
                             schema) ||
        !xml_get_text(xml, "instanceName", false, &config->instance_name))
        return false;
    config->usage = (VSS_USAGE_TYPE)usage;
    config->verbosity = (enum test_writer_verbosity)verbosity;
    return true;
}

static bool read_child(struct xml_reader *xml, struct test_writer_config *config, bool is_first)
{
    const char *name = xml_name(xml);

    if (is_first) {
        if (str_is_equal(name, "RestoreMethod"))
            return read_restore_method(xml, config);
        return xml_fail(xml, "the first element of <TestWriter> must be RestoreMethod");
    }
    if (str_is_equal(name, "ExcludeFile"))
        return read_exclude(xml, config);
    if (str_is_equal(name, "FailEvent"))
        return read_fail_event(xml, config);
    if (str_is_equal(name, "Component"))
        return test_writer_read_component(xml, config);
    return xml_unknown_element(xml, "TestWriter",
                               "one RestoreMethod first, then ExcludeFile, FailEvent, Component");
}

static bool read_document(struct xml_reader *xml, struct test_writer_config *config)
{
    enum xml_event event = xml_next(xml);
    bool is_first = true;

    if (event != XML_ELEMENT || !read_root(xml, config))
        return false;
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!read_child(xml, config, is_first))
            return false;
        is_first = false;
    }
    if (event == XML_END && is_first)
        return xml_fail(xml, "the element RestoreMethod is missing in <TestWriter>");
    return event == XML_END;
}

/* Files chosen by their time need a schema that allows it, which needs one of the two types. */
static void complete_schema(struct test_writer_config *config)
{
    if (!(config->backup_schema & (VSS_BS_DIFFERENTIAL | VSS_BS_INCREMENTAL)))
        return;
    for (size_t i = 0; i < config->components.count; i++) {
        if (config->components.items[i].differenced_files.count)
            config->backup_schema |= VSS_BS_LAST_MODIFY;
    }
}

HRESULT test_writer_config_parse(const char *text, size_t size, const char *file_name,
                                 struct test_writer_config **ret, char **ret_error)
{
    struct xml_reader *xml = xml_reader_new(text, size, file_name);
    struct test_writer_config *config = mem_new(struct test_writer_config);
    HRESULT hr = S_OK;

    if (read_document(xml, config)) {
        complete_schema(config);
        *ret = config;
    } else {
        hr = VSS_E_INVALID_XML_DOCUMENT;
        if (ret_error)
            *ret_error = mem_strdup(xml_error(xml));
        test_writer_config_free(config);
    }
    xml_reader_free(xml);
    return hr;
}

static void free_component(struct test_writer_component *component)
{
    free(component->logical_path);
    free(component->name);
    free(component->caption);
    filespecs_free(&component->files);
    for (size_t i = 0; i < component->dependencies.count; i++) {
        free(component->dependencies.items[i].logical_path);
        free(component->dependencies.items[i].name);
    }
    array_free(&component->dependencies);
    for (size_t i = 0; i < component->partial_files.count; i++) {
        free(component->partial_files.items[i].path);
        free(component->partial_files.items[i].filespec);
        free(component->partial_files.items[i].ranges);
    }
    array_free(&component->partial_files);
    for (size_t i = 0; i < component->differenced_files.count; i++) {
        free(component->differenced_files.items[i].path);
        free(component->differenced_files.items[i].filespec);
    }
    array_free(&component->differenced_files);
}

void test_writer_config_free(struct test_writer_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->components.count; i++)
        free_component(&config->components.items[i]);
    array_free(&config->components);
    array_free(&config->fail_events);
    filespecs_free(&config->alternate_mappings);
    filespecs_free(&config->exclude_files);
    free(config->instance_name);
    free(config);
}

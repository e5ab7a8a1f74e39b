/* SPDX-License-Identifier: MIT */
/* A component of the Test Writer's file, with its files and dependencies. */
#include "emu/doc/test_writer_config_i.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <ctype.h>
#include <string.h>

static bool read_component_file(struct xml_reader *xml, struct test_writer_component *component)
{
    static const char *const allowed[] = { "path",
                                           "filespec",
                                           "recursive",
                                           "alternatePath",
                                           "fullBackupRequired",
                                           "diffBackupRequired",
                                           "incBackupRequired",
                                           "logBackupRequired",
                                           "fullSnapshotRequired",
                                           "diffSnapshotRequired",
                                           "incSnapshotRequired",
                                           "logSnapshotRequired",
                                           NULL };
    const char *alternate = xml_attribute(xml, "alternatePath");
    bool recursive;
    uint32_t mask = 0;

    if (!xml_check_attributes(xml, allowed) || !test_writer_check_names(xml) ||
        !xml_get_bool(xml, "recursive", false, false, &recursive) ||
        !test_writer_get_bit(xml, "fullBackupRequired", true, VSS_FSBT_FULL_BACKUP_REQUIRED,
                             &mask) ||
        !test_writer_get_bit(xml, "diffBackupRequired", true, VSS_FSBT_DIFFERENTIAL_BACKUP_REQUIRED,
                             &mask) ||
        !test_writer_get_bit(xml, "incBackupRequired", true, VSS_FSBT_INCREMENTAL_BACKUP_REQUIRED,
                             &mask) ||
        !test_writer_get_bit(xml, "logBackupRequired", true, VSS_FSBT_LOG_BACKUP_REQUIRED, &mask) ||
        !test_writer_get_bit(xml, "fullSnapshotRequired", true, VSS_FSBT_FULL_SNAPSHOT_REQUIRED,
                             &mask) ||
        !test_writer_get_bit(xml, "diffSnapshotRequired", true,
                             VSS_FSBT_DIFFERENTIAL_SNAPSHOT_REQUIRED, &mask) ||
        !test_writer_get_bit(xml, "incSnapshotRequired", true,
                             VSS_FSBT_INCREMENTAL_SNAPSHOT_REQUIRED, &mask) ||
        !test_writer_get_bit(xml, "logSnapshotRequired", true, VSS_FSBT_LOG_SNAPSHOT_REQUIRED,
                             &mask))
        return false;
    if (component->type == VSS_CT_DATABASE && (recursive || alternate))
        return xml_fail(xml,
                        "a database component takes neither recursive=\"yes\" nor alternatePath; "
                        "a filegroup does");
    if (alternate && !filespec_path_is_valid(alternate))
        return xml_fail(xml, "alternatePath=\"%s\": a directory is expected", alternate);
    filespecs_add(&component->files, xml_attribute(xml, "path"), xml_attribute(xml, "filespec"),
                  recursive, alternate, mask);
    return test_writer_no_children(xml);
}

static bool read_dependency(struct xml_reader *xml, struct test_writer_component *component)
{
    static const char *const allowed[] = { "writerId", "logicalPath", "componentName", NULL };
    struct wmd_dependency *dependency;
    GUID writer_id;

    if (!xml_check_attributes(xml, allowed) || !xml_get_guid(xml, "writerId", true, &writer_id))
        return false;
    if (!component_name_is_valid(xml_attribute(xml, "componentName")))
        return xml_fail(xml, "the attribute componentName must be a name without backslash");
    dependency = array_push(&component->dependencies);
    dependency->writer_id = writer_id;
    dependency->logical_path = test_writer_get_copy(xml, "logicalPath");
    dependency->name = test_writer_get_copy(xml, "componentName");
    return test_writer_no_children(xml);
}

static const char *skip_number(const char *p)
{
    const char *begin = p;

    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        for (begin = p += 2; isxdigit((unsigned char)*p); p++)
            ;
    } else {
        while (isdigit((unsigned char)*p))
            p++;
    }
    return p == begin ? NULL : p;
}

/* "offset:length, offset:length" */
static bool are_ranges(const char *p)
{
    for (;; p++) {
        p += strspn(p, " ");
        p = skip_number(p);
        if (!p || *p++ != ':')
            return false;
        p = skip_number(p);
        if (!p)
            return false;
        p += strspn(p, " ");
        if (!*p)
            return true;
        if (*p != ',')
            return false;
    }
}

static bool read_partial_file(struct xml_reader *xml, struct test_writer_component *component)
{
    static const char *const allowed[] = { "path", "filespec", "ranges", NULL };
    const char *ranges = xml_attribute(xml, "ranges");
    struct test_writer_partial *partial;

    if (!xml_check_attributes(xml, allowed) || !test_writer_check_names(xml))
        return false;
    if (!ranges || !are_ranges(ranges))
        return xml_fail(xml, "the attribute ranges must be a list such as \"0:5,100:20\"");
    partial = array_push(&component->partial_files);
    partial->path = test_writer_get_copy(xml, "path");
    partial->filespec = test_writer_get_copy(xml, "filespec");
    partial->ranges = test_writer_get_copy(xml, "ranges");
    return test_writer_no_children(xml);
}

/* Days from 1601-01-01 to a date of the Gregorian calendar. */
static uint64_t days_since_1601(uint32_t year, uint32_t month, uint32_t day)
{
    static const unsigned before_month[] = {
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
    };
    uint64_t y = year - 1601;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return y * 365 + y / 4 - y / 100 + y / 400 + before_month[month - 1] + (is_leap && month > 2) +
           day - 1;
}

static bool get_limited(struct xml_reader *xml, const char *name, uint32_t from, uint32_t to,
                        uint32_t *ret_value)
{
    if (!xml_get_u32(xml, name, false, from, ret_value))
        return false;
    if (*ret_value < from || *ret_value > to)
        return xml_fail(xml, "%s=\"%u\": a number from %u to %u is expected", name, *ret_value,
                        from, to);
    return true;
}

/* 0, which leaves the choice to the requester, when the element gives no year. */
static bool get_time(struct xml_reader *xml, uint64_t *ret_time)
{
    uint32_t year, month, day, hour, minute, second;

    if (!get_limited(xml, "year", 1601, 9999, &year) || !get_limited(xml, "month", 1, 12, &month) ||
        !get_limited(xml, "day", 1, 31, &day) || !get_limited(xml, "hour", 0, 23, &hour) ||
        !get_limited(xml, "minute", 0, 59, &minute) || !get_limited(xml, "second", 0, 59, &second))
        return false;
    *ret_time = 0;
    if (xml_attribute(xml, "year")) {
        uint64_t days = days_since_1601(year, month, day);

        *ret_time = (((days * 24 + hour) * 60 + minute) * 60 + second) * UINT64_C(10000000);
    }
    return true;
}

static bool read_differenced_file(struct xml_reader *xml, struct test_writer_component *component)
{
    static const char *const allowed[] = { "path", "filespec", "recursive", "year",   "month",
                                           "day",  "hour",     "minute",    "second", NULL };
    struct test_writer_differenced *differenced;
    bool recursive;
    uint64_t time;

    if (!xml_check_attributes(xml, allowed) || !test_writer_check_names(xml) ||
        !xml_get_bool(xml, "recursive", false, false, &recursive) || !get_time(xml, &time))
        return false;
    differenced = array_push(&component->differenced_files);
    differenced->path = test_writer_get_copy(xml, "path");
    differenced->filespec = test_writer_get_copy(xml, "filespec");
    differenced->recursive = recursive;
    differenced->last_modify_time = time;
    return test_writer_no_children(xml);
}

static bool read_component_child(struct xml_reader *xml, struct test_writer_component *component)
{
    const char *name = xml_name(xml);

    if (str_is_equal(name, "ComponentFile"))
        return read_component_file(xml, component);
    if (str_is_equal(name, "Dependency"))
        return read_dependency(xml, component);
    if (str_is_equal(name, "PartialFile"))
        return read_partial_file(xml, component);
    if (str_is_equal(name, "DifferencedFile"))
        return read_differenced_file(xml, component);
    return xml_unknown_element(xml, "Component",
                               "ComponentFile, Dependency, PartialFile, DifferencedFile");
}

bool test_writer_read_component(struct xml_reader *xml, struct test_writer_config *config)
{
    static const char *const allowed[] = { "componentType", "componentName", "logicalPath",
                                           "selectable",    "caption",       NULL };
    struct test_writer_component *component;
    enum xml_event event;
    bool selectable;
    int type;

    if (!xml_check_attributes(xml, allowed) ||
        !xml_get_enum(xml, "componentType", true, component_type_words, 0, &type) ||
        !xml_get_bool(xml, "selectable", false, true, &selectable))
        return false;
    if (!component_name_is_valid(xml_attribute(xml, "componentName")))
        return xml_fail(xml, "the attribute componentName must be a name without backslash");
    component = array_push(&config->components);
    *component = (struct test_writer_component){
        .type = (VSS_COMPONENT_TYPE)type,
        .logical_path = test_writer_get_copy(xml, "logicalPath"),
        .name = test_writer_get_copy(xml, "componentName"),
        .caption = mem_strdup(xml_attribute(xml, "caption")),
        .selectable = selectable,
    };
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!read_component_child(xml, component))
            return false;
    }
    return event == XML_END;
}

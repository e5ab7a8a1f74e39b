/* SPDX-License-Identifier: MIT */
#include "emu/cli/trace_world_check.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/proto/choices.h"
#include "fakes/world/fault.h"
#include "fakes/world/vsched_schedule.h"

#include <stdbool.h>
#include <string.h>

typedef char *check_value(const char *key, const json_t *value);

static bool is_name_of_volume(const char *name)
{
    return name && name[0] >= 'A' && name[0] <= 'Z' && name[1] == ':' && !name[2];
}

static char *check_text(const char *key, const json_t *value)
{
    return json_is_string(value) ? NULL : str_printf("\"%s\" is no text", key);
}

static char *check_truth(const char *key, const json_t *value)
{
    return json_is_boolean(value) ? NULL : str_printf("\"%s\" is neither true nor false", key);
}

static char *check_count(const char *key, const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) > 0
               ? NULL
               : str_printf("\"%s\" is no number above 0", key);
}

static char *check_object(const char *key, const json_t *value)
{
    return json_is_object(value) || json_is_null(value) ? NULL
                                                        : str_printf("\"%s\" is no object", key);
}

static char *check_texts(const char *key, const json_t *value)
{
    if (!json_is_array(value))
        return str_printf("\"%s\" is no list", key);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_string(json_array_get(value, i)))
            return str_printf("\"%s\" has an item, number %zu, that is no text", key, i + 1);
    }
    return NULL;
}

static char *check_objects(const char *key, const json_t *value)
{
    if (!json_is_array(value))
        return str_printf("\"%s\" is no list", key);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!json_is_object(json_array_get(value, i)))
            return str_printf("\"%s\" has an item, number %zu, that is no object", key, i + 1);
    }
    return NULL;
}

static char *check_volume(const json_t *volume, unsigned *letters)
{
    const char *name = json_string_value(json_object_get(volume, "name"));
    const char *directory = json_string_value(json_object_get(volume, "dir"));

    if (!is_name_of_volume(name))
        return str_printf("a \"name\" in \"volumes\" is like \"C:\", not \"%s\"", name ? name : "");
    if (!directory || (directory[0] != '/' && strncmp(directory, "./", 2) != 0))
        return str_printf("the \"dir\" of volume %s in \"volumes\" begins with / or ./; it is "
                          "\"%s\"",
                          name, directory ? directory : "");
    if (*letters & 1u << (name[0] - 'A'))
        return str_printf("\"volumes\" has %s twice", name);
    *letters |= 1u << (name[0] - 'A');
    return NULL;
}

static char *check_volumes(const char *key, const json_t *value)
{
    char *why = check_objects(key, value);
    unsigned letters = 0;

    for (size_t i = 0; !why && i < json_array_size(value); i++)
        why = check_volume(json_array_get(value, i), &letters);
    return why;
}

static char *check_windows(const char *key, const json_t *value)
{
    enum windows_version version;
    const char *text = json_string_value(value);

    return text && windows_version_named(text, &version)
               ? NULL
               : str_printf("\"%s\" is no version of Windows that there is", key);
}

static char *check_schedule(const char *key, const json_t *value)
{
    struct vsched_schedule schedule;
    auto_free char *error = NULL;

    if (!json_is_string(value))
        return str_printf("\"%s\" is no text", key);
    return vsched_schedule_parse(json_string_value(value), &schedule, &error)
               ? NULL
               : str_printf("\"%s\": %s", key, error);
}

static char *check_faults(const char *key, const json_t *value)
{
    char *why = check_texts(key, value);

    for (size_t i = 0; !why && i < json_array_size(value); i++) {
        struct fault fault;
        auto_free char *error = NULL;

        if (fault_parse(json_string_value(json_array_get(value, i)), &fault, &error))
            fault_fini(&fault);
        else
            why = str_printf("\"%s\": %s", key, error);
    }
    return why;
}

static char *check_choices(const char *key, const json_t *value)
{
    char *why = check_texts(key, value);
    struct choices choices;

    choices_init(&choices);
    for (size_t i = 0; !why && i < json_array_size(value); i++) {
        const char *text = json_string_value(json_array_get(value, i));

        if (!choices_set_pair(&choices, text))
            why = str_printf("\"%s\": there is no choice %s", key, text);
    }
    return why;
}

static const struct row {
    const char *key;
    check_value *check;
} rows[] = {
    { "volumes", check_volumes },       { "fresh", check_texts },
    { "files", check_object },          { "world", check_text },
    { "writers", check_texts },         { "writer_metadata", check_texts },
    { "catalog_writers", check_texts }, { "recorded_writers", check_objects },
    { "document_limit", check_count },  { "requester", check_object },
    { "windows", check_windows },       { "choices", check_choices },
    { "schedule", check_schedule },     { "fine", check_truth },
    { "watchdog_ns", check_count },     { "faults", check_faults },
    { "snapshots", check_objects },     { "providers", check_texts },
    { "registry", check_texts },        { "service", check_object },
    { "strict", check_truth },          { "strict_api", check_truth },
    { "mounted", check_truth },
};

char *trace_world_wrong(const json_t *world)
{
    const char *key;
    json_t *value;

    if (!json_is_object(world))
        return str_printf("\"world\" is no object");
    json_object_foreach((json_t *)world, key, value)
    {
        const struct row *row = rows, *end = rows + sizeof(rows) / sizeof(rows[0]);

        while (row < end && !str_is_equal(row->key, key))
            row++;
        if (row == end)
            return str_printf("\"world\" has no key \"%s\"", key);
        char *why = row->check(key, value);
        if (why)
            return why;
    }
    return NULL;
}

/* SPDX-License-Identifier: MIT */
/* Walking what xml.c has parsed: elements in order, attributes with their types, errors in
 * words. */
#include "emu/doc/xml_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/com/guid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors ---- */

static void set_error(struct xml_reader *reader, int line, const char *format, va_list args)
{
    struct str text = { 0 };

    if (reader->error)
        return;
    str_addf(&text, "%s%sline %d: ", reader->file_name ? reader->file_name : "",
             reader->file_name ? ", " : "", line);
    str_vaddf(&text, format, args);
    reader->error = str_take(&text);
}

void xml_fail_at(struct xml_reader *reader, int line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_error(reader, line, format, args);
    va_end(args);
}

bool xml_fail(struct xml_reader *reader, const char *format, ...)
{
    auto_str struct str text = { 0 };
    va_list args;

    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    if (reader->current)
        xml_fail_at(reader, reader->current->line, "<%s>: %s", reader->current->name, text.text);
    else
        xml_fail_at(reader, xml_line(reader), "%s", text.text);
    return false;
}

const char *xml_error(const struct xml_reader *reader)
{
    return reader->error;
}

bool xml_is_malformed(const struct xml_reader *reader)
{
    return reader->is_malformed;
}

/* ---- walking ---- */

enum xml_event xml_next(struct xml_reader *reader)
{
    const struct xml_node *node;

    if (reader->error)
        return XML_FAILED;
    if (reader->next == reader->nodes.count)
        return XML_DONE;
    node = &reader->nodes.items[reader->next++];
    if (!node->name)
        return XML_END;
    reader->current = node;
    return XML_ELEMENT;
}

const char *xml_name(const struct xml_reader *reader)
{
    return reader->current ? reader->current->name : "";
}

int xml_line(const struct xml_reader *reader)
{
    return reader->current ? reader->current->line : 1;
}

bool xml_skip(struct xml_reader *reader)
{
    for (unsigned depth = 1; depth;) {
        switch (xml_next(reader)) {
        case XML_ELEMENT:
            depth++;
            break;
        case XML_END:
            depth--;
            break;
        default:
            return false;
        }
    }
    return true;
}

/* ---- attributes ---- */

const char *xml_attribute(struct xml_reader *reader, const char *name)
{
    const struct xml_node *node = reader->current;

    for (unsigned i = 0; node && i < node->n_attributes; i++) {
        const struct xml_attribute *attribute =
            &reader->attributes.items[node->first_attribute + i];

        if (strcmp(attribute->name, name) == 0)
            return reader->values.text + attribute->value;
    }
    return NULL;
}

const char *xml_required(struct xml_reader *reader, const char *name)
{
    const char *value = xml_attribute(reader, name);

    if (value && *value)
        return value;
    xml_fail(reader, "the attribute %s is %s", name, value ? "empty" : "missing");
    return NULL;
}

bool xml_check_attributes(struct xml_reader *reader, const char *const *allowed)
{
    const struct xml_node *node = reader->current;

    for (unsigned i = 0; i < node->n_attributes; i++) {
        const struct xml_attribute *attribute =
            &reader->attributes.items[node->first_attribute + i];
        auto_str struct str list = { 0 };
        bool is_allowed = attribute->has_prefix;

        for (const char *const *name = allowed; *name && !is_allowed; name++) {
            is_allowed = str_is_equal(*name, attribute->name);
            str_addf(&list, "%s%s", name == allowed ? "" : ", ", *name);
        }
        if (!is_allowed)
            return xml_fail(reader, "the attribute %s is not known here; allowed: %s",
                            attribute->name, list.text);
    }
    return true;
}

bool xml_unknown_element(struct xml_reader *reader, const char *parent, const char *allowed)
{
    return xml_fail(reader, "this element has no place in <%s>; allowed: %s", parent, allowed);
}

/* The value; NULL when absent. False when it had to be there. */
static bool find_value(struct xml_reader *reader, const char *name, bool required,
                       const char **ret_value)
{
    *ret_value = xml_attribute(reader, name);
    if (!*ret_value && required)
        return xml_fail(reader, "the attribute %s is missing", name);
    return true;
}

bool xml_get_text(struct xml_reader *reader, const char *name, bool required, char **ret_text)
{
    const char *value;

    if (!find_value(reader, name, required, &value))
        return false;
    *ret_text = mem_strdup(value);
    return true;
}

bool xml_get_bool(struct xml_reader *reader, const char *name, bool required, bool fallback,
                  bool *ret_value)
{
    const char *value;

    if (!find_value(reader, name, required, &value))
        return false;
    if (!value)
        *ret_value = fallback;
    else if (str_is_equal_nocase(value, "yes") || str_is_equal_nocase(value, "true") ||
             str_is_equal(value, "1"))
        *ret_value = true;
    else if (str_is_equal_nocase(value, "no") || str_is_equal_nocase(value, "false") ||
             str_is_equal(value, "0"))
        *ret_value = false;
    else
        return xml_fail(reader, "%s=\"%s\": yes or no is expected", name, value);
    return true;
}

bool xml_get_u64(struct xml_reader *reader, const char *name, bool required, uint64_t fallback,
                 uint64_t *ret_value)
{
    const char *value;
    char *end;

    if (!find_value(reader, name, required, &value))
        return false;
    if (!value) {
        *ret_value = fallback;
        return true;
    }
    errno = 0;
    *ret_value = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || errno)
        return xml_fail(reader, "%s=\"%s\": a decimal number is expected", name, value);
    return true;
}

bool xml_get_u32(struct xml_reader *reader, const char *name, bool required, uint32_t fallback,
                 uint32_t *ret_value)
{
    uint64_t wide;

    if (!xml_get_u64(reader, name, required, fallback, &wide))
        return false;
    if (wide > UINT32_MAX)
        return xml_fail(reader, "%s=\"%s\": a number up to 4294967295 is expected", name,
                        xml_attribute(reader, name));
    *ret_value = (uint32_t)wide;
    return true;
}

bool xml_get_guid(struct xml_reader *reader, const char *name, bool required, GUID *ret_value)
{
    const char *value;

    if (!find_value(reader, name, required, &value))
        return false;
    if (!value)
        *ret_value = (GUID){ 0 };
    else if (!guid_from_text(value, ret_value))
        return xml_fail(reader,
                        "%s=\"%s\": a GUID such as 5affb034-969f-4919-8875-88f830d0ef89 "
                        "is expected",
                        name, value);
    return true;
}

bool xml_get_enum(struct xml_reader *reader, const char *name, bool required,
                  const struct enum_word *words, int fallback, int *ret_value)
{
    const struct enum_word *word;
    const char *value;

    if (!find_value(reader, name, required, &value))
        return false;
    if (!value) {
        *ret_value = fallback;
        return true;
    }
    word = enum_word_of_text(words, value);
    if (!word) {
        auto_free char *list = enum_words_list(words);

        return xml_fail(reader, "%s=\"%s\": %s is expected", name, value, list);
    }
    *ret_value = word->value;
    return true;
}

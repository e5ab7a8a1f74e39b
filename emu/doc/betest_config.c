/* SPDX-License-Identifier: MIT */
/* See betest_config.h. The formats: Learn, "BETest Tool". */
#include "emu/doc/betest_config.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"
#include "emu/doc/xml.h"

#include <string.h>

/* The page's limit for the old form. */
#define TEXT_SIZE_LIMIT (1u << 20)

void betest_config_free(struct betest_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->writers.count; i++) {
        struct betest_writer *writer = &config->writers.items[i];

        for (size_t j = 0; j < writer->components.count; j++) {
            free(writer->components.items[j].logical_path);
            free(writer->components.items[j].name);
        }
        array_free(&writer->components);
    }
    array_free(&config->writers);
    text_index_free(&config->index);
    free(config);
}

/* logical_path NULL: any. */
static char *key_of(const GUID *writer_id, const char *logical_path, const char *name)
{
    return str_printf("%s%s%s\x1f%s", GUID_TEXT(writer_id), logical_path ? "\x1f" : "*",
                      component_path(logical_path), name);
}

bool betest_config_names(const struct betest_config *config, const GUID *writer_id,
                         const char *logical_path, const char *name)
{
    auto_free char *key = key_of(writer_id, component_path(logical_path), name);
    auto_free char *any_path_key = key_of(writer_id, NULL, name);
    size_t unused;

    return text_index_find(&config->index, key, &unused) ||
           text_index_find(&config->index, any_path_key, &unused);
}

static struct betest_writer *add_writer(struct betest_config *config, const GUID *writer_id)
{
    struct betest_writer *writer = array_push(&config->writers);

    *writer = (struct betest_writer){ .writer_id = *writer_id };
    return writer;
}

void betest_config_add(struct betest_config *config, const GUID *writer_id,
                       const char *logical_path, const char *name)
{
    struct betest_writer *writer =
        config->writers.count ? &config->writers.items[config->writers.count - 1] : NULL;
    auto_free char *key = key_of(writer_id, logical_path, name);

    if (!writer || !guid_is_equal(&writer->writer_id, writer_id))
        writer = add_writer(config, writer_id);
    *array_push(&writer->components) =
        (struct betest_component){ .logical_path = mem_strdup(logical_path),
                                   .name = mem_strdup(name) };
    text_index_add(&config->index, key, 0);
}

/* ---- XML form ---- */

static bool read_component(struct xml_reader *xml, struct betest_config *config,
                           const GUID *writer_id)
{
    static const char *const allowed[] = { "componentName", "logicalPath", NULL };
    const char *name = xml_attribute(xml, "componentName");
    enum xml_event event;

    if (!xml_check_attributes(xml, allowed))
        return false;
    if (!component_name_is_valid(name))
        return xml_fail(xml, "the attribute componentName must be a name without backslash");
    betest_config_add(config, writer_id, component_path(xml_attribute(xml, "logicalPath")), name);
    event = xml_next(xml);
    if (event == XML_ELEMENT)
        return xml_unknown_element(xml, "Component", "nothing");
    return event == XML_END;
}

static bool read_writer(struct xml_reader *xml, struct betest_config *config)
{
    static const char *const allowed[] = { "writerid", NULL };
    enum xml_event event;
    GUID writer_id;

    if (!xml_check_attributes(xml, allowed) || !xml_get_guid(xml, "writerid", true, &writer_id))
        return false;
    add_writer(config, &writer_id);
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!str_is_equal(xml_name(xml), "Component"))
            return xml_unknown_element(xml, "Writer", "Component");
        if (!read_component(xml, config, &writer_id))
            return false;
    }
    return event == XML_END;
}

static bool read_document(struct xml_reader *xml, struct betest_config *config)
{
    static const char *const allowed[] = { NULL };
    enum xml_event event = xml_next(xml);

    if (event != XML_ELEMENT)
        return false;
    if (!str_is_equal(xml_name(xml), "BETest"))
        return xml_fail(xml, "the root element BETest is expected");
    if (!xml_check_attributes(xml, allowed))
        return false;
    while ((event = xml_next(xml)) == XML_ELEMENT) {
        if (!str_is_equal(xml_name(xml), "Writer"))
            return xml_unknown_element(xml, "BETest", "Writer");
        if (!read_writer(xml, config))
            return false;
    }
    return event == XML_END;
}

HRESULT betest_config_from_xml(const char *text, size_t size, const char *file_name,
                               struct betest_config **ret, char **ret_error)
{
    struct xml_reader *xml = xml_reader_new(text, size, file_name);
    struct betest_config *config = mem_new(struct betest_config);
    HRESULT hr = S_OK;

    if (read_document(xml, config)) {
        *ret = config;
    } else {
        hr = VSS_E_INVALID_XML_DOCUMENT;
        if (ret_error)
            *ret_error = mem_strdup(xml_error(xml));
        betest_config_free(config);
    }
    xml_reader_free(xml);
    return hr;
}

/* ---- old text form: "GUID" : "component", "component" ; ---- */

struct scanner {
    const char *p, *end; /* of one line */
};

static size_t skip_blanks(struct scanner *s)
{
    const char *begin = s->p;

    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
    return (size_t)(s->p - begin);
}

static bool take_char(struct scanner *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* A text in quotation marks; NULL if there is none. The caller frees. */
static char *take_quoted(struct scanner *s)
{
    const char *close;
    char *text;

    if (s->p == s->end || *s->p != '"')
        return NULL;
    close = memchr(s->p + 1, '"', (size_t)(s->end - s->p) - 1);
    if (!close)
        return NULL;
    text = mem_alloc((size_t)(close - s->p));
    memcpy(text, s->p + 1, (size_t)(close - s->p) - 1);
    s->p = close + 1;
    return text;
}

/* "Name", or "Path\Name". False: there is no name. */
static bool add_full_name(struct betest_config *config, const GUID *writer_id, char *full_name)
{
    char *backslash = strrchr(full_name, '\\');
    const char *name = backslash ? backslash + 1 : full_name;

    if (backslash)
        *backslash = 0;
    if (!*name)
        return false;
    betest_config_add(config, writer_id, backslash ? full_name : NULL, name);
    return true;
}

/* NULL when the line is good, else what was expected. */
static const char *read_line(struct scanner *s, struct betest_config *config)
{
    auto_free char *id = NULL;
    GUID writer_id;

    skip_blanks(s);
    if (s->p == s->end)
        return NULL;
    id = take_quoted(s);
    if (!id || !guid_from_text(id, &writer_id))
        return "a writer's GUID in quotation marks";
    if (!skip_blanks(s) || !take_char(s, ':') || !skip_blanks(s))
        return "a colon with blanks on both sides";
    add_writer(config, &writer_id);
    do {
        auto_free char *name = NULL;

        skip_blanks(s);
        name = take_quoted(s);
        if (!name)
            return "a component name in quotation marks";
        if (!add_full_name(config, &writer_id, name))
            return "a component name that is not empty";
        skip_blanks(s);
    } while (take_char(s, ','));
    if (!take_char(s, ';'))
        return "a comma or a semicolon";
    skip_blanks(s);
    return s->p == s->end ? NULL : "the end of the line after the semicolon";
}

static HRESULT fail_text(struct betest_config *config, char *error, char **ret_error)
{
    if (ret_error)
        *ret_error = error;
    else
        free(error);
    betest_config_free(config);
    return E_INVALIDARG;
}

HRESULT betest_config_from_text(const char *text, size_t size, const char *file_name,
                                struct betest_config **ret, char **ret_error)
{
    struct betest_config *config = mem_new(struct betest_config);
    const char *end = text + size, *line_end;
    unsigned line = 1;

    if (size > TEXT_SIZE_LIMIT)
        return fail_text(config, str_printf("%s: longer than 1 MB", file_name), ret_error);
    for (const char *p = text; p < end; p = line_end + 1, line++) {
        struct scanner scanner;
        const char *expected = NULL;

        line_end = memchr(p, '\n', (size_t)(end - p));
        if (!line_end)
            line_end = end;
        scanner = (struct scanner){ p, line_end };
        for (const char *c = p; c < line_end && !expected; c++) {
            if ((unsigned char)*c >= 0x80 || !*c)
                expected = "ASCII text";
        }
        if (!expected)
            expected = read_line(&scanner, config);
        if (expected)
            return fail_text(config,
                             str_printf("%s, line %u, column %d: %s is expected", file_name, line,
                                        (int)(scanner.p - p) + 1, expected),
                             ret_error);
    }
    *ret = config;
    return S_OK;
}

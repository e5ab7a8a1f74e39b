/* SPDX-License-Identifier: MIT */
/* The writing half of xml.h: text without libxml2, because order and form of the attributes are
 * what matters. */
#include "emu/doc/xml.h"

#include "emu/base/array.h"
#include "emu/base/check.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/guid.h"

#include <string.h>

#define PREFIX      "e:"
#define DECLARATION " xmlns:e=\"" XML_EXTENSION_NAMESPACE "\""

struct open_element {
    const char *name; /* the caller's literal */
    bool is_own;
};

struct xml_writer {
    struct str out;
    ARRAY(struct open_element) open;
    bool is_in_tag; /* the start tag of the innermost element is not closed yet */
    bool uses_extension;
    size_t root_attributes_end; /* where the extension's declaration goes */
};

struct xml_writer *xml_writer_new(void)
{
    return mem_new(struct xml_writer);
}

static void close_tag(struct xml_writer *writer, const char *with)
{
    if (writer->open.count == 1)
        writer->root_attributes_end = writer->out.length;
    str_add(&writer->out, with);
    writer->is_in_tag = false;
}

static void begin(struct xml_writer *writer, const char *element, bool is_own)
{
    if (writer->is_in_tag)
        close_tag(writer, ">");
    array_add(&writer->open, ((struct open_element){ element, is_own }));
    str_add_char(&writer->out, '<');
    if (is_own)
        str_add(&writer->out, PREFIX);
    str_add(&writer->out, element);
    writer->is_in_tag = true;
    writer->uses_extension |= is_own;
}

void xml_writer_begin(struct xml_writer *writer, const char *element)
{
    begin(writer, element, false);
}

void xml_writer_begin_own(struct xml_writer *writer, const char *element)
{
    begin(writer, element, true);
}

/* Length of the UTF-8 sequence at p, or 0 when it stands for a character that XML cannot hold:
 * control characters, lone surrogates, U+FFFE and U+FFFF. */
static size_t sequence_length(const unsigned char *p)
{
    if (*p < 0x20)
        return *p == '\t' || *p == '\n' || *p == '\r' ? 1 : 0;
    if (*p < 0x80)
        return 1;
    if (*p < 0xe0)
        return 2;
    if (*p < 0xf0) {
        bool is_surrogate = *p == 0xed && p[1] >= 0xa0;
        bool is_noncharacter = *p == 0xef && p[1] == 0xbf && p[2] >= 0xbe;

        return is_surrogate || is_noncharacter ? 0 : 3;
    }
    return 4;
}

static size_t length_of_bad(const unsigned char *p)
{
    return *p < 0x80 ? 1 : 3;
}

/* How many bytes stand for themselves: printable ASCII without the four of markup. */
static size_t plain_length(const unsigned char *p)
{
    const unsigned char *begin = p;

    while (*p >= 0x20 && *p < 0x80 && *p != '&' && *p != '<' && *p != '>' && *p != '"')
        p++;
    return (size_t)(p - begin);
}

static void add_escaped(struct str *out, const char *value)
{
    for (const unsigned char *p = (const unsigned char *)value; *p;) {
        size_t plain = plain_length(p), length;

        str_add_bytes(out, (const char *)p, plain);
        p += plain;
        if (!*p)
            return;
        length = sequence_length(p);
        if (!length) {
            str_add(out, "\xef\xbf\xbd"); /* U+FFFD */
            p += length_of_bad(p);
            continue;
        }
        switch (*p) {
        case '&':
            str_add(out, "&amp;");
            break;
        case '<':
            str_add(out, "&lt;");
            break;
        case '>':
            str_add(out, "&gt;");
            break;
        case '"':
            str_add(out, "&quot;");
            break;
        case '\t':
        case '\n':
        case '\r':
            str_addf(out, "&#%d;", *p);
            break;
        default:
            str_add_bytes(out, (const char *)p, length);
        }
        p += length;
    }
}

static void begin_value(struct xml_writer *writer, const char *prefix, const char *name)
{
    str_add_char(&writer->out, ' ');
    str_add(&writer->out, prefix);
    str_add(&writer->out, name);
    str_add_bytes(&writer->out, "=\"", 2);
}

static void add_attribute(struct xml_writer *writer, const char *prefix, const char *name,
                          const char *value)
{
    check(writer->is_in_tag);
    begin_value(writer, prefix, name);
    add_escaped(&writer->out, value);
    str_add_char(&writer->out, '"');
}

void xml_writer_text(struct xml_writer *writer, const char *name, const char *value)
{
    if (value && *value)
        add_attribute(writer, "", name, value);
}

void xml_writer_empty_namespace(struct xml_writer *writer)
{
    add_attribute(writer, "", "xmlns", "");
}

void xml_writer_bool(struct xml_writer *writer, const char *name, bool value)
{
    add_attribute(writer, "", name, value ? "yes" : "no");
}

void xml_writer_u64(struct xml_writer *writer, const char *name, uint64_t value)
{
    check(writer->is_in_tag);
    begin_value(writer, "", name);
    str_add_u64(&writer->out, value);
    str_add_char(&writer->out, '"');
}

void xml_writer_guid(struct xml_writer *writer, const char *name, const GUID *value)
{
    add_attribute(writer, "", name, GUID_TEXT(value));
}

void xml_writer_own(struct xml_writer *writer, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    add_attribute(writer, PREFIX, name, value);
    writer->uses_extension = true;
}

void xml_writer_enum(struct xml_writer *writer, const char *name, const struct enum_word *words,
                     int value)
{
    const struct enum_word *word = enum_word_of_value(words, value);

    if (word && word->is_observed)
        xml_writer_text(writer, name, word->word);
    else if (word)
        xml_writer_own(writer, name, word->word);
}

static void add_end_tag(struct str *out, const struct open_element *element)
{
    str_add_bytes(out, "</", 2);
    if (element->is_own)
        str_add(out, PREFIX);
    str_add(out, element->name);
    str_add_char(out, '>');
}

void xml_writer_end(struct xml_writer *writer)
{
    struct open_element *element = &writer->open.items[writer->open.count - 1];

    if (writer->is_in_tag)
        close_tag(writer, "/>");
    else
        add_end_tag(&writer->out, element);
    writer->open.count--;
}

char *xml_writer_finish(struct xml_writer *writer)
{
    struct str whole = { 0 };

    while (writer->open.count)
        xml_writer_end(writer);
    if (writer->uses_extension) {
        str_add_bytes(&whole, writer->out.text, writer->root_attributes_end);
        str_add(&whole, DECLARATION);
        str_add(&whole, writer->out.text + writer->root_attributes_end);
        str_free(&writer->out);
    } else {
        whole = writer->out;
    }
    array_free(&writer->open);
    free(writer);
    return str_take(&whole);
}

/* SPDX-License-Identifier: MIT */
/* Reading: see xml.h. The whole text is parsed at once by libxml2's event interface into a list of
 * element starts and ends, so a text that is no XML is known as such before anybody interprets
 * it, and the work is linear in the size. Attributes lie in one list, their values in one block.
 * Walking is xml_read.c, the writing half xml_write.c. */
/* Before the Windows types, whose macros ICU's headers (included by libxml2's) would stumble
 * over. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "emu/doc/xml_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The library makes its tables at its first call, and two threads may come at once. */
static __attribute__((constructor)) void prepare_library(void)
{
    xmlInitParser();
}

/* libxml2 compares each attribute of an element with all others: the number must be bounded. */
#define XML_ATTRIBUTE_LIMIT 256

/* ---- what must not reach the parser ---- */

static int line_of(const char *text, const char *position)
{
    int line = 1;

    for (; text < position; text++)
        line += *text == '\n';
    return line;
}

/* Skips a comment, CDATA section or processing instruction that begins at p, or answers p. */
static const char *skip_other_markup(const char *p, const char *end)
{
    static const char *const begins_ends[][2] = { { "<!--", "-->" },
                                                  { "<![CDATA[", "]]>" },
                                                  { "<?", "?>" } };

    for (size_t i = 0; i < sizeof(begins_ends) / sizeof(begins_ends[0]); i++) {
        size_t length = strlen(begins_ends[i][0]);

        if ((size_t)(end - p) >= length && memcmp(p, begins_ends[i][0], length) == 0) {
            const char *close = memmem(p + length, (size_t)(end - p) - length, begins_ends[i][1],
                                       strlen(begins_ends[i][1]));

            return close ? close + strlen(begins_ends[i][1]) : end;
        }
    }
    return p;
}

/* From the "<" of a tag to behind its ">"; counts the attributes on the way. */
static const char *skip_tag(const char *p, const char *end, unsigned *ret_n_attributes)
{
    char quote = '\0';

    *ret_n_attributes = 0;
    for (p++; p < end; p++) {
        if (quote) {
            if (*p == quote)
                quote = '\0';
        } else if (*p == '"' || *p == '\'') {
            quote = *p;
        } else if (*p == '=') {
            ++*ret_n_attributes;
        } else if (*p == '>') {
            return p + 1;
        }
    }
    return end;
}

static bool is_harmless(struct xml_reader *reader, const char *text, size_t size)
{
    const char *end = text + size;
    unsigned n_attributes;

    if (size > XML_SIZE_LIMIT) {
        xml_fail_at(reader, 1, "the document has %zu bytes; the limit is %u", size, XML_SIZE_LIMIT);
        return false;
    }
    for (const char *p = memchr(text, '<', size); p; p = memchr(p, '<', (size_t)(end - p))) {
        const char *behind = skip_other_markup(p, end);

        if (behind == p) {
            if (end - p >= 9 && memcmp(p, "<!DOCTYPE", 9) == 0) {
                xml_fail_at(reader, line_of(text, p),
                            "a document type declaration is not accepted");
                return false;
            }
            behind = skip_tag(p, end, &n_attributes);
            if (n_attributes > XML_ATTRIBUTE_LIMIT) {
                xml_fail_at(reader, line_of(text, p),
                            "an element has %u attributes; the limit is %d", n_attributes,
                            XML_ATTRIBUTE_LIMIT);
                return false;
            }
        }
        p = behind;
    }
    return true;
}

/* ---- libxml2's callbacks ---- */

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    struct xml_reader *reader = arg;
    struct xml_node *node = array_push(&reader->nodes);

    (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
    *node = (struct xml_node){
        .name = (const char *)name,
        .line = xmlSAX2GetLineNumber(reader->parser),
        .first_attribute = (unsigned)reader->attributes.count,
        .n_attributes = (unsigned)n_attributes,
    };
    for (int i = 0; i < n_attributes; i++, attributes += 5) { /* name, prefix, uri, value, end */
        struct xml_attribute *attribute = array_push(&reader->attributes);

        attribute->name = (const char *)attributes[0];
        attribute->value = reader->values.length;
        attribute->has_prefix = attributes[1] != NULL;
        str_add_bytes(&reader->values, (const char *)attributes[3],
                      (size_t)(attributes[4] - attributes[3]));
        str_add_char(&reader->values, '\0');
    }
    if (++reader->depth > XML_DEPTH_LIMIT) {
        xml_fail_at(reader, node->line, "elements lie more than %d deep", XML_DEPTH_LIMIT);
        xmlStopParser(reader->parser);
    }
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *reader = arg;

    (void)name, (void)prefix, (void)uri;
    *array_push(&reader->nodes) = (struct xml_node){ .line = xmlSAX2GetLineNumber(reader->parser) };
    reader->depth--;
}

static void on_document_type(void *arg, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
    struct xml_reader *reader = arg;

    (void)name, (void)id, (void)uri;
    xml_fail_at(reader, xmlSAX2GetLineNumber(reader->parser),
                "a document type declaration is not accepted");
    xmlStopParser(reader->parser);
}

static void on_error(void *arg, xmlErrorPtr error)
{
    struct xml_reader *reader = arg;
    int length = error->message ? (int)strcspn(error->message, "\r\n") : 0;

    if (error->level < XML_ERR_ERROR || error->domain == XML_FROM_NAMESPACE)
        return;
    if (!reader->error)
        reader->is_malformed = true;
    xml_fail_at(reader, error->line, "not well-formed XML: %.*s", length,
                error->message ? error->message : "");
}

static void parse(struct xml_reader *reader, const char *text, size_t size)
{
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .internalSubset = on_document_type,
        .serror = on_error,
    };
    xmlSAXHandlerPtr own;

    reader->parser = xmlCreateMemoryParserCtxt(text, (int)size);
    if (!reader->parser) {
        xml_fail_at(reader, 1, "the document is empty");
        reader->is_malformed = true;
        return;
    }
    own = reader->parser->sax;
    reader->parser->sax = &handler;
    reader->parser->userData = reader;
    /* Entities can only be the five of XML itself, for a document type is refused; NOENT makes the
     * parser put them in place. */
    xmlCtxtUseOptions(reader->parser,
                      XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_HUGE | XML_PARSE_IGNORE_ENC);
    xmlParseDocument(reader->parser);
    if (!reader->parser->wellFormed && !reader->error) {
        xml_fail_at(reader, 1, "not well-formed XML");
        reader->is_malformed = true;
    }
    reader->dictionary = reader->parser->dict;
    xmlDictReference(reader->dictionary);
    reader->parser->sax = own;
    xmlFreeParserCtxt(reader->parser);
    reader->parser = NULL;
}

/* UTF-16 is told by its byte order mark, or by the zero byte of the first "<". */
static char *utf8_of_utf16_text(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    auto_free uint16_t *units = NULL;
    bool is_big;

    if (size < 2)
        return NULL;
    is_big = (bytes[0] == 0xfe && bytes[1] == 0xff) || (bytes[0] == 0 && bytes[1] == '<');
    if (!is_big && !(bytes[0] == 0xff && bytes[1] == 0xfe) && !(bytes[0] == '<' && bytes[1] == 0))
        return NULL;
    units = mem_alloc(size);
    for (size_t i = 0; i < size / 2; i++) {
        unsigned high = bytes[2 * i + !is_big], low = bytes[2 * i + is_big];

        units[i] = (uint16_t)(high << 8 | low);
    }
    return utf8_from_utf16_n(units, size / 2);
}

struct xml_reader *xml_reader_new(const char *text, size_t size, const char *file_name)
{
    struct xml_reader *reader = mem_new(struct xml_reader);
    auto_free char *converted = utf8_of_utf16_text(text, size);

    reader->file_name = mem_strdup(file_name);
    if (converted) {
        text = converted;
        size = strlen(converted);
    }
    if (is_harmless(reader, text, size))
        parse(reader, text, size);
    return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
    if (!reader)
        return;
    if (reader->dictionary)
        xmlDictFree(reader->dictionary);
    array_free(&reader->nodes);
    array_free(&reader->attributes);
    str_free(&reader->values);
    free(reader->file_name);
    free(reader->error);
    free(reader);
}

/* ---- files ---- */

int xml_load_file(const char *path, size_t limit, char **ret_text, size_t *ret_size,
                  char **ret_error)
{
    FILE *file = fopen(path, "rbe");
    auto_free char *text = NULL;
    size_t capacity = 1 << 16, size = 0;

    if (file) {
        text = mem_alloc(capacity);
        while (size <= limit) {
            size_t n = fread(text + size, 1, capacity - size - 1, file);

            if (!n)
                break;
            size += n;
            if (size == capacity - 1)
                text = mem_realloc(text, capacity *= 2);
        }
    }
    if (!file || ferror(file)) {
        int error = errno;

        if (file)
            fclose(file);
        *ret_error = str_printf("%s: %s", path, strerror(error));
        return -error;
    }
    fclose(file);
    if (size > limit) {
        *ret_error = str_printf("%s: longer than %zu bytes", path, limit);
        return -EFBIG;
    }
    text[size] = '\0';
    *ret_text = take_ptr(&text);
    *ret_size = size;
    return 0;
}

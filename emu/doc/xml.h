/* SPDX-License-Identifier: MIT */
/* XML for the document readers and writers: the only file that includes libxml2 is xml.c. Reading
 * is by a pull loop over elements with line numbers; it accepts no document type declaration (so no
 * entities of any kind), opens nothing, and bounds size and depth. Writing gives one line of text
 * with attributes in the order of the calls, as Windows does.
 *
 * Names are local names: a namespace may be present, absent or reset (xml-documents: 4.4). */
#pragma once

#include "emu/doc/component.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XML_SIZE_LIMIT  (256u << 20) /* bytes of one document */
#define XML_DEPTH_LIMIT 64           /* elements inside each other */

/* What Windows was never seen to write goes under this namespace, prefix "e". */
#define XML_EXTENSION_NAMESPACE "urn:vssemu:documents:1"

/* ---- reading ---- */

struct xml_reader;

enum xml_event { XML_ELEMENT, XML_END, XML_DONE, XML_FAILED };

/* Accepts UTF-8, and UTF-16 with or without a byte order
 * mark. file_name (may be NULL) begins messages. Freed with xml_reader_free. */
struct xml_reader *xml_reader_new(const char *text, size_t size, const char *file_name);
void xml_reader_free(struct xml_reader *reader);

/* The next element start (XML_ELEMENT), the end of the element that was open (XML_END), the end of
 * the document, or a failure, after which only the error can be asked for. Text is skipped. */
enum xml_event xml_next(struct xml_reader *reader);
const char *xml_name(const struct xml_reader *reader); /* of the current element */
int xml_line(const struct xml_reader *reader);
/* Reads to the end of the current element, whatever it holds. False on failure. */
bool xml_skip(struct xml_reader *reader);

/* An attribute of the current element: NULL when it is absent. Valid until xml_next. */
const char *xml_attribute(struct xml_reader *reader, const char *name);
/* The same for one that must be there and not be empty (an empty value is written as none); NULL:
 * failure. */
const char *xml_required(struct xml_reader *reader, const char *name);
/* Fails when the current element has an attribute that is not in the list (NULL at the end) and has
 * no prefix: for files that people write. */
bool xml_check_attributes(struct xml_reader *reader, const char *const *allowed);
/* Fails: the current element has no place here; `allowed` says in words what has. */
bool xml_unknown_element(struct xml_reader *reader, const char *parent, const char *allowed);

/* Typed attributes: false means failure, and the error is set. An absent attribute gives the
 * fallback, or fails if `required`. *ret_text is a copy that the caller frees. */
bool xml_get_text(struct xml_reader *reader, const char *name, bool required, char **ret_text);
bool xml_get_bool(struct xml_reader *reader, const char *name, bool required, bool fallback,
                  bool *ret_value); /* yes, no, true, false, 1, 0 */
bool xml_get_u32(struct xml_reader *reader, const char *name, bool required, uint32_t fallback,
                 uint32_t *ret_value);
bool xml_get_u64(struct xml_reader *reader, const char *name, bool required, uint64_t fallback,
                 uint64_t *ret_value);
bool xml_get_guid(struct xml_reader *reader, const char *name, bool required, GUID *ret_value);
/* fallback: the value for an absent attribute. */
bool xml_get_enum(struct xml_reader *reader, const char *name, bool required,
                  const struct enum_word *words, int fallback, int *ret_value);

/* Reports a failure at the current line: "file, line 3: <Component>: ...". Keeps the first one.
 * Answers false, for `return xml_fail(...)`. */
bool xml_fail(struct xml_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The failure in words, NULL if none; and whether the text was no XML at all. */
const char *xml_error(const struct xml_reader *reader);
bool xml_is_malformed(const struct xml_reader *reader);

/* ---- writing ---- */

struct xml_writer;

struct xml_writer *xml_writer_new(void);
void xml_writer_begin(struct xml_writer *writer, const char *element);
/* The same in the extension namespace. */
void xml_writer_begin_own(struct xml_writer *writer, const char *element);
/* An attribute of the element begun last; NULL or empty value: left out. CR, LF and TAB become
 * references; what XML cannot hold (control characters, lone surrogates) becomes U+FFFD. */
void xml_writer_text(struct xml_writer *writer, const char *name, const char *value);
void xml_writer_bool(struct xml_writer *writer, const char *name, bool value); /* yes, no */
void xml_writer_u64(struct xml_writer *writer, const char *name, uint64_t value);
void xml_writer_guid(struct xml_writer *writer, const char *name, const GUID *value);
/* xmlns="": the element is in no namespace. */
void xml_writer_empty_namespace(struct xml_writer *writer);
/* An attribute in the extension namespace; NULL or empty value: left out. */
void xml_writer_own(struct xml_writer *writer, const char *name, const char *value);
/* The word of a value; under the extension namespace when Windows was not seen to write it. */
void xml_writer_enum(struct xml_writer *writer, const char *name, const struct enum_word *words,
                     int value);
void xml_writer_end(struct xml_writer *writer);
/* Closes what is open and frees the writer; the caller frees the text. */
char *xml_writer_finish(struct xml_writer *writer);

/* ---- files of the host that hold such documents ---- */

/* Reads a whole file of at most limit bytes; zero-terminated, freed by the caller. Answers 0 or a
 * negative errno with *ret_error, a sentence that names the file, freed by the caller. */
int xml_load_file(const char *path, size_t limit, char **ret_text, size_t *ret_size,
                  char **ret_error);

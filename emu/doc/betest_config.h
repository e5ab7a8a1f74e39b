/* SPDX-License-Identifier: MIT */
/* The component lists of the SDK's BETest, read into structures: the XML form of /X and the old
 * text form of /C (Learn: "BETest Tool"). fakes/requester chooses components by it. An empty list
 * chooses nothing.
 *
 * The text form has a line for each writer, in ASCII, at most 1 MB:
 *
 *     "5affb034-969f-4919-8875-88f830d0ef89" : "Settings", "Archive\Year2031";
 *
 * Its names have no logical path, so a name there means every component of that name; one that
 * brings its path, before a backslash, means that one (names hold no backslash themselves). */
#pragma once

#include "emu/doc/component.h"
#include "emu/base/array.h"

struct betest_component {
    char *logical_path; /* "" when the XML names none; NULL: any (the text form) */
    char *name;
};

struct betest_writer {
    GUID writer_id;
    ARRAY(struct betest_component) components;
};

struct betest_config {
    ARRAY(struct betest_writer) writers;
    struct text_index index; /* private to betest_config.c */
};

/* size bytes of text; file_name is for messages. S_OK and *ret (freed with betest_config_free), or
 * VSS_E_INVALID_XML_DOCUMENT (E_INVALIDARG for the text form) and *ret_error: file, line, element,
 * attribute and what is allowed; the caller frees it. */
HRESULT betest_config_from_xml(const char *text, size_t size, const char *file_name,
                               struct betest_config **ret, char **ret_error);
HRESULT betest_config_from_text(const char *text, size_t size, const char *file_name,
                                struct betest_config **ret, char **ret_error);
void betest_config_free(struct betest_config *config);

/* Adds an entry behind the others; logical_path NULL: any. */
void betest_config_add(struct betest_config *config, const GUID *writer_id,
                       const char *logical_path, const char *name);

/* Whether the file names this component of this writer class. */
bool betest_config_names(const struct betest_config *config, const GUID *writer_id,
                         const char *logical_path, const char *name);

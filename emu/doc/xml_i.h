/* SPDX-License-Identifier: MIT */
/* What xml.c (parsing, the only file that knows libxml2) and xml_read.c (walking the result)
 * share. */
#pragma once

#include "emu/doc/xml.h"

#include "emu/base/array.h"
#include "emu/base/str.h"

struct xml_attribute {
    const char *name; /* in the dictionary */
    size_t value;     /* offset in the block of values */
    bool has_prefix;
};

struct xml_node {
    const char *name; /* in the dictionary; NULL: an end */
    int line;
    unsigned first_attribute, n_attributes;
};

struct xml_reader {
    char *file_name;               /* NULL: none */
    struct _xmlDict *dictionary;   /* libxml2's; owns the names */
    struct _xmlParserCtxt *parser; /* libxml2's; while parsing */
    ARRAY(struct xml_node) nodes;
    ARRAY(struct xml_attribute) attributes;
    struct str values;
    unsigned depth;
    size_t next;                    /* the node that xml_next answers next */
    const struct xml_node *current; /* the element start read last; attributes are its own */
    char *error;
    bool is_malformed;
};

/* Keeps the first failure. */
void xml_fail_at(struct xml_reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* SPDX-License-Identifier: MIT */
/* What the two halves of the Test Writer's file share: test_writer_config.c (the file as a whole)
 * and test_writer_component.c (one component). The functions fail as those of xml.h do. */
#pragma once

#include "emu/doc/test_writer_config.h"
#include "emu/doc/xml.h"

/* A text attribute, "" when absent; the caller frees. */
char *test_writer_get_copy(struct xml_reader *xml, const char *name);
/* Whether the element names a directory and a pattern: path and filespec. */
bool test_writer_check_names(struct xml_reader *xml);
/* Sets one bit of a mask from a yes/no attribute. */
bool test_writer_get_bit(struct xml_reader *xml, const char *name, bool fallback, uint32_t bit,
                         uint32_t *mask);
/* Reads to the end of the current element, which must hold no others. */
bool test_writer_no_children(struct xml_reader *xml);

/* Reads a whole Component element. */
bool test_writer_read_component(struct xml_reader *xml, struct test_writer_config *config);

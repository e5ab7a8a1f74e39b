/* SPDX-License-Identifier: MIT */
/* Files that a command line names, looked at before anything starts: what is malformed is told
 * with file and line, and nothing has been begun. */
#pragma once

#include <stdbool.h>

/* The absolute path of an existing file or directory (the caller frees), or NULL with errno set. */
char *input_absolute_path(const char *path);

/* Whether the file is a well-formed configuration of the Test Writer, or of BETest; if not, says
 * what is wrong with it. */
bool input_is_test_writer(const char *path);
/* The same for a Writer Metadata Document. */
bool input_is_writer_metadata(const char *path);
bool input_is_betest(const char *path);
/* And for a .reg file. */
bool input_is_registry(const char *path);

/* Whether it is NAME=VALUE of an open question that there is; if not, says what is wrong. */
bool input_is_choice(const char *value);
/* A planned fault as fault_text writes it (the caller frees); NULL: says what is wrong with it. */
char *input_fault(const char *text);

/* A template for mkstemp and mkdtemp, "/tmp/vssemu-NAME-XXXXXX": below parent, else where TMPDIR
 * says, else /tmp. The caller frees. */
char *input_temporary(const char *parent, const char *name);

/* The absolute path of a file to be written, whose directory is there (the caller frees); NULL:
 * says what is wrong with it. */
char *input_new_file(const char *path);

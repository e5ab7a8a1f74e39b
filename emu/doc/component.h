/* SPDX-License-Identifier: MIT */
/* What both documents share about components: their identity (logical path and name), the words
 * of the enumerations, and an index that finds one among thousands. */
#pragma once

#include "emu/include/vsbackup.h"
#include "emu/include/vswriter.h"

#include <stdbool.h>
#include <stddef.h>

/* The root path may be given as NULL or "" (requester-notes: OQ-23); inside it is "". */
static inline const char *component_path(const char *logical_path)
{
    return logical_path ? logical_path : "";
}

/* Not NULL, not empty, no backslash (Learn: "IVssCreateWriterMetadata::AddComponent"). */
bool component_name_is_valid(const char *name);

/* Whether a component whose logical path is `path` stands below the component (ancestor_path,
 * ancestor_name), at any depth (Learn: "Logical Pathing of Components"). */
bool component_is_below(const char *path, const char *ancestor_path, const char *ancestor_name);

/* ---- words of enumerations; `is_observed` tells whether Windows was seen writing this word
 * ---- */

struct enum_word {
    int value;
    const char *word;       /* what we write */
    const char *other_word; /* what we read besides, NULL if none */
    bool is_observed;
};

extern const struct enum_word usage_words[];          /* "USER_DATA" */
extern const struct enum_word source_words[];         /* "TRANSACTION_DB" */
extern const struct enum_word restore_method_words[]; /* "RESTORE_IF_CAN_BE_REPLACED" */
extern const struct enum_word writer_restore_words[]; /* "always" */
extern const struct enum_word component_type_words[]; /* "filegroup" */
extern const struct enum_word backup_type_words[];    /* "full" */
extern const struct enum_word restore_type_words[];
extern const struct enum_word restore_target_words[];
extern const struct enum_word restore_status_words[];
extern const struct enum_word rollforward_words[];

const struct enum_word *enum_word_of_value(const struct enum_word *words, int value);
/* Case does not matter. NULL: no such word. */
const struct enum_word *enum_word_of_text(const struct enum_word *words, const char *text);
char *enum_words_list(const struct enum_word *words); /* "a, b or c" for messages; caller frees */

/* ---- from a text to a number, in constant time; zeroed is empty ---- */

struct text_index {
    struct text_index_slot *slots;
    size_t n_slots;
    size_t count;
};

/* Answers false, and changes nothing, when the key is there already. */
bool text_index_add(struct text_index *index, const char *key, size_t value);
bool text_index_find(const struct text_index *index, const char *key, size_t *ret_value);
/* The same for the key of a component, which is made of both; logical_path NULL is the root. */
bool component_index_add(struct text_index *index, const char *logical_path, const char *name,
                         size_t value);
bool component_index_find(const struct text_index *index, const char *logical_path,
                          const char *name, size_t *ret_value);
void text_index_free(struct text_index *index);

/* SPDX-License-Identifier: MIT */
/* See component.h. */
#include "emu/doc/component.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool component_name_is_valid(const char *name)
{
    return name && *name && !strchr(name, '\\');
}

bool component_is_below(const char *path, const char *ancestor_path, const char *ancestor_name)
{
    size_t path_length = strlen(ancestor_path), name_length = strlen(ancestor_name);

    if (path_length) {
        if (strncmp(path, ancestor_path, path_length) != 0 || path[path_length] != '\\')
            return false;
        path += path_length + 1;
    }
    return strncmp(path, ancestor_name, name_length) == 0 &&
           (path[name_length] == '\0' || path[name_length] == '\\');
}

/* ---- words ---- */

const struct enum_word usage_words[] = {
    { VSS_UT_BOOTABLESYSTEMSTATE, "BOOTABLE_SYSTEM_STATE", NULL, true },
    { VSS_UT_SYSTEMSERVICE, "SYSTEM_SERVICE", NULL, true },
    { VSS_UT_USERDATA, "USER_DATA", NULL, true },
    { VSS_UT_OTHER, "OTHER", NULL, false },
    { VSS_UT_UNDEFINED, "UNDEFINED", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word source_words[] = {
    { VSS_ST_TRANSACTEDDB, "TRANSACTION_DB", "TRANSACTED_DB", true },
    { VSS_ST_NONTRANSACTEDDB, "NONTRANSACTION_DB", "NONTRANSACTED_DB", false },
    { VSS_ST_OTHER, "OTHER", NULL, true },
    { VSS_ST_UNDEFINED, "UNDEFINED", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word restore_method_words[] = {
    { VSS_RME_RESTORE_IF_NOT_THERE, "RESTORE_IF_NOT_THERE", "RESTORE_IF_NONE_THERE", false },
    { VSS_RME_RESTORE_IF_CAN_REPLACE, "RESTORE_IF_CAN_BE_REPLACED", "RESTORE_IF_CAN_REPLACE",
      true },
    { VSS_RME_STOP_RESTORE_START, "STOP_RESTORE_START", "STOP_RESTART_SERVICE", false },
    { VSS_RME_RESTORE_TO_ALTERNATE_LOCATION, "RESTORE_TO_ALTERNATE_LOCATION", NULL, false },
    { VSS_RME_RESTORE_AT_REBOOT, "REPLACE_AT_REBOOT", "RESTORE_AT_REBOOT", true },
    { VSS_RME_RESTORE_AT_REBOOT_IF_CANNOT_REPLACE, "REPLACE_AT_REBOOT_IF_CANNOT_REPLACE",
      "RESTORE_AT_REBOOT_IF_CANNOT_REPLACE", true },
    { VSS_RME_CUSTOM, "CUSTOM", NULL, false },
    { VSS_RME_RESTORE_STOP_START, "RESTORE_STOP_START", NULL, false },
    { VSS_RME_UNDEFINED, "UNDEFINED", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word writer_restore_words[] = {
    { VSS_WRE_NEVER, "never", NULL, true },
    { VSS_WRE_IF_REPLACE_FAILS, "ifReplaceFails", NULL, false },
    { VSS_WRE_ALWAYS, "always", NULL, true },
    { VSS_WRE_UNDEFINED, "undefined", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word component_type_words[] = {
    { VSS_CT_FILEGROUP, "filegroup", NULL, true },
    { VSS_CT_DATABASE, "database", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word backup_type_words[] = {
    { VSS_BT_FULL, "full", NULL, true },
    { VSS_BT_INCREMENTAL, "incremental", NULL, false },
    { VSS_BT_DIFFERENTIAL, "differential", NULL, false },
    { VSS_BT_LOG, "log", NULL, false },
    { VSS_BT_COPY, "copy", NULL, false },
    { VSS_BT_OTHER, "other", NULL, false },
    { VSS_BT_UNDEFINED, "undefined", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word restore_type_words[] = {
    { VSS_RTYPE_BY_COPY, "byCopy", NULL, false },
    { VSS_RTYPE_IMPORT, "import", NULL, false },
    { VSS_RTYPE_OTHER, "other", NULL, false },
    { VSS_RTYPE_UNDEFINED, "undefined", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word restore_target_words[] = {
    { VSS_RT_ORIGINAL, "original", NULL, false },
    { VSS_RT_ALTERNATE, "alternate", NULL, false },
    { VSS_RT_DIRECTED, "directed", NULL, false },
    { VSS_RT_ORIGINAL_LOCATION, "originalLocation", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word restore_status_words[] = {
    { VSS_RS_NONE, "none", NULL, false },
    { VSS_RS_ALL, "all", NULL, false },
    { VSS_RS_FAILED, "failed", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word rollforward_words[] = {
    { VSS_RF_NONE, "none", NULL, false },
    { VSS_RF_ALL, "all", NULL, false },
    { VSS_RF_PARTIAL, "partial", NULL, false },
    { 0, NULL, NULL, false },
};

const struct enum_word *enum_word_of_value(const struct enum_word *words, int value)
{
    for (; words->word; words++) {
        if (words->value == value)
            return words;
    }
    return NULL;
}

static char next_letter(const char **text)
{
    while (**text == '_' || **text == '-')
        (*text)++;
    if (!**text)
        return '\0';
    return *(*text)++ | 0x20;
}

/* Case and the marks between parts of a word do not matter: documents and tools differ in them. */
static bool is_same_word(const char *a, const char *b)
{
    char letter;

    if (!a || !b)
        return false;
    do {
        letter = next_letter(&a);
        if (letter != next_letter(&b))
            return false;
    } while (letter);
    return true;
}

const struct enum_word *enum_word_of_text(const struct enum_word *words, const char *text)
{
    for (; words->word; words++) {
        if (is_same_word(words->word, text) || is_same_word(words->other_word, text))
            return words;
    }
    return NULL;
}

char *enum_words_list(const struct enum_word *words)
{
    struct str list = { 0 };

    for (const struct enum_word *word = words; word->word; word++) {
        if (word != words)
            str_add(&list, word[1].word ? ", " : " or ");
        str_add(&list, word->word);
    }
    return str_take(&list);
}

/* ---- index: open addressing, at most half full ---- */

struct text_index_slot {
    char *key; /* NULL: free */
    size_t value;
};

/* A key is two texts, the second of which may be missing: looking up a component, which happens in
 * nearly every call, then needs no memory. No name holds the separator: XML cannot carry it. */
#define SEPARATOR '\x1f'

struct key {
    const char *first, *second; /* second NULL: the key is the first alone */
};

static uint64_t mix(uint64_t h, const char *text)
{
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return h;
}

static size_t hash(struct key key)
{
    uint64_t h = mix(UINT64_C(0xcbf29ce484222325), key.first);

    if (key.second)
        h = mix((h ^ SEPARATOR) * UINT64_C(0x100000001b3), key.second);
    return (size_t)(h ^ (h >> 32));
}

static bool is_same(const char *stored, struct key key)
{
    size_t length = strlen(key.first);

    if (!key.second)
        return strcmp(stored, key.first) == 0;
    return strncmp(stored, key.first, length) == 0 && stored[length] == SEPARATOR &&
           strcmp(stored + length + 1, key.second) == 0;
}

static char *stored_form(struct key key)
{
    size_t length = strlen(key.first), more = key.second ? strlen(key.second) + 1 : 0;
    char *text = mem_alloc(length + more + 1);

    memcpy(text, key.first, length);
    if (more) {
        text[length] = SEPARATOR;
        memcpy(text + length + 1, key.second, more);
    }
    return text;
}

/* Where the key is, or where it would go. */
static struct text_index_slot *slot_of(const struct text_index *index, struct key key)
{
    size_t i = hash(key) & (index->n_slots - 1);

    while (index->slots[i].key && !is_same(index->slots[i].key, key))
        i = (i + 1) & (index->n_slots - 1);
    return &index->slots[i];
}

static void grow(struct text_index *index)
{
    struct text_index bigger = { .n_slots = index->n_slots ? index->n_slots * 2 : 16 };

    bigger.slots = mem_alloc(bigger.n_slots * sizeof(*bigger.slots));
    bigger.count = index->count;
    for (size_t i = 0; i < index->n_slots; i++) {
        if (index->slots[i].key)
            *slot_of(&bigger, (struct key){ index->slots[i].key, NULL }) = index->slots[i];
    }
    free(index->slots);
    *index = bigger;
}

static bool add(struct text_index *index, struct key key, size_t value)
{
    struct text_index_slot *slot;

    if (index->count * 2 >= index->n_slots)
        grow(index);
    slot = slot_of(index, key);
    if (slot->key)
        return false;
    slot->key = stored_form(key);
    slot->value = value;
    index->count++;
    return true;
}

static bool find(const struct text_index *index, struct key key, size_t *ret_value)
{
    const struct text_index_slot *slot;

    if (!index->n_slots)
        return false;
    slot = slot_of(index, key);
    if (!slot->key)
        return false;
    *ret_value = slot->value;
    return true;
}

bool text_index_add(struct text_index *index, const char *key, size_t value)
{
    return add(index, (struct key){ key, NULL }, value);
}

bool text_index_find(const struct text_index *index, const char *key, size_t *ret_value)
{
    return find(index, (struct key){ key, NULL }, ret_value);
}

bool component_index_add(struct text_index *index, const char *logical_path, const char *name,
                         size_t value)
{
    return add(index, (struct key){ component_path(logical_path), name }, value);
}

bool component_index_find(const struct text_index *index, const char *logical_path,
                          const char *name, size_t *ret_value)
{
    return find(index, (struct key){ component_path(logical_path), name }, ret_value);
}

void text_index_free(struct text_index *index)
{
    for (size_t i = 0; i < index->n_slots; i++)
        free(index->slots[i].key);
    free(index->slots);
    *index = (struct text_index){ 0 };
}

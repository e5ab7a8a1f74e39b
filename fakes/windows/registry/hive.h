/* SPDX-License-Identifier: MIT */
/* Keys and values of a registry as a tree in memory. Names are UTF-8 and found without regard to
 * case; data are bytes as a program gave them, texts in UTF-16. Subkeys and values stand in the
 * order of their names. Every change tells those who watch (watch.h). Knows no handles, no
 * predefined keys and no lock: the callers hold the registry's. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reg_value {
    char *name; /* "": the default value */
    uint32_t type;
    size_t size;
    unsigned char *data; /* never NULL */
};

struct reg_key {
    char *name;
    char *class_name;       /* NULL: none */
    struct reg_key *parent; /* NULL: the root, or a key that was deleted */
    char *link;             /* a symbolic link to this path below the root; NULL: none */
    bool is_link;           /* made to become one */
    bool is_volatile;
    bool is_deleted;
    unsigned n_refs;     /* the tree's own, and one for each handle */
    int64_t written;     /* FILETIME of the last change */
    struct list watches; /* of struct reg_watch */
    ARRAY(struct reg_key *) keys;
    ARRAY(struct reg_value) values;
};

struct reg_key *reg_key_new_root(void);
void reg_key_ref(struct reg_key *key);
/* The last one frees it; the tree keeps the keys that stand in it. */
void reg_key_unref(struct reg_key *key);
/* Frees a whole tree; keys with handles stay, deleted, until those are gone. */
void reg_key_free_tree(struct reg_key *root);

/* The subkey of this one name, `length` bytes; NULL: none. A link is answered itself. */
struct reg_key *reg_key_child(const struct reg_key *key, const char *name, size_t length);
/* A new subkey; there must be none of that name. */
struct reg_key *reg_key_add(struct reg_key *key, const char *name, size_t length, int64_t now);
/* Takes a key without subkeys out of the tree. */
void reg_key_delete(struct reg_key *key, int64_t now);
/* The same with all below; of `key` itself only what it holds when keeps_itself. */
void reg_key_delete_tree(struct reg_key *key, bool keeps_itself, int64_t now);

struct reg_value *reg_key_value(const struct reg_key *key, const char *name);
void reg_key_set(struct reg_key *key, const char *name, uint32_t type, const void *data,
                 size_t size, int64_t now);
bool reg_key_delete_value(struct reg_key *key, const char *name, int64_t now);

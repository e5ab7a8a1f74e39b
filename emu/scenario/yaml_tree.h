/* SPDX-License-Identifier: MIT */
/* A YAML text as a tree, each node with its place, for readers that say what is wrong where. Only
 * what configuration needs: one document of mappings, lists and scalars; aliases are refused (they
 * could make a small file enormous), and so are a key that stands twice in a mapping and what is
 * deeper or longer than the limits. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stddef.h>

#define TREE_MAX_DEPTH 12
#define TREE_MAX_SIZE  (4u << 20)
#define TREE_MAX_NODES 100000u

enum tree_kind { TREE_SCALAR, TREE_LIST, TREE_MAP };

struct tree_node {
    enum tree_kind kind;
    unsigned line, column; /* from 1 */
    char *text;            /* of a scalar, never NULL there */
    size_t size;           /* of the text, which may hold zeros */
    bool is_quoted;        /* in quotes or as a block: never a null */
    char *key;             /* of a mapping's member; NULL elsewhere */
    unsigned key_line, key_column;
    ARRAY(struct tree_node *) items; /* of a list or mapping */
};

/* name stands in messages. *ret is NULL for a text without any node. False: *ret_error gets
 * "NAME:LINE:COLUMN: ...", which the caller frees. */
bool tree_parse(const char *text, size_t size, const char *name, struct tree_node **ret,
                char **ret_error);
void tree_free(struct tree_node *node);

/* Nothing was written: "key:" or "key: ~". */
bool tree_is_null(const struct tree_node *node);

/* SPDX-License-Identifier: MIT */
/* What the parts of the reader of world files share: messages with their place, tables of keys, and
 * the kinds of values. scenario_read.c reads the whole, scenario_read_cast.c volumes, writers and
 * the machine, scenario_read_expect.c what is expected. */
#pragma once

#include "emu/scenario/scenario.h"
#include "emu/scenario/yaml_tree.h"

struct reader {
    const char *name; /* of the file, for messages */
    const char *text; /* what is in it */
    size_t size;
    struct scenario *scenario;
    char **ret_error;
};

/* Keeps "FILE:LINE:COLUMN: ..." as the error and answers false. Column 0: where the line begins. */
bool read_fail(struct reader *r, const struct tree_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- mappings ---- */

enum value_kind {
    VALUE_TEXT,     /* char *, owned */
    VALUE_BOOL,     /* bool */
    VALUE_U64,      /* uint64_t */
    VALUE_SIZE,     /* uint64_t: bytes, with KB, MB or GB */
    VALUE_DURATION, /* int64_t, nanoseconds */
    VALUE_TEXTS,    /* struct scenario_texts */
    VALUE_OWN       /* `read` says */
};

struct key_row {
    const char *key;
    enum value_kind kind;
    size_t offset; /* in what is read into */
    bool (*read)(struct reader *r, const struct tree_node *node, void *into);
};

/* Every member of the mapping by its row; a key without one is an error that lists those there are.
 * rows end with a key NULL. what: "a volume", for messages. */
bool read_map(struct reader *r, const struct tree_node *node, const struct key_row *rows,
              const char *what, void *into);

/* ---- values ---- */

bool read_text(struct reader *r, const struct tree_node *node, char **ret);
bool read_bool(struct reader *r, const struct tree_node *node, bool *ret);
bool read_u64(struct reader *r, const struct tree_node *node, uint64_t *ret);
bool read_size(struct reader *r, const struct tree_node *node, uint64_t *ret);
bool read_duration(struct reader *r, const struct tree_node *node, int64_t *ret);

/* A list of lines: a YAML list, a block with a line each (empty ones and # comments are left out),
 * or one scalar. What YAML takes for a mapping of one member ("AddToSnapshotSet C:") is the line
 * that was written. */
typedef bool read_line(struct reader *r, const char *line, const struct tree_node *place,
                       void *into);
bool read_lines(struct reader *r, const struct tree_node *node, read_line *each, void *into);
bool read_texts(struct reader *r, const struct tree_node *node, struct scenario_texts *into);

/* ---- parts ---- */

bool read_volumes(struct reader *r, const struct tree_node *node, void *scenario);
bool read_writers(struct reader *r, const struct tree_node *node, void *scenario);
bool read_registry(struct reader *r, const struct tree_node *node, void *scenario);
bool read_snapshots(struct reader *r, const struct tree_node *node, void *scenario);
bool read_expectations(struct reader *r, const struct tree_node *node, void *scenario);

/* SPDX-License-Identifier: MIT */
/* Earlier backups, as their saved documents tell (/Pre): what was in them, with which stamps, where
 * their files lie, and which backup each of them builds on. The chain ends with a full backup, or
 * with one whose document names no other. */
#pragma once

#include "emu/doc/component.h"
#include "fakes/requester/betest_components.h"
#include "fakes/requester/betest_documents.h"

struct history_component {
    VSS_ID writer_class;
    char *logical_path, *name;
    char *stamp; /* NULL: its writer left none */
    bool has_failed;
};

struct history {
    char *document;
    struct documents writers; /* type, store and the document before */
    ARRAY(struct history_component) components;
    struct text_index index; /* private */
    struct history *earlier; /* what it builds on; NULL: nothing */
};

/* Loads the document and what it builds on. NULL after a failure, which is reported. */
struct history *history_load(const char *document, struct betest_report *report);
/* Only the document itself. */
struct history *history_load_one(const char *document, struct betest_report *report);
void history_free(struct history *history); /* the whole chain; NULL does nothing */

const struct history_component *history_find(const struct history *history, const VSS_ID *class,
                                             const char *logical_path, const char *name);

/* Whether some backup of the chain has the component; logical_path NULL: one of that name. */
bool history_chain_has(const struct history *history, const VSS_ID *class, const char *logical_path,
                       const char *name);

/* Whether a backup of this type may build on it; says why not. */
bool history_is_base_for(const struct history *history, enum betest_type type,
                         struct betest_report *report);

/* SPDX-License-Identifier: MIT */
/* The writers that come with Windows and its servers, as a table: class ids, names, usage, restore
 * method, components with file sets. Each row says what of it was observed on a real machine, what
 * is documented, and what is ours. `vssemu writers` prints it; `vssemu run --simulate NAME` and
 * vssemu_add_catalog_writer put its writers into a world (writer_sim/metadata_writer). */
#pragma once

#include "emu/doc/wmd.h"

/* How much of a row is known, and from where. */
enum catalog_evidence {
    CATALOG_OBSERVED,   /* seen on a real machine */
    CATALOG_DOCUMENTED, /* Learn: "In-Box VSS Writers" and the pages of the products */
    CATALOG_OURS        /* nothing public found: made up so that the row is useful */
};

struct catalog_files {
    enum { CATALOG_FILES, CATALOG_LOGS, CATALOG_EXCLUDED, CATALOG_NOT_IN_SNAPSHOT } kind;
    const char *path, *filespec; /* path NULL: end of the list */
    bool recursive;
};

#define CATALOG_MAX_FILES 8

struct catalog_component {
    VSS_COMPONENT_TYPE type;
    const char *logical_path, *name, *caption; /* name NULL: end of the list */
    bool notify, selectable, selectable_for_restore;
    uint32_t flags;
    struct catalog_files files[CATALOG_MAX_FILES];
};

struct catalog_writer {
    const char *key; /* for command lines: "registry" */
    const char *name;
    const char *writer_id;
    const char *instance_name; /* NULL: none */
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    uint32_t backup_schema;
    VSS_RESTOREMETHOD_ENUM method; /* VSS_RME_UNDEFINED: it sets none */
    VSS_WRITERRESTORE_ENUM writer_restore;
    bool reboot;
    bool is_in_idle_set; /* on an idle client machine: `--simulate windows` */
    /* Of the id and name; of usage, source and restore method; of the components' names; of their
     * file sets and of what is excluded. */
    enum catalog_evidence identity, usage_and_method, components_from, files_from;
    const struct catalog_component *components; /* NULL: none */
    const struct catalog_files *excluded;       /* NULL: none */
};

/* Stands for all writers of the idle set, where a writer's name is asked for. */
#define WRITER_CATALOG_IDLE "windows"

size_t writer_catalog_count(void);
const struct catalog_writer *writer_catalog_get(size_t i);
/* By key or name, in any case. NULL: there is none. */
const struct catalog_writer *writer_catalog_find(const char *name);
const char *catalog_evidence_name(enum catalog_evidence evidence); /* "observed" */

/* Its document; the instance id is null. The caller frees. */
struct wmd *writer_catalog_document(const struct catalog_writer *writer);

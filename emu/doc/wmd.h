/* SPDX-License-Identifier: MIT */
/* The Writer Metadata Document: what a writer says about itself and its files when it is asked
 * (Learn: "Writer Metadata Document Contents"). A plain structure inside the program; XML, in the
 * form that Windows was seen to write, only at the border.
 *
 * A document is built (by a writer's OnIdentify through emu/api/create_metadata, or from XML), and
 * from then on shared and not changed: references are counted, so that many objects of the API
 * read one document. */
#pragma once

#include "emu/doc/component.h"
#include "emu/doc/filespec.h"
#include "emu/base/array.h"

#include <stdatomic.h>

struct wmd_dependency {
    GUID writer_id;
    char *logical_path; /* never NULL */
    char *name;         /* never NULL */
};

struct wmd_component {
    VSS_COMPONENT_TYPE type; /* VSS_CT_FILEGROUP or VSS_CT_DATABASE */
    char *logical_path;      /* never NULL; "" is the root */
    char *name;              /* never NULL */
    char *caption;           /* NULL: none */
    unsigned char *icon;     /* NULL: none */
    size_t icon_size;
    bool restore_metadata;
    bool notify_on_backup_complete;
    bool selectable;
    bool selectable_for_restore;
    uint32_t flags;                  /* VSS_COMPONENT_FLAGS */
    struct filespecs files;          /* of a file group */
    struct filespecs database_files; /* of a database */
    struct filespecs log_files;      /* of a database */
    ARRAY(struct wmd_dependency) dependencies;
};

struct wmd {
    atomic_uint n_references;

    GUID writer_id; /* the writer class */
    GUID instance_id;
    char *instance_name; /* NULL: none */
    char *name;          /* never NULL */
    VSS_USAGE_TYPE usage;
    VSS_SOURCE_TYPE source;
    uint32_t major_version, minor_version;
    uint32_t backup_schema; /* VSS_BACKUP_SCHEMA */

    bool has_restore_method; /* the six below mean nothing without it */
    VSS_RESTOREMETHOD_ENUM restore_method;
    char *service;        /* NULL: none */
    char *user_procedure; /* NULL: none */
    VSS_WRITERRESTORE_ENUM writer_restore;
    bool reboot_required;
    struct filespecs alternate_mappings; /* alternate_path is the destination */

    ARRAY(struct wmd_component) components;
    struct filespecs exclude_files;
    struct filespecs exclude_files_from_snapshot;

    bool is_damaged;    /* what came is not what the schema allows */
    bool is_told_whole; /* taken over from another machine's document (wmd_tell.h) */

    struct text_index component_index; /* private to wmd.c */
};

struct wmd *wmd_new(void);                   /* empty, one reference, name "" */
struct wmd *wmd_ref(struct wmd *wmd);        /* answers wmd */
void wmd_free(struct wmd *wmd);              /* gives one reference back; NULL does nothing */
struct wmd *wmd_copy(const struct wmd *wmd); /* a document of its own */
/* Everything but the identity, which `to` has already; nothing else is in `to` yet. */
void wmd_copy_content(struct wmd *to, const struct wmd *from);

/* Adds an empty component. NULL when one of that path and name is there. The answer is valid until
 * the next addition. */
struct wmd_component *wmd_add_component(struct wmd *wmd, VSS_COMPONENT_TYPE type,
                                        const char *logical_path, const char *name);
/* NULL when there is none. Constant time. logical_path NULL is the root. */
struct wmd_component *wmd_find_component(struct wmd *wmd, const char *logical_path,
                                         const char *name);
/* Whether some component above this one is selectable, so that this one comes with it (Learn:
 * "Working with Selectability for Backup"). One lookup for each step up the path. */
bool wmd_has_selectable_ancestor(struct wmd *wmd, const struct wmd_component *component);

/* One line, as Windows writes it; UTF-8; the caller frees. */
char *wmd_to_xml(const struct wmd *wmd);
/* size bytes of UTF-8. S_FALSE: not well-formed. VSS_E_INVALID_XML_DOCUMENT: well-formed, but no
 * writer metadata (requester-notes: OQ-32). Otherwise S_OK and *ret, which the caller frees.
 * *ret_error (may be NULL) gets a sentence with the line on failure, which the caller frees. */
HRESULT wmd_from_xml(const char *text, size_t size, struct wmd **ret, char **ret_error);

struct wmds {
    struct wmd **items;
    size_t count, capacity;
};

/* As wmd_from_xml, for a file of one document, or of several inside of another element (betest's
 * *.writers.xml); at least one. Freed with wmds_free. */
HRESULT wmds_from_xml(const char *text, size_t size, struct wmds *ret, char **ret_error);
void wmds_free(struct wmds *wmds); /* the documents; the struct stays, empty */

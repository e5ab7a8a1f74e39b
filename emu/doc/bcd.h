/* SPDX-License-Identifier: MIT */
/* The Backup Components Document: what a requester has chosen, and what requester and writers have
 * told each other about it (Learn: "Backup Components Document Contents"). The service owns one for
 * each backup; the faces in emu/api read and change it under a lease (components_lease.h).
 *
 * Writers and components are separate allocations: pointers to them stay valid until the
 * document is freed. Texts are UTF-8 and NULL when never given. */
#pragma once

#include "emu/doc/component.h"
#include "emu/doc/filespec.h"
#include "emu/doc/writer_index.h"
#include "emu/base/array.h"

enum bcd_answer { BCD_UNSET, BCD_NO, BCD_YES };

struct bcd_partial_file {
    char *path, *filename, *ranges; /* never NULL */
    char *metadata;
};

struct bcd_differenced_file {
    char *path, *filespec; /* never NULL */
    bool recursive;
    uint64_t last_modify_time; /* FILETIME; 0: the requester decides */
};

struct bcd_directed_target {
    char *source_path, *source_filename, *source_ranges;                /* never NULL */
    char *destination_path, *destination_filename, *destination_ranges; /* never NULL */
};

struct bcd_subcomponent {
    char *logical_path, *name; /* never NULL */
    bool repair;
};

struct bcd_component {
    VSS_COMPONENT_TYPE type;
    char *logical_path; /* never NULL; "" is the root */
    char *name;         /* never NULL */
    char *caption;

    /* backup */
    enum bcd_answer backup_succeeded;
    char *backup_stamp, *previous_backup_stamp;
    char *backup_options;
    char *backup_metadata;
    ARRAY(struct bcd_partial_file) partial_files;
    ARRAY(struct bcd_differenced_file) differenced_files;
    char *prepare_backup_failure_msg, *post_snapshot_failure_msg;

    /* restore */
    enum bcd_answer selected_for_restore;
    GUID restore_instance_id; /* of SetSelectedForRestoreEx; null: none given */
    enum bcd_answer additional_restores;
    char *restore_options;
    char *restore_metadata;
    VSS_RESTORE_TARGET restore_target; /* VSS_RT_UNDEFINED: never set */
    VSS_FILE_RESTORE_STATUS restore_status;
    struct filespecs alternate_mappings; /* used ones; alternate_path is the destination */
    struct filespecs new_targets;        /* the same */
    ARRAY(struct bcd_directed_target) directed_targets;
    ARRAY(struct bcd_subcomponent) subcomponents;
    bool authoritative_restore;
    VSS_ROLLFORWARD_TYPE roll_forward; /* VSS_RF_UNDEFINED: never set */
    char *roll_forward_point;
    char *restore_name;
    char *pre_restore_failure_msg, *post_restore_failure_msg;

    /* IVssComponentEx2::SetFailure; belongs to the session and is not written to XML */
    HRESULT failure, failure_application;
    char *failure_msg;
    DWORD failure_reserved;
};

/* A snapshot of a transportable set: what another machine must know to import it. */
struct bcd_snapshot {
    GUID id, provider_id;
    char *original_volume; /* never NULL; "\\?\Volume{...}\" */
    uint32_t attributes;   /* VSS_VOLUME_SNAPSHOT_ATTRIBUTES with the context */
};

struct bcd_writer {
    GUID instance_id;
    GUID writer_id;
    char *instance_name;
    uint32_t backup_schema;
    ARRAY(struct bcd_component *) components;
    struct bcd_writer *next_of_class; /* the next instance of the same class, NULL: none */
    struct text_index index;          /* private to bcd.c, as is the next */
    struct bcd_writer *last_of_class; /* known to the first of a class */
};

struct bcd {
    bool has_backup_state; /* SetBackupState was called: the four below are valid */
    bool select_components;
    bool bootable_system_state;
    VSS_BACKUP_TYPE backup_type;
    bool partial_file_support;
    GUID snapshot_set_id;                 /* null: none yet */
    VSS_RESTORE_TYPE restore_type;        /* VSS_RTYPE_UNDEFINED: never set */
    ARRAY(struct bcd_snapshot) snapshots; /* of a transportable set only */
    ARRAY(struct bcd_writer *) writers;
    struct writer_index writer_index; /* private to bcd.c */
};

struct bcd *bcd_new(void);
void bcd_free(struct bcd *bcd); /* NULL does nothing */

void bcd_add_snapshot(struct bcd *bcd, const GUID *id, const GUID *provider_id,
                      const char *original_volume, uint32_t attributes);

/* Exactly this instance; instance_id NULL: the first of this class. NULL when there is none.
 * Constant time. */
struct bcd_writer *bcd_find_writer(const struct bcd *bcd, const GUID *writer_id,
                                   const GUID *instance_id);
struct bcd_writer *bcd_add_writer(struct bcd *bcd, const GUID *writer_id, const GUID *instance_id,
                                  const char *instance_name, uint32_t backup_schema);

/* NULL when there is none; logical_path NULL is the root. Constant time. */
struct bcd_component *bcd_writer_find(const struct bcd_writer *writer, const char *logical_path,
                                      const char *name);
/* Adds it to the writer; NULL when it is there already. */
struct bcd_component *bcd_add_component(struct bcd_writer *writer, VSS_COMPONENT_TYPE type,
                                        const char *logical_path, const char *name);

/* Sets a text of a component: copies, "" and NULL become NULL, frees what was there. */
void bcd_set_text(char **field, const char *text);

struct bcd_partial_file *bcd_add_partial_file(struct bcd_component *component, const char *path,
                                              const char *filename, const char *ranges,
                                              const char *metadata);
void bcd_add_differenced_file(struct bcd_component *component, const char *path,
                              const char *filespec, bool recursive, uint64_t last_modify_time);
/* texts: source path, name, ranges, destination path, name, ranges. */
void bcd_add_directed_target(struct bcd_component *component, const char *const texts[6]);
void bcd_add_subcomponent(struct bcd_component *component, const char *logical_path,
                          const char *name, bool repair);

/* One line; UTF-8; the caller frees. Writers without components are left out. */
char *bcd_to_xml(const struct bcd *bcd);
/* As wmd_from_xml: S_OK, S_FALSE (not well-formed) or VSS_E_INVALID_XML_DOCUMENT. */
HRESULT bcd_from_xml(const char *text, size_t size, struct bcd **ret, char **ret_error);

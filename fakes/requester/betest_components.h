/* SPDX-License-Identifier: MIT */
/* The backup components document as a requester reads it: GetWriterComponents, GetComponent and
 * what IVssComponent tells about one component. The interfaces die with the next event (Learn:
 * "IVssBackupComponents::GetWriterComponents"), so everything is read at once and released; what
 * is kept are plain texts. */
#pragma once

#include "emu/base/array.h"
#include "fakes/requester/betest_report.h"

struct partial_file {
    char *path, *name, *ranges; /* never NULL; ranges: a list, or the path of a ranges file */
};

struct differenced_files {
    char *path, *filespec; /* never NULL */
    bool recursive;
    uint64_t changed_since; /* FILETIME; 0: whoever copies has to know it himself */
};

/* Learn: "Working with Directed Targets". Empty ranges mean the whole file. */
struct directed_target {
    char *from_path, *from_name, *from_ranges; /* never NULL */
    char *to_path, *to_name, *to_ranges;       /* never NULL */
};

struct component_details {
    char *backup_stamp; /* NULL: none */
    ARRAY(struct partial_file) partial_files;
    ARRAY(struct differenced_files) differenced_files;
    ARRAY(struct directed_target) directed_targets;
    VSS_RESTORE_TARGET target; /* VSS_RT_ORIGINAL when the writer said nothing */
    HRESULT failure;           /* of IVssComponentEx2::SetFailure */
    char *message;             /* what the writer said about its failure; NULL: nothing */
};
void component_details_free(struct component_details *details); /* NULL does nothing */

/* One component of the document while it is visited. */
struct document_component {
    const VSS_ID *instance, *class;
    const char *logical_path, *name;
    IVssComponent *face;
};

/* Calls visit for each; ends with the first failure, of a call (*ret_call names it) or of visit. */
HRESULT components_each(IVssBackupComponents *vss,
                        HRESULT (*visit)(void *arg, const struct document_component *component),
                        void *arg, const char **ret_call);

/* Reads one; of the messages those of this restore, or of this backup. The caller frees *ret. */
HRESULT component_details_read(IVssComponent *face, bool is_restore,
                               struct component_details **ret);

/* SPDX-License-Identifier: MIT */
/* A set of persistent snapshots that is there before the program is: --snapshot of vssemu run,
 * "snapshots" in the world's description, vssemu_make_snapshots. As a text:
 *
 *   C:[,D:...][,context=NAME][,writers][,label=NAME][,then=[C:=]DIR...]
 *
 * context is client_accessible (the one when none is named), client_accessible_writers,
 * nas_rollback or app_rollback; writers takes the one of the same kind in which writers take part.
 * `then` copies a directory of the host over the volume when the set has been made, so that what
 * comes later differs from it. label names the set in the arguments (snapshot_labels.h). */
#pragma once

#include "emu/base/array.h"
#include "emu/include/vss.h"

#include <stdbool.h>

struct snapshot_files {
    char letter;
    char *directory; /* owned; of the host */
};

struct snapshot_spec {
    char letters[27]; /* "CD" */
    LONG context;
    char *label; /* owned; NULL: none */
    ARRAY(struct snapshot_files) then;
};

/* *ret_error gets a sentence on failure; the caller frees. */
bool snapshot_spec_parse(const char *text, struct snapshot_spec *ret, char **ret_error);
void snapshot_spec_fini(struct snapshot_spec *spec);

/* "nas_rollback" or "VSS_CTX_NAS_ROLLBACK", in any case. False: none, or one whose snapshots go
 * with their session. */
bool snapshot_context_named(const char *name, LONG *ret_context);

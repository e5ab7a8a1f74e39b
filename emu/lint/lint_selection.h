/* SPDX-License-Identifier: MIT */
/* Looks through a requester's document when an event call is made: components, options, results.
 * And knows which files must be read from the snapshot while there is one. Inside the service. */
#pragma once

#include "emu/lint/lint_session.h"

/* PrepareForBackup, DoSnapshotSet, BackupComplete, PreRestore or PostRestore is called. S_OK, or
 * what strictness answers. */
HRESULT lint_selection_check(struct lint_session *session, const struct lint_scene *scene,
                             enum backup_call call, const char *method);
/* BackupComplete: this writer has failed; writer is its part of the document, NULL: none. */
void lint_selection_failed_writer(struct lint_session *session, const struct bcd_writer *writer,
                                  const char *writer_name);
/* Whether the component is in the backup, by itself or with one above it; writer NULL: no. */
bool lint_selection_is_in(const struct bcd_writer *writer, const char *path, const char *name);
/* AddComponent of a component that is known and not in the document yet. */
HRESULT lint_selection_adds(struct lint_session *session, const struct bcd_writer *writer,
                            const struct wmd *wmd, const struct wmd_component *component);

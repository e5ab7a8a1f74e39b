/* SPDX-License-Identifier: MIT */
/* Which files must be read from a snapshot while there is one, and who opens what. The Windows file
 * functions tell of every file that they open through the port of the world. */
#pragma once

#include "emu/lint/lint_session.h"

/* VSS_FILE_SPEC_BACKUP_TYPE: the "snapshot required" bit of a backup type. */
uint32_t lint_files_snapshot_bit(VSS_BACKUP_TYPE type);

/* The session has moved: from DoSnapshotSet to BackupComplete its files are watched. Inside the
 * service. */
void lint_files_follow(struct lint_session *session, const struct lint_scene *scene);
/* Nobody watches any more: the session ends. Inside the service. */
void lint_files_forget(struct lint_session *session);

/* A file of a volume was opened by the calling thread. view 0 is the live volume; path as the port
 * of volumes writes it; access: FILE_READ_DATA and so on. Outside the service. */
void lint_files_opened(struct lint *lint, char letter, unsigned view, const char *path,
                       uint32_t access);

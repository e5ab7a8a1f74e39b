/* SPDX-License-Identifier: MIT */
/* The writers of a backup: who is enabled, who takes part, what is gathered of them. */
#pragma once

#include "emu/svc/backup.h"

/* Makes a session for every enabled writer; those of an earlier meeting go. Before any event. */
void backup_meet_writers(struct backup *backup);
/* Marks the sessions that get events of a backup. */
void backup_choose_participants(struct backup *backup);
/* The same for a restore (restore_participants.c), and what belongs to it. */
void backup_choose_restore_participants(struct backup *backup);
void backup_drop_shares(struct backup *backup);

void backup_collect_metadata(struct backup *backup);
void backup_collect_statuses(struct backup *backup);
void backup_drop_metadata(struct backup *backup);
void backup_drop_statuses(struct backup *backup);

/* The gathered document of an instance (NULL id: the first of the class), or NULL. */
struct wmd *backup_find_metadata(struct backup *backup, const VSS_ID *class_id,
                                 const VSS_ID *instance_id);

/* SPDX-License-Identifier: MIT */
/* The documents of a run, each read again as who gets it would, at the run's end (the reader takes
 * locks, and so time of the world): one that cannot be read, or that comes back as another, is told
 * in the trace (JUDGE_NOTE_DOCUMENT). For searches. */
#pragma once

struct vssemu_world;

/* Once, when the writers of the world are there: theirs are known, and not looked at. One world a
 * process. */
void document_watch_begin(struct vssemu_world *world);
/* Tells what is wrong. Nothing to do if it has not begun. */
void document_watch_end(void);
/* What is wrong with a document's text (the caller frees); NULL: nothing. */
char *document_fault_of_backup(const char *xml);
char *document_fault_of_writer(const char *xml);

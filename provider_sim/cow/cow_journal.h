/* SPDX-License-Identifier: MIT */
/* What outlives the process: the events of a volume with persistent snapshots on their way to the
 * log, and back. docs/diff-area-format.md. While no snapshot is persistent all of it does nothing.
 * Included by the files of cow_volume only. */
#pragma once

#include "provider_sim/cow/cow_state.h"

/* ---- cow_journal.c: events, in the order in which they happen ---- */

static inline bool cow_journal_is_on(const struct cow_volume *v)
{
    return v->log.file && !v->is_replaying && !v->is_closing;
}

void cow_journal_snapshot(struct cow_volume *v, struct cow_snapshot *s);
/* What is known of a logged snapshot is something else now. */
void cow_journal_kept(struct cow_volume *v, const struct cow_snapshot *s);
void cow_journal_gone(struct cow_volume *v, const struct cow_snapshot *s, enum area_kind how);
void cow_journal_record(struct cow_volume *v, const struct cow_record *record);
void cow_journal_blocks(struct cow_volume *v, struct cow_node *node, unsigned epoch, uint64_t first,
                        size_t n, const uint32_t *slots);
/* A snapshot is open for recovery from now on, or no more. */
void cow_journal_open(struct cow_volume *v, const struct cow_snapshot *s);
void cow_journal_sealed(struct cow_volume *v, const struct cow_snapshot *s);
void cow_journal_forgotten(struct cow_volume *v, const struct cow_node *node);
void cow_journal_replacing(struct cow_volume *v, struct cow_node *dir, struct cow_node *target,
                           const char *name);
void cow_journal_replaced(struct cow_volume *v, const struct cow_node *target);
/* Writes an event that the log does not know (compaction). */
void cow_journal_blocks_of(struct cow_volume *v, struct cow_node *node, uint64_t first,
                           unsigned epoch, size_t n, const uint32_t *slots);

/* ---- cow_journal_state.c: when the log is written, and which one ---- */

/* The origin is about to change at these nodes (NULL: fewer). Whatever cannot be written costs the
 * snapshots, never the change; but -ENXIO: they are protected, and the volume has gone offline. */
int cow_journal_before(struct cow_volume *v, const struct cow_node *a, const struct cow_node *b,
                       const struct cow_node *c, const struct cow_node *d);
/* A snapshot is about to come: what was born before it is the owner's. */
void cow_journal_before_commit(struct cow_volume *v);
/* Writes what is pending, in state open. */
int cow_journal_flush(struct cow_volume *v);
/* What nobody needs any more goes back to the store, once the log says so. Costs nothing while it
 * is little. To be called wherever snapshots give something up, unless what is free is about to be
 * used. */
void cow_journal_trim(struct cow_volume *v);
/* The log cannot be written: no snapshot can be found again. */
void cow_journal_fail(struct cow_volume *v);
/* Everything is synced, and state whole says so. */
int cow_journal_settle(struct cow_volume *v, const struct timespec *settled);
/* A snapshot becomes persistent: there is a log from now on. */
int cow_journal_begin(struct cow_volume *v);
/* None is persistent any more: the log goes. */
void cow_journal_end(struct cow_volume *v);
/* A new log gets the events that lead to what there is now, epoch by epoch. */
int cow_journal_write_state(struct cow_volume *v);
/* The log of this generation has come to nothing: another one will have its number, and knows no
 * object. */
void cow_journal_unlog(struct cow_volume *v, uint64_t generation);
/* Writes a new log if the old one is mostly dead. */
void cow_journal_compact(struct cow_volume *v);

/* ---- cow_replay.c ---- */

/* What reading the log has shown. */
struct cow_found {
    bool is_damaged;
    bool is_torn;
    struct cow_node *replacing; /* a directory that was stepping aside */
    struct cow_node *replacing_in;
    char replacing_name[256];
};

/* Plays the log into the volume. */
int cow_replay(struct cow_volume *v, struct cow_found *ret_found);
/* Numbers count up from 1: of no volume are they as large as that. */
#define COW_NUMBER_MAX (UINT32_MAX / 2)

/* Of a SNAPSHOT or a KEPT; false: it is none. The properties stay the reader's. */
bool cow_replay_get_info(struct area_reader *r, uint32_t *ret_number, uint32_t *ret_flags,
                         struct cow_snapshot_info *ret_info);

/* ---- cow_recover.c ---- */

/* Opening a volume: brings back what earlier owners have left. */
int cow_recover(struct cow_volume *v);

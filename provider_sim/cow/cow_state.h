/* SPDX-License-Identifier: MIT */
/* What the files of cow_volume share: the volume, its nodes, and the records of what was. Nobody
 * else includes it.  Files: cow_node.c nodes and records; cow_preserve.c before a change;
 * cow_volume.c opening and closing; cow_snapshots.c snapshots; cow_view.c reading; cow_change.c
 * changing; cow_amend.c, cow_view_change.c and cow_view_names.c changing a snapshot; cow_revert.c;
 * cow_epochs.c and cow_blocks.c what a snapshot keeps, cow_deletion.c how it goes; and what
 * outlives the process: cow_journal.c, cow_replay.c, cow_recover.c, cow_salvage.c
 * (cow_journal.h). */
#pragma once

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "emu/port/store.h"
#include "provider_sim/cow/area_log.h"
#include "provider_sim/cow/cow_blocks.h"
#include "provider_sim/cow/cow_store.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/cow/extent_map.h"
#include "emu/base/hash.h"

#define COW_COPY_BLOCKS 64u /* preserved with one read and one write */

enum cow_record_kind {
    COW_RECORD_STAT,   /* of the node */
    COW_RECORD_XATTRS, /* of the node, all of them */
    COW_RECORD_ENTRY,  /* a name in the node, a directory */
};

struct cow_xattr {
    char *name;
    void *value;
    size_t size;
};

struct cow_xattrs {
    ARRAY(struct cow_xattr) list;
};

/* The records of one thing, ascending by epoch. */
struct cow_history {
    ARRAY(struct cow_record *) records;
};

/* What a snapshot sees of something that has changed since. As large as its kind needs. */
struct cow_record {
    struct list in_epoch; /* of the snapshot that it was preserved for */
    struct cow_history *history;
    struct cow_node *node;
    enum cow_record_kind kind;
    uint32_t set; /* of v->epochs: the snapshot's number */
    union {
        struct {
            struct stat stat;
            struct cow_runs runs; /* the blocks that were preserved, too */
        } attributes;
        struct cow_xattrs xattrs;
        struct cow_node *target; /* pinned; NULL: there was no such name */
    };
};

/* A name of a directory that has records. */
struct cow_name {
    struct hash_link link;
    struct cow_history history;
    char name[];
};

struct cow_node {
    struct hash_link link; /* by inode number */
    ino_t ino;
    uint64_t id;              /* never repeats, unlike inode numbers */
    mode_t type;              /* S_IFREG, ... */
    uint32_t logged;          /* the generation of the log that knows it, 0: none */
    unsigned born;            /* newest snapshot when it was created; 0: before or unknown */
    unsigned refs;            /* callers */
    unsigned pins;            /* entry records whose target it is */
    unsigned safe;            /* the epoch for which cow_preserve_rights has looked */
    bool is_orphan;           /* no name but in the folder of orphans */
    bool is_unlinked;         /* no name at all */
    bool is_seen;             /* recovery has come across it */
    struct store_node *store; /* NULL while nobody needs it */
    off_t largest;            /* no record of its attributes has a larger size */
    struct cow_history stats;
    struct cow_history xattrs;
    struct hash names; /* of struct cow_name */
};

/* Records of one snapshot, of things that came to be at the same time. */
struct cow_births {
    unsigned born; /* of the nodes */
    struct list records;
};

struct cow_snapshot {
    unsigned number;
    bool is_lost;
    bool is_logged; /* the log knows it */
    bool is_open;   /* for recovery: it can be changed */
    struct cow_snapshot_info info;
    uint32_t set; /* the root, of v->epochs; EPOCH_SET_NONE before the first record */
    size_t n_records;
    ARRAY(struct cow_births *) births; /* ascending */
};

/* How far a snapshot is with giving up its records (cow_epochs.c). */
struct cow_dropping {
    struct cow_snapshot *s, *heir; /* heir NULL: there is none */
    size_t i;                      /* of s->births, while what nobody needs is freed; then: */
    struct cow_snapshot *scanned;  /* of the two the one with less; NULL: not that far */
    unsigned other;
    struct cow_births *births;
    struct list seen; /* of them, those that have been looked at */
};

struct cow_deletion;

/* Told to whoever asks; see emu/port/diff_area.h. */
struct cow_news {
    enum diff_area_event event;
    unsigned number;
};

struct cow_progress {
    cow_progress_listener *fn; /* NULL: nobody listens */
    void *arg;
    uint64_t done, total;
};

/* Who writes in order is about to change what follows (cow_preserve.c). */
struct cow_ahead {
    struct cow_node *node; /* written last; forgotten with it; NULL: none */
    off_t end;             /* of that write */
    size_t n_blocks;       /* to be preserved from there on, 0: nobody writes in order */
};

struct cow_volume {
    struct cow_store cs;
    dev_t device; /* of the root; other file systems below it are not ours */
    struct cow_node *root;
    struct hash nodes;
    uint64_t last_id;
    size_t n_records;
    uint64_t n_looked;             /* records and blocks that deletions have looked at, for tests */
    struct epoch_sets epochs;      /* of records and extents */
    unsigned going;                /* the snapshot that is handing down what it has, 0: none */
    struct cow_deletion *deletion; /* in steps; NULL: none */
    struct extent_map *extents;
    ARRAY(struct cow_snapshot *) snapshots; /* ascending */
    unsigned epoch;                         /* newest snapshot that is not lost, 0: none */
    bool is_held;
    bool is_offline;    /* rather than that a snapshot is given up */
    unsigned reverting; /* the snapshot that the origin is being put back to, 0: none */
    int refused;        /* why the revert cannot go on: 0, -ENOSPC, -EIO; offline until it ends */
    struct diff_area_limits limits;
    ARRAY(struct cow_news) news;
    bool has_news;       /* read without the lock */
    struct area_log log; /* without a file: no snapshot is persistent */
    bool is_replaying;   /* the log is being read: nothing is written */
    bool is_closing;     /* what is freed stays on disk */
    bool is_at_rest;     /* nothing of the origin has changed through us since: */
    struct timespec rested_at;
    bool is_reading; /* nothing is written, ever: is_closing from the first to the last */
    struct cow_progress progress;
    struct cow_ahead ahead;
    char *copy_buffer; /* COW_COPY_BLOCKS, made when first needed */
};

/* ---- cow_node.c ---- */

struct cow_node *cow_node_find(struct cow_volume *v, ino_t ino);
/* A node that has not been looked at: the log says that it is there. */
struct cow_node *cow_node_new(struct cow_volume *v, ino_t ino, uint64_t id, mode_t type);
void cow_node_delete(struct cow_volume *v, struct cow_node *node);
/* The node of a store node, which is taken. */
int cow_node_take(struct cow_volume *v, struct store_node *take_store, struct cow_node **ret_node);
/* The store's handle, opened again if need be; borrowed. */
int cow_node_store(struct cow_volume *v, struct cow_node *node, struct store_node **ret_store);
/* Frees it if nobody and no record needs it. */
void cow_node_settle(struct cow_volume *v, struct cow_node *node);

/* The same for all. */
void cow_nodes_settle(struct cow_volume *v);

static inline unsigned cow_record_epoch(const struct cow_volume *v, const struct cow_record *record)
{
    return epoch_sets_number(&v->epochs, record->set);
}

/* The record that snapshot `epoch` sees, NULL: it sees what is there now. */
struct cow_record *cow_history_find(const struct cow_volume *v, const struct cow_history *h,
                                    unsigned epoch);
/* The record before this one, NULL: it is the first. */
struct cow_record *cow_history_before(const struct cow_volume *v, const struct cow_record *record);
/* The record of this very epoch in the history of another one, NULL: there is none. */
struct cow_record *cow_history_of(const struct cow_volume *v, const struct cow_record *other,
                                  unsigned epoch);
/* Its epoch, 0: no record. */
unsigned cow_history_newest(const struct cow_volume *v, const struct cow_history *h);
struct cow_history *cow_names_find(const struct cow_node *dir, const char *name);
struct cow_history *cow_names_get(struct cow_node *dir, const char *name);
/* Adds an empty record for the newest snapshot. */
struct cow_record *cow_record_new(struct cow_volume *v, struct cow_node *node,
                                  struct cow_history *history, enum cow_record_kind kind);
/* The same for a snapshot that is not the newest and has none yet. */
struct cow_record *cow_record_new_at(struct cow_volume *v, struct cow_node *node,
                                     struct cow_history *history, enum cow_record_kind kind,
                                     unsigned epoch);
/* Attributes into a record of kind STAT. */
void cow_record_set_stat(struct cow_record *record, const struct stat *st);
void cow_record_free(struct cow_volume *v, struct cow_record *record);
/* An entry's record does not name it any more. */
void cow_node_unpin(struct cow_volume *v, struct cow_node *node);
void cow_xattrs_free(struct cow_xattrs *xattrs);

/* Forgets an object that no snapshot can reach any more. */
void cow_node_free_records(struct cow_volume *v, struct cow_node *node);

/* ---- cow_epochs.c: which records a snapshot has ---- */

void cow_epoch_add(struct cow_volume *v, struct cow_record *record, unsigned epoch);
void cow_epoch_remove(struct cow_volume *v, struct cow_record *record);
/* The snapshot, which is no longer counted as alive, gives up its records: the next older one
 * gets what it still sees (NULL: there is none). Costs what is given up, and as much as the one of
 * the two has that has less: deleting all of n snapshots costs, in any order, what they have
 * preserved times log n at most. */
void cow_epoch_drop(struct cow_volume *v, struct cow_snapshot *s, struct cow_snapshot *heir);
/* The same in steps: between them the origin may be changed, and snapshots made; the two may not.
 * False: that was the last one. */
void cow_epoch_begin_drop(struct cow_volume *v, struct cow_snapshot *s, struct cow_snapshot *heir,
                          struct cow_dropping *d);
bool cow_epoch_drop_some(struct cow_volume *v, struct cow_dropping *d);

/* ---- cow_deletion.c ---- */

/* What is still to be done of one goes at once: before anything becomes of other snapshots, and
 * before their records are listed. */
void cow_deletion_finish(struct cow_volume *v);

/* ---- cow_preserve.c: to be called before the change ---- */

/* All that the store has, added to the list; on failure it is to be freed nevertheless. */
int cow_xattrs_read(struct cow_volume *v, struct store_node *file, struct cow_xattrs *xattrs);

void cow_preserve_stat(struct cow_volume *v, struct cow_node *node);
void cow_preserve_xattrs(struct cow_volume *v, struct cow_node *node);
/* The extended attributes, if there are some that the host changes with the contents, the mode or
 * the owner: capabilities and access lists. */
void cow_preserve_rights(struct cow_volume *v, struct cow_node *node);
void cow_preserve_entry(struct cow_volume *v, struct cow_node *dir, const char *name);
/* Bytes from..to - 1; to INT64_MAX: to the end. Preserves the attributes too. -ENXIO: the volume
 * has gone offline instead, and the change must not be made. */
int cow_preserve_data(struct cow_volume *v, struct cow_node *node, off_t from, off_t to);
/* The same before a change that leaves nothing but zeroes there: what is a hole already needs no
 * keeping. */
int cow_preserve_cleared(struct cow_volume *v, struct cow_node *node, off_t from, off_t to);
/* Bytes have been written: cow_volume_between may go on from there. */
void cow_preserve_wrote(struct cow_volume *v, struct cow_node *node, off_t from, off_t to);

/* ---- cow_stand_in.c ---- */

/* The store's rename over the empty directory `node`, which snapshots need, without a log. */
int cow_stand_in_replace(struct cow_volume *v, struct cow_node *node, struct store_node *from_dir,
                         const char *from, struct store_node *to_dir, const char *to);

/* ---- cow_area.c ---- */

/* Room for n more blocks in the area, by giving up the oldest snapshots if need be. False: there is
 * no snapshot left that needs them, or the volume has gone offline. */
bool cow_area_make_room(struct cow_volume *v, size_t n_blocks);
/* The same question, and nothing is given up. */
bool cow_area_has_room(const struct cow_volume *v, size_t n_blocks);
/* What was to be preserved for the snapshots newer than `after` could not be: they are lost, and
 * the change goes on. */
void cow_area_lost(struct cow_volume *v, unsigned after);
/* The same before a change that can still be refused: protected snapshots are not lost. */
void cow_area_failed(struct cow_volume *v, unsigned after, int error);

/* ---- cow_snapshots.c ---- */

struct cow_snapshot *cow_snapshot_add(struct cow_volume *v, unsigned number,
                                      const struct cow_snapshot_info *info);
/* From now on `info`, of which all is copied, is what is known of it. */
void cow_snapshot_describe(struct cow_snapshot *s, const struct cow_snapshot_info *info);
void cow_snapshot_remove(struct cow_volume *v, struct cow_snapshot *s);
/* It is not alive any more, and its records must be dropped next; answers who gets them, NULL:
 * nobody. Afterwards cow_snapshot_dropped. */
struct cow_snapshot *cow_snapshot_resign(struct cow_volume *v, struct cow_snapshot *s);
void cow_snapshot_dropped(struct cow_volume *v);
/* It gives up what was preserved for it, and stays as a name. Nothing is logged. */
void cow_snapshot_lose(struct cow_volume *v, struct cow_snapshot *s);
struct cow_snapshot *cow_snapshot_find(const struct cow_volume *v, unsigned number);
/* The newest snapshot below `number` that is not lost; 0: none. */
unsigned cow_snapshot_older(const struct cow_volume *v, unsigned number);
/* 0, or why the view cannot be read. */
int cow_view_check(const struct cow_volume *v, unsigned view);
/* The snapshots newer than `after` cannot be kept right. False: there was none. Tells nobody. */
bool cow_lose_snapshots(struct cow_volume *v, unsigned after);
/* This one alone. */
void cow_lose_snapshot(struct cow_volume *v, struct cow_snapshot *s);

/* ---- cow_volume.c ---- */

/* Something long begins; goes on by n steps; has ended, whatever was left. */
void cow_progress_begin(struct cow_volume *v, uint64_t total);
static inline void cow_progress_step(struct cow_volume *v, uint64_t n)
{
    struct cow_progress *p = &v->progress;

    if (!p->total)
        return;
    p->done += n;
    if (p->fn && p->done < p->total)
        p->fn(p->arg, p->done, p->total);
}
void cow_progress_end(struct cow_volume *v);

bool cow_is_hidden(const struct cow_volume *v, const struct cow_node *dir, const char *name);

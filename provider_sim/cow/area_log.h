/* SPDX-License-Identifier: MIT */
/* The record log: framed, checksummed records, appended in memory and written together. It knows
 * frames, not what is in them. docs/diff-area-format.md, "The log". Used by cow_journal (out) and
 * cow_replay (in). Errors are negative errno values. */
#pragma once

#include "provider_sim/cow/area_bytes.h"

#include <sys/types.h>

#define AREA_FRAME_SIZE 16u

enum area_kind {
    AREA_BEGIN = 1,
    AREA_SNAPSHOT,
    AREA_DELETED,
    AREA_LOST,
    AREA_OBJECT,
    AREA_FORGOTTEN,
    AREA_STAT,
    AREA_XATTRS,
    AREA_ENTRY,
    AREA_BLOCKS,
    AREA_REPLACING,
    AREA_REPLACED,
    AREA_OPENED,
    AREA_SEALED,
    AREA_KEPT,
    AREA_KINDS,
};

struct store;
struct store_node;

struct area_log {
    struct store *store;
    struct store_node *folder; /* borrowed */
    struct store_node *file;   /* owned; NULL: there is no log */
    uint64_t generation;
    uint64_t end;       /* bytes written */
    uint64_t allocated; /* bytes that need no more room */
    uint64_t n_records; /* since the log was begun or read */
    struct area_bytes pending;
    size_t frame; /* where the record that is being made begins in it */
};

/* Begins a new log of this generation, with its BEGIN record pending. */
int area_log_create(struct store *store, struct store_node *folder, uint64_t generation,
                    struct area_log *ret_log);
/* Opens the log of this generation; -ENOENT. area_log_read must follow. */
int area_log_open(struct store *store, struct store_node *folder, uint64_t generation,
                  struct area_log *ret_log);
void area_log_close(struct area_log *log);
/* Removes the file of a generation, if there is one. */
void area_log_remove(struct store *store, struct store_node *folder, uint64_t generation);

/* A record: begin, put its body into what begin answered, end. It is then pending. */
struct area_bytes *area_log_begin(struct area_log *log, enum area_kind kind);
void area_log_finish(struct area_log *log);
/* Writes what is pending with one write. On failure nothing of it counts; it stays pending. */
int area_log_flush(struct area_log *log);
/* What is pending and could not be written never happened. */
void area_log_forget(struct area_log *log);
int area_log_sync(struct area_log *log);
uint64_t area_log_size(const struct area_log *log); /* written and pending */

enum area_log_end {
    AREA_LOG_WHOLE,   /* it ends with a record */
    AREA_LOG_TORN,    /* behind the last record stands something that is none */
    AREA_LOG_DAMAGED, /* and behind that a record again, or `each` refused one */
};

struct area_record {
    enum area_kind kind;
    uint64_t offset;
    size_t size;             /* of the frame and the body */
    struct area_reader body; /* with the zeroes that fill it */
};

typedef bool area_record_fn(void *arg, struct area_record *record);

/* Reads all records, up to byte `limit` of the file, and sets the log's end behind the last valid
 * one. each: false refuses the record. */
int area_log_read(struct area_log *log, uint64_t limit, area_record_fn *each, void *arg,
                  enum area_log_end *ret_end);

/* ---- what can still be read of a log that is damaged, or that nothing is known of ---- */

/* Opens the log of the generations with this lowest bit, whatever its generation is; the caller's
 * guess counts if the file does not tell. -ENOENT; -EBADMSG: it does not tell, and the guess is of
 * the other file. */
int area_log_open_any(struct store *store, struct store_node *folder, unsigned parity,
                      uint64_t generation, struct area_log *ret_log);
/* Every record of the file that is valid where it stands, whatever is between them; each: false
 * ends it. Time and memory are bounded by the size of the file, whatever is in it. */
int area_log_scan(struct area_log *log, area_record_fn *each, void *arg);

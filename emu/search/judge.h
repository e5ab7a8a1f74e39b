/* SPDX-License-Identifier: MIT */
/* Whether a run was as it must always be, told from its records alone: the rules of docs/search.md
 * about what is always true. A failure names its rule and what broke it. Exit codes and crashes are
 * the business of whoever ran the program. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct trace_record;
struct judge;

/* A note of the world: a component was reported as saved, and this file of it (the object; the
 * component is the detail) was not read from the snapshot. */
#define JUDGE_NOTE_UNREAD "never read from the snapshot"
/* Another: the world is made, what subscribes from now on is the program's. */
#define JUDGE_NOTE_BEGINS "the program begins"

/* Another: who has made a document that cannot be read (the detail). */
#define JUDGE_NOTE_DOCUMENT "a document is not well-formed"
/* Another: all volumes as they are in the snapshots of a set, or (detail) as a requester has
 * restored them, are in the directory with this number (the object). */
#define JUDGE_NOTE_LAID_OUT "laid out"
#define JUDGE_RESTORED      "restored"
/* Another: told to leave, it is still there; what was done about that stands behind. */
#define JUDGE_NOTE_STAYS "the program has not left"

/* How long a program may take, by its clock: rule endless. */
#define JUDGE_DAY_NS (INT64_C(24) * 3600 * 1000000000)

enum judge_rule {
    JUDGE_NOT_THAWED,        /* a writer froze and was neither thawed nor aborted */
    JUDGE_WRITES_HELD,       /* writes of a volume were still held at the end */
    JUDGE_EVENT_AFTER_ABORT, /* a session went on behind its Abort */
    JUDGE_NO_SHUTDOWN,       /* PrepareForBackup, and no BackupShutdown at the end */
    JUDGE_LATE,              /* a handler past its window, and no planned delay explains it */
    JUDGE_FINDING,           /* a rule of level must was broken */
    JUDGE_STAYS,             /* told to leave, and still there 5 s of its clock later */
    JUDGE_STUCK,       /* it goes on without letting time pass, or stands in something foreign */
    JUDGE_DEADLOCK,    /* everybody waits for ever */
    JUDGE_ENDLESS,     /* the program was still there after a day of its clock */
    JUDGE_NOT_LISTED,  /* a writer answered Identify once, and then refused without a reason */
    JUDGE_LEFT_BEHIND, /* a persistent snapshot, and nothing kept the program from deleting it */
    JUDGE_DOCUMENT,    /* what the requester or a writer of the program has made cannot be read */
    N_JUDGE_RULES
};

struct judge_failure {
    enum judge_rule rule;
    char *what; /* "writer Sql: Freeze at 12.5 s, and no Thaw or Abort"; owned */
    int64_t at_ns;
};

/* counts_findings: false where the requester breaks rules on purpose. */
struct judge *judge_new(bool counts_findings);
void judge_free(struct judge *judge);
/* A run of a program begins: its plan (borrowed) tells who is a partner of ours, whose failures are
 * no failures of the program. Without this everybody is the program's own. */
void judge_begin(struct judge *judge, const struct plan *plan, bool is_of_writer);
/* A record of the run, in their order. */
void judge_record(struct judge *judge, const struct trace_record *record);
/* The run is over: its failures can be asked for. */
void judge_end(struct judge *judge);
/* Forgets the run, for the next. */
void judge_reset(struct judge *judge);
size_t judge_count(const struct judge *judge);
const struct judge_failure *judge_get(const struct judge *judge, size_t i);

const char *judge_rule_name(enum judge_rule rule); /* "not-thawed" */
/* What was laid out where the program's writers had all agreed, and nothing had happened to them:
 * a check of it has to pass. "3" and whether it was restored; i from 0, NULL: no more. */
const char *judge_look(const struct judge *judge, size_t i, bool *ret_is_restored);
/* A planned fault has ended the program with a signal. */
bool judge_explains_signal(const struct judge *judge);
/* Why a requester that said "done" is wrong; NULL: it is right. The caller frees. */
char *judge_success(const struct judge *judge);

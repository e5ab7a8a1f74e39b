/* SPDX-License-Identifier: MIT */
/* Whether a run was as it must always be, told from its records alone: the rules of docs/search.md
 * about what is always true. A failure names its rule and what broke it. Exit codes and crashes are
 * the business of whoever ran the program. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stdint.h>

struct trace_record;
struct judge;

enum judge_rule {
    JUDGE_NOT_THAWED,        /* a writer froze and was neither thawed nor aborted */
    JUDGE_WRITES_HELD,       /* writes of a volume were still held at the end */
    JUDGE_EVENT_AFTER_ABORT, /* a session went on behind its Abort */
    JUDGE_NO_SHUTDOWN,       /* PrepareForBackup, and no BackupShutdown at the end */
    JUDGE_LATE,              /* a handler past its window, and no planned delay explains it */
    JUDGE_FINDING,           /* a rule of level must was broken */
    JUDGE_STAYS,             /* told to leave, and still there 5 s of its clock later */
    JUDGE_STUCK,    /* it goes on without letting time pass, or stands in something foreign */
    JUDGE_DEADLOCK, /* everybody waits for ever */
    JUDGE_ENDLESS,  /* the program was still there after a day of its clock */
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
/* A record of the run, in their order. */
void judge_record(struct judge *judge, const struct trace_record *record);
/* The run is over: its failures can be asked for. */
void judge_end(struct judge *judge);
/* Forgets the run, for the next. */
void judge_reset(struct judge *judge);
size_t judge_count(const struct judge *judge);
const struct judge_failure *judge_get(const struct judge *judge, size_t i);

const char *judge_rule_name(enum judge_rule rule); /* "not-thawed" */

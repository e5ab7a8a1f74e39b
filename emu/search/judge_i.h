/* SPDX-License-Identifier: MIT */
/* What the files of the judge share: judge.c (its life and its questions) and judge_records.c (what
 * a record means). Nobody else includes it. */
#pragma once

#include "emu/search/excuses.h"
#include "emu/search/judge.h"

#include <stdint.h>

#define WRITER "writer " /* how its records name one */

struct party {
    char *who;
    int n_frozen;      /* Freeze agreed to, less Thaws and Aborts behind it */
    int n_prepared;    /* PrepareForBackup told, less BackupShutdowns */
    int n_instances;   /* that have subscribed by this name */
    int n_held;        /* holds of a volume, less releases */
    bool is_aborted;   /* since the last PrepareForBackup or BackupShutdown */
    bool is_restoring; /* between PreRestore and a PostRestore that it agreed to */
    bool is_of_world;  /* it was there before the program */
    bool has_answered; /* Identify, and well */
    bool is_excused;   /* a fault made it leave, hang or crash */
    bool has_fault;    /* some fault befell it */
    bool has_failed;   /* in the last set, with a code that says so */
    int n_set_frozen;  /* Freezes of the last set that it agreed to */
    int64_t set_ns;    /* its last PrepareForSnapshot */
    int64_t frozen_ns, prepared_ns, held_ns;
};

struct look {
    char *number; /* owned */
    bool is_restored;
};

struct judge {
    bool counts_findings;
    const struct plan *plan; /* of the run; NULL: everybody is the program's own */
    bool is_of_writer;       /* the program is a writer: its requester is ours */
    bool is_cut_off;
    bool has_cancelled;
    bool is_overlapping;
    bool has_begun;      /* the program, in a world that is made */
    bool has_subscribed; /* a writer of the program's */
    unsigned n_sessions;
    struct excuses excuses;
    /* Of the last set. */
    bool has_failed_set;
    char *circle;           /* of threads that wait for each other; owned, NULL: none */
    char *unread, *despite; /* what was reported as a success and is none; owned, NULL: nothing */
    ARRAY(struct party) parties;
    ARRAY(struct look) looks;
    ARRAY(struct judge_failure) failures;
};

void judge_fail(struct judge *j, enum judge_rule rule, int64_t at_ns, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Its row, made where there is none. */
struct party *judge_party(struct judge *j, const char *who);
bool judge_is_of_cast(const struct judge *j, const char *who);
void judge_forget_set(struct judge *j);

static inline double judge_seconds(int64_t ns)
{
    return (double)ns / 1e9;
}

/* SPDX-License-Identifier: MIT */
/* PUBLIC to whoever runs the built-in requester: the program betest, and emu/setup, which runs it
 * as the partner of a writer program. It is a requester like any other, on Microsoft's interfaces
 * alone; the grammar of its command line is that of the SDK's tool (Learn: "BETest Tool").
 *
 * What it leaves behind: the backup components document in /S FILE, all writers' metadata
 * documents in one file beside it (FILE with .writers before its suffix), and the copied files
 * in /D DIR (betest_store.h). */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a run ended; the exit code of the program. The highest that applies counts. */
enum betest_exit {
    BETEST_DONE = 0,
    BETEST_USAGE = 1,            /* the command line makes no sense; nothing was begun */
    BETEST_VSS_FAILED = 2,       /* a call of the VSS interfaces failed: no backup, no restore */
    BETEST_COMPONENT_FAILED = 3, /* it ran to its end, but a writer or a component failed */
    BETEST_FILE_FAILED = 4       /* a document, configuration or store cannot be used */
};

/* One line for each volume while its snapshot can be read: for those who look for themselves. */
struct betest_snapshot {
    const char *volume; /* "C:\" */
    const char *device; /* "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1" */
};

/* /T; what a zeroed structure means is a full backup. */
enum betest_type {
    BETEST_FULL,
    BETEST_INCREMENTAL,
    BETEST_DIFFERENTIAL,
    BETEST_LOG,
    BETEST_COPY,
    BETEST_N_TYPES
};

/* Strings are the caller's and must stay; paths are UTF-8, of the host unless they look like
 * Windows (a drive letter or \\?\). What excludes each other, betest_options_parse refuses;
 * betest_run trusts its caller. */
struct betest_options {
    bool backup;  /* /B, or neither /B nor /R */
    bool restore; /* /R, or neither */
    bool verbose;
    bool snapshot_only;  /* /Snapshot: the shadow copy, no files (with backup) */
    bool complete_only;  /* /BC: PrepareForBackup and BackupComplete, nothing else (with backup) */
    bool never_complete; /* /NBC */
    bool persistent, rollback, bootable_state;
    bool authoritative;
    bool stop_at_error; /* /StopError: a writer that fails ends the run */
    enum betest_type type;
    const char *document;       /* /S; NULL: the document is not kept */
    const char *store;          /* /D; NULL: no files are copied */
    const char *configuration;  /* /X; NULL: every component */
    const char *component_list; /* /C, the older form of the same */
    const char *previous;       /* /Pre: the document of the backup that this one builds on */
    const char *new_target;     /* /NewTarget, "C:\old=D:\new": restore elsewhere */
    FILE *out;                  /* where it tells what it does; NULL: standard output */
    /* Called after the copy, while the snapshots exist; false fails the run. May be NULL. */
    bool (*at_snapshot)(void *arg, const struct betest_snapshot *snapshots, size_t n_snapshots);
    void *at_snapshot_arg;
};

/* Reads the command line; a mistake is told on standard error and answered with false. The
 * strings of *ret_options are those of argv. --help answers false as well, with *ret_help set. */
bool betest_options_parse(int argc, char **argv, struct betest_options *ret_options,
                          bool *ret_help);

/* "INCREMENTAL"; of a word in any case, false if there is no such type. */
const char *betest_type_word(enum betest_type type);
bool betest_type_of_word(const char *word, enum betest_type *ret);

/* The whole run; answers an enum betest_exit. Never leaves a session behind, nor a
 * snapshot unless it is persistent and its backup came to its end. */
int betest_run(const struct betest_options *options);

/* betest_options_parse and betest_run: what main() of the program does. */
int betest_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

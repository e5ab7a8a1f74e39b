/* SPDX-License-Identifier: MIT */
/* What the parts of the Test Writer share: test_writer.c (events, metadata), test_writer_choice.c
 * (which components take part) and test_writer_files.c (spitting, deleting, checking). */
#pragma once

#include "emu/base/array.h"
#include "emu/doc/test_writer_config.h"
#include "writer_sim/sim_files.h"
#include "writer_sim/sim_writer.h"
#include "writer_sim/test_writer.h"

/* What a file of a backup contained, to compare after the restore. */
struct test_writer_record {
    size_t component;             /* of the configuration */
    const char *directory;        /* of the configuration, as a Windows path */
    const struct filespec *files; /* the set it belongs to; NULL: named on its own */
    char *relative_path;          /* below the set's directory, "x/y" */
    char *ranges;                 /* NULL: the whole file counts */
    uint64_t fingerprint;
};

struct test_writer {
    struct sim_writer sim;
    struct test_writer_config *config;
    uint32_t *failures_left;   /* one for each FailEvent */
    struct text_index by_name; /* of the components: test_writer_key() to number */
    bool *is_chosen;           /* one for each component: takes part in this operation */
    ARRAY(struct test_writer_record) records;
    struct text_index excluded_before; /* excluded files that were there before the restore */
};

bool test_writer_says(const struct test_writer *writer, enum test_writer_verbosity at_least);

/* Path and name of a component as one text; the caller frees. */
char *test_writer_key(const char *logical_path, const char *name);

/* Fills is_chosen. components NULL (not in component mode): all take part. In a restore only what
 * was selected and came back completely counts, once no further restore of it is to follow. */
void test_writer_choose_for_backup(struct test_writer *writer, IVssWriterComponents *components);
void test_writer_choose_for_restore(struct test_writer *writer, IVssWriterComponents *components,
                                    bool only_restored);
/* Used mappings and new targets of all components, as file sets; freed with filespecs_free. A
 * mapping that the configuration does not offer is the requester's mistake: noted. */
void test_writer_collect_targets(struct test_writer *writer, IVssWriterComponents *components,
                                 struct filespecs *ret_targets);

/* Before the copy: spit files to their alternate paths, delete the originals if so configured. */
void test_writer_before_snapshot(struct test_writer *writer);
/* After it: remember what the copy holds (checkIncludes), delete files if so configured. */
void test_writer_after_snapshot(struct test_writer *writer);
/* Whether a backup of the running type has to hold a file of this set. */
bool test_writer_needs(const struct test_writer *writer, size_t component,
                       const struct filespec *files, const struct stat *st);
void test_writer_forget_records(struct test_writer *writer);
/* Before and after a restore; the second answers how many mistakes it noted. */
void test_writer_before_restore(struct test_writer *writer);
unsigned test_writer_check_restore(struct test_writer *writer, IVssWriterComponents *components);

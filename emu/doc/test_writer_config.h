/* SPDX-License-Identifier: MIT */
/* The configuration file of the SDK's Test Writer, read into structures (Learn: "VSS Test Writer
 * Tool"). writer_sim/test_writer makes a writer of it. Paths stay as written: expanding
 * variables and reaching files is the writer's work. */
#pragma once

#include "emu/doc/wmd.h"

enum test_writer_verbosity { TEST_WRITER_LOW, TEST_WRITER_MEDIUM, TEST_WRITER_HIGH };

enum test_writer_event {
    TEST_WRITER_IDENTIFY,
    TEST_WRITER_PREPARE_FOR_BACKUP,
    TEST_WRITER_PREPARE_FOR_SNAPSHOT,
    TEST_WRITER_FREEZE,
    TEST_WRITER_THAW,
    TEST_WRITER_POST_SNAPSHOT,
    TEST_WRITER_ABORT,
    TEST_WRITER_BACKUP_COMPLETE,
    TEST_WRITER_PRE_RESTORE,
    TEST_WRITER_POST_RESTORE,
    TEST_WRITER_N_EVENTS
};

#define TEST_WRITER_EVERY_TIME UINT32_MAX

struct test_writer_fail {
    enum test_writer_event event;
    bool retryable;
    uint32_t n_failures; /* TEST_WRITER_EVERY_TIME when the file gives none */
};

struct test_writer_partial {
    char *path, *filespec, *ranges;
};

struct test_writer_differenced {
    char *path, *filespec;
    bool recursive;
    uint64_t last_modify_time; /* FILETIME; the file's local time taken as GMT */
};

struct test_writer_component {
    VSS_COMPONENT_TYPE type;
    char *logical_path; /* "" is the root */
    char *name;
    char *caption; /* NULL: none */
    bool selectable;
    struct filespecs files; /* alternate_path: the spit location */
    ARRAY(struct wmd_dependency) dependencies;
    ARRAY(struct test_writer_partial) partial_files;
    ARRAY(struct test_writer_differenced) differenced_files;
};

struct test_writer_config {
    VSS_USAGE_TYPE usage;
    char *instance_name; /* NULL: none */
    enum test_writer_verbosity verbosity;
    bool delete_files, delete_partial_files, delete_differenced_files;
    bool check_includes, check_excludes;
    uint32_t backup_schema; /* made of supportsCopy, supportsNewTarget and so on */
    VSS_RESTOREMETHOD_ENUM restore_method;
    VSS_WRITERRESTORE_ENUM writer_restore;
    bool reboot_required;
    struct filespecs alternate_mappings;
    struct filespecs exclude_files;
    ARRAY(struct test_writer_fail) fail_events;
    ARRAY(struct test_writer_component) components;
};

const char *test_writer_event_name(enum test_writer_event event); /* "PrepareForBackup" */

/* size bytes of text; file_name is for messages. S_OK and *ret (freed with
 * test_writer_config_free), or VSS_E_INVALID_XML_DOCUMENT and *ret_error: file, line, element,
 * attribute and what is allowed; the caller frees it. */
HRESULT test_writer_config_parse(const char *text, size_t size, const char *file_name,
                                 struct test_writer_config **ret, char **ret_error);
void test_writer_config_free(struct test_writer_config *config);

/* SPDX-License-Identifier: MIT */
/* The scenarios of vssemu test: their files, what is in them, and how each of them went. */
#pragma once

#include "emu/base/array.h"
#include "emu/base/str.h"
#include "emu/scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

enum test_result {
    TEST_WAITING,
    TEST_RUNNING,
    TEST_PASSED,
    TEST_FAILED,
    TEST_NO_SENSE, /* the file is wrong, or no world can be made of it */
    TEST_BROKEN    /* vssemu itself failed */
};

struct test_file {
    char *path;
    char *name; /* of the scenario, else the file's without .yaml */
    struct scenario scenario;
    enum test_result result;
    struct str report;   /* what was not as expected */
    struct str timeline; /* lines for people; nothing for those that passed */
    int64_t took_us;
};

struct test_files {
    struct test_file *items;
    size_t count, capacity;
};

/* A file, or every *.yaml in and below a directory. A file that is no scenario is one that has its
 * result already. False: there is no such thing; says so. */
bool test_files_add(struct test_files *files, const char *path);
void test_files_sort(struct test_files *files); /* by path */
/* Keeps those that match one of the patterns; none: all. */
void test_files_filter(struct test_files *files, const struct scenario_texts *patterns);
void test_files_free(struct test_files *files);

/* SPDX-License-Identifier: MIT */
/* How expectations are written: the keys below `expect:`, for reader, writer and reports. */
#pragma once

#include "emu/scenario/scenario.h"

enum expect_of {
    EXPECT_OF_ALL,     /* one of its kind in a scenario */
    EXPECT_OF_SUBJECTS /* a mapping: a call, a writer, a file */
};

enum expect_form {
    EXPECT_WORDS, /* words in a line or a list */
    EXPECT_LINES, /* a line each */
    EXPECT_TEXT   /* one text; nothing written: it is not there */
};

struct expect_row {
    const char *key;
    enum expect_of of;
    enum expect_form form;
};

extern const struct expect_row expect_rows[N_EXPECTATION_KINDS];

/* SPDX-License-Identifier: MIT */
/* Texts that a component `c` (IVssComponent and its extensions) answers, in stories of writers. */
#pragma once

#include "stage.h"

#include <wchar.h>

/* Whether the answer is this text, which is freed. */
static inline bool is_text(BSTR answer, LPCWSTR text)
{
    bool is_same = answer && wcscmp(answer, text) == 0;

    SysFreeString(answer);
    return is_same;
}

/* c's method answers this text. */
#define READS(itf, method, text)                             \
    do {                                                     \
        BSTR answer_ = NULL;                                 \
        SHOWS(itf, method, S_OK, call(c, method, &answer_)); \
        EXPECT(is_text(answer_, text));                      \
    } while (0)
/* c's method answers that there is none. */
#define READS_NOTHING(itf, method)                              \
    do {                                                        \
        BSTR answer_ = NULL;                                    \
        SHOWS(itf, method, S_FALSE, call(c, method, &answer_)); \
        EXPECT(!answer_);                                       \
    } while (0)

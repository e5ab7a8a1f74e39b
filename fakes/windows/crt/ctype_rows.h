/* SPDX-License-Identifier: MIT */
/* Classes and cases of 16-bit characters as tables; ctype_rows.c is written by ci/unicode-rows. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The classes of GetStringType's CT_CTYPE1, which are the C library's as well. */
#define CTYPE_UPPER   0x001u
#define CTYPE_LOWER   0x002u
#define CTYPE_DIGIT   0x004u
#define CTYPE_SPACE   0x008u
#define CTYPE_PUNCT   0x010u
#define CTYPE_CNTRL   0x020u
#define CTYPE_BLANK   0x040u
#define CTYPE_XDIGIT  0x080u
#define CTYPE_ALPHA   0x100u
#define CTYPE_DEFINED 0x200u

/* Characters from first up to the next row's. In the order of first. */
struct ctype_row {
    uint16_t first, classes;
};
extern const struct ctype_row ctype_rows[];
extern const size_t ctype_n_rows;

/* Upper-case letters first, first + step, ... last; the lower one of each is distance away. In the
 * order of first, and no two rows overlap except in their gaps. */
struct case_row {
    uint16_t first, last, step;
    int distance;
};
extern const struct case_row case_rows[];
extern const size_t case_n_rows;

/* Makes the tables, which otherwise whoever asks first does. */
void ctype_prepare(void);
/* Classes of a character. */
unsigned ctype_of(uint16_t c);
/* The other case, or c itself. */
uint16_t ctype_lower(uint16_t c);
uint16_t ctype_upper(uint16_t c);

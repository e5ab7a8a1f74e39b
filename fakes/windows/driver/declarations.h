/* SPDX-License-Identifier: MIT */
/* What a function of Windows is: one that Wine's, mingw-w64's VSS or our own headers declare. Only
 * read when a link misses something, so there is no list to keep. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>
#include <stddef.h>

enum declaration_kind { DECLARED_NOWHERE, DECLARED_FUNCTION, DECLARED_GUID };

struct declaration {
    const char *name; /* asked for */
    enum declaration_kind kind;
    char *header;       /* "winbase.h"; owned */
    bool gives_hresult; /* of a function */
    char *value;        /* of an identifier: "0x1, 0x2, ..., 0xb"; owned */
};

/* Looks for all at once: fills in kind and what goes with it. */
void declarations_find(struct declaration *all, size_t n);
void declarations_free(struct declaration *all, size_t n);

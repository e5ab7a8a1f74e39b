/* SPDX-License-Identifier: MIT */
/* What a function of Windows is: one that Wine's, mingw-w64's VSS or our own headers declare. Only
 * read when a link misses something, so there is no list to keep. */
#pragma once

#include "fakes/windows/driver/failing.h"

#include "emu/base/array.h"

#include <stdbool.h>
#include <stddef.h>

enum declaration_kind { DECLARED_NOWHERE, DECLARED_FUNCTION, DECLARED_GUID };

struct declaration {
    const char *name; /* asked for */
    enum declaration_kind kind;
    char *header;                 /* "winbase.h"; owned */
    struct failing_value failing; /* of a function: what its stub answers */
    char *value;                  /* of an identifier: "0x1, 0x2, ..., 0xb"; owned */
};

/* Looks for all at once: fills in kind and what goes with it. A name that a header gives to a
 * declared one (`#define EnumProcesses K32EnumProcesses`) counts as declared. */
void declarations_find(struct declaration *all, size_t n);
void declarations_free(struct declaration *all, size_t n);

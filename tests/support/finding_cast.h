/* SPDX-License-Identifier: MIT */
/* The writers of stories about findings: a correct one, and what makes a correct program of another
 * one wrong. */
#pragma once

#include "emu/include/vssemu.h"

/* Who and what is on the machine beside volumes C: and D: and the writer "Cast" with its component
 * "docs" (C:\docs). */
enum story_cast {
    CAST_PLAIN,
    CAST_TREE,       /* docs\part, selectable, too */
    CAST_MANDATORY,  /* "config", not selectable */
    CAST_DEPENDENCY, /* docs depends on "content" of the writer "Other" */
    CAST_ON_D,       /* docs has files on D:, too */
    CAST_ALTERNATE,  /* restores go to an alternate location */
    CAST_FAILS,      /* the writer fails in PostSnapshot */
    CAST_SCHEMA      /* its backup schema offers everything */
};

extern const VSS_ID cast_id, cast_other_id;

/* In the calling thread's world. */
struct cast *cast_new(enum story_cast kind);
void cast_free(struct cast *cast);

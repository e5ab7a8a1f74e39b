/* SPDX-License-Identifier: MIT */
/* A document's content as text for people: a line for each fact, in the order that carries meaning.
 * Two documents are equivalent when the lines are equal, whatever their XML looked like; where they
 * are not, the first different line says what differs. */
#pragma once

#include "emu/doc/bcd.h"
#include "emu/doc/wmd.h"

/* without_instance: leaves out the instance's id, which is new for every start of a writer. The
 * caller frees. */
char *wmd_text(const struct wmd *wmd, bool without_instance);
char *bcd_text(const struct bcd *bcd);

/* "line 3: `a` and `b`" of the first different line, or NULL when there is none; the caller
 * frees. */
char *first_difference(const char *a, const char *b);

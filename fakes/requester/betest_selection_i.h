/* SPDX-License-Identifier: MIT */
/* What the parts of the selection share: betest_selection.c (marks and lists) and
 * betest_dependencies.c (what comes along because others need it). A mark is kept for each
 * component of each writer. */
#pragma once

#include "fakes/requester/betest_selection.h"

enum mark { NOT_CHOSEN, ASKED_FOR, EXPLICIT };

/* The outermost selectable component above this one that has at least the wanted mark; NULL when
 * there is none. */
struct wmd_component *selection_marked_ancestor(struct wmd *wmd,
                                                const struct wmd_component *component,
                                                const unsigned char *marks, enum mark wanted);

/* Marks what the marked components depend on, and what that depends on, and says so. */
void selection_mark_dependencies(struct selection *s, unsigned char **marks,
                                 struct betest_report *report);

/* SPDX-License-Identifier: MIT */
/* What the parts of a restore share: betest_restore.c (its course) and betest_restore_choice.c
 * (what is restored). Functions that answer false have reported why. */
#pragma once

#include "fakes/requester/betest_history.h"
#include "fakes/requester/betest_place_back.h"
#include "fakes/requester/betest_session.h"

/* One pass: one document, one session. */
struct restore {
    struct session session;      /* its selection: the saved writers, and what is restored */
    struct selection live;       /* the writers that run now */
    bool has_more;               /* later passes build on this one */
    const struct history *chain; /* all passes, the last first; NULL: there is only this one */
    struct place_memory *memory;
};

/* Chooses among the components of the document: those of /X or /C, or all. In a chain there may be
 * none; what is named has to be in one of its backups. */
bool restore_choose(struct restore *r);

/* SetSelectedForRestore and what goes with it, for each. */
bool restore_select(struct restore *r);

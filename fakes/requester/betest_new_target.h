/* SPDX-License-Identifier: MIT */
/* /NewTarget OLD=NEW: where a restore puts file sets whose directory is OLD or lies below it
 * (Learn: "Non-Default Backup And Restore Locations"). */
#pragma once

#include "emu/doc/filespec.h"
#include "fakes/requester/betest_session.h"

/* The file sets of the explicit component at `owner`, and of what comes with it, that go elsewhere;
 * alternate_path is the new directory. Empty without /NewTarget, and for writers that do not
 * support it. The caller frees with filespecs_free. */
void new_targets_of(const struct session *s, size_t owner, struct filespecs *ret);

/* AddNewTarget for each; says when a writer does not support it. */
bool new_targets_tell(struct session *s, size_t owner);

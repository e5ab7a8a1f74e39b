/* SPDX-License-Identifier: MIT */
/* A requester's program as a line of words ("com create init ... release"), so that the correct
 * program and the one that breaks a rule can stand side by side in a table. finding_story.c lists
 * the words. */
#pragma once

#include "tests/support/finding_cast.h"

/* Plays the script in a world of its own; the program has ended, its findings are complete. Free
 * with story_close(). */
struct story *story_play(enum story_cast cast, const char *script);
struct vssemu_world *story_world(struct story *story);
void story_close(struct story *story);

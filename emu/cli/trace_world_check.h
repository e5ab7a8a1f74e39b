/* SPDX-License-Identifier: MIT */
/* Whether the world in the header of a trace can be one: every key is known, and what it holds is
 * of its kind. A header that somebody has edited must not become another run in silence. */
#pragma once

#include <jansson.h>

/* What is wrong, with its key; NULL: nothing. The caller frees. */
char *trace_world_wrong(const json_t *world);

/* SPDX-License-Identifier: MIT */
/* The world's description, as the launcher hands it to libvssapi in the program: JSON in the
 * environment variable VSSEMU_WORLD.
 *
 *     {"clock":"real"|"virtual","seed":N,
 *      "volumes":[{"name":"C:","dir":"/abs","mount":"/abs"|null,"control_fd":N|null}],
 *      "document_limit":N,"writer_metadata":["/abs/file.xml"],"catalog_writers":["registry"],
 *      "writers":["/abs/file.xml"],"requester":null|{"betest":"/abs/file.xml"|null},
 *      "trace_fd":N|null}
 */
#pragma once

#include "emu/cli/launch_volumes.h"

#include <jansson.h>

/* False: says which option cannot be put into it, because it is not UTF-8. */
bool world_text_is_possible(const struct launch_plan *plan);
/* life: what differs when the program is started again (launch_life.h); taken, NULL: nothing.
 * step_fd: the socket of --step, -1: none.
 * objects: the file of the memory that named objects stand in; NULL: none. The caller frees. */
char *world_text_make(const struct launch_plan *plan, const struct launched_volumes *volumes,
                      int trace_fd, int step_fd, const char *objects, json_t *take_life);

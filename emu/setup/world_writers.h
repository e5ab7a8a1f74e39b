/* SPDX-License-Identifier: MIT */
/* Simulated writers from documents: volumes that a document names and the world lacks are added in
 * memory, directories and files that it lists are made there, each with a word of warning in the
 * trace (and on standard error in a world that the launcher described). */
#pragma once

#include "emu/setup/world.h"

struct metadata_writer_options;
struct wmd;

/* A Writer Metadata Document, or several, as a saved backup has them: a file, or its text (size
 * bytes; name stands in messages). 0, or a negative errno and *ret_error, a sentence that the
 * caller frees. */
int world_add_metadata_writer(struct vssemu_world *world, const char *xml_path, char **ret_error);
int world_add_metadata_writer_text(struct vssemu_world *world, const char *text, size_t size,
                                   const char *name, char **ret_error);
/* The same of a file, with what a trace says besides of the writer; nothing is warned of. */
int world_add_recorded_writer(struct vssemu_world *world, const char *xml_path,
                              const struct metadata_writer_options *options, char **ret_error);
/* One that a scenario has made up: takes the reference; nothing is warned of. */
int world_add_document_writer(struct vssemu_world *world, struct wmd *take_wmd,
                              const struct metadata_writer_options *options, char **ret_error);
/* A writer of the catalogue by key or name; "windows": those of an idle machine. */
int world_add_catalog_writer(struct vssemu_world *world, const char *name, char **ret_error);

void world_free_metadata_writers(struct vssemu_world *world);

/* SPDX-License-Identifier: MIT */
/* The rows of cast.h, for cast.c alone. */
#pragma once

#include "emu/scenario/cast.h"

extern const struct cast_member cast_rows[];
extern const size_t cast_n_rows;

/* What rows of the catalogue's form cannot say. A list ends with a key of NULL. */
struct cast_mapping {
    const char *key, *path, *filespec, *to;
};
extern const struct cast_mapping cast_mappings[];

struct cast_dependency {
    const char *key, *component; /* of whom */
    const char *on_writer_id, *on_path, *on_component;
};
extern const struct cast_dependency cast_dependencies[];

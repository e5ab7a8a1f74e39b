/* SPDX-License-Identifier: MIT */
/* Words that rows of struct catalog_writer are written in: file sets, and the ends of lists. For
 * the files that hold such rows alone. */
#pragma once

#include "emu/doc/writer_catalog.h"

#include <stddef.h>

#define FILES(path, filespec)                \
    {                                        \
        CATALOG_FILES, path, filespec, false \
    }
#define BELOW(path, filespec)               \
    {                                       \
        CATALOG_FILES, path, filespec, true \
    }
#define LOGS(path, filespec)                \
    {                                       \
        CATALOG_LOGS, path, filespec, false \
    }
#define WITHOUT(path, filespec)                 \
    {                                           \
        CATALOG_EXCLUDED, path, filespec, false \
    }
#define NO_COPY(path, filespec)                       \
    {                                                 \
        CATALOG_NOT_IN_SNAPSHOT, path, filespec, true \
    }
#define END          \
    {                \
        .name = NULL \
    }
#define END_OF_FILES                     \
    {                                    \
        CATALOG_FILES, NULL, NULL, false \
    }

#define COMPONENTS(name) static const struct catalog_component name[]
#define EXCLUDED(name)   static const struct catalog_files name[]

/* SPDX-License-Identifier: MIT */
/* Where the drivers find what they put into programs: beside themselves when they are installed
 * (PREFIX/bin, whatever the prefix is now), in the build tree that made them otherwise; and the
 * folder of what they keep from one call to the next. */
#pragma once

#include <stdbool.h>

struct driver_places {
    const char *headers;        /* of Windows, ours: vssemu/forced.h is below it */
    const char *public_headers; /* vssemu.h, vssemu_writer.h */
    const char *vss_headers;    /* mingw-w64's eight */
    const char *wine_headers;
    const char *libraries;      /* libvssapi.so, libvssemu_start.a */
    const char *version_script; /* keeps 16-bit symbols inside */
};

const struct driver_places *driver_places(void);

/* VSSEMU_CACHE, or vssemu below XDG_CACHE_HOME or ~/.cache, or a folder of this user's in TMPDIR;
 * made on the first call. NULL when none can be written (a message says so). */
const char *driver_cache(void);

/* Makes a folder and those above it. */
bool driver_make_folder(const char *path);

/* Writes a whole file under a name of its own and moves it to its place, so that who reads it at
 * the same time sees the old one or the new one. */
bool driver_write_file(const char *path, const char *text);

/* SPDX-License-Identifier: MIT */
/* Port store over a directory of the host. Nodes are handles on files (never paths), so that no
 * symbolic link and no ".." leads out of the directory. Used by the launcher for its server and by
 * emu/setup for a volume inside the program. Knows nothing of snapshots. */
#pragma once

#include <stddef.h>

struct store;

/* Opens an existing directory, or a file that is an image (host_image.h). Errors, for the caller to
 * word: -ENOENT (not there), -ENOTDIR, -EACCES and -EROFS (cannot be written). The lock is taken
 * later, through the port. */
int host_store_open(const char *directory, struct store **ret_store);

/* The same for who only reads and changes nothing; it need not be possible to write there. */
int host_store_open_to_read(const char *directory, struct store **ret_store);

/* With that many descriptors for nodes at a time, at least; 0: half of what this process may have.
 * (Those whose name is gone come on top.) */
int host_store_open_frugal(const char *directory, size_t n_descriptors, struct store **ret_store);

/* SPDX-License-Identifier: MIT */
/* A copy-on-write volume's view as text, everything in it, so that two moments can be compared. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cow_volume;

/* One line an object, by path: type, mode, owner, links, size, a hash of the contents (read in
 * pieces of `piece` bytes), extended attributes; with identity: inode number and times too. The
 * caller frees. A view that cannot be read gives the error as text. */
char *cow_dump(struct cow_volume *v, unsigned view, unsigned piece, bool with_identity);

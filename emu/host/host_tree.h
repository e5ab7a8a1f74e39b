/* SPDX-License-Identifier: MIT */
/* A whole directory of the host, as one thing. */
#pragma once

/* Removes it with all that is in it; symbolic links are not followed, other file systems not
 * entered. What is not there is gone already. 0, or a negative errno: something stays. */
int host_tree_remove(const char *path);

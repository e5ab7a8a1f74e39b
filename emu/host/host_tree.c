/* SPDX-License-Identifier: MIT */
#include "emu/host/host_tree.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>

#define MAX_OPEN_DIRECTORIES 32

/* Goes on whatever fails, so that as little as can be stays; the folder then says that it is not
 * empty. */
static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    if (remove(path) < 0 && errno != ENOENT && where->level == 0)
        return errno;
    return 0;
}

int host_tree_remove(const char *path)
{
    int result = nftw(path, remove_one, MAX_OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);

    if (result < 0)
        return errno == ENOENT ? 0 : -errno;
    return -result;
}

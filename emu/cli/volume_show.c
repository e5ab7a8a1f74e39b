/* SPDX-License-Identifier: MIT */
/* See volume_show.h. */
#include "emu/cli/volume_show.h"

#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/cli/say.h"
#include "emu/cli/volume_directory.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_volume.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PIECE (256u * 1024)

static int remember_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)ino;
    (void)type;
    name_list_add(arg, name);
    return 0;
}

static char letter_of(mode_t mode)
{
    return S_ISDIR(mode) ? 'd' : S_ISLNK(mode) ? 'l' : S_ISREG(mode) ? '-' : '?';
}

static int print_entry(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name)
{
    struct cow_node *node;
    struct stat st;
    struct tm tm;
    char time[32], target[1024];
    int error = cow_volume_lookup(v, view, dir, name, &node);

    if (error)
        return error;
    error = cow_volume_stat(v, view, node, &st);
    int length =
        S_ISLNK(st.st_mode) ? cow_volume_readlink(v, view, node, target, sizeof(target) - 1) : 0;
    cow_node_unref(v, node);
    if (error || length < 0)
        return error ? error : length;
    target[length] = 0;
    strftime(time, sizeof(time), "%Y-%m-%d %H:%M:%S", localtime_r(&st.st_mtim.tv_sec, &tm));
    printf("%c%04o %12" PRId64 "  %s  %s%s%s\n", letter_of(st.st_mode),
           (unsigned)st.st_mode & 07777, (int64_t)st.st_size, time, name, length ? " -> " : "",
           target);
    return 0;
}

static int print_folder(struct cow_volume *v, unsigned view, struct cow_node *dir)
{
    struct name_list list = { 0 };
    int error = cow_volume_list(v, view, dir, remember_name, &list);

    name_list_sort(&list);
    for (size_t i = 0; i < list.names.count && !error; i++)
        error = print_entry(v, view, dir, list.names.items[i]);
    name_list_free(&list);
    return error;
}

static int print_file(struct cow_volume *v, unsigned view, struct cow_node *node)
{
    char *buffer = mem_alloc(PIECE);
    off_t at = 0;
    ssize_t n;

    while ((n = cow_volume_read(v, view, node, buffer, PIECE, at)) > 0 &&
           fwrite(buffer, 1, (size_t)n, stdout) == (size_t)n)
        at += n;
    free(buffer);
    return n < 0 ? (int)n : n > 0 || fflush(stdout) != 0 ? -EIO : 0;
}

int volume_show_path(struct cow_volume *v, const struct volume_snapshot *snapshot, const char *path)
{
    struct cow_node *node;
    struct stat st;
    int error = cow_path_find(v, snapshot->number, path, true, &node);

    if (!error) {
        error = cow_volume_stat(v, snapshot->number, node, &st);
        if (!error)
            error = S_ISDIR(st.st_mode) ? print_folder(v, snapshot->number, node)
                                        : print_file(v, snapshot->number, node);
        cow_node_unref(v, node);
    }
    if (error == -ENXIO)
        say("snapshot %s is lost", snapshot->id);
    else if (error)
        say("%s in snapshot %s: %s", *path ? path : "the root", snapshot->id, strerror(-error));
    return error ? EXIT_NO_WORLD : 0;
}

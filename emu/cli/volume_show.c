/* SPDX-License-Identifier: MIT */
/* See volume_show.h. */
#include "emu/cli/volume_show.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/cli/say.h"
#include "emu/cli/volume_directory.h"
#include "emu/host/host_beneath.h"
#include "emu/host/host_image.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

/* target: "" of what is no link. */
static void print_line(const struct stat *st, const char *name, const char *target)
{
    struct tm tm;
    char time[32];

    strftime(time, sizeof(time), "%Y-%m-%d %H:%M:%S", localtime_r(&st->st_mtim.tv_sec, &tm));
    printf("%c%04o %12" PRId64 "  %s  %s%s%s\n", letter_of(st->st_mode),
           (unsigned)st->st_mode & 07777, (int64_t)st->st_size, time, name, *target ? " -> " : "",
           target);
}

static int print_entry(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name)
{
    struct cow_node *node;
    struct stat st;
    char target[1024];
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
    print_line(&st, name, target);
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

/* ---- in a mount ---- */

static int print_mounted_entry(int dir_fd, const char *name)
{
    struct stat st;
    char target[1024];
    ssize_t length = 0;

    if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (S_ISLNK(st.st_mode))
        length = readlinkat(dir_fd, name, target, sizeof(target) - 1);
    if (length < 0)
        return -errno;
    target[length] = 0;
    print_line(&st, name, target);
    return 0;
}

static int print_mounted_folder(int fd)
{
    struct name_list list = { 0 };
    DIR *dir = fdopendir(dup(fd));
    struct dirent *entry;
    int error = dir ? 0 : -errno;

    while (dir && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            name_list_add(&list, entry->d_name);
    }
    name_list_sort(&list);
    for (size_t i = 0; i < list.names.count && !error; i++)
        error = print_mounted_entry(fd, list.names.items[i]);
    name_list_free(&list);
    if (dir)
        closedir(dir);
    return error;
}

static int print_mounted_file(int fd)
{
    char *buffer = mem_alloc(PIECE);
    ssize_t n;

    while ((n = read(fd, buffer, PIECE)) > 0 && fwrite(buffer, 1, (size_t)n, stdout) == (size_t)n)
        ;
    int error = n < 0 ? -errno : n > 0 || fflush(stdout) != 0 ? -EIO : 0;

    free(buffer);
    return error;
}

/* The snapshot of an image is a file, which stands for a root with this one name in it. */
static int show_image(int fd, const struct stat *st, const char *volume, const char *path)
{
    auto_free char *image = host_image_real(volume);
    const char *slash = strrchr(image, '/'), *name = slash ? slash + 1 : image;

    if (*path)
        return strcmp(path, name) == 0 ? print_mounted_file(fd) : -ENOENT;
    print_line(st, name, "");
    return 0;
}

static int show_served(const char *directory, const struct volume_snapshot *snapshot,
                       const char *path)
{
    auto_free char *root = volume_snapshot_path(snapshot);
    auto_close int root_fd = root ? open(root, O_RDONLY | O_CLOEXEC) : -1;
    auto_close int fd = -1;
    struct stat st;

    if (!root)
        return -ENXIO;
    if (root_fd < 0 || fstat(root_fd, &st) < 0)
        return -errno;
    if (!S_ISDIR(st.st_mode))
        return show_image(root_fd, &st, directory, path);
    fd = host_open_beneath(root_fd, *path ? path : ".", O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return fd;
    if (fstat(fd, &st) < 0)
        return -errno;
    return S_ISDIR(st.st_mode) ? print_mounted_folder(fd) : print_mounted_file(fd);
}

/* ---- in an open volume ---- */

static int show_own(struct cow_volume *v, const struct volume_snapshot *snapshot, const char *path)
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
    return error;
}

int volume_show_path(struct volume_directory *d, const struct volume_snapshot *snapshot,
                     const char *path)
{
    int error =
        d->cow ? show_own(d->cow, snapshot, path) : show_served(d->directory, snapshot, path);

    if (error == -ENXIO)
        say("snapshot %s is lost", snapshot->id);
    else if (error)
        say("%s in snapshot %s: %s", *path ? path : "the root", snapshot->id, strerror(-error));
    return error ? EXIT_NO_WORLD : 0;
}

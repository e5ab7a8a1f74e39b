/* SPDX-License-Identifier: MIT */
/* See volume_show.h. */
#include "emu/cli/volume_show.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/cli/say.h"
#include "emu/cli/volume_directory.h"
#include "emu/cli/volume_entry.h"
#include "emu/host/host_beneath.h"
#include "emu/host/host_image.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE (256u * 1024)

static int remember_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)ino;
    (void)type;
    name_list_add(arg, name);
    return 0;
}

static int print_entry(struct volume_listing *listing, struct cow_volume *v, unsigned view,
                       struct cow_node *dir, const char *name)
{
    struct cow_node *node;
    struct stat st;
    char target[PATH_MAX];
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
    volume_listing_add(listing, &st, name, target);
    return 0;
}

static int print_folder(struct cow_volume *v, unsigned view, struct cow_node *dir, bool is_json)
{
    struct name_list list = { 0 };
    struct volume_listing listing;
    int error = cow_volume_list(v, view, dir, remember_name, &list);

    name_list_sort(&list);
    volume_listing_begin(&listing, is_json);
    for (size_t i = 0; i < list.names.count && !error; i++)
        error = print_entry(&listing, v, view, dir, list.names.items[i]);
    volume_listing_end(&listing, !error);
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

static int print_mounted_entry(struct volume_listing *listing, int dir_fd, const char *name)
{
    struct stat st;
    char target[PATH_MAX];
    ssize_t length = 0;

    if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return -errno;
    if (S_ISLNK(st.st_mode))
        length = readlinkat(dir_fd, name, target, sizeof(target) - 1);
    if (length < 0)
        return -errno;
    target[length] = 0;
    volume_listing_add(listing, &st, name, target);
    return 0;
}

static int print_mounted_folder(int fd, bool is_json)
{
    struct name_list list = { 0 };
    struct volume_listing listing;
    DIR *dir = fdopendir(dup(fd));
    struct dirent *entry;
    int error = dir ? 0 : -errno;

    while (dir && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            name_list_add(&list, entry->d_name);
    }
    name_list_sort(&list);
    volume_listing_begin(&listing, is_json);
    for (size_t i = 0; i < list.names.count && !error; i++)
        error = print_mounted_entry(&listing, fd, list.names.items[i]);
    volume_listing_end(&listing, !error);
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

/* The contents, or in JSON what is known of it. */
static int print_open_file(int fd, const struct stat *st, const char *path, bool is_json)
{
    if (!is_json)
        return print_mounted_file(fd);
    volume_entry_print_json(st, path);
    return 0;
}

/* The snapshot of an image is a file, which stands for a root with this one name in it. */
static int show_image(int fd, const struct stat *st, const char *volume, const char *path,
                      bool is_json)
{
    auto_free char *image = host_image_real(volume);
    const char *slash = strrchr(image, '/'), *name = slash ? slash + 1 : image;
    const char *inside = path + strspn(path, "/");
    struct volume_listing listing;

    if (*inside && strcmp(inside, ".") != 0)
        return strcmp(inside, name) == 0 ? print_open_file(fd, st, name, is_json) : -ENOENT;
    volume_listing_begin(&listing, is_json);
    volume_listing_add(&listing, st, name, "");
    volume_listing_end(&listing, true);
    return 0;
}

static int show_served(const char *directory, const struct volume_snapshot *snapshot,
                       const char *path, bool is_json)
{
    auto_free char *root = volume_snapshot_path(snapshot);
    auto_close int root_fd = root ? open(root, O_RDONLY | O_CLOEXEC) : -1;
    auto_close int fd = -1;
    const char *inside = path + strspn(path, "/");
    struct stat st;

    if (!root)
        return -ENXIO;
    if (root_fd < 0 || fstat(root_fd, &st) < 0)
        return -errno;
    if (!S_ISDIR(st.st_mode))
        return show_image(root_fd, &st, directory, path, is_json);
    fd = host_open_beneath(root_fd, *inside ? inside : ".", O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return fd;
    if (fstat(fd, &st) < 0)
        return -errno;
    return S_ISDIR(st.st_mode) ? print_mounted_folder(fd, is_json)
                               : print_open_file(fd, &st, path, is_json);
}

/* ---- in an open volume ---- */

static int show_node(struct cow_volume *v, unsigned view, struct cow_node *node, const char *path,
                     bool is_json)
{
    struct stat st;
    int error = cow_volume_stat(v, view, node, &st);

    if (error)
        return error;
    if (S_ISDIR(st.st_mode))
        return print_folder(v, view, node, is_json);
    if (!is_json)
        return print_file(v, view, node);
    volume_entry_print_json(&st, path);
    return 0;
}

static int show_own(struct cow_volume *v, const struct volume_snapshot *snapshot, const char *path,
                    bool is_json)
{
    struct cow_node *node;
    int error = cow_path_find(v, snapshot->number, path, true, &node);

    if (error)
        return error;
    error = show_node(v, snapshot->number, node, path, is_json);
    cow_node_unref(v, node);
    return error;
}

int volume_show_path(struct volume_directory *d, const struct volume_snapshot *snapshot,
                     const char *path, bool is_json)
{
    int error = d->cow ? show_own(d->cow, snapshot, path, is_json)
                       : show_served(d->directory, snapshot, path, is_json);

    if (error == -ENXIO)
        say("snapshot %s is lost", snapshot->id);
    else if (error)
        say("%s in snapshot %s: %s", *path ? path : "the root", snapshot->id, strerror(-error));
    return error ? EXIT_NO_WORLD : 0;
}

/* SPDX-License-Identifier: MIT */
/* See link.h (Learn: "Reparse Points", "Symbolic Link Effects on File Systems Functions"). */
#include "fakes/windows/links/link.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/world.h"
#include "fakes/windows/streams/side.h"
#include "fakes/windows/streams/side_flags.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define IS_MICROSOFTS_TAG 0x80000000u

/* ---- what lies there ---- */

static bool read_of_linux(const struct win_path *path, struct link_data *ret_data)
{
    char text[PATH_MAX + 1];
    ssize_t n = path->volume->ops->readlink(path->volume, path->view, path->text, text, PATH_MAX);

    if (n <= 0)
        return false;
    text[n] = 0;
    bool is_relative = text[0] != '/';
    for (char *c = text; *c; c++)
        *c = *c == '/' ? '\\' : *c;
    *ret_data = (struct link_data){ IO_REPARSE_TAG_SYMLINK, is_relative, mem_strdup(text),
                                    mem_strdup(text) };
    return true;
}

bool link_read(const struct win_path *path, const struct stat *st, struct link_data *ret_data)
{
    auto_free void *data = NULL;

    *ret_data = (struct link_data){ 0 };
    if (!path->volume || path->kind != PATH_FILE)
        return false;
    if (st && S_ISLNK(st->st_mode))
        return read_of_linux(path, ret_data);
    ssize_t size = side_read(path, SIDE_REPARSE, &data);
    return size > 0 && link_data_parse(data, (size_t)size, ret_data);
}

ssize_t link_read_raw(const struct win_path *path, const struct stat *st, void **ret_data)
{
    auto_link_data data = { 0 };
    size_t size;

    if (!path->volume || !S_ISLNK(st->st_mode))
        return side_read(path, SIDE_REPARSE, ret_data);
    *ret_data = link_read(path, st, &data) ? link_data_build(&data, &size) : NULL;
    return *ret_data ? (ssize_t)size : -ENOENT;
}

int link_write(const struct win_path *path, const struct link_data *data)
{
    size_t size;
    auto_free void *buffer = link_data_build(data, &size);

    return buffer ? side_write(path, SIDE_REPARSE, buffer, size) : -ENAMETOOLONG;
}

DWORD link_tag(const struct win_path *path, const struct stat *st)
{
    return path->volume && S_ISLNK(st->st_mode) ? (DWORD)IO_REPARSE_TAG_SYMLINK
                                                : side_reparse_tag(path);
}

bool link_is_directory(const struct win_path *path, const struct stat *st)
{
    struct volume_file *target;

    if (!path->volume || !S_ISLNK(st->st_mode))
        return S_ISDIR(st->st_mode);
    if (path->volume->ops->open(path->volume, path->view, path->text, O_RDONLY | O_DIRECTORY, 0,
                                &target) != 0)
        return false;
    path->volume->ops->close(target);
    return true;
}

bool link_may_be_below(const struct win_path *path, const char *folder)
{
    struct win_path at = *path;
    struct stat st;

    at.text = (char *)(uintptr_t)folder;
    auto_path side = side_path(&at, NULL);
    return path->volume->ops->stat(path->volume, path->view, side.text, &st) == 0;
}

struct volume *link_mounted_volume(const struct link_data *data)
{
    struct world_ports *world = world_current();

    if (data->tag != IO_REPARSE_TAG_MOUNT_POINT || strncmp(data->target, "\\??\\", 4) != 0)
        return NULL;
    for (size_t i = 0; i < world->n_volumes; i++) {
        const char *name = world->volumes[i]->guid_name + 4; /* behind \\?\ */
        size_t length = strlen(name);

        if (length && strncasecmp(data->target + 4, name, length - 1) == 0 &&
            (!data->target[3 + length] || strcmp(data->target + 3 + length, "\\") == 0))
            return world->volumes[i];
    }
    return NULL;
}

/* ---- where it leads ---- */

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

/* "\??\C:\dir" and what stands behind it. Only files of the world's volumes can be meant. */
static DWORD find_absolute(const struct link_data *data, struct win_path *ret_path)
{
    const char *target = data->target;

    *ret_path = (struct win_path){ 0 };
    if (strncmp(target, "\\??\\", 4) != 0)
        return ERROR_PATH_NOT_FOUND;
    size_t length = strlen(target);
    auto_free char *text =
        str_printf("\\\\?\\%s%s", target + 4, is_slash(target[length - 1]) ? "" : "\\");
    DWORD error = path_parse_utf8(text, 0, ret_path);
    if (!error && (ret_path->kind != PATH_FILE || !ret_path->volume))
        error = ERROR_PATH_NOT_FOUND;
    return error;
}

static void drop_last(struct str *out)
{
    while (out->length && out->text[out->length - 1] != '/')
        out->length--;
    out->length -= out->length > 0;
    if (out->text)
        out->text[out->length] = 0;
}

/* False: it climbs out of the volume. */
static bool add_relative(struct str *out, const char *target)
{
    while (*target) {
        size_t n = strcspn(target, "\\/");

        if (n == 2 && target[0] == '.' && target[1] == '.') {
            if (!out->length)
                return false;
            drop_last(out);
        } else if (n && !(n == 1 && target[0] == '.')) {
            str_add(out, out->length ? "/" : "");
            str_add_bytes(out, target, n);
        }
        target += n;
        target += is_slash(*target);
    }
    return true;
}

/* Unsure: Windows' answer to more ".." than there are folders; here such a link leads nowhere. */
static DWORD find_relative(const struct link_data *data, const struct win_path *link,
                           struct win_path *ret_path)
{
    struct str out = { 0 };

    *ret_path = (struct win_path){ .kind = PATH_FILE, .volume = link->volume, .view = link->view };
    if (!is_slash(*data->target)) {
        str_add(&out, link->text);
        drop_last(&out);
    }
    bool is_inside = add_relative(&out, data->target);
    ret_path->text = str_take(&out);
    ret_path->prefix = mem_strdup("");
    if (is_inside)
        path_enter_exposed_folder(ret_path);
    return is_inside ? ERROR_SUCCESS : ERROR_PATH_NOT_FOUND;
}

/* What the path prints as stays: in front stands what led to the link, and of its target nothing
 * is shown. */
static void keep_what_is_shown(struct win_path *path, const char *shown, size_t target_length)
{
    free(path->prefix);
    path->prefix = str_printf("%s%s", shown, target_length ? "" : "\\");
    path->hidden = target_length;
}

static DWORD enter(struct win_path *path, const struct win_path *link, const char *rest,
                   const struct link_data *data)
{
    struct win_path target;
    DWORD error =
        data->is_relative ? find_relative(data, link, &target) : find_absolute(data, &target);

    if (error) {
        path_free(&target);
        return error;
    }
    auto_free char *shown = path_to_text(link);
    size_t length = strlen(target.text);

    if (*rest) {
        char *whole = str_printf("%s%s%s", target.text, length ? "/" : "", rest);
        free(target.text);
        target.text = whole;
    }
    keep_what_is_shown(&target, shown, length);
    path_enter_exposed_folder(&target);
    target.has_trailing_slash = path->has_trailing_slash;
    target.stream = take_ptr(&path->stream);
    path_free(path);
    *path = target;
    return ERROR_SUCCESS;
}

DWORD link_enter(struct win_path *path, size_t length, const struct stat *st, bool *ret_entered)
{
    auto_path link = path_copy(path);
    auto_link_data data = { 0 };

    *ret_entered = false;
    link.text[length] = 0;
    free(link.stream);
    link.stream = NULL;
    if (!link_read(&link, st, &data)) {
        DWORD tag = path->volume ? side_reparse_tag(&link) : 0;
        /* Learn: "Reparse Points": without the filter that owns the tag the open fails. Those of
         * Microsoft's tags have one that shows the file's data. */
        return tag && !(tag & IS_MICROSOFTS_TAG) ? ERROR_CANT_ACCESS_FILE : ERROR_SUCCESS;
    }
    auto_free char *rest = mem_strdup(path->text + length + (path->text[length] == '/'));
    DWORD error = enter(path, &link, rest, &data);
    *ret_entered = !error;
    return error;
}

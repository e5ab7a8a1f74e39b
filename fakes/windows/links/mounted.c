/* SPDX-License-Identifier: MIT */
/* See mounted.h. */
#include "fakes/windows/links/mounted.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/base/str.h"
#include "fakes/windows/links/link.h"
#include "fakes/windows/storage.h"
#include "fakes/windows/streams/side.h"

#include <string.h>

static struct volume *mounted_here(const char *folder, bool *ret_is_snapshot)
{
    auto_path path = { 0 };
    auto_link_data data = { 0 };
    struct stat st;

    *ret_is_snapshot = false;
    if (path_parse_utf8(folder, 0, &path) || path.kind != PATH_FILE || path.view ||
        path_find(&path, &st) || !S_ISDIR(st.st_mode))
        return NULL;
    *ret_is_snapshot = path.view && !*path.text;
    return !path.view && link_read(&path, &st, &data) ? link_mounted_volume(&data) : NULL;
}

/* Without a reparse point on its first volume no path leads anywhere else. */
static bool may_lead_elsewhere(const char *text)
{
    auto_path path = { 0 };

    return !path_parse_utf8(text, 0, &path) && path.kind == PATH_FILE && !path.view && *path.text &&
           link_may_be_below(&path, "");
}

struct volume *mounted_at(const char *path, size_t *ret_length)
{
    auto_free char *folder = mem_strdup(path);
    size_t length = strlen(path);
    bool is_snapshot = false;

    *ret_length = 0;
    if (!may_lead_elsewhere(path))
        return NULL;
    while (length) {
        while (length && (folder[length - 1] == '\\' || folder[length - 1] == '/'))
            length--;
        folder[length] = 0;
        struct volume *volume = mounted_here(folder, &is_snapshot);
        if (volume || is_snapshot) {
            *ret_length = length;
            return volume;
        }
        while (length && folder[length - 1] != '\\' && folder[length - 1] != '/')
            length--;
    }
    return NULL;
}

/* ---- all of a volume ---- */

struct mounted_walk {
    void (*each)(void *arg, const char *folder, struct volume *mounted);
    void *arg;
};

struct side_entries {
    struct name_list folders;
    bool has_reparse_point;
};

static int collect(void *arg, const char *name, const struct stat *st)
{
    struct side_entries *entries = arg;

    if (S_ISDIR(st->st_mode))
        name_list_add(&entries->folders, name);
    else if (strcmp(name, SIDE_REPARSE) == 0)
        entries->has_reparse_point = true;
    return 0;
}

static void walk(const struct mounted_walk *walking, struct volume *host, const char *folder)
{
    struct win_path path = { .kind = PATH_FILE, .volume = host, .text = (char *)(uintptr_t)folder };
    auto_path side = side_path(&path, NULL);
    struct side_entries entries = { 0 };
    auto_link_data data = { 0 };

    storage_list(&side, collect, &entries);
    struct volume *mounted = entries.has_reparse_point && link_read(&path, NULL, &data)
                                 ? link_mounted_volume(&data)
                                 : NULL;
    if (mounted)
        walking->each(walking->arg, folder, mounted);
    for (size_t i = 0; i < entries.folders.names.count; i++) {
        auto_free char *below =
            str_printf("%s%s%s", folder, *folder ? "/" : "", entries.folders.names.items[i]);
        walk(walking, host, below);
    }
    name_list_free(&entries.folders);
}

void mounted_list(struct volume *host,
                  void (*each)(void *arg, const char *folder, struct volume *mounted), void *arg)
{
    const struct mounted_walk walking = { each, arg };

    walk(&walking, host, "");
}

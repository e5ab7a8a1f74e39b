/* SPDX-License-Identifier: MIT */
/* Snapshots under names of their own: a drive, a mounted folder, a share (port/exposure.h). What
 * is found is copied under the list's lock, so that an exposure may go at any time. */
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/exposure.h"
#include "emu/port/world.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void show(const struct exposure *exposure, struct win_path *path)
{
    path->volume = exposure->volume;
    path->view = exposure->view;
}

bool path_exposed_drive(int letter, struct win_path *path)
{
    struct exposures *all = &world_current()->exposures;
    const struct exposure *found;

    exposures_lock(all);
    for (found = all->first; found; found = found->next) {
        if (found->letter && toupper(letter) == found->letter)
            break;
    }
    if (found) {
        show(found, path);
        path->text = mem_strdup(found->root);
    }
    exposures_unlock(all);
    return found != NULL;
}

bool path_exposed_device(const char **text, struct win_path *path)
{
    struct exposures *all = &world_current()->exposures;
    size_t length = strcspn(*text, "\\/");
    const struct exposure *found;

    exposures_lock(all);
    for (found = all->first; found; found = found->next) {
        if (found->device && strlen(found->device) == length &&
            strncasecmp(found->device, *text, length) == 0)
            break;
    }
    if (found) {
        show(found, path);
        path->text = mem_strdup(found->root);
        *text += length;
    }
    exposures_unlock(all);
    return found != NULL;
}

unsigned path_exposed_drives(void)
{
    struct exposures *all = &world_current()->exposures;
    unsigned drives = 0;

    exposures_lock(all);
    for (const struct exposure *e = all->first; e; e = e->next) {
        if (e->letter >= 'A' && e->letter <= 'Z')
            drives |= 1u << (e->letter - 'A');
    }
    exposures_unlock(all);
    return drives;
}

/* ---- folders ---- */

/* How many bytes of path are the folder, in any case; 0: it leads elsewhere. */
static size_t length_of_folder(const char *path, const char *folder)
{
    const char *at = path;

    while (*folder && *at) {
        if (fold_upper(fold_next(&at)) != fold_upper(fold_next(&folder)))
            return 0;
    }
    return *folder || (*at && *at != '/') ? 0 : (size_t)(at - path);
}

/* The deepest folder wins: one may lie below another in name only. */
static size_t find_folder(const struct exposures *all, const struct win_path *path,
                          const struct exposure **ret_found)
{
    size_t longest = 0;

    for (const struct exposure *e = all->first; e; e = e->next) {
        size_t length = e->host == path->volume ? length_of_folder(path->text, e->folder) : 0;

        if (length > longest) {
            longest = length;
            *ret_found = e;
        }
    }
    return longest;
}

/* What is shown up to the folder's end, when that is not hidden behind a link (links/link.h). */
static void show_folder(struct win_path *path, size_t length)
{
    if (path->hidden > length) {
        path->hidden -= length + 1;
        return;
    }
    int shown = (int)(length - path->hidden);
    char *prefix = str_printf("%s%.*s\\", path->prefix, shown, path->text + path->hidden);

    for (char *c = prefix + strlen(path->prefix); *c; c++)
        *c = *c == '/' ? '\\' : *c;
    free(path->prefix);
    path->prefix = prefix;
    path->hidden = 0;
}

void path_enter_exposed_folder(struct win_path *path)
{
    struct exposures *all = &world_current()->exposures;
    const struct exposure *found = NULL;

    if (path->kind != PATH_FILE || path->view != VOLUME_ORIGIN || !path->text || !*path->text)
        return;
    exposures_lock(all);
    size_t length = find_folder(all, path, &found);
    if (length)
        show(found, path);
    exposures_unlock(all);
    if (!length)
        return;
    show_folder(path, length);
    char *rest = mem_strdup(path->text + length + (path->text[length] == '/'));

    free(path->text);
    path->text = rest;
}

/* ---- shares ---- */

static size_t length_of_element(const char *text)
{
    return strcspn(text, "\\/");
}

static bool is_this_machine(const char *name, size_t length)
{
    static const char *const names[] = { WORLD_MACHINE_NAME, "localhost", "127.0.0.1" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (length == strlen(names[i]) && strncasecmp(name, names[i], length) == 0)
            return true;
    }
    return false;
}

DWORD path_exposed_share(const char **text, struct win_path *path)
{
    struct exposures *all = &world_current()->exposures;
    const struct exposure *found;
    size_t machine = length_of_element(*text);

    if (!(*text)[machine] || !is_this_machine(*text, machine))
        return ERROR_BAD_NETPATH;
    const char *share = *text + machine + 1;
    char *name = mem_strdup(share);

    name[length_of_element(share)] = 0;
    exposures_lock(all);
    for (found = all->first; found; found = found->next) {
        if (found->share && fold_compare(found->share, name) == 0)
            break;
    }
    if (found) {
        show(found, path);
        path->text = mem_strdup(found->root);
    }
    exposures_unlock(all);
    *text = share + strlen(name);
    free(name);
    return found ? ERROR_SUCCESS : ERROR_BAD_NET_NAME;
}

/* SPDX-License-Identifier: MIT */
/* The way from the root is kept as a stack of nodes, so ".." needs nothing from the volume. */
#include "provider_sim/cow/cow_path.h"

#include "emu/base/array.h"
#include "provider_sim/cow/cow_volume.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define MAX_LINKS 40

struct walk {
    struct cow_volume *v;
    unsigned view;
    ARRAY(struct cow_node *) way; /* from the root to where we are */
    unsigned n_links;
};

static int walk_along(struct walk *w, const char *path, bool follow);

static struct cow_node *here(const struct walk *w)
{
    return w->way.items[w->way.count - 1];
}

static void walk_begin(struct walk *w, struct cow_volume *v, unsigned view)
{
    *w = (struct walk){ .v = v, .view = view };
    array_add(&w->way, cow_volume_root(v));
}

static void step_back(struct walk *w)
{
    cow_node_unref(w->v, w->way.items[--w->way.count]);
}

static void walk_end(struct walk *w)
{
    while (w->way.count)
        step_back(w);
    array_free(&w->way);
}

static int follow_link(struct walk *w, struct cow_node *link)
{
    char target[PATH_MAX];

    if (++w->n_links > MAX_LINKS)
        return -ELOOP;
    int length = cow_volume_readlink(w->v, w->view, link, target, sizeof(target) - 1);
    if (length < 0)
        return length;
    target[length] = 0;
    return target[0] == '/' ? -EXDEV : walk_along(w, target, true);
}

static int step(struct walk *w, const char *name, bool follow)
{
    struct cow_node *node;
    struct stat st;

    if (!*name || strcmp(name, ".") == 0)
        return 0;
    if (strcmp(name, "..") == 0) {
        if (w->way.count == 1)
            return -EXDEV;
        step_back(w);
        return 0;
    }
    int error = cow_volume_lookup(w->v, w->view, here(w), name, &node);
    if (error)
        return error;
    error = cow_volume_stat(w->v, w->view, node, &st);
    if (!error && follow && S_ISLNK(st.st_mode)) {
        error = follow_link(w, node);
        cow_node_unref(w->v, node);
        return error;
    }
    if (error)
        cow_node_unref(w->v, node);
    else
        array_add(&w->way, node);
    return error;
}

/* Copies the element that path begins with and answers what follows it. */
static const char *next_element(const char *path, char name[COW_NAME_SIZE], int *ret_error)
{
    size_t length = strcspn(path, "/");

    *ret_error = length < COW_NAME_SIZE ? 0 : -ENAMETOOLONG;
    if (*ret_error)
        return path;
    memcpy(name, path, length);
    name[length] = 0;
    path += length;
    return path + strspn(path, "/");
}

static int walk_along(struct walk *w, const char *path, bool follow)
{
    char name[COW_NAME_SIZE];
    int error = 0;

    path += strspn(path, "/");
    while (*path && !error) {
        path = next_element(path, name, &error);
        if (!error)
            error = step(w, name, follow || *path);
    }
    return error;
}

int cow_path_find(struct cow_volume *v, unsigned view, const char *path, bool follow,
                  struct cow_node **ret_node)
{
    struct walk w;

    walk_begin(&w, v, view);
    int error = walk_along(&w, path, follow);
    if (!error)
        *ret_node = cow_node_ref(here(&w));
    walk_end(&w);
    return error;
}

static int walk_to_parent(struct walk *w, const char *path, char ret_name[COW_NAME_SIZE])
{
    int error = 0;

    path += strspn(path, "/");
    ret_name[0] = 0;
    while (*path && !error) {
        path = next_element(path, ret_name, &error);
        if (!error && *path)
            error = step(w, ret_name, true);
    }
    if (!error && (!ret_name[0] || !strcmp(ret_name, ".") || !strcmp(ret_name, "..")))
        error = -EINVAL;
    return error;
}

int cow_path_split(struct cow_volume *v, unsigned view, const char *path, struct cow_node **ret_dir,
                   char ret_name[COW_NAME_SIZE])
{
    struct walk w;

    walk_begin(&w, v, view);
    int error = walk_to_parent(&w, path, ret_name);
    if (!error)
        *ret_dir = cow_node_ref(here(&w));
    walk_end(&w);
    return error;
}

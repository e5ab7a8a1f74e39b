/* SPDX-License-Identifier: MIT */
/* Names of a snapshot that is open for recovery: what POSIX says of each call, done by the steps of
 * cow_amend. A new object lies among the orphans and is empty there; what a file contains stands in
 * the diff area like the contents of every amended file. */
#include "provider_sim/cow/cow_amend.h"
#include "provider_sim/cow/cow_view_change.h"

#include "emu/base/name_list.h"

#include <errno.h>
#include <string.h>

#define NAME_LENGTH_MAX 255

static bool is_dir(const struct cow_node *node)
{
    return node && S_ISDIR(node->type);
}

/* A name that is about to mean something else. */
struct place {
    struct cow_snapshot *s;
    struct cow_node *dir;
    const char *name;
    struct cow_node *node; /* what it means now, a reference; NULL: nothing */
};

/* Whether there may be such a name. */
static int place_check(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                       struct place *ret)
{
    struct stat st;

    *ret = (struct place){ .dir = dir, .name = name };
    int error = cow_amend_begin(v, view, &ret->s);

    if (!error && !is_dir(dir))
        error = -ENOTDIR;
    if (!error && cow_is_hidden(v, dir, name))
        error = -EACCES;
    if (!error && strlen(name) > NAME_LENGTH_MAX)
        error = -ENAMETOOLONG;
    if (!error)
        error = cow_volume_stat(v, view, dir, &st);
    if (!error && !st.st_nlink)
        error = -ENOENT; /* it was removed while somebody held it */
    return error;
}

static int place_find(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                      struct place *ret)
{
    int error = place_check(v, view, dir, name, ret);

    if (error)
        return error;
    error = cow_volume_lookup(v, view, dir, name, &ret->node);
    if (error == -ENOENT)
        ret->node = NULL;
    return error == -ENOENT ? 0 : error;
}

static int place_find_something(struct cow_volume *v, unsigned view, struct cow_node *dir,
                                const char *name, struct place *ret)
{
    int error = place_find(v, view, dir, name, ret);

    return error || ret->node ? error : -ENOENT;
}

static int place_find_nothing(struct cow_volume *v, unsigned view, struct cow_node *dir,
                              const char *name, struct place *ret)
{
    int error = place_find(v, view, dir, name, ret);

    if (error || !ret->node)
        return error;
    cow_node_unref(v, ret->node);
    return -EEXIST;
}

/* The name means this from now on; its directory shows that it has changed. Each directory in it is
 * a link to it, by its "..", where the store counts those. */
static int place_set(struct cow_volume *v, struct place *p, struct cow_node *target)
{
    struct stat st;
    int error = cow_volume_stat(v, p->s->number, p->dir, &st);

    if (!error) {
        if (st.st_nlink >= 2)
            st.st_nlink += (nlink_t)(is_dir(target) - is_dir(p->node));
        st.st_mtim = st.st_ctim = v->cs.store->ops->now(v->cs.store);
        error = cow_amend_stat(v, p->s, p->dir, &st);
    }
    return error ? error : cow_amend_entry(v, p->s, p->dir, p->name, target);
}

static int count_name(struct cow_volume *v, struct cow_snapshot *s, struct cow_node *node, int more)
{
    struct stat st;
    int error = cow_volume_stat(v, s->number, node, &st);

    if (error)
        return error;
    if (is_dir(node))
        st.st_nlink = more < 0 ? 0 : st.st_nlink;
    else
        st.st_nlink += (nlink_t)more;
    st.st_ctim = v->cs.store->ops->now(v->cs.store);
    error = cow_amend_stat(v, s, node, &st);
    return error ? error : cow_amend_end(v);
}

static int make(struct cow_volume *v, struct place *p, mode_t mode, dev_t device,
                const char *target, uid_t uid, gid_t gid, struct cow_node **ret_node)
{
    struct cow_node *node = NULL;
    int error = cow_amend_make(v, p->s, mode, device, target, uid, gid, &node);

    if (!error)
        error = place_set(v, p, node);
    if (error)
        cow_node_unref(v, node);
    else
        *ret_node = node;
    return error;
}

int cow_view_create(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                    mode_t mode, dev_t device, uid_t uid, gid_t gid, struct cow_node **ret_node)
{
    struct place p;

    if (view == VOLUME_ORIGIN)
        return cow_volume_create(v, dir, name, mode, device, uid, gid, ret_node);
    int error = place_find_nothing(v, view, dir, name, &p);

    return error ? error : make(v, &p, mode, device, NULL, uid, gid, ret_node);
}

int cow_view_symlink(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name,
                     const char *target, uid_t uid, gid_t gid, struct cow_node **ret_node)
{
    struct place p;

    if (view == VOLUME_ORIGIN)
        return cow_volume_symlink(v, dir, name, target, uid, gid, ret_node);
    int error = place_find_nothing(v, view, dir, name, &p);

    return error ? error : make(v, &p, S_IFLNK, 0, target, uid, gid, ret_node);
}

int cow_view_link(struct cow_volume *v, unsigned view, struct cow_node *node, struct cow_node *dir,
                  const char *name)
{
    struct place p;
    struct stat st;

    if (view == VOLUME_ORIGIN)
        return cow_volume_link(v, node, dir, name);
    int error = place_find_nothing(v, view, dir, name, &p);

    if (!error && is_dir(node))
        error = -EPERM;
    if (!error)
        error = cow_volume_stat(v, view, node, &st);
    if (!error && !st.st_nlink)
        error = -ENOENT;
    if (!error)
        error = place_set(v, &p, node);
    return error ? error : count_name(v, p.s, node, 1);
}

/* ---- names that go ---- */

static int lose_name(struct cow_volume *v, struct place *p)
{
    int error = count_name(v, p->s, p->node, -1);

    return error ? error : place_set(v, p, NULL);
}

int cow_view_unlink(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name)
{
    struct place p;

    if (view == VOLUME_ORIGIN)
        return cow_volume_unlink(v, dir, name);
    int error = place_find_something(v, view, dir, name, &p);

    if (error)
        return error;
    error = is_dir(p.node) ? -EISDIR : lose_name(v, &p);
    cow_node_unref(v, p.node);
    return error;
}

static int found_entry(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)arg, (void)name, (void)ino, (void)type;
    return 1;
}

static int check_empty(struct cow_volume *v, unsigned view, struct cow_node *dir)
{
    int answer = dir == v->root ? -EBUSY : cow_volume_list(v, view, dir, found_entry, NULL);

    return answer > 0 ? -ENOTEMPTY : answer;
}

int cow_view_rmdir(struct cow_volume *v, unsigned view, struct cow_node *dir, const char *name)
{
    struct place p;

    if (view == VOLUME_ORIGIN)
        return cow_volume_rmdir(v, dir, name);
    int error = place_find_something(v, view, dir, name, &p);

    if (error)
        return error;
    error = is_dir(p.node) ? check_empty(v, view, p.node) : -ENOTDIR;
    if (!error)
        error = lose_name(v, &p);
    cow_node_unref(v, p.node);
    return error;
}

/* ---- rename ---- */

static int remember_directory(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)ino;
    if (S_ISDIR(type))
        name_list_add(arg, name);
    return 0;
}

/* 1: `wanted` is the directory or lies below it. */
static int is_below(struct cow_volume *v, unsigned view, struct cow_node *dir,
                    const struct cow_node *wanted)
{
    struct name_list names = { 0 };
    int answer = dir == wanted ? 1 : cow_volume_list(v, view, dir, remember_directory, &names);

    for (size_t i = 0; i < names.names.count && !answer; i++) {
        struct cow_node *below;

        answer = cow_volume_lookup(v, view, dir, names.names.items[i], &below);
        if (!answer) {
            answer = is_below(v, view, below, wanted);
            cow_node_unref(v, below);
        }
    }
    name_list_free(&names);
    return answer;
}

static int check_rename(struct cow_volume *v, unsigned view, const struct place *from,
                        const struct place *to, bool replace)
{
    if (to->node && !replace)
        return -EEXIST;
    if (to->node && is_dir(from->node) != is_dir(to->node))
        return is_dir(from->node) ? -ENOTDIR : -EISDIR;
    if (!is_dir(from->node))
        return 0;
    int below = is_below(v, view, from->node, to->dir);

    if (below)
        return below > 0 ? -EINVAL : below;
    return to->node ? check_empty(v, view, to->node) : 0;
}

static int move(struct cow_volume *v, struct place *from, struct place *to)
{
    int error = to->node ? count_name(v, to->s, to->node, -1) : 0;

    if (!error)
        error = place_set(v, to, from->node);
    if (!error)
        error = place_set(v, from, NULL);
    return error ? error : count_name(v, from->s, from->node, 0);
}

int cow_view_rename(struct cow_volume *v, unsigned view, struct cow_node *from_dir,
                    const char *from_name, struct cow_node *to_dir, const char *to_name,
                    enum store_rename how)
{
    struct place from, to;
    bool replace = how == STORE_RENAME_REPLACE;

    if (view == VOLUME_ORIGIN)
        return cow_volume_rename(v, from_dir, from_name, to_dir, to_name, how);
    if (how == STORE_RENAME_EXCHANGE)
        return -EINVAL;
    int error = place_check(v, view, from_dir, from_name, &from);

    if (!error)
        error = place_check(v, view, to_dir, to_name, &to);
    if (!error)
        error = place_find_something(v, view, from_dir, from_name, &from);
    if (error)
        return error;
    error = place_find(v, view, to_dir, to_name, &to);
    if (!error && to.node == from.node)
        error = replace ? 0 : -EEXIST; /* two names of one file: nothing happens */
    else if (!error) {
        error = check_rename(v, view, &from, &to, replace);
        if (!error)
            error = move(v, &from, &to);
    }
    cow_node_unref(v, to.node);
    cow_node_unref(v, from.node);
    return error;
}

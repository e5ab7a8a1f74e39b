/* SPDX-License-Identifier: MIT */
/* The directory is walked once when a volume is opened. A snapshot sees every file that has not
 * changed since as it is now, so each of them may be what somebody else has changed: there is no
 * less to look at. It is one call a name, which is what finding it takes. */
#include "provider_sim/cow/cow_recover.h"

#include "emu/base/name_list.h"

#include <errno.h>
#include <string.h>

static void unref(struct cow_volume *v, struct store_node *node)
{
    v->cs.store->ops->unref(v->cs.store, node);
}

bool cow_recovery_is_foreign(const struct recovery *r, const struct stat *st)
{
    if (!area_is_later(st->st_ctim, r->settled))
        return false;
    return !r->is_by_witness ||
           !area_catalogue_is_witnessed(&r->v->cs.catalogue, st->st_ino, st->st_ctim);
}

/* A place of a directory that the tree is walked through. */
struct place {
    struct store_node *store;
    struct cow_node *node; /* NULL: the log does not know it */
    bool is_new;           /* born after the newest snapshot */
};

/* Whether what stands under the name was born after the newest snapshot: no snapshot knows it
 * there, and it was moved from nowhere, since nothing pins it and it has no other name. */
static bool is_new_at(const struct recovery *r, const struct place *dir, const char *name,
                      const struct cow_node *node, const struct stat *st)
{
    struct cow_history *h = dir->node ? cow_names_find(dir->node, name) : NULL;
    struct cow_record *record = h ? cow_history_find(r->v, h, r->v->epoch) : NULL;

    if (!r->v->epoch || (node && node->pins) || (!S_ISDIR(st->st_mode) && st->st_nlink > 1))
        return false;
    return dir->is_new || (record && (!record->target || record->target->ino != st->st_ino));
}

static int walk(struct recovery *r, const struct place *dir);

static void remember_birth(struct recovery *r, const struct stat *st)
{
    struct cow_volume *v = r->v;

    if (cow_node_find(v, st->st_ino))
        return;
    struct cow_node *node = cow_node_new(v, st->st_ino, v->last_id + 1, st->st_mode);

    node->born = v->epoch;
    node->is_seen = true;
}

/* What stands under the name, as it is: whose change was it? */
static struct place judge(struct recovery *r, const struct place *dir, const char *name,
                          const struct stat *st)
{
    struct cow_node *node = cow_node_find(r->v, st->st_ino);
    struct place place = { NULL, node, is_new_at(r, dir, name, node, st) };

    if (node && node->type != (st->st_mode & S_IFMT))
        cow_recovery_lose(r, 0);
    else if (cow_recovery_is_foreign(r, st) && !place.is_new)
        cow_recovery_lose(r, node ? node->born : 0);
    if (node)
        node->is_seen = true;
    if (place.is_new)
        remember_birth(r, st);
    return place;
}

/* A snapshot reaches the node, or we do, by no path: its handle is kept. */
static bool is_kept(const struct recovery *r, const struct cow_node *node)
{
    return node && !node->store && (node->pins || node == r->found.replacing_in);
}

/* Takes the store's node. */
static int visit(struct recovery *r, const struct place *dir, const char *name,
                 struct store_node *take_store, const struct stat *st)
{
    struct place place = judge(r, dir, name, st);
    int error = 0;

    place.store = take_store;
    if (S_ISDIR(st->st_mode))
        error = walk(r, &place);
    if (is_kept(r, place.node))
        place.node->store = take_store;
    else
        unref(r->v, take_store);
    return error;
}

/* Nearly everything is looked at by its name only, which costs the least. */
static bool is_judged_by_name(struct recovery *r, const struct place *dir, const char *name,
                              int *ret_error)
{
    struct store *s = r->v->cs.store;
    struct stat st;

    *ret_error = s->ops->stat_name ? s->ops->stat_name(s, dir->store, name, &st) : 0;
    if (!s->ops->stat_name || *ret_error)
        return *ret_error;
    if (S_ISDIR(st.st_mode) || is_kept(r, cow_node_find(r->v, st.st_ino)))
        return false;
    if (st.st_dev == r->v->device)
        judge(r, dir, name, &st);
    return true;
}

static int visit_name(struct recovery *r, const struct place *dir, const char *name)
{
    struct store *s = r->v->cs.store;
    struct store_node *found;
    struct stat st;
    int error;

    if (is_judged_by_name(r, dir, name, &error))
        return error == -ENOENT ? 0 : error;
    error = s->ops->lookup(s, dir->store, name, &found);
    if (error)
        return error == -ENOENT ? 0 : error;
    error = s->ops->stat(s, found, &st);
    if (error || st.st_dev != r->v->device) {
        unref(r->v, found);
        return error;
    }
    return visit(r, dir, name, found, &st);
}

static int remember_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)ino;
    (void)type;
    name_list_add(arg, name);
    return 0;
}

static int walk(struct recovery *r, const struct place *dir)
{
    struct store *s = r->v->cs.store;
    struct name_list list = { 0 };
    int error = s->ops->list(s, dir->store, remember_name, &list);

    for (size_t i = 0; i < list.names.count && !error; i++) {
        const char *name = list.names.items[i];

        if (dir->node != r->v->root || strcmp(name, COW_SYSTEM_FOLDER) != 0)
            error = visit_name(r, dir, name);
    }
    name_list_free(&list);
    return error;
}

int cow_recovery_walk(struct recovery *r)
{
    struct cow_volume *v = r->v;
    struct place root = { v->root->store, v->root, false };
    struct stat st;
    int error = v->cs.store->ops->stat(v->cs.store, v->root->store, &st);

    if (error)
        return error;
    v->root->is_seen = true;
    if (cow_recovery_is_foreign(r, &st))
        cow_recovery_lose(r, v->root->born);
    return walk(r, &root);
}

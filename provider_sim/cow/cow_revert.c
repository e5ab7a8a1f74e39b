/* SPDX-License-Identifier: MIT */
/* The origin becomes what a snapshot has. Directory by directory: what the snapshot does not know
 * goes, what is missing is made again, what differs is written. All of it are ordinary changes of
 * the origin, so that every snapshot, the one reverted to included, keeps what it has, also over a
 * kill in the middle of it.
 *
 * It goes in steps of an entry or a chunk of a file; directories on the way stand in a stack. */
#include "provider_sim/cow/cow_revert.h"
#include "provider_sim/cow/cow_work.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* Files with several names: which file of the origin has become which of the snapshot, and back. */
struct pair {
    struct hash_link link;
    struct cow_node *key, *value; /* references */
};

struct names {
    ARRAY(char *) list;
    size_t next;
};

enum walk {
    COUNTING, /* how much there is to do */
    EMPTYING, /* everything in `to` goes, and then itself */
    LEAVING,  /* what the snapshot does not know goes from `to` */
    BRINGING, /* what it knows comes back */
};

/* A directory on the way. */
struct frame {
    enum walk walk;
    struct cow_node *from; /* the snapshot's, unless it is emptied */
    struct cow_node *to;   /* the origin's, unless it is counted; references */
    struct names names;
    struct cow_node *parent; /* EMPTYING: where it goes from, a reference */
    char *name;
};

struct reverting {
    struct cow_work work;
    unsigned view;
    int error;
    struct hash made;  /* by the snapshot's file */
    struct hash taken; /* by the origin's */
    ARRAY(struct frame) frames;
    struct cow_copying copying;
    uint64_t n_steps; /* counted: an entry is a step, and so is a chunk of a file */
};

/* ---- the stack ---- */

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->list.count; i++)
        free(names->list.items[i]);
    array_free(&names->list);
    names->next = 0;
}

static int add_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct names *names = arg;

    (void)ino, (void)type;
    array_add(&names->list, mem_strdup(name));
    return 0;
}

static struct frame *top(struct reverting *r)
{
    return &r->frames.items[r->frames.count - 1];
}

static struct cow_node *ref(struct cow_node *node)
{
    return node ? cow_node_ref(node) : NULL;
}

static int push(struct reverting *r, enum walk walk, struct cow_node *from, struct cow_node *to)
{
    struct frame f = { .walk = walk, .from = ref(from), .to = ref(to) };
    bool is_of_snapshot = walk == COUNTING;

    array_add(&r->frames, f);
    return cow_volume_list(r->work.volume, is_of_snapshot ? r->view : VOLUME_ORIGIN,
                           is_of_snapshot ? from : to, add_name, &top(r)->names);
}

static int push_emptying(struct reverting *r, struct cow_node *dir, const char *name,
                         struct cow_node *node)
{
    char *copy = mem_strdup(name); /* whose it is may move */
    struct cow_node *parent = cow_node_ref(dir);
    int error = push(r, EMPTYING, NULL, node);

    top(r)->parent = parent;
    top(r)->name = copy;
    return error;
}

static void pop(struct reverting *r)
{
    struct frame *f = top(r);

    names_free(&f->names);
    cow_node_unref(r->work.volume, f->from);
    cow_node_unref(r->work.volume, f->to);
    cow_node_unref(r->work.volume, f->parent);
    free(f->name);
    r->frames.count--;
}

/* ---- what the snapshot does not know ---- */

/* A directory is emptied first: then it is *ret_is_later that the name goes. */
static int remove_entry(struct reverting *r, struct cow_node *dir, const char *name,
                        bool *ret_is_later)
{
    struct cow_volume *v = r->work.volume;
    struct cow_node *node;
    int error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, &node);

    *ret_is_later = false;
    if (error)
        return error;
    if (S_ISDIR(node->type)) {
        *ret_is_later = true;
        error = push_emptying(r, dir, name, node);
    } else {
        error = cow_volume_unlink(v, dir, name);
    }
    cow_node_unref(v, node);
    return error;
}

static int leave_entry(struct reverting *r, const struct frame *f, const char *name)
{
    struct cow_node *known = NULL;
    bool is_later;
    int error = cow_volume_lookup(r->work.volume, r->view, f->from, name, &known);

    cow_node_unref(r->work.volume, known);
    return error == -ENOENT ? remove_entry(r, f->to, name, &is_later) : 0;
}

/* ---- files with several names ---- */

static struct cow_node *pair_find(const struct hash *table, const struct cow_node *key)
{
    for (struct hash_link *l = hash_chain(table, hash_number(key->id)); l; l = l->next) {
        struct pair *pair = container_of(l, struct pair, link);

        if (pair->key == key)
            return pair->value;
    }
    return NULL;
}

static void pair_add(struct hash *table, struct cow_node *key, struct cow_node *value)
{
    struct pair *pair = mem_new(struct pair);

    pair->key = cow_node_ref(key);
    pair->value = cow_node_ref(value);
    hash_add(table, &pair->link, hash_number(key->id));
}

static void pairs_free(struct cow_volume *v, struct hash *table)
{
    for (size_t i = 0; i < table->n_buckets; i++) {
        for (struct hash_link *l = table->buckets[i], *next; l; l = next) {
            struct pair *pair = container_of(l, struct pair, link);

            next = l->next;
            cow_node_unref(v, pair->key);
            cow_node_unref(v, pair->value);
            free(pair);
        }
    }
    hash_free(table);
}

static bool has_several_names(struct cow_volume *v, unsigned view, struct cow_node *node)
{
    struct stat st;

    return !S_ISDIR(node->type) && cow_volume_stat(v, view, node, &st) == 0 && st.st_nlink > 1;
}

/* ---- what the snapshot knows ---- */

static int make_entry(struct cow_volume *v, unsigned view, struct cow_node *from,
                      struct cow_node *dir, const char *name, struct cow_node **ret_made)
{
    char target[PATH_MAX];
    struct stat st;
    int error = cow_volume_stat(v, view, from, &st);

    if (error)
        return error;
    if (!S_ISLNK(from->type))
        return cow_volume_create(v, dir, name, st.st_mode, st.st_rdev, st.st_uid, st.st_gid,
                                 ret_made);
    int n = cow_volume_readlink(v, view, from, target, sizeof(target) - 1);
    if (n < 0)
        return n;
    target[n] = 0;
    return cow_volume_symlink(v, dir, name, target, st.st_uid, st.st_gid, ret_made);
}

/* The name leads to a file that may become `from`: of its kind, and nobody else's yet. */
static bool is_usable(const struct reverting *r, struct cow_node *from, struct cow_node *present)
{
    struct cow_node *owner = pair_find(&r->taken, present);

    if (present->type != from->type || (owner && owner != from))
        return false;
    return !S_ISLNK(from->type) || present == from; /* a link never changes its target */
}

/* ret_is_done: it is another name of a file that has been put back already. ret_is_later: something
 * else goes first. */
static int find_or_make(struct reverting *r, struct cow_node *from, struct cow_node *dir,
                        const char *name, struct cow_node **ret_node, bool *ret_is_done,
                        bool *ret_is_later)
{
    struct cow_volume *v = r->work.volume;
    struct cow_node *made = pair_find(&r->made, from), *present = NULL;
    int error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, &present);
    bool fits = !error && (made ? present == made : is_usable(r, from, present));

    *ret_is_done = made != NULL;
    *ret_is_later = false;
    if (fits) {
        *ret_node = present;
        return 0;
    }
    if (!error) {
        cow_node_unref(v, present);
        error = remove_entry(r, dir, name, ret_is_later);
    } else if (error == -ENOENT) {
        error = 0;
    }
    if (error || *ret_is_later)
        return error;
    if (!made)
        return make_entry(v, r->view, from, dir, name, ret_node);
    error = cow_volume_link(v, made, dir, name);
    if (!error)
        *ret_node = cow_node_ref(made);
    return error;
}

static void remember(struct reverting *r, struct cow_node *from, struct cow_node *to)
{
    struct cow_volume *v = r->work.volume;

    if (!has_several_names(v, r->view, from) && !has_several_names(v, VOLUME_ORIGIN, to))
        return;
    pair_add(&r->made, from, to);
    pair_add(&r->taken, to, from);
}

/* The attributes come last: what is done to an object changes its times. */
static int complete(struct reverting *r, struct cow_node *from, struct cow_node *to)
{
    cow_progress_step(r->work.volume, 1);
    return cow_copy_attributes(r->work.volume, r->view, from, to);
}

static int put_back(struct reverting *r, struct cow_node *from, struct cow_node *to, bool is_done)
{
    if (!is_done)
        remember(r, from, to);
    if (!is_done && S_ISDIR(from->type))
        return push(r, LEAVING, from, to);
    if (!is_done && S_ISREG(from->type))
        return cow_copying_begin(r->work.volume, r->view, from, to, &r->copying);
    return complete(r, from, to);
}

static int bring_entry(struct reverting *r, struct frame *f, const char *name)
{
    struct cow_volume *v = r->work.volume;
    struct cow_node *from, *to = NULL;
    bool is_done = false, is_later = false;
    int error = cow_volume_lookup(v, r->view, f->from, name, &from);

    if (error)
        return error;
    f->names.next--; /* until nothing is in its way */
    error = find_or_make(r, from, f->to, name, &to, &is_done, &is_later);
    if (!is_later)
        f->names.next++;
    if (!error && !is_later)
        error = put_back(r, from, to, is_done);
    cow_node_unref(v, to);
    cow_node_unref(v, from);
    return error;
}

/* ---- how much there is to do ---- */

/* A file with several names counts more often than it is copied. */
static int count_entry(struct reverting *r, const struct frame *f, const char *name)
{
    struct cow_volume *v = r->work.volume;
    struct cow_node *node;
    struct stat st;
    int error = cow_volume_lookup(v, r->view, f->from, name, &node);

    if (error)
        return error;
    r->n_steps++;
    if (S_ISDIR(node->type))
        error = push(r, COUNTING, node, NULL);
    else if (S_ISREG(node->type) && cow_volume_stat(v, r->view, node, &st) == 0)
        r->n_steps += (uint64_t)st.st_size / COW_REVERT_CHUNK + 1;
    cow_node_unref(v, node);
    return error;
}

/* ---- steps ---- */

/* All names of the topmost directory have been looked at. */
static int end_directory(struct reverting *r)
{
    struct cow_volume *v = r->work.volume;
    struct frame *f = top(r);
    int error = 0;

    switch (f->walk) {
    case COUNTING:
        if (r->frames.count == 2) /* the root's own one is below */
            cow_progress_begin(v, r->n_steps + 1);
        break;
    case EMPTYING:
        error = cow_volume_rmdir(v, f->parent, f->name);
        break;
    case LEAVING:
        names_free(&f->names);
        f->walk = BRINGING;
        return cow_volume_list(v, r->view, f->from, add_name, &f->names);
    case BRINGING:
        error = complete(r, f->from, f->to);
        break;
    }
    pop(r);
    return error;
}

static int next_entry(struct reverting *r)
{
    struct frame *f = top(r);
    const char *name = f->names.list.items[f->names.next++];
    bool is_later;

    switch (f->walk) {
    case COUNTING:
        return count_entry(r, f, name);
    case EMPTYING:
        return remove_entry(r, f->to, name, &is_later);
    case LEAVING:
        return leave_entry(r, f, name);
    case BRINGING:
        break;
    }
    return bring_entry(r, f, name);
}

static int go_on_copying(struct reverting *r)
{
    bool is_over;
    int error = cow_copying_step(&r->copying, &is_over);

    if (!is_over)
        return error;
    if (!error)
        error = complete(r, r->copying.from, r->copying.to);
    cow_copying_end(&r->copying);
    return error;
}

static bool step(struct cow_work *work)
{
    struct reverting *r = container_of(work, struct reverting, work);

    if (r->error || (!r->frames.count && !r->copying.v))
        return false;
    if (r->copying.v)
        r->error = go_on_copying(r);
    else if (top(r)->names.next < top(r)->names.list.count)
        r->error = next_entry(r);
    else
        r->error = end_directory(r);
    return !r->error && (r->frames.count || r->copying.v);
}

static int end(struct cow_work *work)
{
    struct reverting *r = container_of(work, struct reverting, work);
    struct cow_volume *v = work->volume;
    int error = r->error;

    if (!error && (r->frames.count || r->copying.v))
        error = -ECANCELED;
    if (r->copying.v)
        cow_copying_end(&r->copying);
    while (r->frames.count)
        pop(r);
    array_free(&r->frames);
    pairs_free(v, &r->made);
    pairs_free(v, &r->taken);
    cow_progress_end(v);
    if (v->refused) {
        error = error ? v->refused : 0;
        v->is_offline = false;
    }
    v->reverting = 0;
    v->refused = 0;
    free(r);
    return error;
}

int cow_volume_begin_revert(struct cow_volume *v, unsigned number, struct cow_work **ret_work)
{
    int error = cow_snapshot_find(v, number) ? cow_view_check(v, number) : -ENOENT;

    if (!error && cow_snapshot_find(v, number)->is_open)
        error = -EBUSY;
    if (!error && v->is_held)
        error = -EAGAIN;
    if (error)
        return error;
    struct reverting *r = mem_new(struct reverting);

    r->work = (struct cow_work){ v, step, end };
    r->view = number;
    v->reverting = number;
    r->error = push(r, LEAVING, v->root, v->root);
    if (!r->error && v->progress.fn) /* else nobody wants to know */
        r->error = push(r, COUNTING, v->root, NULL);
    *ret_work = &r->work;
    return 0;
}

int cow_volume_revert(struct cow_volume *v, unsigned number)
{
    struct cow_work *work;
    int error = cow_volume_begin_revert(v, number, &work);

    return error ? error : cow_work_do(work);
}

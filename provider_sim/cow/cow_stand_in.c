/* SPDX-License-Identifier: MIT */
/* A directory that a rename replaces, of a volume without a log: had it stepped aside, and the
 * process been killed before the rename, nobody would put it back. So another directory stands for
 * it among the orphans; it is empty, as that one is, and all else that a snapshot sees of it has
 * been preserved. The store then replaces the directory itself in one step. */
#include "provider_sim/cow/cow_journal.h"

static int make(struct cow_volume *v, struct cow_node *node, struct store_node **ret_made)
{
    struct store *s = v->cs.store;
    char name[ORPHAN_NAME_SIZE];

    cow_preserve_xattrs(v, node);
    return s->ops->create(s, v->cs.orphans, cow_store_orphan_name(node->id, name), S_IFDIR | 0700,
                          0, (uid_t)-1, (gid_t)-1, ret_made);
}

static void drop(struct cow_volume *v, struct cow_node *node, struct store_node *take_made)
{
    v->cs.store->ops->unref(v->cs.store, take_made);
    cow_store_orphan_remove(&v->cs, node->id, true);
}

/* The inode of the directory itself may be another's from now on. */
static void use(struct cow_volume *v, struct cow_node *node, struct store_node *take_made,
                ino_t inode)
{
    hash_remove(&v->nodes, &node->link);
    if (node->store)
        v->cs.store->ops->unref(v->cs.store, node->store);
    node->store = take_made;
    node->ino = inode;
    node->is_orphan = true;
    hash_add(&v->nodes, &node->link, hash_number((uint64_t)inode));
}

int cow_stand_in_replace(struct cow_volume *v, struct cow_node *node, struct store_node *from_dir,
                         const char *from, struct store_node *to_dir, const char *to)
{
    struct store *s = v->cs.store;
    struct store_node *made = NULL;
    struct stat st;
    int failed = make(v, node, &made);

    if (!failed)
        failed = s->ops->stat(s, made, &st);
    if (failed)
        cow_area_lost(v, node->born);
    int error = s->ops->rename(s, from_dir, from, to_dir, to, true);

    if (made && (failed || error || !node->pins))
        drop(v, node, made);
    else if (made)
        use(v, node, made, st.st_ino);
    node->is_unlinked = !error && !node->is_orphan;
    return error;
}

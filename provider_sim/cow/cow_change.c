/* SPDX-License-Identifier: MIT */
/* Changes of the origin: preserve, then do. A name is removed in one step of the store also when
 * its file becomes an orphan, so that a process that dies in between loses nothing. */
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>

static int check_dir(const struct cow_volume *v, const struct cow_node *dir, const char *name)
{
    if (v->is_held || v->is_offline)
        return v->is_held ? -EAGAIN : -ENXIO;
    if (!S_ISDIR(dir->type))
        return -ENOTDIR;
    if (cow_is_hidden(v, dir, name))
        return -EACCES;
    return dir->is_orphan || dir->is_unlinked ? -ENOENT : 0;
}

/* ---- files ---- */

ssize_t cow_volume_write(struct cow_volume *v, struct cow_node *node, const void *buffer,
                         size_t size, off_t offset)
{
    struct store_node *file;

    if (v->is_held)
        return -EAGAIN;
    if (!S_ISREG(node->type))
        return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
    int error = cow_node_store(v, node, &file);
    if (error)
        return error;
    error = cow_preserve_data(v, node, offset, offset + (off_t)size);
    if (error)
        return error;
    error = cow_journal_before(v, node, NULL, NULL, NULL);
    if (error)
        return error;
    cow_preserve_wrote(v, node, offset, offset + (off_t)size);
    return v->cs.store->ops->write(v->cs.store, file, buffer, size, offset);
}

int cow_volume_truncate(struct cow_volume *v, struct cow_node *node, off_t size)
{
    struct store_node *file;

    if (v->is_held)
        return -EAGAIN;
    if (size < 0 || !S_ISREG(node->type))
        return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
    int error = cow_node_store(v, node, &file);
    if (error)
        return error;
    error = cow_preserve_cleared(v, node, size, INT64_MAX);
    if (error)
        return error;
    error = cow_journal_before(v, node, NULL, NULL, NULL);
    return error ? error : v->cs.store->ops->truncate(v->cs.store, file, size);
}

int cow_volume_sync(struct cow_volume *v, struct cow_node *node)
{
    struct store_node *file = NULL;
    int error = node ? cow_node_store(v, node, &file) : 0;

    return error ? error : v->cs.store->ops->sync(v->cs.store, file);
}

static int attribute_change(struct cow_volume *v, struct cow_node *node,
                            struct store_node **ret_file)
{
    if (v->is_held || v->is_offline)
        return v->is_held ? -EAGAIN : -ENXIO;
    int error = cow_node_store(v, node, ret_file);
    if (error)
        return error;
    cow_preserve_stat(v, node);
    cow_preserve_rights(v, node);
    return cow_journal_before(v, node, NULL, NULL, NULL);
}

int cow_volume_chmod(struct cow_volume *v, struct cow_node *node, mode_t mode)
{
    struct store_node *file;
    int error = attribute_change(v, node, &file);

    return error ? error : v->cs.store->ops->chmod(v->cs.store, file, mode);
}

int cow_volume_chown(struct cow_volume *v, struct cow_node *node, uid_t uid, gid_t gid)
{
    struct store_node *file;
    int error = attribute_change(v, node, &file);

    return error ? error : v->cs.store->ops->chown(v->cs.store, file, uid, gid);
}

int cow_volume_set_times(struct cow_volume *v, struct cow_node *node,
                         const struct timespec times[2])
{
    struct store_node *file;
    int error = attribute_change(v, node, &file);

    return error ? error : v->cs.store->ops->set_times(v->cs.store, file, times);
}

int cow_volume_set_xattr(struct cow_volume *v, struct cow_node *node, const char *name,
                         const void *value, size_t size, int flags)
{
    struct store_node *file;

    if (v->is_held || v->is_offline)
        return v->is_held ? -EAGAIN : -ENXIO;
    int error = cow_node_store(v, node, &file);
    if (error)
        return error;
    cow_preserve_xattrs(v, node);
    error = cow_journal_before(v, node, NULL, NULL, NULL);
    return error ? error : v->cs.store->ops->set_xattr(v->cs.store, file, name, value, size, flags);
}

int cow_volume_remove_xattr(struct cow_volume *v, struct cow_node *node, const char *name)
{
    struct store_node *file;

    if (v->is_held || v->is_offline)
        return v->is_held ? -EAGAIN : -ENXIO;
    int error = cow_node_store(v, node, &file);
    if (error)
        return error;
    cow_preserve_xattrs(v, node);
    error = cow_journal_before(v, node, NULL, NULL, NULL);
    return error ? error : v->cs.store->ops->remove_xattr(v->cs.store, file, name);
}

/* ---- new names ---- */

static int adopt(struct cow_volume *v, struct store_node *made, struct cow_node **ret_node)
{
    int error = cow_node_take(v, made, ret_node);

    if (!error)
        (*ret_node)->born = v->epoch;
    return error;
}

int cow_volume_create(struct cow_volume *v, struct cow_node *dir, const char *name, mode_t mode,
                      dev_t device, uid_t uid, gid_t gid, struct cow_node **ret_node)
{
    struct store_node *dir_store, *made;
    int error = check_dir(v, dir, name);

    if (!error)
        error = cow_node_store(v, dir, &dir_store);
    if (error)
        return error;
    cow_preserve_entry(v, dir, name);
    cow_preserve_stat(v, dir);
    error = cow_journal_before(v, dir, NULL, NULL, NULL);
    if (!error)
        error =
            v->cs.store->ops->create(v->cs.store, dir_store, name, mode, device, uid, gid, &made);
    return error ? error : adopt(v, made, ret_node);
}

int cow_volume_symlink(struct cow_volume *v, struct cow_node *dir, const char *name,
                       const char *target, uid_t uid, gid_t gid, struct cow_node **ret_node)
{
    struct store_node *dir_store, *made;
    int error = check_dir(v, dir, name);

    if (!error)
        error = cow_node_store(v, dir, &dir_store);
    if (error)
        return error;
    cow_preserve_entry(v, dir, name);
    cow_preserve_stat(v, dir);
    error = cow_journal_before(v, dir, NULL, NULL, NULL);
    if (!error)
        error = v->cs.store->ops->symlink(v->cs.store, dir_store, name, target, &made);
    if (error)
        return error;
    if (uid != (uid_t)-1 || gid != (gid_t)-1)
        error = v->cs.store->ops->chown(v->cs.store, made, uid, gid);
    if (error) {
        v->cs.store->ops->unref(v->cs.store, made);
        v->cs.store->ops->unlink(v->cs.store, dir_store, name);
        return error;
    }
    return adopt(v, made, ret_node);
}

int cow_volume_link(struct cow_volume *v, struct cow_node *node, struct cow_node *dir,
                    const char *name)
{
    struct store_node *dir_store, *file;
    int error = check_dir(v, dir, name);

    if (!error && (node->is_orphan || node->is_unlinked))
        error = -ENOENT;
    if (!error)
        error = cow_node_store(v, dir, &dir_store);
    if (!error)
        error = cow_node_store(v, node, &file);
    if (error)
        return error;
    cow_preserve_entry(v, dir, name);
    cow_preserve_stat(v, dir);
    cow_preserve_stat(v, node);
    error = cow_journal_before(v, dir, node, NULL, NULL);
    return error ? error : v->cs.store->ops->link(v->cs.store, file, dir_store, name);
}

/* ---- names that go ---- */

/* A node that is about to lose a name. */
struct victim {
    struct cow_node *node; /* a reference */
    struct store_node *dir_store;
    struct store_node *store;
    bool is_last_name;
};

/* One that somebody holds is known by its inode number: a call, instead of opening it once more. */
static bool victim_is_known(struct cow_volume *v, const char *name, struct victim *ret)
{
    struct store *s = v->cs.store;
    struct stat st;

    if (!s->ops->stat_name || s->ops->stat_name(s, ret->dir_store, name, &st) < 0 ||
        st.st_dev != v->device)
        return false;
    struct cow_node *node = cow_node_find(v, st.st_ino);

    if (!node || !node->store || !node->refs || node->type != (st.st_mode & S_IFMT))
        return false;
    ret->node = cow_node_ref(node);
    ret->store = node->store;
    ret->is_last_name = S_ISDIR(st.st_mode) || st.st_nlink == 1;
    return true;
}

static int victim_find(struct cow_volume *v, struct cow_node *dir, const char *name,
                       struct victim *ret)
{
    struct stat st;
    int error = cow_node_store(v, dir, &ret->dir_store);

    if (!error && victim_is_known(v, name, ret))
        return 0;
    if (!error)
        error = cow_volume_lookup(v, VOLUME_ORIGIN, dir, name, &ret->node);
    if (error)
        return error;
    error = cow_node_store(v, ret->node, &ret->store);
    if (!error)
        error = v->cs.store->ops->stat(v->cs.store, ret->store, &st);
    if (error) {
        cow_node_unref(v, ret->node);
        return error;
    }
    ret->is_last_name = S_ISDIR(st.st_mode) || st.st_nlink == 1;
    return 0;
}

static int preserve_victim(struct cow_volume *v, struct cow_node *dir, const char *name,
                           struct victim *victim)
{
    cow_preserve_entry(v, dir, name);
    cow_preserve_stat(v, dir);
    cow_preserve_stat(v, victim->node);
    return cow_journal_before(v, dir, victim->node, NULL, NULL);
}

static void victim_lost_name(struct victim *victim, bool is_orphan)
{
    if (victim->is_last_name) {
        victim->node->is_orphan = is_orphan;
        victim->node->is_unlinked = !is_orphan;
    }
}

int cow_volume_unlink(struct cow_volume *v, struct cow_node *dir, const char *name)
{
    struct victim victim;
    int error = check_dir(v, dir, name);

    if (!error)
        error = victim_find(v, dir, name, &victim);
    if (error)
        return error;
    if (S_ISDIR(victim.node->type)) {
        cow_node_unref(v, victim.node);
        return -EISDIR;
    }
    error = preserve_victim(v, dir, name, &victim);
    if (error) {
        cow_node_unref(v, victim.node);
        return error;
    }
    bool is_orphan = false;
    if (victim.is_last_name && victim.node->pins) {
        is_orphan = cow_store_orphan_move(&v->cs, victim.dir_store, name, victim.node->id) == 0;
        if (!is_orphan)
            cow_area_lost(v, victim.node->born);
    }
    if (!is_orphan)
        error = v->cs.store->ops->unlink(v->cs.store, victim.dir_store, name);
    if (!error)
        victim_lost_name(&victim, is_orphan);
    cow_node_unref(v, victim.node);
    return error;
}

static int found_entry(void *arg, const char *name, ino_t ino, mode_t type)
{
    (void)arg;
    (void)name;
    (void)ino;
    (void)type;
    return 1;
}

/* Answers 0, or -ENOTEMPTY. */
static int check_empty(struct cow_volume *v, struct cow_node *dir)
{
    int answer =
        dir == v->root ? -EBUSY : cow_volume_list(v, VOLUME_ORIGIN, dir, found_entry, NULL);

    return answer > 0 ? -ENOTEMPTY : answer;
}

int cow_volume_rmdir(struct cow_volume *v, struct cow_node *dir, const char *name)
{
    struct victim victim;
    int error = check_dir(v, dir, name);

    if (!error)
        error = victim_find(v, dir, name, &victim);
    if (error)
        return error;
    error = S_ISDIR(victim.node->type) ? check_empty(v, victim.node) : -ENOTDIR;
    if (error) {
        cow_node_unref(v, victim.node);
        return error;
    }
    error = preserve_victim(v, dir, name, &victim);
    if (error) {
        cow_node_unref(v, victim.node);
        return error;
    }
    bool is_orphan = false;
    if (victim.node->pins) {
        is_orphan = cow_store_orphan_move(&v->cs, victim.dir_store, name, victim.node->id) == 0;
        if (!is_orphan)
            cow_area_lost(v, victim.node->born);
    }
    if (!is_orphan)
        error = v->cs.store->ops->rmdir(v->cs.store, victim.dir_store, name);
    if (!error)
        victim_lost_name(&victim, is_orphan);
    cow_node_unref(v, victim.node);
    return error;
}

/* ---- rename ---- */

struct move {
    struct cow_node *from_dir, *to_dir;
    struct victim from;
    struct victim to; /* node NULL: the name is free */
    const char *from_name;
    const char *to_name;
    struct store_node *to_dir_store;
    enum store_rename how;
};

/* A file that a snapshot needs gets a second name among the orphans first, so that the store's
 * rename can replace it in one step. */
static int replace_file(struct cow_volume *v, struct move *m)
{
    struct store *s = v->cs.store;
    bool is_orphan = false;

    if (m->to.is_last_name && m->to.node->pins) {
        is_orphan = cow_store_orphan_link(&v->cs, m->to.store, m->to.node->id) == 0;
        if (!is_orphan)
            cow_area_lost(v, m->to.node->born);
    }
    int error =
        s->ops->rename(s, m->from.dir_store, m->from_name, m->to_dir_store, m->to_name, true);
    if (!error)
        victim_lost_name(&m->to, is_orphan);
    else if (is_orphan)
        cow_store_orphan_remove(&v->cs, m->to.node->id, false);
    return error;
}

/* Directories have one name only: the empty one steps aside, and back if the rename fails. */
static int replace_dir(struct cow_volume *v, struct move *m)
{
    struct store *s = v->cs.store;
    int error = check_empty(v, m->to.node);

    if (error)
        return error;
    if (m->to.node->pins && !cow_journal_is_on(v))
        return cow_stand_in_replace(v, m->to.node, m->from.dir_store, m->from_name, m->to_dir_store,
                                    m->to_name);
    if (m->to.node->pins &&
        cow_store_orphan_move(&v->cs, m->to_dir_store, m->to_name, m->to.node->id) == 0) {
        m->to.node->is_orphan = true;
    } else if (m->to.node->pins) {
        cow_area_lost(v, m->to.node->born);
    }
    error = s->ops->rename(s, m->from.dir_store, m->from_name, m->to_dir_store, m->to_name,
                           !m->to.node->is_orphan);
    if (!error) {
        m->to.node->is_unlinked = !m->to.node->is_orphan;
    } else if (m->to.node->is_orphan) {
        m->to.node->is_orphan = false;
        cow_store_orphan_restore(&v->cs, m->to.node->id, m->to_dir_store, m->to_name);
    }
    return error;
}

/* A directory that a snapshot needs and that loses its name. */
static bool steps_aside(const struct move *m)
{
    return m->how != STORE_RENAME_EXCHANGE && m->to.node && m->to.node->pins &&
           S_ISDIR(m->to.node->type);
}

static int preserve_move(struct cow_volume *v, struct move *m)
{
    cow_preserve_entry(v, m->from_dir, m->from_name);
    cow_preserve_stat(v, m->from_dir);
    cow_preserve_stat(v, m->from.node);
    cow_preserve_entry(v, m->to_dir, m->to_name);
    cow_preserve_stat(v, m->to_dir);
    if (m->to.node)
        cow_preserve_stat(v, m->to.node);
    if (steps_aside(m))
        cow_journal_replacing(v, m->to_dir, m->to.node, m->to_name);
    return cow_journal_before(v, m->from_dir, m->to_dir, m->from.node, m->to.node);
}

/* In an exchange nothing loses its last name. */
static int move_checked(struct cow_volume *v, struct move *m)
{
    struct store *s = v->cs.store;
    enum store_rename how = m->to.node ? m->how : STORE_RENAME_NEW;

    if (!m->to.node || how == STORE_RENAME_EXCHANGE)
        return s->ops->rename(s, m->from.dir_store, m->from_name, m->to_dir_store, m->to_name, how);
    if (m->how == STORE_RENAME_NEW)
        return -EEXIST;
    if (S_ISDIR(m->from.node->type) != S_ISDIR(m->to.node->type))
        return S_ISDIR(m->to.node->type) ? -EISDIR : -ENOTDIR;
    return S_ISDIR(m->to.node->type) ? replace_dir(v, m) : replace_file(v, m);
}

int cow_volume_rename(struct cow_volume *v, struct cow_node *from_dir, const char *from,
                      struct cow_node *to_dir, const char *to, enum store_rename how)
{
    struct move m = { from_dir, to_dir, .from_name = from, .to_name = to, .how = how };
    int error = check_dir(v, from_dir, from);

    if (!error)
        error = check_dir(v, to_dir, to);
    if (!error)
        error = cow_node_store(v, to_dir, &m.to_dir_store);
    if (!error)
        error = victim_find(v, from_dir, from, &m.from);
    if (error)
        return error;
    error = victim_find(v, to_dir, to, &m.to);
    if (error && (error != -ENOENT || how == STORE_RENAME_EXCHANGE)) {
        cow_node_unref(v, m.from.node);
        return error;
    }
    if (error)
        m.to.node = NULL;
    if (m.to.node != m.from.node) {
        error = preserve_move(v, &m);
        bool is_replaced = steps_aside(&m);

        if (!error)
            error = move_checked(v, &m);
        if (is_replaced)
            cow_journal_replaced(v, m.to.node);
    } else if (how == STORE_RENAME_NEW) {
        error = -EEXIST;
    }
    cow_node_unref(v, m.to.node);
    cow_node_unref(v, m.from.node);
    return error;
}

/* SPDX-License-Identifier: MIT */
/* Calls come from any thread, so each takes the one lock around the volume; it is never held while
 * somebody waits. A change that meets a hold waits through the scheduler and starts again. */
#include "provider_sim/cow/cow_port.h"

#include "emu/base/check.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/port/sched.h"
#include "emu/port/store.h"
#include "emu/port/volume.h"
#include "emu/port/volume_name.h"
#include "provider_sim/cow/cow_path.h"
#include "provider_sim/cow/cow_port_state.h"
#include "provider_sim/cow/cow_view_change.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

static bool is_released(void *arg)
{
    struct cow_port *p = arg;

    return !LOCKED(p, cow_volume_is_held(p->cow));
}

void cow_port_wait_for_release(struct cow_port *p)
{
    sched_enter(p->sched);
    sched_wait(p->sched, is_released, p, SCHED_NEVER);
    sched_leave(p->sched);
}

/* ---- files ---- */

static int create_file(struct cow_port *p, unsigned view, const char *path, mode_t mode,
                       struct cow_node **ret_node)
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir;
    int error = cow_path_split(p->cow, view, path, &dir, name);

    if (error)
        return error;
    error = cow_view_create(p->cow, view, dir, name, S_IFREG | (mode & 07777), 0, (uid_t)-1,
                            (gid_t)-1, ret_node);
    cow_node_unref(p->cow, dir);
    return error;
}

static int check_kind(struct cow_port *p, unsigned view, struct cow_node *node, int flags)
{
    struct stat st;
    int error = cow_volume_stat(p->cow, view, node, &st);

    if (error)
        return error;
    if ((flags & O_DIRECTORY) && !S_ISDIR(st.st_mode))
        return -ENOTDIR;
    if (S_ISDIR(st.st_mode) && (flags & (O_ACCMODE | O_TRUNC | O_CREAT)) != O_RDONLY)
        return -EISDIR;
    return S_ISDIR(st.st_mode) || S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

static int open_locked(struct cow_port *p, unsigned view, const char *path, int flags, mode_t mode,
                       struct cow_node **ret_node)
{
    bool is_change = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    struct cow_node *node;
    int error = is_change ? cow_view_check_change(p->cow, view) : 0;

    if (error)
        return error;
    error = cow_path_find(p->cow, view, path, true, &node);
    if (error == -ENOENT && (flags & O_CREAT))
        return create_file(p, view, path, mode, ret_node);
    if (error)
        return error;
    error = (flags & O_CREAT) && (flags & O_EXCL) ? -EEXIST : check_kind(p, view, node, flags);
    if (!error && (flags & O_TRUNC))
        error = cow_view_truncate(p->cow, view, node, 0);
    if (error)
        cow_node_unref(p->cow, node);
    else
        *ret_node = node;
    return error;
}

static int port_open(struct volume *v, unsigned view, const char *path, int flags, mode_t mode,
                     struct volume_file **ret_file)
{
    struct cow_port *p = cow_port_of(v);
    struct cow_node *node = NULL;
    int error = LOCKED_CHANGE(p, open_locked(p, view, path, flags, mode, &node));

    if (error)
        return error;
    struct volume_file *file = mem_new(struct volume_file);

    *file = (struct volume_file){ .port = p, .view = view, .flags = flags, .node = node };
    list_init(&file->link);
    if (view == VOLUME_ORIGIN)
        LOCKED(p, (list_append(&p->files, &file->link), 0));
    *ret_file = file;
    return flags & O_CREAT ? volume_told(v, view, path, true, 0) : 0;
}

static void port_close(struct volume_file *file)
{
    struct cow_port *p = file->port;

    LOCKED(p, (list_remove(&file->link), cow_node_unref(p->cow, file->node), 0));
    free(file);
}

static bool is_cut(struct volume_file *file)
{
    return LOCKED(file->port, file->is_cut);
}

static ssize_t port_read(struct volume_file *file, void *buffer, size_t size, off_t offset)
{
    struct cow_port *p = file->port;

    if ((file->flags & O_ACCMODE) == O_WRONLY)
        return -EBADF;
    if (is_cut(file))
        return -ESTALE;
    return LOCKED(p, cow_volume_read(p->cow, file->view, file->node, buffer, size, offset));
}

static bool is_writable(const struct volume_file *file)
{
    return (file->flags & O_ACCMODE) != O_RDONLY;
}

static ssize_t port_write(struct volume_file *file, const void *buffer, size_t size, off_t offset)
{
    struct cow_port *p = file->port;

    if (!is_writable(file))
        return -EBADF;
    if (is_cut(file))
        return -ESTALE;
    return LOCKED_CHANGE(p, cow_view_write(p->cow, file->view, file->node, buffer, size, offset));
}

static int port_truncate(struct volume_file *file, off_t size)
{
    struct cow_port *p = file->port;

    if (!is_writable(file))
        return -EBADF;
    if (is_cut(file))
        return -ESTALE;
    return LOCKED_CHANGE(p, cow_view_truncate(p->cow, file->view, file->node, size));
}

static int port_sync(struct volume_file *file)
{
    struct cow_port *p = file->port;

    if (is_cut(file))
        return -ESTALE;
    return file->view ? 0 : LOCKED(p, cow_volume_sync(p->cow, file->node));
}

static int port_stat_file(struct volume_file *file, struct stat *ret_stat)
{
    struct cow_port *p = file->port;

    if (is_cut(file))
        return -ESTALE;
    return LOCKED(p, cow_volume_stat(p->cow, file->view, file->node, ret_stat));
}

/* ---- names ---- */

static int stat_locked(struct cow_port *p, unsigned view, const char *path, struct stat *ret_stat)
{
    struct cow_node *node;
    int error = cow_path_find(p->cow, view, path, false, &node);

    if (error)
        return error;
    error = cow_volume_stat(p->cow, view, node, ret_stat);
    cow_node_unref(p->cow, node);
    return error;
}

static int port_stat(struct volume *v, unsigned view, const char *path, struct stat *ret_stat)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, stat_locked(p, view, path, ret_stat));
}

static int remember_name(void *arg, const char *name, ino_t ino, mode_t type)
{
    struct name_list *list = arg;

    (void)ino;
    (void)type;
    name_list_add(list, name);
    return 0;
}

static int stat_entry(struct cow_port *p, unsigned view, struct cow_node *dir, const char *name,
                      struct stat *ret_stat)
{
    struct cow_node *node;
    int error = cow_volume_lookup(p->cow, view, dir, name, &node);

    if (error)
        return error;
    error = cow_volume_stat(p->cow, view, node, ret_stat);
    cow_node_unref(p->cow, node);
    return error;
}

/* Names that vanish between the list and their turn are left out. */
static int tell_names(struct cow_port *p, unsigned view, struct cow_node *dir,
                      struct name_list *list,
                      int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    int answer = 0;

    name_list_sort(list);
    for (size_t i = 0; i < list->names.count && !answer; i++) {
        const char *name = list->names.items[i];
        struct stat st;
        int error = LOCKED(p, stat_entry(p, view, dir, name, &st));

        if (error != -ENOENT && error != -EXDEV)
            answer = error ? error : each(arg, name, &st);
    }
    return answer;
}

static int list_locked(struct cow_port *p, unsigned view, const char *path, struct name_list *list,
                       struct cow_node **ret_dir)
{
    struct cow_node *dir;
    int error = cow_path_find(p->cow, view, path, true, &dir);

    if (error)
        return error;
    error = cow_volume_list(p->cow, view, dir, remember_name, list);
    if (error)
        cow_node_unref(p->cow, dir);
    else
        *ret_dir = dir;
    return error;
}

static int port_list(struct volume *v, unsigned view, const char *path,
                     int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    struct cow_port *p = cow_port_of(v);
    struct name_list list = { 0 };
    struct cow_node *dir = NULL;
    int answer = LOCKED(p, list_locked(p, view, path, &list, &dir));

    if (!answer) {
        answer = tell_names(p, view, dir, &list, each, arg);
        LOCKED(p, (cow_node_unref(p->cow, dir), 0));
    }
    name_list_free(&list);
    return answer;
}

/* A name's directory in a view that can be changed. */
static int split_locked(struct cow_port *p, unsigned view, const char *path,
                        struct cow_node **ret_dir, char ret_name[COW_NAME_SIZE])
{
    int error = cow_view_check_change(p->cow, view);

    return error ? error : cow_path_split(p->cow, view, path, ret_dir, ret_name);
}

static int mkdir_locked(struct cow_port *p, unsigned view, const char *path, mode_t mode)
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir, *made;
    int error = split_locked(p, view, path, &dir, name);

    if (error)
        return error == -EINVAL ? -EEXIST : error;
    error = cow_view_create(p->cow, view, dir, name, S_IFDIR | (mode & 07777), 0, (uid_t)-1,
                            (gid_t)-1, &made);
    if (!error)
        cow_node_unref(p->cow, made);
    cow_node_unref(p->cow, dir);
    return error;
}

static int remove_locked(struct cow_port *p, unsigned view, const char *path,
                         int (*remove)(struct cow_volume *v, unsigned view, struct cow_node *dir,
                                       const char *name))
{
    char name[COW_NAME_SIZE];
    struct cow_node *dir;
    int error = split_locked(p, view, path, &dir, name);

    if (error)
        return error;
    error = remove(p->cow, view, dir, name);
    cow_node_unref(p->cow, dir);
    return error;
}

static int rename_locked(struct cow_port *p, unsigned view, const char *from_path,
                         const char *to_path, bool replace)
{
    char from_name[COW_NAME_SIZE], to_name[COW_NAME_SIZE];
    struct cow_node *from_dir, *to_dir;
    int error = split_locked(p, view, from_path, &from_dir, from_name);

    if (error)
        return error;
    error = cow_path_split(p->cow, view, to_path, &to_dir, to_name);
    if (!error) {
        error = cow_view_rename(p->cow, view, from_dir, from_name, to_dir, to_name, replace);
        cow_node_unref(p->cow, to_dir);
    }
    cow_node_unref(p->cow, from_dir);
    return error;
}

static int port_mkdir(struct volume *v, unsigned view, const char *path, mode_t mode)
{
    struct cow_port *p = cow_port_of(v);

    return volume_told(v, view, path, true, LOCKED_CHANGE(p, mkdir_locked(p, view, path, mode)));
}

static int port_rmdir(struct volume *v, unsigned view, const char *path)
{
    struct cow_port *p = cow_port_of(v);

    return volume_told(v, view, path, false,
                       LOCKED_CHANGE(p, remove_locked(p, view, path, cow_view_rmdir)));
}

static int port_unlink(struct volume *v, unsigned view, const char *path)
{
    struct cow_port *p = cow_port_of(v);

    return volume_told(v, view, path, false,
                       LOCKED_CHANGE(p, remove_locked(p, view, path, cow_view_unlink)));
}

static int port_rename(struct volume *v, unsigned view, const char *from_path, const char *to_path,
                       bool replace)
{
    struct cow_port *p = cow_port_of(v);
    int error = LOCKED_CHANGE(p, rename_locked(p, view, from_path, to_path, replace));

    volume_told(v, view, from_path, false, error);
    return volume_told(v, view, to_path, true, error);
}

static int change_locked(struct cow_port *p, unsigned view, const char *path,
                         const struct timespec *times, mode_t mode)
{
    struct cow_node *node;
    int error = cow_view_check_change(p->cow, view);

    if (!error)
        error = cow_path_find(p->cow, view, path, true, &node);
    if (error)
        return error;
    error = times ? cow_view_set_times(p->cow, view, node, times)
                  : cow_view_chmod(p->cow, view, node, mode);
    cow_node_unref(p->cow, node);
    return error;
}

static int port_set_times(struct volume *v, unsigned view, const char *path,
                          const struct timespec times[2])
{
    return LOCKED_CHANGE(cow_port_of(v), change_locked(cow_port_of(v), view, path, times, 0));
}

static int port_chmod(struct volume *v, unsigned view, const char *path, mode_t mode)
{
    return LOCKED_CHANGE(cow_port_of(v), change_locked(cow_port_of(v), view, path, NULL, mode));
}

/* ---- life ---- */

static void port_free(struct volume *v)
{
    struct cow_port *p = cow_port_of(v);

    volume_tell_name(v, NULL, false);
    cow_port_leave(v);
    cow_volume_free(p->cow);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static const struct volume_ops port_ops = {
    .flush = cow_port_flush,
    .hold = cow_port_hold,
    .commit = cow_port_commit,
    .release = cow_port_release,
    .delete_snapshot = cow_port_delete_snapshot,
    .open_snapshot = cow_port_open_snapshot,
    .seal_snapshot = cow_port_seal_snapshot,
    .is_open = cow_port_is_open,
    .revert = cow_port_revert,
    .dismount = cow_port_dismount,
    .next_number = cow_port_next_number,
    .keep = cow_port_keep,
    .kept = cow_port_kept,
    .keep_settings = cow_port_keep_settings,
    .kept_settings = cow_port_kept_settings,
    .identify = cow_port_identify,
    .leave = cow_port_leave,
    .limit_diff_area = cow_port_limit_diff_area,
    .use_of_diff_area = cow_port_use_of_diff_area,
    .put_online = cow_port_put_online,
    .open = port_open,
    .close = port_close,
    .read = port_read,
    .write = port_write,
    .truncate = port_truncate,
    .sync = port_sync,
    .stat_file = port_stat_file,
    .stat = port_stat,
    .list = port_list,
    .mkdir = port_mkdir,
    .rmdir = port_rmdir,
    .unlink = port_unlink,
    .rename = port_rename,
    .set_times = port_set_times,
    .chmod = port_chmod,
    .link = cow_port_link,
    .readlink = cow_port_readlink,
    .free = port_free,
};

int cow_port_new(struct sched *sched, char letter, struct store *take_store,
                 struct volume **ret_volume)
{
    struct cow_volume *cow;
    int error = cow_volume_open(take_store, &cow);

    if (error)
        return error;
    struct cow_port *p = mem_new(struct cow_port);

    p->volume.ops = &port_ops;
    p->volume.letter = letter;
    p->volume.image = cow_volume_image(cow);
    volume_guid_name(letter, p->volume.guid_name);
    p->sched = sched;
    p->cow = cow;
    list_init(&p->files);
    pthread_mutex_init(&p->lock, NULL);
    *ret_volume = &p->volume;
    return 0;
}

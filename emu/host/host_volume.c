/* SPDX-License-Identifier: MIT */
/* Control operations queue up for one thread of ours, which sends them and gives the answers back
 * inside the service; a program that dies takes its socket along, and the server releases the
 * volume. Paths are resolved by the kernel beneath a handle on the view's root (openat2). */
#include "emu/host/host_volume.h"

#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/base/name_list.h"
#include "emu/host/host_view.h"
#include "emu/port/sched.h"
#include "emu/port/volume.h"
#include "emu/port/volume_name.h"
#include "emu/port/volume_wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct control_request {
    struct list link;
    bool is_flush;
    struct volume_wire_request message;
    struct volume_done *done;
};

struct host_volume {
    struct volume volume;
    struct sched *sched;
    struct sched_thread *thread;
    int root_fd;
    int control_fd;
    unsigned next_number;
    struct list requests; /* of struct control_request; guarded by the service */
    bool is_ending;
    unsigned n_deleted; /* snapshots so far; atomic */
};

struct volume_file {
    struct host_volume *volume;
    int fd;
    unsigned view;
    unsigned n_deleted; /* when the view was last known to be there */
};

static struct host_volume *from(struct volume *v)
{
    return container_of(v, struct host_volume, volume);
}

/* ---- talking to the server ---- */

static int send_all(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size) {
        ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int receive_all(int fd, void *data, size_t size)
{
    char *at = data;

    while (size) {
        ssize_t n = recv(fd, at, size, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EPIPE;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int ask(int fd, const struct volume_wire_request *request, uint32_t *ret_value)
{
    struct volume_wire_reply reply;
    int error = send_all(fd, request, sizeof(*request));

    if (!error)
        error = receive_all(fd, &reply, sizeof(reply));
    if (!error && reply.length != sizeof(reply))
        error = -EPROTO;
    if (error)
        return error;
    *ret_value = reply.value;
    return reply.error;
}

static bool has_work(void *arg)
{
    struct host_volume *h = arg;

    return h->is_ending || !list_is_empty(&h->requests);
}

static int answer_request(struct host_volume *h, const struct control_request *request)
{
    uint32_t value;

    if (!request->is_flush)
        return ask(h->control_fd, &request->message, &value);
    return syncfs(h->root_fd) < 0 ? -errno : 0;
}

static void control_main(void *arg)
{
    struct host_volume *h = arg;

    sched_enter(h->sched);
    for (;;) {
        sched_wait(h->sched, has_work, h, SCHED_NEVER);
        if (list_is_empty(&h->requests))
            break;
        struct control_request *request =
            container_of(h->requests.next, struct control_request, link);

        list_remove(&request->link);
        sched_leave(h->sched);
        int error = answer_request(h, request);
        sched_enter(h->sched);
        if (request->message.operation == VOLUME_WIRE_COMMIT && !error)
            h->next_number = request->message.argument + 1;
        if (request->message.operation == VOLUME_WIRE_DELETE && !error)
            __atomic_add_fetch(&h->n_deleted, 1, __ATOMIC_RELEASE);
        request->done->fn(request->done, error);
        free(request);
        sched_notify(h->sched);
    }
    sched_leave(h->sched);
}

static void queue(struct volume *v, enum volume_wire_operation operation, unsigned argument,
                  struct volume_done *done)
{
    struct host_volume *h = from(v);
    struct control_request *request = mem_new(struct control_request);

    request->message.length = sizeof(request->message);
    request->message.operation = operation;
    request->message.argument = argument;
    request->is_flush = operation == 0;
    request->done = done;
    list_append(&h->requests, &request->link);
    sched_notify(h->sched);
}

static void host_flush(struct volume *v, struct volume_done *done)
{
    queue(v, (enum volume_wire_operation)0, 0, done);
}

static void host_hold(struct volume *v, struct volume_done *done)
{
    queue(v, VOLUME_WIRE_HOLD, 0, done);
}

static void host_commit(struct volume *v, unsigned number, struct volume_done *done)
{
    queue(v, VOLUME_WIRE_COMMIT, number, done);
}

static void host_release(struct volume *v, struct volume_done *done)
{
    queue(v, VOLUME_WIRE_RELEASE, 0, done);
}

static void host_delete_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    queue(v, VOLUME_WIRE_DELETE, number, done);
}

/* The kernel holds pages of a mounted volume that nobody tells of a revert. */
static void host_revert(struct volume *v, unsigned number, struct volume_done *done)
{
    (void)v, (void)number;
    done->fn(done, -EOPNOTSUPP);
}

static int host_dismount(struct volume *v, bool force)
{
    (void)v, (void)force;
    return -EOPNOTSUPP;
}

static unsigned host_next_number(struct volume *v)
{
    return from(v)->next_number;
}

static int answer(int result)
{
    return result < 0 ? -errno : 0;
}

/* ---- files ---- */

static int host_open(struct volume *v, unsigned view, const char *path, int flags, mode_t mode,
                     struct volume_file **ret_file)
{
    struct host_volume *h = from(v);
    unsigned n_deleted = __atomic_load_n(&h->n_deleted, __ATOMIC_ACQUIRE);
    int fd = host_view_open(h->root_fd, view, path, flags, mode);

    if (fd < 0)
        return fd;
    *ret_file = mem_new(struct volume_file);
    **ret_file = (struct volume_file){ h, fd, view, n_deleted };
    if (flags & O_CREAT)
        volume_tell_name(v, path, true);
    return 0;
}

static void host_close(struct volume_file *file)
{
    close(file->fd);
    free(file);
}

/* The kernel may have kept what a snapshot that is gone would not give any more: after each
 * deletion it is asked for once. Two threads that find out at the same time do no harm. */
static int check_view(struct volume_file *file)
{
    unsigned n_deleted = __atomic_load_n(&file->volume->n_deleted, __ATOMIC_ACQUIRE);

    if (!file->view || __atomic_load_n(&file->n_deleted, __ATOMIC_RELAXED) == n_deleted)
        return 0;
    auto_close int root = host_view_root(file->volume->root_fd, file->view);
    if (root < 0)
        return root;
    __atomic_store_n(&file->n_deleted, n_deleted, __ATOMIC_RELAXED);
    return 0;
}

static ssize_t host_read(struct volume_file *file, void *buffer, size_t size, off_t offset)
{
    int error = check_view(file);

    if (error)
        return error;
    ssize_t n = pread(file->fd, buffer, size, offset);

    return n < 0 ? -errno : n;
}

static ssize_t host_write(struct volume_file *file, const void *buffer, size_t size, off_t offset)
{
    ssize_t n = pwrite(file->fd, buffer, size, offset);

    return n < 0 ? -errno : n;
}

static int host_truncate(struct volume_file *file, off_t size)
{
    return answer(ftruncate(file->fd, size));
}

static int host_sync(struct volume_file *file)
{
    return answer(fsync(file->fd));
}

static int host_stat_file(struct volume_file *file, struct stat *ret_stat)
{
    return answer(fstat(file->fd, ret_stat));
}

static int host_descriptor(struct volume_file *file)
{
    return file->fd;
}

static int host_stat(struct volume *v, unsigned view, const char *path, struct stat *ret_stat)
{
    auto_close int fd = host_view_open(from(v)->root_fd, view, path, O_PATH | O_NOFOLLOW, 0);

    return fd < 0 ? fd : answer(fstat(fd, ret_stat));
}

static int read_names(DIR *dir, struct name_list *list)
{
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(dir);

        if (!entry)
            return -errno;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            name_list_add(list, entry->d_name);
    }
}

static int host_list(struct volume *v, unsigned view, const char *path,
                     int (*each)(void *arg, const char *name, const struct stat *st), void *arg)
{
    int fd = host_view_open(from(v)->root_fd, view, path, O_RDONLY | O_DIRECTORY, 0);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct name_list list = { 0 };

    if (!dir)
        return fd < 0 ? fd : -errno;
    int result = read_names(dir, &list);

    name_list_sort(&list);
    for (size_t i = 0; i < list.names.count; i++) {
        struct stat st;

        /* A name that has vanished meanwhile is left out. */
        if (!result && fstatat(fd, list.names.items[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
            result = each(arg, list.names.items[i], &st);
        else if (!result && errno != ENOENT)
            result = -errno;
    }
    name_list_free(&list);
    closedir(dir);
    return result;
}

/* ---- names ---- */

static int host_mkdir(struct volume *v, const char *path, mode_t mode)
{
    const char *name;
    auto_close int dir = host_view_parent(from(v)->root_fd, path, &name);

    if (dir < 0)
        return dir == -EINVAL ? -EEXIST : dir;
    return volume_told(v, path, true, answer(mkdirat(dir, name, mode)));
}

static int host_remove(struct volume *v, const char *path, int flags)
{
    const char *name;
    auto_close int dir = host_view_parent(from(v)->root_fd, path, &name);

    return dir < 0 ? dir : volume_told(v, path, false, answer(unlinkat(dir, name, flags)));
}

static int host_rmdir(struct volume *v, const char *path)
{
    return host_remove(v, path, AT_REMOVEDIR);
}

static int host_unlink(struct volume *v, const char *path)
{
    return host_remove(v, path, 0);
}

static int host_rename(struct volume *v, const char *from_path, const char *to_path, bool replace)
{
    const char *from_name, *to_name;
    auto_close int from_dir = host_view_parent(from(v)->root_fd, from_path, &from_name);
    auto_close int to_dir =
        from_dir < 0 ? from_dir : host_view_parent(from(v)->root_fd, to_path, &to_name);

    if (from_dir < 0 || to_dir < 0)
        return from_dir < 0 ? from_dir : to_dir;
    int error =
        answer(renameat2(from_dir, from_name, to_dir, to_name, replace ? 0 : RENAME_NOREPLACE));
    volume_told(v, from_path, false, error);
    return volume_told(v, to_path, true, error);
}

static int host_set_times(struct volume *v, const char *path, const struct timespec times[2])
{
    auto_close int fd = host_view_open(from(v)->root_fd, VOLUME_ORIGIN, path, O_PATH, 0);

    return fd < 0 ? fd : answer(utimensat(fd, "", times, AT_EMPTY_PATH));
}

static int host_chmod(struct volume *v, const char *path, mode_t mode)
{
    auto_close int fd = host_view_open(from(v)->root_fd, VOLUME_ORIGIN, path, O_PATH, 0);
    char proc[32];

    if (fd < 0)
        return fd;
    snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
    return answer(chmod(proc, mode & 07777));
}

static int host_link(struct volume *v, const char *path, const char *further)
{
    const char *name, *further_name;
    auto_close int dir = host_view_parent(from(v)->root_fd, path, &name);
    auto_close int further_dir =
        dir < 0 ? dir : host_view_parent(from(v)->root_fd, further, &further_name);

    if (dir < 0 || further_dir < 0)
        return dir < 0 ? dir : further_dir;
    return volume_told(v, further, true, answer(linkat(dir, name, further_dir, further_name, 0)));
}

static ssize_t host_readlink(struct volume *v, unsigned view, const char *path, char *buffer,
                             size_t size)
{
    auto_close int fd = host_view_open(from(v)->root_fd, view, path, O_PATH | O_NOFOLLOW, 0);
    ssize_t n = fd < 0 ? fd : readlinkat(fd, "", buffer, size);

    return fd < 0 ? fd : n < 0 ? -(errno == ENOENT ? EINVAL : errno) : n;
}

/* ---- life ---- */

static void host_free(struct volume *v)
{
    struct host_volume *h = from(v);

    volume_tell_name(v, NULL, false);
    sched_enter(h->sched);
    h->is_ending = true;
    sched_notify(h->sched);
    sched_leave(h->sched);
    h->sched->ops->join(h->sched, h->thread);
    close(h->control_fd);
    close(h->root_fd);
    free((char *)h->volume.mount_path);
    free(h);
}

static const struct volume_ops host_ops = {
    .flush = host_flush,
    .hold = host_hold,
    .commit = host_commit,
    .release = host_release,
    .delete_snapshot = host_delete_snapshot,
    .revert = host_revert,
    .dismount = host_dismount,
    .next_number = host_next_number,
    .open = host_open,
    .close = host_close,
    .read = host_read,
    .write = host_write,
    .truncate = host_truncate,
    .sync = host_sync,
    .stat_file = host_stat_file,
    .descriptor = host_descriptor,
    .stat = host_stat,
    .list = host_list,
    .mkdir = host_mkdir,
    .rmdir = host_rmdir,
    .unlink = host_unlink,
    .rename = host_rename,
    .set_times = host_set_times,
    .chmod = host_chmod,
    .link = host_link,
    .readlink = host_readlink,
    .free = host_free,
};

int host_volume_new(struct sched *sched, char letter, const char *mount_path, int control_fd,
                    struct volume **ret_volume)
{
    const struct volume_wire_request question = { .length = sizeof(question),
                                                  .operation = VOLUME_WIRE_NEXT_NUMBER };
    auto_close int control = control_fd;
    auto_close int root = open(mount_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    uint32_t next_number = 0;

    if (root < 0 || fcntl(control, F_SETFD, FD_CLOEXEC) < 0)
        return -errno;
    int error = ask(control, &question, &next_number);
    if (error)
        return error;
    struct host_volume *h = mem_new(struct host_volume);

    h->volume.ops = &host_ops;
    h->volume.letter = letter;
    volume_guid_name(letter, h->volume.guid_name);
    h->volume.mount_path = mem_strdup(mount_path);
    h->sched = sched;
    h->root_fd = take_fd(&root);
    h->control_fd = take_fd(&control);
    h->next_number = next_number;
    list_init(&h->requests);
    h->thread = sched->ops->start(sched, "vss-volume", control_main, h);
    *ret_volume = &h->volume;
    return 0;
}

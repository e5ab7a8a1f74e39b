/* SPDX-License-Identifier: MIT */
/* Control operations queue up for one thread of ours, which sends them and gives the answers back
 * inside the service; a program that dies takes its socket along, and the server releases the
 * volume. Paths are resolved by the kernel beneath a handle on the view's root (openat2). */
#include "emu/host/host_volume.h"

#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/host/host_files.h"
#include "emu/host/host_talk.h"
#include "emu/host/volume_ask.h"
#include "emu/port/sched.h"
#include "emu/port/volume_name.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct control_request {
    struct list link;
    bool is_flush;
    enum volume_wire_operation operation;
    unsigned argument;
    struct volume_done *done;
};

/* ---- control operations ---- */

static bool has_work(void *arg)
{
    struct host_volume *h = arg;

    return h->is_ending || !list_is_empty(&h->requests);
}

static int answer_request(struct host_volume *h, const struct control_request *request)
{
    bool is_flushed = request->is_flush || request->operation == VOLUME_WIRE_REVERT;
    int error = is_flushed ? volume_flush_mount(h->root_fd) : 0;

    if (error || request->is_flush)
        return error;
    error = host_volume_order(h, request->operation, request->argument);

    if (request->operation == VOLUME_WIRE_REVERT)
        volume_tell_name(&h->volume, NULL, false);
    return error;
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
        h->is_busy = true;
        sched_leave(h->sched);
        int error = answer_request(h, request);
        sched_enter(h->sched);
        h->is_busy = false;
        if (request->operation == VOLUME_WIRE_COMMIT && !error)
            h->next_number = request->argument + 1;
        if (request->operation == VOLUME_WIRE_DELETE && !error)
            __atomic_add_fetch(&h->n_deleted, 1, __ATOMIC_RELEASE);
        if (request->operation == VOLUME_WIRE_OPEN && !error)
            __atomic_store_n(&h->open_snapshot, request->argument, __ATOMIC_RELEASE);
        if (request->operation == VOLUME_WIRE_SEAL)
            __atomic_store_n(&h->open_snapshot, 0, __ATOMIC_RELEASE);
        request->done->fn(request->done, error);
        free(request);
        sched_notify(h->sched);
    }
    sched_leave(h->sched);
}

static void queue(struct volume *v, enum volume_wire_operation operation, unsigned argument,
                  struct volume_done *done)
{
    struct host_volume *h = host_volume_from(v);
    struct control_request *request = mem_new(struct control_request);

    request->operation = operation;
    request->argument = argument;
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

static void host_open_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    queue(v, VOLUME_WIRE_OPEN, number, done);
}

static void host_seal_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    queue(v, VOLUME_WIRE_SEAL, number, done);
}

static bool host_is_open(struct volume *v, unsigned number)
{
    return __atomic_load_n(&host_volume_from(v)->open_snapshot, __ATOMIC_ACQUIRE) == number;
}

static void host_revert(struct volume *v, unsigned number, struct volume_done *done)
{
    queue(v, VOLUME_WIRE_REVERT, number, done);
}

/* Files that Linux programs have open on the mount stay open, and show what is there then. */
static int host_dismount(struct volume *v, bool force)
{
    struct host_volume *h = host_volume_from(v);

    if (!force && __atomic_load_n(&h->n_open, __ATOMIC_ACQUIRE))
        return -EBUSY;
    __atomic_add_fetch(&h->n_dismounts, 1, __ATOMIC_RELEASE);
    __atomic_store_n(&h->n_open, 0, __ATOMIC_RELEASE);
    return 0;
}

static unsigned host_next_number(struct volume *v)
{
    return host_volume_from(v)->next_number;
}

/* ---- life ---- */

static bool has_no_work(void *arg)
{
    struct host_volume *h = arg;

    return !h->is_busy && list_is_empty(&h->requests);
}

static void host_leave(struct volume *v)
{
    struct host_volume *h = host_volume_from(v);

    sched_enter(h->sched);
    sched_wait(h->sched, has_no_work, h, SCHED_NEVER);
    sched_leave(h->sched);
    host_volume_order(h, VOLUME_WIRE_LEAVE, 0);
}

static void host_free(struct volume *v)
{
    struct host_volume *h = host_volume_from(v);

    volume_tell_name(v, NULL, false);
    sched_enter(h->sched);
    h->is_ending = true;
    sched_notify(h->sched);
    sched_leave(h->sched);
    h->sched->ops->join(h->sched, h->thread);
    host_volume_end_talk(h);
    close(h->root_fd);
    free((char *)h->volume.mount_path);
    free((char *)h->volume.image);
    free(h);
}

static const struct volume_ops host_ops = {
    .flush = host_flush,
    .hold = host_hold,
    .commit = host_commit,
    .release = host_release,
    .delete_snapshot = host_delete_snapshot,
    .open_snapshot = host_open_snapshot,
    .seal_snapshot = host_seal_snapshot,
    .is_open = host_is_open,
    .revert = host_revert,
    .dismount = host_dismount,
    .next_number = host_next_number,
    .limit_diff_area = host_limit_diff_area,
    .use_of_diff_area = host_use_of_diff_area,
    .put_online = host_put_online,
    .keep = host_keep,
    .kept = host_kept,
    .keep_settings = host_keep_settings,
    .kept_settings = host_kept_settings,
    .identify = host_identify,
    .leave = host_leave,
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
    const struct volume_question question = { .operation = VOLUME_WIRE_NEXT_NUMBER };
    auto_close int control = control_fd;
    auto_close int root = open(mount_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct volume_reply reply;

    if (root < 0 || fcntl(control, F_SETFD, FD_CLOEXEC) < 0)
        return -errno;
    int error = volume_ask(control, &question, &reply);
    if (error)
        return error;
    struct host_volume *h = mem_new(struct host_volume);

    h->volume.ops = &host_ops;
    h->volume.letter = letter;
    volume_guid_name(letter, h->volume.guid_name);
    h->volume.mount_path = mem_strdup(mount_path);
    h->volume.image = reply.size ? mem_strdup((const char *)reply.bytes) : NULL;
    h->sched = sched;
    h->root_fd = take_fd(&root);
    h->control_fd = take_fd(&control);
    h->next_number = reply.value;
    list_init(&h->requests);
    host_volume_begin_talk(h);
    h->thread = sched->ops->start(sched, "vss-volume", control_main, h);
    *ret_volume = &h->volume;
    return 0;
}

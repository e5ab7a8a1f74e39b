/* SPDX-License-Identifier: MIT */
/* The session: what is agreed with the kernel, mounting, unmounting, one request at a time.
 *
 * No writeback cache: each write has reached the volume when it returns, so a snapshot holds
 * exactly what was written before it, not only what was synced. */
#include "provider_sim/fuse/cow_fuse.h"

#include "emu/base/str.h"
#include "provider_sim/fuse/cow_fuse_state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

/* While a volume is held, page writes that wait must leave room for read-ahead. */
#define MAX_BACKGROUND 1024

/* Requests answered before a hold at most: programs that never pause must not put it off. */
#define MAX_DRAINED 65536

static void on_init(void *userdata, struct fuse_conn_info *conn)
{
    (void)userdata;
    conn->want &= ~(unsigned)(FUSE_CAP_SPLICE_READ | FUSE_CAP_ATOMIC_O_TRUNC);
    conn->max_background = MAX_BACKGROUND;
    conn->congestion_threshold = MAX_BACKGROUND / 4 * 3;
    if (conn->capable & FUSE_CAP_CACHE_SYMLINKS)
        conn->want |= FUSE_CAP_CACHE_SYMLINKS;
}

/* A dead mount of an earlier process stands in the way of everything, even of looking at it. */
static void clear_stale_mount(const char *path)
{
    if (access(path, F_OK) < 0 && errno == ENOTCONN)
        umount2(path, MNT_DETACH);
}

static struct fuse_session *session_new(struct cow_fuse *fuse, char label)
{
    static struct fuse_lowlevel_ops ops;
    char *options = str_printf("default_permissions,fsname=vssemu-%c,subtype=vssemu%s",
                               label ? label : '0', geteuid() == 0 ? ",allow_other" : "");
    struct fuse_args args = FUSE_ARGS_INIT(0, NULL);

    ops.init = on_init;
    cow_fuse_read_operations(&ops);
    cow_fuse_change_operations(&ops);
    fuse_opt_add_arg(&args, "vssemu");
    fuse_opt_add_arg(&args, "-o");
    fuse_opt_add_arg(&args, options);
    struct fuse_session *session = fuse_session_new(&args, &ops, sizeof(ops), fuse);

    fuse_opt_free_args(&args);
    free(options);
    return session;
}

static void cow_fuse_free(struct cow_fuse *fuse)
{
    if (fuse->session)
        fuse_session_destroy(fuse->session);
    fuse_nodes_fini(&fuse->nodes);
    free(fuse->request.mem);
    free(fuse->read_buffer);
    free(fuse);
}

int cow_fuse_mount(struct cow_volume *volume, const char *path, char label,
                   struct cow_fuse **ret_fuse)
{
    struct cow_fuse *fuse = mem_new(struct cow_fuse);

    fuse->volume = volume;
    list_init(&fuse->waiting);
    fuse_nodes_init(&fuse->nodes, volume);
    clear_stale_mount(path);
    fuse->session = session_new(fuse, label);
    errno = 0;
    if (!fuse->session || fuse_session_mount(fuse->session, path) != 0) {
        int error = errno ? -errno : -EIO;

        cow_fuse_free(fuse);
        return error;
    }
    int fd = fuse_session_fd(fuse->session);

    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    *ret_fuse = fuse;
    return 0;
}

void cow_fuse_unmount(struct cow_fuse *fuse)
{
    cow_fuse_resume(fuse);
    fuse_session_unmount(fuse->session);
    cow_fuse_free(fuse);
}

int cow_fuse_fd(struct cow_fuse *fuse)
{
    return fuse_session_fd(fuse->session);
}

int cow_fuse_serve(struct cow_fuse *fuse)
{
    int size = fuse_session_receive_buf(fuse->session, &fuse->request);

    if (size > 0)
        fuse_session_process_buf(fuse->session, &fuse->request);
    if (fuse_session_exited(fuse->session) || size == 0)
        return -1;
    return size > 0;
}

void cow_fuse_drain(struct cow_fuse *fuse)
{
    for (int i = 0; i < MAX_DRAINED && cow_fuse_serve(fuse) > 0; i++)
        ;
}

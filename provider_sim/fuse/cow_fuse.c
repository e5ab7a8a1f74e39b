/* SPDX-License-Identifier: MIT */
/* The session: what is agreed with the kernel, mounting, unmounting, one request at a time.
 *
 * Without a writeback cache, which is the usual, each write has reached the volume when it returns:
 * a snapshot holds exactly what was written before it, and who kills the server loses nothing. */
#include "provider_sim/fuse/cow_fuse.h"

#include "emu/base/str.h"
#include "provider_sim/fuse/cow_fuse_state.h"
#include "provider_sim/fuse/fuse_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

/* While a volume is held, page writes that wait must leave room for read-ahead. */
#define MAX_BACKGROUND 1024

/* Requests answered before a hold at most: programs that never pause must not put it off. */
#define MAX_DRAINED 65536

/* Questions asked without waiting before the server goes to sleep: to be woken costs as much as a
 * request, and who waits for each answer asks again within some microseconds. */
#define MAX_QUESTIONS 64
/* After so many requests at most the caller looks at its other descriptors. */
#define MAX_SERVED 64
/* Requests that are waited for asleep after the next one did not come in time. */
#define MAX_SLEEPY 64u

/* ---- what is agreed with the kernel ---- */

/* Without it the kernel asks for a capability before each write: a request more for each. */
static void take_killpriv(struct cow_fuse *fuse, struct fuse_conn_info *conn)
{
#ifdef LIBFUSE_HAS_KILLPRIV_V2
    (void)fuse;
    if (conn->capable & FUSE_CAP_HANDLE_KILLPRIV_V2)
        conn->want |= FUSE_CAP_HANDLE_KILLPRIV_V2;
#else
    (void)conn;
    fuse->accepts_killpriv = fuse_wire_offers_killpriv(fuse->request.mem, fuse->request.size);
#endif
}

static void on_init(void *userdata, struct fuse_conn_info *conn)
{
    struct cow_fuse *fuse = userdata;

    conn->want &= ~(unsigned)(FUSE_CAP_SPLICE_READ | FUSE_CAP_ATOMIC_O_TRUNC);
    conn->max_background = MAX_BACKGROUND;
    conn->congestion_threshold = MAX_BACKGROUND / 4 * 3;
    if (conn->capable & FUSE_CAP_CACHE_SYMLINKS)
        conn->want |= FUSE_CAP_CACHE_SYMLINKS;
    if (fuse->has_writeback && conn->capable & FUSE_CAP_WRITEBACK_CACHE)
        conn->want |= FUSE_CAP_WRITEBACK_CACHE;
    take_killpriv(fuse, conn);
}

#ifndef LIBFUSE_HAS_KILLPRIV_V2
/* A library that does not know the ability would decline it: its answer is completed here. */
static ssize_t send_answer(int fd, struct iovec *answer, int count, void *userdata)
{
    struct cow_fuse *fuse = userdata;

    if (fuse->accepts_killpriv) {
        fuse_wire_accept_killpriv(answer, count);
        fuse->accepts_killpriv = false;
    }
    return writev(fd, answer, count);
}

static ssize_t receive_request(int fd, void *buffer, size_t size, void *userdata)
{
    (void)userdata;
    return read(fd, buffer, size);
}

static void watch_answers(struct fuse_session *session)
{
    static const struct fuse_custom_io io = { .writev = send_answer, .read = receive_request };

    fuse_session_custom_io(session, &io, fuse_session_fd(session));
}
#else
static void watch_answers(struct fuse_session *session)
{
    (void)session;
}
#endif

/* ---- the mount ---- */

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
    cow_fuse_xattr_operations(&ops);
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

int cow_fuse_mount(struct cow_volume *volume, const char *path, char label, bool has_writeback,
                   struct cow_fuse **ret_fuse)
{
    struct cow_fuse *fuse = mem_new(struct cow_fuse);

    fuse->volume = volume;
    fuse->has_writeback = has_writeback;
    fuse->sleepy = 1;
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

    watch_answers(fuse->session);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    *ret_fuse = fuse;
    return 0;
}

void cow_fuse_unmount(struct cow_fuse *fuse)
{
    cow_fuse_resume(fuse);
    cow_volume_rest(fuse->volume);
    fuse_session_unmount(fuse->session);
    cow_fuse_free(fuse);
}

void cow_fuse_tell_server(struct cow_fuse *fuse, pid_t pid)
{
    fuse->server = pid;
}

int cow_fuse_fd(struct cow_fuse *fuse)
{
    return fuse_session_fd(fuse->session);
}

/* ---- serving ---- */

static int serve_one(struct cow_fuse *fuse)
{
    int size = fuse_session_receive_buf(fuse->session, &fuse->request);

    if (size > 0)
        fuse_session_process_buf(fuse->session, &fuse->request);
    if (fuse_session_exited(fuse->session) || size == 0)
        return -1;
    return size > 0;
}

/* The next request, which is about to come; until then there is time. */
static int serve_next(struct cow_fuse *fuse)
{
    int served = serve_one(fuse);

    if (!served)
        cow_volume_between(fuse->volume);
    for (int i = 1; i < MAX_QUESTIONS && !served; i++)
        served = serve_one(fuse);
    return served;
}

int cow_fuse_serve(struct cow_fuse *fuse)
{
    int served = serve_one(fuse);

    if (served > 0 && fuse->n_asleep) {
        fuse->n_asleep--;
        return served;
    }
    for (int i = 1; i < MAX_SERVED && served > 0; i++) {
        served = serve_next(fuse);
        if (served > 0)
            fuse->sleepy = 1;
    }
    if (!served) {
        fuse->n_asleep = fuse->sleepy;
        fuse->sleepy = fuse->sleepy < MAX_SLEEPY ? 2 * fuse->sleepy : MAX_SLEEPY;
    }
    return served < 0 ? -1 : 1;
}

void cow_fuse_begin_revert(struct cow_fuse *fuse, unsigned number)
{
    fuse->reverts_to = number;
    fuse->drops_pages = true;
}

void cow_fuse_end_revert(struct cow_fuse *fuse)
{
    cow_fuse_retire_files(fuse); /* those that were looked up meanwhile, too */
    fuse->reverts_to = 0;
    cow_fuse_resume(fuse);
}

void cow_fuse_end_dropping(struct cow_fuse *fuse)
{
    fuse->drops_pages = false;
}

void cow_fuse_drain(struct cow_fuse *fuse)
{
    for (int i = 0; i < MAX_DRAINED && serve_one(fuse) > 0; i++)
        ;
}

/* SPDX-License-Identifier: MIT */
/* One poll over the life socket, SIGTERM, and for each volume its FUSE descriptor and its control
 * socket. Nothing is ever handed to another thread. */
#include "provider_sim/fuse/server_loop.h"

#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "emu/port/volume_wire.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/fuse/cow_fuse.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct server_volume {
    const struct served_volume *settings;
    struct cow_volume *cow;
    struct cow_fuse *fuse; /* NULL: not (or no longer) mounted */
    int control_fd;        /* -1: the program has gone */
    struct volume_wire_request request;
    size_t n_received; /* bytes of it */
};

/* ---- control ---- */

static uint32_t control_answer(struct server_volume *v, const struct volume_wire_request *request,
                               int *ret_error)
{
    *ret_error = 0;
    switch (request->operation) {
    case VOLUME_WIRE_NEXT_NUMBER:
        return cow_volume_next_number(v->cow);
    case VOLUME_WIRE_HOLD:
        if (v->fuse)
            cow_fuse_drain(v->fuse);
        cow_volume_hold(v->cow);
        return 0;
    case VOLUME_WIRE_COMMIT:
        *ret_error = cow_volume_commit(v->cow, request->argument);
        return 0;
    case VOLUME_WIRE_RELEASE:
        cow_volume_release(v->cow);
        return 0;
    case VOLUME_WIRE_DELETE:
        *ret_error = cow_volume_delete_snapshot(v->cow, request->argument);
        return 0;
    default:
        *ret_error = -ENOSYS;
        return 0;
    }
}

static void resume(struct server_volume *v)
{
    if (v->fuse && !cow_volume_is_held(v->cow))
        cow_fuse_resume(v->fuse);
}

/* The program has ended, in whatever way: what it held goes on, what it made goes away, unless it
 * is persistent. */
static void program_gone(struct server_volume *v)
{
    size_t i = 0;
    unsigned number;

    close(v->control_fd);
    v->control_fd = -1;
    cow_volume_release(v->cow);
    resume(v);
    while ((number = cow_volume_snapshot(v->cow, i, NULL)) != 0) {
        if (cow_volume_snapshot_info(v->cow, number)->is_persistent ||
            cow_volume_delete_snapshot(v->cow, number) < 0)
            i++;
    }
}

static void serve_control(struct server_volume *v)
{
    ssize_t n = recv(v->control_fd, (char *)&v->request + v->n_received,
                     sizeof(v->request) - v->n_received, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        v->n_received += (size_t)n;
    if (n <= 0) {
        program_gone(v);
        return;
    }
    if (v->n_received < sizeof(v->request))
        return;
    v->n_received = 0;
    if (v->request.length != sizeof(v->request)) {
        program_gone(v); /* it speaks another language */
        return;
    }
    struct volume_wire_reply reply = { .length = sizeof(reply) };

    reply.value = control_answer(v, &v->request, &reply.error);
    /* The answer goes first: the writes that waited are not the service's concern. */
    if (send(v->control_fd, &reply, sizeof(reply), MSG_NOSIGNAL) != (ssize_t)sizeof(reply))
        program_gone(v);
    resume(v);
}

/* ---- beginning and ending ---- */

static void unmount_all(struct server_volume *volumes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct server_volume *v = &volumes[i];

        if (v->cow)
            cow_volume_release(v->cow);
        if (v->fuse)
            cow_fuse_unmount(v->fuse);
        cow_volume_free(v->cow);
        if (v->control_fd >= 0)
            close(v->control_fd);
    }
}

static int mount_one(struct server_volume *v, struct server_greeting *greeting)
{
    const struct served_volume *s = v->settings;
    int error = cow_volume_open(s->store, &v->cow);

    if (error) {
        snprintf(greeting->text, sizeof(greeting->text), "volume %c: cannot be prepared: %s",
                 s->letter, strerror(-error));
        return error;
    }
    error = cow_fuse_mount(v->cow, s->mount_path, s->letter, &v->fuse);
    if (error)
        snprintf(greeting->text, sizeof(greeting->text),
                 "volume %c: cannot be mounted on %.150s: %s", s->letter, s->mount_path,
                 strerror(-error));
    return error;
}

static int mount_all(struct server_volume *volumes, const struct served_volume *settings, size_t n,
                     struct server_greeting *greeting)
{
    int error = 0;

    for (size_t i = 0; i < n; i++) {
        volumes[i].settings = &settings[i];
        volumes[i].control_fd = settings[i].control_fd;
        if (!error)
            error = mount_one(&volumes[i], greeting);
        else
            settings[i].store->ops->free(settings[i].store);
    }
    return error;
}

/* Signals of the terminal are for the program; SIGTERM ends us in order. */
static int take_signals(void)
{
    static const int ignored[] = { SIGINT, SIGQUIT, SIGHUP, SIGPIPE, SIGTSTP };
    sigset_t term;

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
        signal(ignored[i], SIG_IGN);
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    return signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The kernel may hold on to as many files as it has inodes cached. */
static void allow_many_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* ---- the loop ---- */

/* Everything was unmounted from outside, and no program gives orders any more. */
static bool has_nothing_to_do(const struct server_volume *volumes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (volumes[i].fuse || volumes[i].control_fd >= 0)
            return false;
    }
    return true;
}

static void serve(struct server_volume *volumes, size_t n, int life_fd, int signal_fd)
{
    size_t n_fds = 2 + 2 * n;
    struct pollfd *fds = mem_alloc(n_fds * sizeof(*fds));

    while (!has_nothing_to_do(volumes, n)) {
        fds[0] = (struct pollfd){ .fd = life_fd, .events = POLLIN };
        fds[1] = (struct pollfd){ .fd = signal_fd, .events = POLLIN };
        for (size_t i = 0; i < n; i++) {
            struct server_volume *v = &volumes[i];

            fds[2 + 2 * i] = (struct pollfd){ .fd = v->control_fd, .events = POLLIN };
            fds[3 + 2 * i] =
                (struct pollfd){ .fd = v->fuse ? cow_fuse_fd(v->fuse) : -1, .events = POLLIN };
        }
        if (poll(fds, (nfds_t)n_fds, -1) < 0)
            continue;
        if (fds[0].revents || fds[1].revents)
            break;
        for (size_t i = 0; i < n; i++) {
            struct server_volume *v = &volumes[i];

            if (fds[2 + 2 * i].revents)
                serve_control(v);
            if (fds[3 + 2 * i].revents && cow_fuse_serve(v->fuse) < 0) {
                cow_fuse_unmount(v->fuse); /* somebody has unmounted it */
                v->fuse = NULL;
            }
        }
    }
    free(fds);
}

int server_run(const struct served_volume *settings, size_t n, int life_fd)
{
    struct server_volume *volumes = mem_alloc(n * sizeof(*volumes));
    struct server_greeting greeting = { 0 };
    int signal_fd = take_signals();

    prctl(PR_SET_NAME, "vssemu-volumes");
    umask(0);
    allow_many_files();
    greeting.error = mount_all(volumes, settings, n, &greeting);
    if (send(life_fd, &greeting, sizeof(greeting), MSG_NOSIGNAL) == (ssize_t)sizeof(greeting) &&
        !greeting.error)
        serve(volumes, n, life_fd, signal_fd);
    unmount_all(volumes, n);
    free(volumes);
    return greeting.error ? 1 : 0;
}

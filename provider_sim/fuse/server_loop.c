/* SPDX-License-Identifier: MIT */
/* One poll over the life socket, SIGTERM, and for each volume its FUSE descriptor and its control
 * socket. Nothing is ever handed to another thread. */
#include "provider_sim/fuse/server_loop.h"

#include "emu/base/array.h"
#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "provider_sim/soft_area.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/fuse/cow_fuse.h"
#include "provider_sim/fuse/cow_server_control.h"

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
    struct server_control control;
};

/* ---- beginning and ending ---- */

static void unmount_all(struct server_volume *volumes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct server_volume *v = &volumes[i];

        if (!v->cow) {
            close(v->settings->control_fd);
            continue;
        }
        cow_volume_release(v->cow);
        server_control_end(&v->control);
        cow_volume_rest(v->cow);
        if (v->fuse)
            cow_fuse_unmount(v->fuse);
        cow_volume_free(v->cow);
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
    soft_area_obey(v->cow);
    v->control = (struct server_control){
        .cow = v->cow, .store = s->store, .fuse = &v->fuse, .mounted_at = s->mount_path
    };
    server_control_begin(&v->control, s->control_fd, s->directory);
    error = cow_fuse_mount(v->cow, s->mount_path, s->letter, s->has_writeback, &v->fuse);
    if (error)
        snprintf(greeting->text, sizeof(greeting->text),
                 "volume %c: cannot be mounted on %.150s: %s", s->letter, s->mount_path,
                 strerror(-error));
    else if (s->ends_with_mount)
        cow_fuse_tell_server(v->fuse, getpid());
    return error;
}

static int mount_all(struct server_volume *volumes, const struct served_volume *settings, size_t n,
                     struct server_greeting *greeting)
{
    int error = 0;

    for (size_t i = 0; i < n; i++) {
        volumes[i].settings = &settings[i];
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
        if (volumes[i].fuse || server_control_has_program(&volumes[i].control))
            return false;
    }
    return true;
}

struct poll_list {
    ARRAY(struct pollfd) fds;
};

/* The life socket, signals, and for each volume its FUSE descriptor and its control's. */
static void fill_list(struct poll_list *list, const struct server_volume *volumes, size_t n,
                      int life_fd, int signal_fd)
{
    list->fds.count = 0;
    array_add(&list->fds, ((struct pollfd){ .fd = life_fd, .events = POLLIN }));
    array_add(&list->fds, ((struct pollfd){ .fd = signal_fd, .events = POLLIN }));
    for (size_t i = 0; i < n; i++) {
        const struct server_volume *v = &volumes[i];
        size_t at = list->fds.count + 1;

        array_add(&list->fds,
                  ((struct pollfd){ .fd = v->fuse ? cow_fuse_fd(v->fuse) : -1, .events = POLLIN }));
        for (size_t j = server_control_count(&v->control); j; j--)
            array_add(&list->fds, ((struct pollfd){ 0 }));
        server_control_fill(&v->control, &list->fds.items[at]);
    }
}

/* Answers how many descriptors are the volume's. */
static size_t serve_one(struct server_volume *v, const struct pollfd *fds)
{
    size_t n = server_control_count(&v->control);

    server_control_serve(&v->control, fds + 1);
    if (fds[0].revents && v->fuse && cow_fuse_serve(v->fuse) < 0) {
        cow_volume_rest(v->cow); /* what follows takes its time */
        server_control_unmounting(&v->control);
        cow_fuse_unmount(v->fuse); /* somebody has unmounted it */
        v->fuse = NULL;
    }
    if (server_control_has_work(&v->control))
        server_control_work(&v->control);
    if (cow_volume_has_news(v->cow))
        server_control_tell_news(&v->control);
    cow_volume_rest(v->cow);
    return 1 + n;
}

/* Long work of one of them, which waits for nothing. */
static bool has_work(const struct server_volume *volumes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (server_control_has_work(&volumes[i].control))
            return true;
    }
    return false;
}

static void serve(struct server_volume *volumes, size_t n, int life_fd, int signal_fd)
{
    struct poll_list list = { 0 };

    while (!has_nothing_to_do(volumes, n)) {
        fill_list(&list, volumes, n, life_fd, signal_fd);
        if (poll(list.fds.items, (nfds_t)list.fds.count, has_work(volumes, n) ? 0 : -1) < 0)
            continue;
        if (list.fds.items[0].revents || list.fds.items[1].revents)
            break;
        size_t at = 2;

        for (size_t i = 0; i < n; i++)
            at += serve_one(&volumes[i], &list.fds.items[at]);
    }
    array_free(&list.fds);
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

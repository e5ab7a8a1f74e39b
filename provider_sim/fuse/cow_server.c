/* SPDX-License-Identifier: MIT */
/* The parent's half: starts the child, hears whether it could mount, stops it. The child's half is
 * server_loop.c. The two hold the ends of a socket: "life". Its closing ends the child; its end
 * tells the parent. */
#include "provider_sim/fuse/cow_server.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/port/store.h"
#include "provider_sim/fuse/mount_guard.h"
#include "provider_sim/fuse/server_loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct cow_server {
    pid_t pid;
    pid_t guard; /* 0: none */
    int life_fd;
    char *made_parent; /* a directory of ours for the mounts, NULL if none */
    size_t n_mounts;
    char **mounts;
    bool *is_made; /* mounts[i] is a directory of ours */
};

const char *cow_server_obstacle(void)
{
    auto_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT   ? "there is no /dev/fuse"
               : errno == ENODEV ? "the kernel has no FUSE"
                                 : "/dev/fuse cannot be opened";
    if (access("/usr/bin/fusermount3", X_OK) < 0 && access("/bin/fusermount3", X_OK) < 0)
        return "fusermount3 is not installed (Debian package fuse3)";
    return NULL;
}

/* ---- directories to mount on ---- */

static int make_mount_directory(struct cow_server *server, size_t i, char letter,
                                const char *mount_parent)
{
    if (!server->made_parent) {
        char *parent = str_printf("%s/vssemu-XXXXXX", mount_parent);

        if (!mkdtemp(parent)) {
            int error = -errno;

            free(parent);
            return error;
        }
        server->made_parent = parent;
    }
    server->mounts[i] = str_printf("%s/%c", server->made_parent, letter ? letter : (char)('0' + i));
    server->is_made[i] = mkdir(server->mounts[i], 0755) == 0;
    return server->is_made[i] ? 0 : -errno;
}

static void remove_mount_directories(struct cow_server *server)
{
    for (size_t i = 0; i < server->n_mounts; i++) {
        if (server->is_made[i])
            rmdir(server->mounts[i]);
    }
    if (server->made_parent)
        rmdir(server->made_parent);
}

static void server_free(struct cow_server *server)
{
    for (size_t i = 0; i < server->n_mounts; i++)
        free(server->mounts[i]);
    free(server->mounts);
    free(server->is_made);
    free(server->made_parent);
    if (server->life_fd >= 0)
        close(server->life_fd);
    free(server);
}

static struct cow_server *server_new(size_t n)
{
    struct cow_server *server = mem_new(struct cow_server);

    server->life_fd = -1;
    server->n_mounts = n;
    server->mounts = mem_alloc(n * sizeof(*server->mounts));
    server->is_made = mem_alloc(n * sizeof(*server->is_made));
    return server;
}

/* ---- starting ---- */

/* Both ends of every control socket and of the life socket; the child gets the [1] ends. */
struct sockets {
    int life[2];
    int (*control)[2];
    size_t n;
};

static void close_ends(struct sockets *s, int end)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->control[i][end] >= 0)
            close(s->control[i][end]);
        s->control[i][end] = -1;
    }
    if (s->life[end] >= 0)
        close(s->life[end]);
    s->life[end] = -1;
}

static void sockets_free(struct sockets *s)
{
    close_ends(s, 0);
    close_ends(s, 1);
    free(s->control);
}

static int sockets_open(struct sockets *s, size_t n)
{
    *s = (struct sockets){ .life = { -1, -1 }, .n = n };
    s->control = mem_alloc(n * sizeof(*s->control));
    for (size_t i = 0; i < n; i++)
        s->control[i][0] = s->control[i][1] = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s->life) < 0)
        return -errno;
    for (size_t i = 0; i < n; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s->control[i]) < 0)
            return -errno;
    }
    return 0;
}

static _Noreturn void run_child(const struct cow_server_volume *volumes, size_t n,
                                const struct cow_server *server, struct sockets *s)
{
    struct served_volume *served = mem_alloc(n * sizeof(*served));

    close_ends(s, 0);
    for (size_t i = 0; i < n; i++) {
        served[i] = (struct served_volume){ .letter = volumes[i].letter,
                                            .store = volumes[i].store,
                                            .directory = volumes[i].directory,
                                            .mount_path = server->mounts[i],
                                            .has_writeback = volumes[i].has_writeback,
                                            .ends_with_mount = volumes[i].ends_with_mount,
                                            .control_fd = s->control[i][1] };
    }
    int status = server_run(served, n, s->life[1]);
    _exit(status);
}

/* The child says "ok", or an errno value and a sentence. */
static int hear_result(int life_fd, char **ret_error)
{
    struct server_greeting greeting = { 0 };
    ssize_t n;

    do {
        n = recv(life_fd, &greeting, sizeof(greeting), MSG_WAITALL);
    } while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof(greeting)) {
        *ret_error = mem_strdup("the server of the volumes ended before it had mounted them");
        return -ECHILD;
    }
    if (greeting.error)
        *ret_error = mem_strdup(greeting.text);
    return greeting.error;
}

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* The guard comes first, so that no descriptor of the volumes is ever its own. */
static int fork_server(struct cow_server *server, int *ret_guarded_fd)
{
    const struct mount_guard guard = { .n_mounts = server->n_mounts,
                                       .mounts = server->mounts,
                                       .is_made = server->is_made,
                                       .made_parent = server->made_parent };

    fflush(NULL);
    pid_t pid = mount_guard_start(&guard, ret_guarded_fd);
    if (pid < 0)
        return pid;
    server->guard = pid;
    server->pid = fork();
    return server->pid < 0 ? -errno : 0;
}

static int start_child(struct cow_server_volume *volumes, size_t n, struct cow_server *server,
                       char **ret_error)
{
    struct sockets s;
    int guarded_fd = -1;
    int error = sockets_open(&s, n);

    if (!error)
        error = fork_server(server, &guarded_fd);
    if (!error && server->pid == 0)
        run_child(volumes, n, server, &s);
    if (guarded_fd >= 0)
        close(guarded_fd);
    if (error) {
        *ret_error =
            str_printf("the server of the volumes cannot be started: %s", strerror(-error));
        sockets_free(&s);
        return error;
    }
    close_ends(&s, 1);
    error = hear_result(s.life[0], ret_error);
    if (error) {
        sockets_free(&s);
        reap(server->pid);
        return error;
    }
    server->life_fd = take_fd(&s.life[0]);
    for (size_t i = 0; i < n; i++) {
        volumes[i].control_fd = take_fd(&s.control[i][0]);
        volumes[i].mounted_at = server->mounts[i];
    }
    sockets_free(&s);
    return 0;
}

/* After the server: the guard has then unmounted what a killed server left. */
static void end_guard(struct cow_server *server)
{
    if (server->guard)
        reap(server->guard);
    remove_mount_directories(server);
}

static int choose_mounts(struct cow_server_volume *volumes, size_t n, const char *mount_parent,
                         struct cow_server *server, char **ret_error)
{
    const char *parent = mount_parent ? mount_parent : getenv("TMPDIR");
    int error = 0;

    if (!parent || !*parent)
        parent = "/tmp";
    for (size_t i = 0; i < n && !error; i++) {
        if (volumes[i].mount_path)
            server->mounts[i] = mem_strdup(volumes[i].mount_path);
        else
            error = make_mount_directory(server, i, volumes[i].letter, parent);
    }
    if (error)
        *ret_error =
            str_printf("no directory to mount on can be made in %s: %s", parent, strerror(-error));
    return error;
}

int cow_server_start(struct cow_server_volume *volumes, size_t n_volumes, const char *mount_parent,
                     struct cow_server **ret_server, char **ret_error)
{
    struct cow_server *server = server_new(n_volumes);

    *ret_error = NULL;
    for (size_t i = 0; i < n_volumes; i++) {
        volumes[i].control_fd = -1;
        volumes[i].mounted_at = NULL;
    }
    int error = choose_mounts(volumes, n_volumes, mount_parent, server, ret_error);
    if (!error)
        error = start_child(volumes, n_volumes, server, ret_error);
    /* The child has its own handles on the stores, and shares their locks. */
    for (size_t i = 0; i < n_volumes; i++) {
        volumes[i].store->ops->free(volumes[i].store);
        volumes[i].store = NULL;
    }
    if (error) {
        end_guard(server);
        server_free(server);
        return error;
    }
    *ret_server = server;
    return 0;
}

/* ---- afterwards ---- */

pid_t cow_server_pid(const struct cow_server *server)
{
    return server->pid;
}

int cow_server_life_fd(const struct cow_server *server)
{
    return server->life_fd;
}

int cow_server_stop(struct cow_server *server)
{
    int status = 0;

    shutdown(server->life_fd, SHUT_WR);
    while (waitpid(server->pid, &status, 0) < 0 && errno == EINTR)
        ;
    /* Whoever ends badly is the guard's affair. */
    bool was_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;

    end_guard(server);
    server_free(server);
    return was_well ? 0 : -ECHILD;
}

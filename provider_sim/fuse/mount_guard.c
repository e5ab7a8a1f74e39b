/* SPDX-License-Identifier: MIT */
/* See mount_guard.h. The guard holds the reading end of a pipe whose other end only the server has:
 * the kernel closes it when the server ends, however it ends. */
#include "provider_sim/fuse/mount_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Who is no administrator may unmount through fusermount3 only. */
static void unmount_with_help(const char *path)
{
    char *const words[] = { (char *)"fusermount3", (char *)"-u", (char *)"-z",
                            (char *)"-q",          (char *)path, NULL };
    pid_t pid;

    if (posix_spawnp(&pid, words[0], NULL, NULL, words, environ) == 0)
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
}

/* A mount without its server answers ENOTCONN; a question that was under way while the server's
 * last descriptor closed, ECONNABORTED. What answers is no dead mount of ours. */
static bool is_dead(const char *path)
{
    return access(path, F_OK) < 0 && (errno == ENOTCONN || errno == ECONNABORTED);
}

static void clean_up(const struct mount_guard *guard)
{
    for (size_t i = 0; i < guard->n_mounts; i++) {
        if (is_dead(guard->mounts[i]) &&
            umount2(guard->mounts[i], MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
            unmount_with_help(guard->mounts[i]);
        if (guard->is_made[i])
            rmdir(guard->mounts[i]);
    }
    if (guard->made_parent)
        rmdir(guard->made_parent);
}

/* The server's stores, sockets and terminal are none of the guard's. */
static void let_go_of_everything(int but)
{
    static const int ignored[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE, SIGTSTP };

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
        signal(ignored[i], SIG_IGN);
    setsid();
    if (chdir("/") < 0)
        return;
    dup2(but, STDIN_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    prctl(PR_SET_NAME, "vssemu-guard");
}

static _Noreturn void watch(const struct mount_guard *guard, int life)
{
    char byte;

    let_go_of_everything(life);
    while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
        ;
    clean_up(guard);
    _exit(0);
}

pid_t mount_guard_start(const struct mount_guard *guard, int *ret_life_fd)
{
    int life[2];

    *ret_life_fd = -1;
    if (pipe2(life, O_CLOEXEC) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0) {
        close(life[1]);
        watch(guard, life[0]);
    }
    int error = -errno;
    close(life[0]);
    if (pid < 0) {
        close(life[1]);
        return error;
    }
    *ret_life_fd = life[1];
    return pid;
}

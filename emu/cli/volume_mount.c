/* SPDX-License-Identifier: MIT */
/* The process in the background is the parent of the server (provider_sim/fuse/cow_server): it
 * waits for the server's end, which an unmounting from outside brings about, and for signals. */
#include "emu/cli/volume_mount.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/say.h"
#include "emu/cli/volume_directory.h"
#include "emu/host/host_image.h"
#include "emu/port/volume_wire.h"
#include "provider_sim/fuse/cow_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

extern char **environ;

/* ---- where ---- */

static bool is_same_or_below(const char *inner, const char *outer)
{
    size_t length = strlen(outer);

    return strncmp(inner, outer, length) == 0 && (!inner[length] || inner[length] == '/');
}

static bool has_own_snapshot_name(const char *directory)
{
    auto_free char *path = str_printf("%s/" VOLUME_SNAPSHOT_DIRECTORY, directory);
    struct stat st;

    return lstat(path, &st) == 0;
}

/* Both as absolute paths, malloc memory; says what is wrong and answers false. */
static bool resolve(const char *directory, const char *mount_point, char **ret_directory,
                    char **ret_mount_point)
{
    struct stat st;

    *ret_mount_point = NULL;
    *ret_directory = realpath(directory, NULL);
    if (!*ret_directory) {
        say("%s cannot be used as a volume: %s", directory, strerror(errno));
        return false;
    }
    *ret_mount_point = realpath(mount_point, NULL);
    if (!*ret_mount_point || stat(*ret_mount_point, &st) < 0)
        say("nothing can be mounted on %s: %s", mount_point, strerror(errno));
    else if (!S_ISDIR(st.st_mode))
        say("nothing can be mounted on %s: it is no directory", mount_point);
    else if (is_same_or_below(*ret_mount_point, *ret_directory))
        say("%s cannot be mounted on itself or in itself", directory);
    else if (has_own_snapshot_name(*ret_directory))
        say("%s has a `" VOLUME_SNAPSHOT_DIRECTORY "` of its own, which nobody would see: the "
            "snapshots stand there while it is mounted; rename it first",
            directory);
    else
        return true;
    return false;
}

/* ---- serving ---- */

static int start(const char *directory, const char *mount_point, bool has_writeback,
                 struct cow_server **ret_server)
{
    auto_free char *folder = host_image_folder(directory);
    struct cow_server_volume volume = { .mount_path = mount_point,
                                        .directory = folder,
                                        .has_writeback = has_writeback,
                                        .ends_with_mount = true };
    auto_free char *error = NULL;
    int code = volume_directory_take(directory, &volume.store);

    if (code)
        return code;
    if (cow_server_start(&volume, 1, NULL, ret_server, &error) < 0) {
        say("%s", error ? error : "the volume cannot be mounted");
        return EXIT_NO_WORLD;
    }
    close(volume.control_fd); /* nobody gives orders */
    return 0;
}

static int take_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static int wait_for_the_end(struct cow_server *server, int signal_fd)
{
    struct pollfd fds[] = { { .fd = cow_server_life_fd(server), .events = POLLIN },
                            { .fd = signal_fd, .events = POLLIN } };

    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        ;
    return cow_server_stop(server) < 0 ? EXIT_HARNESS_FAILED : 0;
}

/* Nothing of the caller's stays open, in the server and its guard neither; what is said goes where
 * the caller looks for it. */
static void let_go_of_terminal(int words_fd)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

    setsid();
    if (chdir("/") < 0 || nowhere < 0)
        _exit(EXIT_HARNESS_FAILED);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(words_fd, STDERR_FILENO);
    close(nowhere);
    close(words_fd);
}

/* In the process that stays; result_fd: who waits for the mount, -1 nobody. */
static int serve(const char *directory, const char *mount_point, bool has_writeback, int result_fd)
{
    struct cow_server *server;
    int signal_fd = take_signals();
    int code = start(directory, mount_point, has_writeback, &server);
    unsigned char byte = (unsigned char)code;

    if (result_fd >= 0 && write(result_fd, &byte, 1) != 1)
        kill(getpid(), SIGTERM); /* nobody waits any more */
    return code ? code : wait_for_the_end(server, signal_fd);
}

static void repeat_words(int words_fd)
{
    char text[1024];
    ssize_t n = pread(words_fd, text, sizeof(text), 0);

    if (n > 0 && write(STDERR_FILENO, text, (size_t)n) < 0)
        return;
}

static int serve_behind(const char *directory, const char *mount_point, bool has_writeback)
{
    unsigned char code = EXIT_HARNESS_FAILED;
    auto_close int words_fd = memfd_create("words", MFD_CLOEXEC);
    int fds[2];

    if (words_fd < 0 || pipe2(fds, O_CLOEXEC) < 0) {
        say("no process can be started: %s", strerror(errno));
        return EXIT_HARNESS_FAILED;
    }
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        let_go_of_terminal(words_fd);
        _exit(serve(directory, mount_point, has_writeback, fds[1]));
    }
    close(fds[1]);
    if (pid < 0 || read(fds[0], &code, 1) != 1)
        say("no process can be started: %s", pid < 0 ? strerror(errno) : "it ended at once");
    close(fds[0]);
    if (code)
        repeat_words(words_fd);
    if (pid > 0 && code)
        waitpid(pid, NULL, 0);
    return code;
}

int volume_mount(const char *directory, const char *mount_point, bool stay, bool has_writeback)
{
    auto_free char *from = NULL;
    auto_free char *to = NULL;
    const char *obstacle = cow_server_obstacle();

    if (obstacle) {
        say("volumes cannot be mounted here: %s", obstacle);
        return EXIT_NO_WORLD;
    }
    if (!resolve(directory, mount_point, &from, &to))
        return EXIT_NO_WORLD;
    int code = stay ? serve(from, to, has_writeback, -1) : serve_behind(from, to, has_writeback);
    if (!code && !stay)
        say("%s is mounted on %s; its snapshot N is %s/" VOLUME_SNAPSHOT_DIRECTORY
            "/HarddiskVolumeShadowCopyN",
            from, to, to);
    return code;
}

/* ---- unmounting ---- */

/* What is said when an unmount takes long; it goes on waiting. */
#define LONG_S 5

static void say_that_it_takes_long(int signal)
{
    static const char words[] = "vssemu: the server has not ended yet: it may be writing, or be "
                                "stopped; until it ends, nobody else may use the directory\n";

    (void)signal;
    if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
        return;
}

/* Answers 0 when there is none. */
static long ask_for_server(const char *mount_point)
{
    char digits[24] = { 0 };
    ssize_t n = getxattr(mount_point, VOLUME_SERVER_ATTRIBUTE, digits, sizeof(digits) - 1);

    return n > 0 ? strtol(digits, NULL, 10) : 0;
}

/* The process that ends with the mount, as a pidfd; -1: there is none. A process of its own asks:
 * no signal reaches one that waits for a server that does not answer. */
static int open_server(const char *mount_point)
{
    long pid = 0;
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) < 0)
        return -1;
    pid_t asker = fork();
    if (asker == 0) {
        pid = ask_for_server(mount_point);
        _exit(write(fds[1], &pid, sizeof(pid)) != sizeof(pid));
    }
    close(fds[1]);
    if (read(fds[0], &pid, sizeof(pid)) != sizeof(pid))
        pid = 0;
    close(fds[0]);
    while (asker > 0 && waitpid(asker, NULL, 0) < 0 && errno == EINTR)
        ;
    return pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
}

static void wait_for_server(int pidfd)
{
    struct pollfd ends = { .fd = pidfd, .events = POLLIN };

    while (pidfd >= 0 && poll(&ends, 1, -1) < 0 && errno == EINTR)
        ;
}

/* The mount is gone before the server has written down how it left the directory: who changes
 * something there must not come before that. */
int volume_unmount(const char *mount_point)
{
    char *const words[] = { (char *)"fusermount3", (char *)"-u", (char *)mount_point, NULL };
    const struct sigaction takes_long = { .sa_handler = say_that_it_takes_long,
                                          .sa_flags = SA_RESTART };
    int status = -1;
    pid_t pid;

    sigaction(SIGALRM, &takes_long, NULL);
    alarm(LONG_S);
    auto_close int server = open_server(mount_point);
    if (posix_spawnp(&pid, words[0], NULL, NULL, words, environ) != 0) {
        say("fusermount3 is not installed (Debian package fuse3)");
        return EXIT_NO_WORLD;
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return EXIT_NO_WORLD;
    wait_for_server(server);
    alarm(0);
    return 0;
}

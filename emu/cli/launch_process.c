/* SPDX-License-Identifier: MIT */
/* See launch_process.h. */
#include "emu/cli/launch_process.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

char *launched_signal_name(int number)
{
    const char *name = sigabbrev_np(number);

    return name ? str_printf("SIG%s", name) : str_printf("signal %d", number);
}

/* In the child: never comes back. What exec says goes through error_fd. */
static _Noreturn void become_program(const char *path, char *const *argv, const char *world,
                                     const int *keep_fds, size_t n_keep_fds,
                                     const sigset_t *old_mask, pid_t launcher, int error_fd)
{
    for (size_t i = 0; i < n_keep_fds; i++)
        fcntl(keep_fds[i], F_SETFD, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != launcher)
        _exit(EXIT_FAILURE);
    sigprocmask(SIG_SETMASK, old_mask, NULL);
    setenv("VSSEMU_WORLD", world, 1);
    execvp(path, argv);
    int error = errno;
    while (write(error_fd, &error, sizeof(error)) < 0 && errno == EINTR)
        ;
    _exit(EXIT_FAILURE);
}

/* Waits until the child has become the program; answers 0 or what exec said. */
static int wait_for_exec(int error_fd)
{
    int error = 0;
    ssize_t n;

    do
        n = read(error_fd, &error, sizeof(error));
    while (n < 0 && errno == EINTR);
    return n == sizeof(error) ? -error : 0;
}

static int take_signals(struct launched_process *process)
{
    sigset_t mask;

    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGHUP);
    sigaddset(&mask, SIGQUIT);
    sigaddset(&mask, SIGUSR1);
    sigaddset(&mask, SIGUSR2);
    sigprocmask(SIG_BLOCK, &mask, &process->old_mask);
    process->signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    return process->signal_fd < 0 ? -errno : 0;
}

static int fork_program(const char *path, char *const *argv, const char *world, const int *keep_fds,
                        size_t n_keep_fds, struct launched_process *process)
{
    pid_t launcher = getpid();
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) < 0)
        return -errno;
    auto_close int read_fd = fds[0];
    auto_close int write_fd = fds[1];
    process->pid = fork();
    if (process->pid < 0)
        return -errno;
    if (process->pid == 0)
        become_program(path, argv, world, keep_fds, n_keep_fds, &process->old_mask, launcher,
                       write_fd);
    close(take_fd(&write_fd));
    int error = wait_for_exec(read_fd);
    if (error < 0)
        waitpid(process->pid, &process->status, 0);
    return error;
}

int launched_process_start(const char *path, char *const *argv, const char *world,
                           const int *keep_fds, size_t n_keep_fds,
                           struct launched_process *ret_process)
{
    struct launched_process process = { .signal_fd = -1 };
    int error = take_signals(&process);

    if (error == 0)
        error = fork_program(path, argv, world, keep_fds, n_keep_fds, &process);
    if (error < 0)
        launched_process_fini(&process);
    else
        *ret_process = process;
    return error;
}

static void notice_end(struct launched_process *process)
{
    int status;

    if (waitpid(process->pid, &status, WNOHANG) == process->pid) {
        process->status = status;
        process->has_ended = true;
    }
}

void launched_process_signals(struct launched_process *process)
{
    struct signalfd_siginfo info;

    while (read(process->signal_fd, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGCHLD)
            notice_end(process);
        /* What a terminal's key caused has reached the program by itself: same process group. */
        else if (info.ssi_code != SI_KERNEL && !process->has_ended)
            kill(process->pid, (int)info.ssi_signo);
    }
}

void launched_process_fini(struct launched_process *process)
{
    if (process->signal_fd >= 0)
        close(process->signal_fd);
    process->signal_fd = -1;
    sigprocmask(SIG_SETMASK, &process->old_mask, NULL);
}

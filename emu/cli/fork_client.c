/* SPDX-License-Identifier: MIT */
#include "emu/cli/fork_client.h"

#include "emu/base/str.h"
#include "emu/cli/run_had.h"
#include "emu/port/fork_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK_EVERY_MS 50

static void stay_on(int cpu)
{
    cpu_set_t set;

    if (cpu < 0)
        return;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    sched_setaffinity(0, sizeof(set), &set); /* may be forbidden: then it is slower */
}

/* The search hears of an interrupt and ends its runs itself: a terminal's must not reach them. */
static void stand_apart(void)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

    setpgid(0, 0);
    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO); /* a terminal would stop who reads it in the background */
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

static void be_quiet(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int i = 0; fd >= 0 && i <= STDERR_FILENO; i++)
        dup2(fd, i);
}

void fork_client_let_sanitizers_abort(void)
{
    static const char *const variables[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS" };

    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *old = getenv(variables[i]);
        char *text = str_printf("%s%sabort_on_error=1", old ? old : "", old ? ":" : "");

        setenv(variables[i], text, 1);
        free(text);
    }
}

static _Noreturn void become(const struct fork_client *client, char *const *argv,
                             const char *variable, int fd, int keep_fd, int cpu, bool is_quiet,
                             pid_t parent)
{
    char number[16];

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    stay_on(cpu);
    stand_apart();
    if (is_quiet)
        be_quiet();
    fcntl(fd, F_SETFD, 0);
    if (keep_fd >= 0)
        fcntl(keep_fd, F_SETFD, 0);
    snprintf(number, sizeof(number), "%d", fd);
    setenv(variable, number, 1);
    fork_client_let_sanitizers_abort();
    if (client->binds_now)
        setenv("LD_BIND_NOW", "1", 1);
    execvp(argv[0], argv);
    _exit(EXIT_FAILURE);
}

int fork_client_start(struct fork_client *client, char *const *argv, const char *variable,
                      int keep_fd, int cpu, bool is_quiet)
{
    pid_t parent = getpid();
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
        return -errno;
    client->pid = fork();
    if (client->pid < 0) {
        int error = -errno;

        close(fds[0]);
        close(fds[1]);
        return error;
    }
    if (client->pid == 0)
        become(client, argv, variable, fds[1], keep_fd, cpu, is_quiet, parent);
    close(fds[1]);
    client->fd = fds[0];
    return 0;
}

static bool send_request(int fd, struct fork_wire_request request, const void *data, size_t size)
{
    struct iovec parts[] = { { &request, sizeof(request) }, { (void *)(uintptr_t)data, size } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
    size_t left = sizeof(request) + size;

    while (left) {
        ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        left -= (size_t)n;
        for (size_t i = 0; i < 2; i++) {
            size_t sent = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;

            parts[i].iov_base = (char *)parts[i].iov_base + sent;
            parts[i].iov_len -= sent;
            n -= (ssize_t)sent;
        }
    }
    return true;
}

void fork_client_describe(struct fork_client *client, const char *description)
{
    size_t length = strlen(description);

    /* If it does not arrive, the first run will tell. */
    (void)send_request(client->fd, (struct fork_wire_request){ (uint32_t)length, 0 }, description,
                       length);
}

/* 1: it came; 0: the process has had the limit, or is given up; -1: nobody is there. */
static int receive(struct fork_client *client, struct fork_wire_answer *ret_answer, pid_t pid,
                   int limit_ms)
{
    struct pollfd waits = { .fd = client->fd, .events = POLLIN };
    struct run_had had = { 0 };
    int n;

    for (;;) {
        n = poll(&waits, 1, limit_ms < 0 ? -1 : ASK_EVERY_MS);
        if (n > 0)
            break;
        if (n < 0 && errno != EINTR)
            return n;
        if (limit_ms < 0)
            continue;
        if (client->gives_up && client->gives_up(client->gives_up_arg))
            return 0;
        if (!had.pid) { /* most runs are long over by then */
            run_had_begin(&had, pid);
        } else if (run_had_look(&had) >= limit_ms) {
            client->n_stuck++;
            return 0;
        }
    }
    n = (int)recv(client->fd, ret_answer, sizeof(*ret_answer), MSG_WAITALL);
    return n == sizeof(*ret_answer) ? 1 : -1;
}

enum fork_end fork_client_run(struct fork_client *client, const uint8_t *plan, size_t size,
                              int limit_ms, int *ret_status)
{
    struct fork_wire_answer begun, ended;

    if (!send_request(client->fd, (struct fork_wire_request){ 0, (uint32_t)size }, plan, size))
        return FORK_NO_SERVER;
    if (receive(client, &begun, 0, -1) != 1 || begun.pid <= 0)
        return FORK_NO_SERVER;
    int n = receive(client, &ended, begun.pid, limit_ms);

    if (n == 0) {
        kill(begun.pid, SIGKILL);
        n = receive(client, &ended, 0, -1);
        *ret_status = ended.status;
        return n == 1 ? FORK_STUCK : FORK_NO_SERVER;
    }
    *ret_status = ended.status;
    return n == 1 ? FORK_ENDED : FORK_NO_SERVER;
}

void fork_client_stop(struct fork_client *client)
{
    int status;

    if (client->pid <= 0)
        return;
    close(client->fd);
    while (waitpid(client->pid, &status, 0) < 0 && errno == EINTR)
        ;
    client->pid = 0;
}

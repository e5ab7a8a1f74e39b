/* SPDX-License-Identifier: MIT */
#include "emu/host/fork_server.h"

#include "emu/base/mem.h"
#include "emu/port/fork_wire.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Raw calls: nobody's idea of read, write or waitpid stands in between. */
static bool read_all(int fd, void *to, size_t size)
{
    for (char *at = to; size;) {
        long n = syscall(SYS_read, fd, at, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool answer(int fd, int32_t pid, int32_t status)
{
    struct fork_wire_answer answer = { .pid = pid, .status = status };

    return syscall(SYS_write, fd, &answer, sizeof(answer)) == (long)sizeof(answer);
}

/* False: the search has ended. */
static bool read_text(int fd, uint32_t length, char **ret_text)
{
    *ret_text = mem_alloc((size_t)length + 1);
    if (read_all(fd, *ret_text, length))
        return true;
    free(*ret_text);
    return false;
}

/* The next plan, after all that comes before it has been learnt. False: the search has ended. */
static bool read_plan(int fd, fork_server_learn *learn, void *arg, struct fork_run *ret_run)
{
    struct fork_wire_request request;
    char *text;

    while (read_all(fd, &request, sizeof(request))) {
        if (request.description_length) {
            if (!read_text(fd, request.description_length, &text))
                return false;
            learn(arg, text);
            free(text);
        }
        if (request.plan_length) {
            ret_run->size = request.plan_length;
            return read_text(fd, request.plan_length, (char **)&ret_run->plan);
        }
        if (!request.description_length)
            return false;
    }
    return false;
}

/* True in the child. */
static bool begin_run(int fd, pid_t server)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        close(fd);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != server)
            _exit(EXIT_FAILURE);
        return true;
    }
    if (pid < 0) {
        answer(fd, -errno, -1);
        return false;
    }
    if (!answer(fd, pid, -1))
        _exit(EXIT_FAILURE);
    while (syscall(SYS_wait4, pid, &status, 0, NULL) < 0 && errno == EINTR)
        ;
    if (!answer(fd, pid, status))
        _exit(EXIT_FAILURE);
    return false;
}

bool fork_server_next_run(fork_server_learn *learn, void *arg, struct fork_run *ret_run)
{
    const char *text = getenv(FORK_SERVER_VARIABLE);
    pid_t server = getpid();

    if (!text)
        return false;
    int fd = atoi(text);

    unsetenv(FORK_SERVER_VARIABLE); /* of the search, not of the program */
    unsetenv("LD_BIND_NOW");
    for (;;) {
        if (!read_plan(fd, learn, arg, ret_run))
            _exit(EXIT_SUCCESS);
        if (begin_run(fd, server))
            return true;
        free(ret_run->plan);
    }
}

bool fork_server_work(fork_server_learn *learn,
                      int (*run)(void *arg, const uint8_t *plan, size_t size), void *arg)
{
    const char *text = getenv(FORK_SEEK_VARIABLE);
    struct fork_run next;

    if (!text)
        return false;
    int fd = atoi(text);

    while (read_plan(fd, learn, arg, &next)) {
        int code = answer(fd, getpid(), -1) ? run(arg, next.plan, next.size) : 0;

        free(next.plan);
        if (!answer(fd, getpid(), W_EXITCODE(code, 0)))
            break;
    }
    return true;
}

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

/* NULL: the search has ended. */
static char *read_description(int fd)
{
    struct fork_wire_request request;

    if (!read_all(fd, &request, sizeof(request)) || !request.length)
        return NULL;
    char *text = mem_alloc((size_t)request.length + 1);

    if (read_all(fd, text, request.length))
        return text;
    free(text);
    return NULL;
}

/* True in the child. */
static bool begin_run(int fd, pid_t server)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        close(fd);
        unsetenv(FORK_SERVER_VARIABLE);
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

char *fork_server_next_run(void)
{
    const char *text = getenv(FORK_SERVER_VARIABLE);
    pid_t server = getpid();

    if (!text)
        return NULL;
    int fd = atoi(text);

    for (;;) {
        char *description = read_description(fd);

        if (!description)
            _exit(EXIT_SUCCESS);
        if (begin_run(fd, server))
            return description;
        free(description);
    }
}

bool fork_server_work(int (*run)(void *arg, const char *description), void *arg)
{
    const char *text = getenv(FORK_SEEK_VARIABLE);
    char *description;

    if (!text)
        return false;
    int fd = atoi(text);

    while ((description = read_description(fd))) {
        int code = answer(fd, getpid(), -1) ? run(arg, description) : 0;

        free(description);
        if (!answer(fd, getpid(), W_EXITCODE(code, 0)))
            break;
    }
    return true;
}

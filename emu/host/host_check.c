/* SPDX-License-Identifier: MIT */
#include "emu/host/host_check.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PLACE "{}"

/* Quoted by the shell itself, whatever the directory is called. */
static char *fill(const char *command)
{
    struct str text = { 0 };
    const char *place;

    for (; (place = strstr(command, PLACE)); command = place + strlen(PLACE))
        str_addf(&text, "%.*s\"$" HOST_CHECK_VARIABLE "\"", (int)(place - command), command);
    str_add(&text, command);
    return str_take(&text);
}

/* A process group of its own: with the shell goes what it has started. */
static _Noreturn void become(const char *text, const char *directory, bool is_quiet)
{
    int fd = is_quiet ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;

    for (int i = 0; fd >= 0 && i <= STDERR_FILENO; i++)
        dup2(fd, i);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setenv(HOST_CHECK_VARIABLE, directory, 1);
    execl("/bin/sh", "sh", "-c", text, (char *)NULL);
    _exit(EXIT_FAILURE);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False: it was not over in time. Without a descriptor of the process there is no limit. */
static bool ends_in_time(pid_t pid, int64_t limit_ms)
{
    auto_close int fd = pidfd_open(pid, 0);
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
    int64_t until = now_ms() + limit_ms;

    if (fd < 0)
        return true;
    for (int64_t rest = limit_ms; rest > 0; rest = until - now_ms()) {
        if (poll(&poll_fd, 1, rest > INT32_MAX ? INT32_MAX : (int)rest) > 0)
            return true;
    }
    return false;
}

int host_check(const char *command, const char *directory, bool is_quiet, int64_t limit_ms)
{
    auto_free char *text = fill(command);
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        become(text, directory, is_quiet);
    if (pid < 0)
        return -1;
    setpgid(pid, pid); /* whoever comes first */
    bool is_late = !ends_in_time(pid, limit_ms);

    if (is_late)
        kill(-pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    if (is_late)
        return HOST_CHECK_LATE;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

char *host_check_words(int code, int64_t limit_ms)
{
    if (code == HOST_CHECK_LATE)
        return str_printf("was not over after %s and was killed",
                          DURATION_TEXT(limit_ms * INT64_C(1000000)));
    return code < 0 ? str_printf("cannot be run") : str_printf("ended with %d", code);
}

char *host_check_directory(void)
{
    const char *temporary = getenv("TMPDIR");
    char *path = str_printf("%s/vssemu-check-XXXXXX", temporary && *temporary ? temporary : "/tmp");

    if (mkdtemp(path))
        return path;
    free(path);
    return NULL;
}

unsigned host_check_all(const char *const *commands, size_t n_commands, const char *into,
                        bool is_quiet, int64_t limit_ms, struct str *out, unsigned *ret_n)
{
    unsigned n_bad = 0;

    for (*ret_n = 0;; ++*ret_n) {
        auto_free char *directory = str_printf("%s/%u", into, *ret_n + 1);

        if (access(directory, F_OK) < 0)
            return n_bad;
        for (size_t i = 0; i < n_commands; i++) {
            int code = host_check(commands[i], directory, is_quiet, limit_ms);
            auto_free char *words = host_check_words(code, limit_ms);

            if (!code)
                continue;
            n_bad++;
            str_addf(out, "snapshot or restore %u does not pass the check: %s %s\n", *ret_n + 1,
                     commands[i], words);
        }
    }
}

/* SPDX-License-Identifier: MIT */
#include "emu/cli/fuzz_check.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLACE "{}"

/* Quoted by the shell itself, whatever the directory is called. */
static char *fill(const char *command)
{
    struct str text = { 0 };
    const char *place;

    for (; (place = strstr(command, PLACE)); command = place + strlen(PLACE))
        str_addf(&text, "%.*s\"$" FUZZ_CHECK_VARIABLE "\"", (int)(place - command), command);
    str_add(&text, command);
    return str_take(&text);
}

static _Noreturn void become(const char *text, const char *directory, bool is_quiet)
{
    int fd = is_quiet ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;

    for (int i = 0; fd >= 0 && i <= STDERR_FILENO; i++)
        dup2(fd, i);
    setenv(FUZZ_CHECK_VARIABLE, directory, 1);
    execl("/bin/sh", "sh", "-c", text, (char *)NULL);
    _exit(EXIT_FAILURE);
}

int fuzz_check(const char *command, const char *directory, bool is_quiet)
{
    auto_free char *text = fill(command);
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        become(text, directory, is_quiet);
    if (pid < 0)
        return -1;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

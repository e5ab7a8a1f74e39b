/* SPDX-License-Identifier: MIT */
#include "emu/cli/tree_copy.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/cli/interrupt.h"
#include "emu/cli/say.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

/* cp knows every kind of file and attribute. */
bool tree_copy(const char *from, const char *to)
{
    auto_free char *inside = str_printf("%s/.", from);
    char *const argv[] = { "cp", "-a", "--reflink=auto", "--", inside, (char *)to, NULL };
    pid_t pid;
    int status = -1;
    int error = posix_spawnp(&pid, "cp", NULL, NULL, argv, environ);

    if (!error) {
        interrupt_set_child(pid);
        while (waitpid(pid, &status, 0) < 0 && !error)
            error = errno == EINTR ? 0 : errno;
        interrupt_set_child(0);
    }
    if (!error && status == 0)
        return true;
    if (interrupt_came())
        return false;
    say("the volume directory %s cannot be copied%s%s", from, error ? ": " : "",
        error ? strerror(error) : "");
    return false;
}

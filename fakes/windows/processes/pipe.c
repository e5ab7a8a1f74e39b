/* SPDX-License-Identifier: MIT */
/* Anonymous pipes, which children get as standard streams (Learn: "Anonymous Pipe Operations"). */
#include "emu/include/vssemu_types.h"
#include "fakes/windows/file.h"
#include "fakes/windows/last_error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A pipe whose reader has gone is an error of the call, not the end of the program. */
static void ignore_broken_pipes(void)
{
    struct sigaction old;

    if (sigaction(SIGPIPE, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

BOOL WINAPI CreatePipe(PHANDLE ret_read, PHANDLE ret_write, LPSECURITY_ATTRIBUTES security,
                       DWORD size)
{
    int fds[2];

    if (!ret_read || !ret_write)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (pipe2(fds, O_CLOEXEC) < 0)
        return win_fail_errno(errno);
    if (size > 65536)
        fcntl(fds[1], F_SETPIPE_SZ, (int)(size < 1u << 20 ? size : 1u << 20));
    ignore_broken_pipes();
    *ret_read = file_new_pipe_end(fds[0], FILE_GENERIC_READ, security);
    *ret_write = file_new_pipe_end(fds[1], FILE_GENERIC_WRITE, security);
    return TRUE;
}

/* Deviation: how much there is, but not a look at it. */
BOOL WINAPI PeekNamedPipe(HANDLE handle, LPVOID buffer, DWORD size, LPDWORD ret_read,
                          LPDWORD ret_available, LPDWORD ret_left)
{
    auto_object struct object *object = handle_get(handle, &file_class, FILE_READ_DATA);
    const struct file *file = (struct file *)object;
    int n = 0;

    (void)size;
    if (!object)
        return FALSE;
    if (!file->is_pipe)
        return win_fail(ERROR_INVALID_FUNCTION);
    if (buffer)
        return win_fail(ERROR_NOT_SUPPORTED);
    ioctl(file->storage.fd, FIONREAD, &n);
    if (ret_read)
        *ret_read = 0;
    if (ret_available)
        *ret_available = (DWORD)n;
    if (ret_left)
        *ret_left = 0;
    return TRUE;
}

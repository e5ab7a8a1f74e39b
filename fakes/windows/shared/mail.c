/* SPDX-License-Identifier: MIT */
/* See mail.h. */
#include "fakes/windows/shared/mail.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_PIDS 64

static int box_fd = -1;
static unsigned long long run;

static socklen_t address_of(int pid, struct sockaddr_un *ret)
{
    *ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
    int length = snprintf(ret->sun_path + 1, sizeof(ret->sun_path) - 1, "vssemu-%llu-%d", run, pid);

    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

int mail_open(unsigned long long of_run)
{
    struct sockaddr_un address;

    run = of_run;
    socklen_t length = address_of(getpid(), &address);
    box_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (box_fd < 0 || bind(box_fd, (struct sockaddr *)&address, length) < 0)
        return -errno;
    return 0;
}

void mail_send(int pid)
{
    struct sockaddr_un address;
    socklen_t length = address_of(pid, &address);

    (void)!sendto(box_fd, "", 1, MSG_DONTWAIT, (struct sockaddr *)&address, length);
}

void mail_sleep(const int *pids, size_t n, int timeout_ms)
{
    struct pollfd fds[MAX_PIDS + 1] = { { .fd = box_fd, .events = POLLIN } };
    nfds_t n_fds = 1;
    char byte;

    for (size_t i = 0; i < n && i < MAX_PIDS; i++) {
        int fd = (int)syscall(SYS_pidfd_open, pids[i], 0);
        if (fd >= 0)
            fds[n_fds++] = (struct pollfd){ .fd = fd, .events = POLLIN };
    }
    poll(fds, n_fds, timeout_ms);
    while (recv(box_fd, &byte, 1, MSG_DONTWAIT) >= 0)
        ;
    for (nfds_t i = 1; i < n_fds; i++)
        close(fds[i].fd);
}

/* SPDX-License-Identifier: MIT */
/* See volume_ask.h. */
#include "emu/host/volume_ask.h"

#include "emu/base/cleanup.h"
#include "emu/host/host_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int send_all(int fd, const void *data, size_t size, int more)
{
    const char *at = data;

    while (size) {
        ssize_t n = send(fd, at, size, MSG_NOSIGNAL | more);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int receive_all(int fd, void *data, size_t size)
{
    char *at = data;

    while (size) {
        ssize_t n = recv(fd, at, size, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EPIPE;
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int send_question(int fd, const struct volume_question *q)
{
    struct volume_wire_request head = {
        .length = (uint32_t)(sizeof(head) + q->first_size + q->second_size),
        .operation = q->operation,
        .argument = q->argument,
        .wants_progress = q->progress != NULL,
    };
    int error = send_all(fd, &head, sizeof(head), head.length > sizeof(head) ? MSG_MORE : 0);

    if (!error)
        error = send_all(fd, q->first, q->first_size, q->second_size ? MSG_MORE : 0);
    return error ? error : send_all(fd, q->second, q->second_size, 0);
}

/* Whether it is no reply yet, which is told to whom it concerns. */
static bool is_on_the_way(const struct volume_wire_reply *head, const struct volume_question *q,
                          struct volume_news *news)
{
    if (head->error == VOLUME_WIRE_IS_NEWS && news)
        news->tell(news, head->detail, head->value);
    else if (head->error == VOLUME_WIRE_GOING_ON && q->progress)
        q->progress(q->progress_arg, head->value, head->detail);
    else
        return false;
    return true;
}

static int receive_head(int fd, const struct volume_question *q, struct volume_news *news,
                        struct volume_wire_reply *ret_head)
{
    int error;

    do
        error = receive_all(fd, ret_head, sizeof(*ret_head));
    while (!error && is_on_the_way(ret_head, q, news));
    return error;
}

int volume_hear(int fd, struct volume_news *news)
{
    struct volume_wire_reply head;

    for (;;) {
        ssize_t n = recv(fd, &head, sizeof(head), MSG_PEEK | MSG_DONTWAIT);

        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        if (n == 0)
            return -EPIPE;
        if (n < (ssize_t)sizeof(head))
            return 0;
        if (head.error != VOLUME_WIRE_IS_NEWS)
            return -EPROTO;
        receive_all(fd, &head, sizeof(head));
        news->tell(news, head.detail, head.value);
    }
}

int volume_ask(int fd, const struct volume_question *question, struct volume_reply *ret_reply)
{
    return volume_ask_and_hear(fd, question, NULL, ret_reply);
}

int volume_ask_and_hear(int fd, const struct volume_question *question, struct volume_news *news,
                        struct volume_reply *ret_reply)
{
    struct volume_wire_reply head;
    struct volume_reply nobody_wants, *reply = ret_reply ? ret_reply : &nobody_wants;
    int error = send_question(fd, question);

    if (!error)
        error = receive_head(fd, question, news, &head);
    if (!error && (head.length < sizeof(head) || head.length - sizeof(head) > VOLUME_WIRE_MAX))
        error = -EPROTO;
    if (error)
        return error;
    reply->value = head.value;
    reply->detail = head.detail;
    reply->size = head.length - sizeof(head);
    reply->bytes[reply->size] = 0;
    error = receive_all(fd, reply->bytes, reply->size);
    return error ? error : head.error;
}

int volume_connect(const char *directory, int *ret_fd)
{
    auto_free char *place = host_image_folder(directory);
    auto_close int root = open(place, O_PATH | O_DIRECTORY | O_CLOEXEC);
    auto_close int folder = -1;
    auto_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (root < 0 || fd < 0)
        return -errno;
    folder = openat(root, VOLUME_WIRE_FOLDER, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return -errno;
    /* Short enough, whatever the directory's path is. */
    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/" VOLUME_WIRE_SOCKET,
             folder);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    *ret_fd = take_fd(&fd);
    return 0;
}

int volume_flush_mount(int fd)
{
    return syncfs(fd) < 0 && errno != ESTALE ? -errno : 0;
}

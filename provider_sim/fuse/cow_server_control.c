/* SPDX-License-Identifier: MIT */
/* Nothing here waits: a message is collected as it comes, and an asker that does not take its
 * answer is cut off. */
#include "provider_sim/fuse/cow_server_control.h"

#include "emu/base/mem.h"
#include "emu/port/diff_area.h"
#include "emu/port/volume_wire.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/fuse/cow_fuse.h"
#include "provider_sim/fuse/cow_server_revert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_LINKS 64u /* of a volume: more wait until one ends */
#define ROOM      (sizeof(struct volume_wire_request) + VOLUME_WIRE_MAX)

struct server_link {
    int fd;
    bool is_program;
    bool is_holding;
    bool wants_news;
    bool waits;      /* for long work of its own, and says nothing until then */
    bool is_put_off; /* its message, which is whole, is answered after long work of another */
    bool is_ended;
    size_t n_received;
    size_t room;
    unsigned char *bytes; /* of the message that is coming */
};

/* ---- links ---- */

static void add_link(struct server_control *control, int take_fd, bool is_program)
{
    struct server_link *link = mem_new(struct server_link);

    *link = (struct server_link){ .fd = take_fd, .is_program = is_program };
    array_add(&control->links, link);
}

static void end_link(struct server_control *control, struct server_link *link)
{
    if (link->is_ended)
        return;
    link->is_ended = true;
    close(link->fd);
    if (link->is_holding)
        server_control_release(control);
    server_work_forget_asker(&control->work, link);
    if (link->is_program)
        server_work_delete_passing(control);
}

static void forget_ended(struct server_control *control)
{
    for (size_t i = control->links.count; i--;) {
        struct server_link *link = control->links.items[i];

        if (!link->is_ended)
            continue;
        array_remove(&control->links, i);
        free(link->bytes);
        free(link);
    }
}

bool server_control_has_program(const struct server_control *control)
{
    for (size_t i = 0; i < control->links.count; i++) {
        if (control->links.items[i]->is_program)
            return true;
    }
    return false;
}

/* ---- answering ---- */

static void send_answer(struct server_control *control, struct server_link *link,
                        const struct server_answer *answer)
{
    struct volume_wire_reply head = { .length = (uint32_t)(sizeof(head) + answer->bytes.count),
                                      .error = answer->error,
                                      .value = answer->value,
                                      .detail = answer->detail };
    struct iovec parts[] = { { &head, sizeof(head) },
                             { answer->bytes.items, answer->bytes.count } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

    if (sendmsg(link->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)head.length)
        end_link(control, link);
}

bool server_link_tell_progress(struct server_link *link, unsigned done, unsigned total)
{
    struct volume_wire_reply head = {
        .length = sizeof(head), .error = VOLUME_WIRE_GOING_ON, .value = done, .detail = total
    };
    ssize_t n = send(link->fd, &head, sizeof(head), MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0 && n < (ssize_t)sizeof(head)) /* no reply can follow half a message */
        shutdown(link->fd, SHUT_RDWR);
    return n == (ssize_t)sizeof(head);
}

static const struct volume_wire_request *message_of(const struct server_link *link)
{
    return (const void *)link->bytes;
}

static void begin_work(struct server_control *control, struct server_link *link)
{
    const struct volume_wire_request *head = message_of(link);
    const struct server_answer refusal = { .error = server_work_begin(control, head->operation,
                                                                      head->argument, link,
                                                                      head->wants_progress) };

    link->waits = !refusal.error;
    if (refusal.error)
        send_answer(control, link, &refusal);
}

static void answer_message(struct server_control *control, struct server_link *link)
{
    const struct volume_wire_request *head = message_of(link);
    struct server_answer answer = { 0 };
    bool was_holding = link->is_holding;

    link->is_put_off = server_work_is_waited_for(&control->work, head->operation);
    if (link->is_put_off)
        return;
    if (server_work_is_long(head->operation)) {
        begin_work(control, link);
        return;
    }
    if (head->operation == VOLUME_WIRE_NEWS)
        link->wants_news = true;
    else if (head->operation == VOLUME_WIRE_LEAVE && !link->is_program)
        answer.error = -EPERM;
    else
        server_control_answer(control, &link->is_holding, head->operation, head->argument,
                              link->bytes + sizeof(*head), head->length - sizeof(*head), &answer);
    /* The answer goes first: the writes that waited are not the asker's concern. */
    send_answer(control, link, &answer);
    array_free(&answer.bytes);
    if (head->operation == VOLUME_WIRE_RELEASE && was_holding)
        server_control_release(control);
}

static void answer_put_off(struct server_control *control)
{
    for (size_t i = 0; i < control->links.count; i++) {
        struct server_link *link = control->links.items[i];

        if (link->is_put_off && !link->is_ended)
            answer_message(control, link);
    }
}

bool server_control_has_work(const struct server_control *control)
{
    return server_work_is_ready(&control->work);
}

void server_control_work(struct server_control *control)
{
    struct server_answer answer = { 0 };
    struct server_link *asker = NULL;

    if (!server_work_go_on(control, &asker, &answer))
        return;
    if (asker) {
        asker->waits = false;
        send_answer(control, asker, &answer);
    }
    array_free(&answer.bytes);
    answer_put_off(control);
    forget_ended(control);
}

void server_control_tell_news(struct server_control *control)
{
    enum diff_area_event event;
    unsigned number;

    while (cow_volume_take_news(control->cow, &event, &number)) {
        struct server_answer news = { .error = VOLUME_WIRE_IS_NEWS,
                                      .value = number,
                                      .detail = event };

        for (size_t i = 0; i < control->links.count; i++) {
            if (control->links.items[i]->wants_news && !control->links.items[i]->is_ended)
                send_answer(control, control->links.items[i], &news);
        }
    }
    forget_ended(control);
}

/* ---- receiving ---- */

/* How many bytes the message has as far as it is known; 0: it is none. */
static size_t wanted_by(const struct server_link *link)
{
    const struct volume_wire_request *head = (const void *)link->bytes;

    if (link->n_received < sizeof(*head))
        return sizeof(*head);
    return head->length < sizeof(*head) || head->length > ROOM ? 0 : head->length;
}

static void make_room(struct server_link *link, size_t size)
{
    if (link->room < size) {
        link->bytes = mem_realloc(link->bytes, size);
        link->room = size;
    }
}

static void serve_link(struct server_control *control, struct server_link *link)
{
    size_t wanted = wanted_by(link);

    if (link->waits || link->is_put_off) { /* it has gone: nothing else can have come */
        end_link(control, link);
        return;
    }
    make_room(link, wanted);
    ssize_t n =
        recv(link->fd, link->bytes + link->n_received, wanted - link->n_received, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        link->n_received += (size_t)n;
    wanted = n > 0 ? wanted_by(link) : 0;
    if (!wanted) {
        end_link(control, link); /* it has gone, or speaks another language */
        return;
    }
    if (link->n_received < wanted)
        return;
    link->n_received = 0;
    answer_message(control, link);
}

/* ---- the socket in the directory ---- */

static bool is_allowed(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == 0 || peer.uid == geteuid());
}

static void accept_link(struct server_control *control)
{
    int fd = accept4(control->listen_fd, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0)
        return;
    if (is_allowed(fd))
        add_link(control, fd, false);
    else
        close(fd);
}

/* A path of the socket that is short enough, whatever the directory's is. */
static void put_address(int folder_fd, struct sockaddr_un *ret_address)
{
    *ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    snprintf(ret_address->sun_path, sizeof(ret_address->sun_path),
             "/proc/self/fd/%d/" VOLUME_WIRE_SOCKET, folder_fd);
}

/* Where none can be made (a file system without sockets, read-only), nobody connects. One that a
 * killed server left is in the way: the directory is ours, so it is nobody's. */
static void listen_in(struct server_control *control, const char *directory)
{
    struct sockaddr_un address;
    int root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int folder =
        root < 0 ? -1
                 : openat(root, VOLUME_WIRE_FOLDER, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(0177);

    if (root >= 0)
        close(root);
    if (folder >= 0) {
        unlinkat(folder, VOLUME_WIRE_SOCKET, 0);
        put_address(folder, &address);
    }
    if (folder < 0 || fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(fd, SOMAXCONN) < 0) {
        if (fd >= 0)
            close(fd);
        if (folder >= 0)
            close(folder);
        folder = fd = -1;
    }
    umask(mask);
    control->folder_fd = folder;
    control->listen_fd = fd;
}

/* ---- for the loop ---- */

void server_control_begin(struct server_control *control, int program_fd, const char *directory)
{
    control->folder_fd = control->listen_fd = -1;
    add_link(control, program_fd, true);
    if (directory)
        listen_in(control, directory);
}

/* What is left of long work. The kernel may wait for us until it has been told. */
static void end_work(struct server_control *control)
{
    while (control->work.operation) {
        struct pollfd fds[] = { { .fd = server_work_fd(&control->work), .events = POLLIN },
                                { .fd = *control->fuse ? cow_fuse_fd(*control->fuse) : -1,
                                  .events = POLLIN } };

        if (poll(fds, 2, server_work_is_ready(&control->work) ? 0 : -1) < 0)
            continue;
        if (fds[0].revents)
            server_work_heard(&control->work);
        else if (fds[1].revents && cow_fuse_serve(*control->fuse) < 0)
            server_control_unmounting(control); /* nothing is asked any more */
        server_control_work(control);
    }
}

void server_control_unmounting(struct server_control *control)
{
    if (control->work.revert)
        server_revert_unmounting(control->work.revert);
}

void server_control_end(struct server_control *control)
{
    for (size_t i = 0; i < control->links.count; i++)
        control->links.items[i]->is_put_off = false; /* nobody begins anything any more */
    end_work(control);
    if (control->listen_fd >= 0) {
        unlinkat(control->folder_fd, VOLUME_WIRE_SOCKET, 0);
        close(control->listen_fd);
        close(control->folder_fd);
    }
    for (size_t i = 0; i < control->links.count; i++)
        end_link(control, control->links.items[i]);
    forget_ended(control);
    array_free(&control->links);
}

static bool is_listening(const struct server_control *control)
{
    return control->listen_fd >= 0 && control->links.count < MAX_LINKS;
}

size_t server_control_count(const struct server_control *control)
{
    return 2 + control->links.count;
}

void server_control_fill(const struct server_control *control, struct pollfd *fds)
{
    fds[0] =
        (struct pollfd){ .fd = is_listening(control) ? control->listen_fd : -1, .events = POLLIN };
    fds[1] = (struct pollfd){ .fd = server_work_fd(&control->work), .events = POLLIN };
    for (size_t i = 0; i < control->links.count; i++) {
        const struct server_link *link = control->links.items[i];

        fds[2 + i] = (struct pollfd){ .fd = link->fd,
                                      .events = link->waits || link->is_put_off ? 0 : POLLIN };
    }
}

void server_control_serve(struct server_control *control, const struct pollfd *fds)
{
    size_t n = control->links.count;

    for (size_t i = 0; i < n; i++) {
        if (fds[2 + i].revents && !control->links.items[i]->is_ended)
            serve_link(control, control->links.items[i]);
    }
    if (fds[0].revents)
        accept_link(control);
    if (fds[1].revents)
        server_work_heard(&control->work);
    forget_ended(control);
}

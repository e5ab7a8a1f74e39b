/* SPDX-License-Identifier: MIT */
/* Questions share a lock, which the listener takes, too, before it reads: so what it finds then is
 * never somebody's reply. */
#include "emu/host/host_talk.h"

#include "emu/base/array.h"
#include "emu/base/list.h"
#include "emu/base/mem.h"
#include "emu/host/host_files.h"
#include "emu/host/volume_ask.h"
#include "emu/port/sched.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct news_item {
    unsigned event, number;
};

struct host_talk {
    struct volume_news news;
    struct host_volume *volume;
    pthread_mutex_t lock;
    ARRAY(struct news_item) heard;    /* under the lock: not told yet */
    ARRAY(struct volume_kept) listed; /* of host_kept, whose bytes are ours */
    struct sched_thread *listener;
};

/* ---- news ---- */

static void hear(struct volume_news *news, unsigned event, unsigned number)
{
    struct host_talk *talk = container_of(news, struct host_talk, news);

    array_add(&talk->heard, ((struct news_item){ event, number }));
}

/* Without the lock: who hears it may ask. */
static void tell_heard(struct host_talk *talk)
{
    for (;;) {
        struct news_item item = { 0 };

        pthread_mutex_lock(&talk->lock);
        bool is_any = talk->heard.count;

        if (is_any) {
            item = talk->heard.items[0];
            array_remove(&talk->heard, 0);
        }
        pthread_mutex_unlock(&talk->lock);
        if (!is_any)
            return;
        __atomic_add_fetch(&talk->volume->n_deleted, 1, __ATOMIC_RELEASE);
        volume_tell_diff_area(&talk->volume->volume, (enum diff_area_event)item.event, item.number);
    }
}

static void listen_main(void *arg)
{
    struct host_talk *talk = arg;
    int error = 0;

    while (!error) {
        struct pollfd fd = { .fd = talk->volume->control_fd, .events = POLLIN };

        poll(&fd, 1, -1);
        pthread_mutex_lock(&talk->lock);
        error = volume_hear(fd.fd, &talk->news);
        pthread_mutex_unlock(&talk->lock);
        tell_heard(talk);
    }
}

/* ---- questions ---- */

static int ask(struct host_volume *h, const struct volume_question *question,
               struct volume_reply *ret_reply)
{
    struct host_talk *talk = h->talk;

    pthread_mutex_lock(&talk->lock);
    int error = volume_ask_and_hear(h->control_fd, question, &talk->news, ret_reply);
    pthread_mutex_unlock(&talk->lock);
    tell_heard(talk);
    return error;
}

int host_volume_order(struct host_volume *h, enum volume_wire_operation operation,
                      unsigned argument)
{
    const struct volume_question q = { .operation = operation, .argument = argument };

    return ask(h, &q, NULL);
}

int host_keep(struct volume *v, unsigned number, const struct volume_kept *kept)
{
    struct volume_wire_snapshot s = { .number = number,
                                      .created = kept->created,
                                      .size = (uint32_t)kept->size };
    const struct volume_question q = { .operation = VOLUME_WIRE_KEEP,
                                       .argument = number,
                                       .first = &s,
                                       .first_size = sizeof(s),
                                       .second = kept->bytes,
                                       .second_size = kept->size };

    if (kept->size > VOLUME_KEPT_MAX)
        return -E2BIG;
    memcpy(s.id, kept->id, sizeof(s.id));
    return ask(host_volume_from(v), &q, NULL);
}

static void forget_listed(struct host_talk *talk)
{
    for (size_t i = 0; i < talk->listed.count; i++)
        free((void *)talk->listed.items[i].bytes);
    talk->listed.count = 0;
}

static void add_listed(struct host_talk *talk, const struct volume_reply *reply)
{
    struct volume_wire_snapshot s;

    memcpy(&s, reply->bytes, sizeof(s));
    if (!(s.flags & VOLUME_WIRE_KEPT) || s.size != reply->size - sizeof(s))
        return;
    struct volume_kept *kept = array_push(&talk->listed);

    *kept =
        (struct volume_kept){ .number = s.number,
                              .is_lost = s.flags & VOLUME_WIRE_LOST,
                              .created = s.created,
                              .bytes = s.size ? mem_copy(reply->bytes + sizeof(s), s.size) : NULL,
                              .size = s.size };
    memcpy(kept->id, s.id, sizeof(s.id));
}

/* Who lists begins with the first one: then the server is asked, for all. */
bool host_kept(struct volume *v, size_t i, struct volume_kept *ret_kept)
{
    struct host_volume *h = host_volume_from(v);
    struct host_talk *talk = h->talk;
    struct volume_reply reply;

    if (i == 0) {
        struct volume_question q = { .operation = VOLUME_WIRE_AFTER };

        forget_listed(talk);
        for (; ask(h, &q, &reply) == 0 && reply.value &&
               reply.size >= sizeof(struct volume_wire_snapshot);
             q.argument = reply.value)
            add_listed(talk, &reply);
    }
    if (i < talk->listed.count)
        *ret_kept = talk->listed.items[i];
    return i < talk->listed.count;
}

int host_keep_settings(struct volume *v, const void *bytes, size_t size)
{
    const struct volume_question q = { .operation = VOLUME_WIRE_PUT_SETTINGS,
                                       .first = bytes,
                                       .first_size = size };

    return size > VOLUME_SETTINGS_MAX ? -E2BIG : ask(host_volume_from(v), &q, NULL);
}

ssize_t host_kept_settings(struct volume *v, void *buffer)
{
    const struct volume_question q = { .operation = VOLUME_WIRE_SETTINGS };
    struct volume_reply reply;
    int error = ask(host_volume_from(v), &q, &reply);

    if (error || reply.size > VOLUME_SETTINGS_MAX)
        return error ? error : -EPROTO;
    memcpy(buffer, reply.bytes, reply.size);
    return (ssize_t)reply.size;
}

int host_identify(struct volume *v, const unsigned char *salt, unsigned char ret_id[16])
{
    const struct volume_question q = { .operation = VOLUME_WIRE_IDENTIFY,
                                       .first = salt,
                                       .first_size = salt ? 16 : 0 };
    struct volume_reply reply;
    int error = ask(host_volume_from(v), &q, &reply);

    if (!error && reply.size != 16)
        error = -EPROTO;
    if (!error)
        memcpy(ret_id, reply.bytes, 16);
    return error;
}

/* ---- the diff area ---- */

void host_limit_diff_area(struct volume *v, const struct diff_area_limits *limits)
{
    struct volume_wire_limits l = { .maximum = limits->maximum,
                                    .is_stuck = limits->is_stuck,
                                    .protects_snapshots = limits->protects_snapshots };
    const struct volume_question q = { .operation = VOLUME_WIRE_LIMIT,
                                       .first = &l,
                                       .first_size = sizeof(l) };

    ask(host_volume_from(v), &q, NULL);
}

void host_use_of_diff_area(struct volume *v, struct diff_area_use *ret_use)
{
    const struct volume_question q = { .operation = VOLUME_WIRE_USE };
    struct volume_reply reply;
    struct volume_wire_use use = { 0 };

    if (ask(host_volume_from(v), &q, &reply) == 0 && reply.size == sizeof(use))
        memcpy(&use, reply.bytes, sizeof(use));
    *ret_use = (struct diff_area_use){ .used = use.used,
                                       .allocated = use.allocated,
                                       .free = volume_size(v) / 2,
                                       .total = volume_size(v),
                                       .is_offline = use.is_offline };
}

/* Files that are open stay open: they are the kernel's. */
void host_put_online(struct volume *v)
{
    host_volume_order(host_volume_from(v), VOLUME_WIRE_ONLINE, 0);
}

/* ---- life ---- */

void host_volume_begin_talk(struct host_volume *h)
{
    struct host_talk *talk = mem_new(struct host_talk);

    talk->news.tell = hear;
    talk->volume = h;
    pthread_mutex_init(&talk->lock, NULL);
    h->talk = talk;
    if (host_volume_order(h, VOLUME_WIRE_NEWS, 0) == 0)
        talk->listener = h->sched->ops->start(h->sched, "vss-news", listen_main, talk);
}

void host_volume_end_talk(struct host_volume *h)
{
    struct host_talk *talk = h->talk;

    shutdown(h->control_fd, SHUT_RDWR);
    if (talk->listener)
        h->sched->ops->join(h->sched, talk->listener);
    close(h->control_fd);
    forget_listed(talk);
    array_free(&talk->listed);
    array_free(&talk->heard);
    pthread_mutex_destroy(&talk->lock);
    free(talk);
}

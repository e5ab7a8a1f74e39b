/* SPDX-License-Identifier: MIT */
/* See volume_directory.h. */
#include "emu/cli/volume_directory.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/cli/progress.h"
#include "emu/cli/say.h"
#include "emu/cli/volume_obstacle.h"
#include "emu/com/guid.h"
#include "emu/host/host_store.h"
#include "emu/host/volume_ask.h"
#include "emu/port/store.h"
#include "provider_sim/soft_area.h"
#include "provider_sim/cow/cow_check.h"
#include "provider_sim/cow/cow_volume.h"
#include "provider_sim/soft_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define DEVICE "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy"

/* 100 ns since 1601 UTC, as Windows counts. */
#define EPOCH_1601_S   INT64_C(11644473600)
#define TICKS_A_SECOND INT64_C(10000000)

/* Who has just unmounted it is about to end. */
#define PATIENCE_MS 2000
/* A server whose mount has gone may serve a program yet, but is more likely to end. */
#define PATIENCE_UNMOUNTED_MS 200

/* ---- whose it is ---- */

static int find_server(const char *directory, struct volume_directory *d)
{
    const struct volume_question where = { .operation = VOLUME_WIRE_WHERE };
    struct volume_reply reply;
    int error = volume_connect(directory, &d->server_fd);

    if (error)
        return error;
    error = volume_ask(d->server_fd, &where, &reply);
    if (!error) {
        d->mounted_at = mem_strdup((const char *)reply.bytes);
        return 0;
    }
    close(d->server_fd);
    d->server_fd = -1;
    return error;
}

static void leave_server(struct volume_directory *d)
{
    close(d->server_fd);
    d->server_fd = -1;
    free(d->mounted_at);
    d->mounted_at = NULL;
}

/* d NULL: it must be nobody's. */
static int lock(struct store *store, pid_t *ret_owner, const char *directory,
                struct volume_directory *d)
{
    const struct timespec pause = { .tv_nsec = 20000000 };
    bool is_to_read = d && d->is_to_read;
    int (*lock_it)(struct store * s, pid_t * ret_owner_pid) =
        is_to_read ? store->ops->lock_to_read : store->ops->lock;
    int error = lock_it(store, ret_owner);

    for (int waited = 0; error == -EBUSY && waited < PATIENCE_MS; waited += 20) {
        int server = d ? find_server(directory, d) : -ENOENT;

        if (server == 0 && !*d->mounted_at && waited < PATIENCE_UNMOUNTED_MS) {
            leave_server(d);
            server = -EAGAIN;
        }
        if (server == -EACCES)
            d->is_anothers = true;
        if (server == 0 || server == -EACCES)
            return -EBUSY;
        nanosleep(&pause, NULL);
        error = lock_it(store, ret_owner);
    }
    return error;
}

static int begin(const char *directory, struct store **ret_store, struct volume_directory *d)
{
    pid_t owner = 0;
    int error = d && d->is_to_read ? host_store_open_to_read(directory, ret_store)
                                   : host_store_open(directory, ret_store);

    if (error) {
        volume_obstacle_say(directory, error);
        return EXIT_NO_WORLD;
    }
    error = lock(*ret_store, &owner, directory, d);
    if (!error && d && d->is_to_read && volume_obstacle_is_mount(directory))
        error = -EPERM; /* as an owner finds out by himself */
    if (!error)
        return 0;
    (*ret_store)->ops->free(*ret_store);
    *ret_store = NULL;
    if (d && d->server_fd >= 0)
        return 0;
    if (d && d->is_anothers)
        say("%s is served by another user", directory);
    else if (error == -EBUSY)
        say("%s is in use by process %ld; a volume has one owner at a time", directory,
            (long)owner);
    else
        volume_obstacle_say(directory, error);
    return EXIT_NO_WORLD;
}

int volume_directory_take(const char *directory, struct store **ret_store)
{
    return begin(directory, ret_store, NULL);
}

int volume_directory_lock(const char *directory, struct volume_directory *ret_directory)
{
    *ret_directory = (struct volume_directory){ .directory = directory, .server_fd = -1 };
    return begin(directory, &ret_directory->store, ret_directory);
}

int volume_directory_lock_to_read(const char *directory, struct volume_directory *ret_directory)
{
    *ret_directory =
        (struct volume_directory){ .directory = directory, .server_fd = -1, .is_to_read = true };
    return begin(directory, &ret_directory->store, ret_directory);
}

static int say_unusable(const char *directory, int error)
{
    if (error == -EPROTONOSUPPORT)
        say("%s: a later version of vssemu has left snapshots there", directory);
    else if (error == -EPIPE || error == -ECONNRESET)
        say("%s: its server has ended", directory);
    else
        say("%s cannot be used as a volume: %s", directory, strerror(-error));
    return EXIT_NO_WORLD;
}

int volume_directory_open(struct volume_directory *d)
{
    struct store *store = d->store;

    if (d->server_fd >= 0)
        return 0;
    d->store = NULL;
    int error =
        d->is_to_read ? cow_volume_open_to_read(store, &d->cow) : cow_volume_open(store, &d->cow);

    if (error)
        return say_unusable(d->directory, error);
    if (!d->is_to_read)
        soft_area_obey(d->cow);
    return 0;
}

void volume_directory_close(struct volume_directory *d)
{
    if (d->store)
        d->store->ops->free(d->store);
    cow_volume_free(d->cow);
    if (d->server_fd >= 0)
        close(d->server_fd);
    free(d->mounted_at);
    *d = (struct volume_directory){ .server_fd = -1 };
}

/* ---- snapshots ---- */

static void put_time(int64_t created, char text[40])
{
    time_t seconds = (time_t)(created / TICKS_A_SECOND - EPOCH_1601_S);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    size_t length = strftime(text, 40, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text + length, 40 - length, ".%03dZ", (int)(created % TICKS_A_SECOND / 10000));
}

static void describe(const struct volume_directory *d, const struct volume_wire_snapshot *s,
                     struct volume_snapshot *ret)
{
    GUID id;

    memcpy(&id, s->id, sizeof(id));
    *ret = (struct volume_snapshot){ .number = s->number, .is_lost = s->flags & VOLUME_WIRE_LOST };
    if (d->mounted_at && *d->mounted_at && !ret->is_lost)
        ret->mounted_at = d->mounted_at;
    snprintf(ret->id, sizeof(ret->id), "{%s}", GUID_TEXT(&id));
    snprintf(ret->device, sizeof(ret->device), DEVICE "%u", s->number);
    put_time(s->created, ret->created);
}

static bool is_pending(const void *bytes, size_t size, const unsigned char id[16])
{
    struct soft_record record;

    if (!soft_record_get(bytes, size, id, &record))
        return false;
    bool is_it = record.is_pending;

    soft_record_free(&record);
    return is_it;
}

static bool ask_next(const struct volume_directory *d, unsigned after,
                     struct volume_wire_snapshot *ret_item, bool *ret_is_pending)
{
    const struct volume_question item = { .operation = VOLUME_WIRE_AFTER, .argument = after };
    struct volume_reply reply;
    int error = volume_ask(d->server_fd, &item, &reply);

    if (error)
        say_unusable(d->directory, error);
    if (error || !reply.value || reply.size < sizeof(*ret_item))
        return false;
    memcpy(ret_item, reply.bytes, sizeof(*ret_item));
    *ret_is_pending =
        is_pending(reply.bytes + sizeof(*ret_item), reply.size - sizeof(*ret_item), ret_item->id);
    return true;
}

static bool own_next(const struct volume_directory *d, unsigned after,
                     struct volume_wire_snapshot *ret_item, bool *ret_is_pending)
{
    bool is_lost = false;
    unsigned number = cow_volume_snapshot_after(d->cow, after, &is_lost);
    const struct cow_snapshot_info *info = number ? cow_volume_snapshot_info(d->cow, number) : NULL;

    if (!info)
        return false;
    *ret_item = (struct volume_wire_snapshot){ .number = number,
                                               .flags = is_lost ? VOLUME_WIRE_LOST : 0,
                                               .created = info->created };
    memcpy(ret_item->id, info->id, sizeof(ret_item->id));
    *ret_is_pending = is_pending(info->properties, info->properties_size, info->id);
    return true;
}

bool volume_directory_next(struct volume_directory *d, unsigned after,
                           struct volume_snapshot *ret_snapshot)
{
    struct volume_wire_snapshot item;
    bool is_pending = false, is_there = d->cow ? own_next(d, after, &item, &is_pending)
                                               : ask_next(d, after, &item, &is_pending);

    if (is_there) {
        describe(d, &item, ret_snapshot);
        ret_snapshot->is_pending = is_pending;
    }
    return is_there;
}

int volume_directory_storage(const struct volume_directory *d, struct soft_area *ret_storage)
{
    const struct volume_question settings = { .operation = VOLUME_WIRE_SETTINGS };
    struct volume_reply reply;
    ssize_t size;

    if (d->cow) {
        size = cow_volume_settings(d->cow, reply.bytes);
    } else {
        int error = volume_ask(d->server_fd, &settings, &reply);

        size = error ? error : (ssize_t)reply.size;
    }
    return soft_area_get(reply.bytes, size, ret_storage);
}

char *volume_snapshot_path(const struct volume_snapshot *s)
{
    return s->mounted_at ? str_printf("%s/" VOLUME_SNAPSHOT_DIRECTORY "/" VOLUME_SNAPSHOT_NAME,
                                      s->mounted_at, s->number)
                         : NULL;
}

static bool is_named(const struct volume_snapshot *s, const char *id)
{
    char number[16];
    GUID wanted, is;

    snprintf(number, sizeof(number), "%u", s->number);
    return strcmp(id, number) == 0 || strcasecmp(id, s->device) == 0 ||
           (guid_from_text(id, &wanted) && guid_from_text(s->id, &is) &&
            guid_is_equal(&wanted, &is));
}

bool volume_directory_find(struct volume_directory *d, const char *id,
                           struct volume_snapshot *ret_snapshot)
{
    for (unsigned after = 0; volume_directory_next(d, after, ret_snapshot);
         after = ret_snapshot->number) {
        if (is_named(ret_snapshot, id))
            return true;
    }
    say("there is no snapshot %s; `vssemu volume list` lists them", id);
    return false;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    return ((int64_t)time.tv_sec + EPOCH_1601_S) * TICKS_A_SECOND + time.tv_nsec / 100;
}

/* Never repeats, unlike the identifiers of worlds, which a seed repeats. */
static void draw_id(unsigned char id[16])
{
    GUID guid;

    while (getrandom(&guid, sizeof(guid), 0) != (ssize_t)sizeof(guid))
        ;
    guid.Data3 = (unsigned short)((guid.Data3 & 0x0FFF) | 0x4000);
    guid.Data4[0] = (unsigned char)((guid.Data4[0] & 0x3F) | 0x80);
    memcpy(id, &guid, sizeof(guid));
}

/* syncfs from here: the server cannot wait for its own answers. */
static int flush_mount(const struct volume_directory *d)
{
    auto_close int fd = open(d->mounted_at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (!*d->mounted_at)
        return 0;
    return fd < 0 ? -errno : volume_flush_mount(fd);
}

static int ask_for_snapshot(const struct volume_directory *d, struct volume_wire_snapshot *s)
{
    const struct volume_question make = { .operation = VOLUME_WIRE_SNAPSHOT,
                                          .first = s,
                                          .first_size = sizeof(*s) };
    struct volume_reply reply;
    int error = flush_mount(d);

    if (error) {
        say("what was written last to %s cannot be flushed: %s", d->mounted_at, strerror(-error));
        return error;
    }
    error = volume_ask(d->server_fd, &make, &reply);
    s->number = error ? 0 : reply.value;
    return error;
}

static int make_own(const struct volume_directory *d, struct volume_wire_snapshot *s)
{
    struct cow_snapshot_info info = { .is_persistent = true, .created = s->created };

    memcpy(info.id, s->id, sizeof(info.id));
    s->number = cow_volume_next_number(d->cow);
    return cow_volume_commit_as(d->cow, s->number, &info);
}

bool volume_directory_snapshot(struct volume_directory *d, struct volume_snapshot *ret_snapshot)
{
    struct volume_wire_snapshot s = { .created = now() };

    draw_id(s.id);
    int error = d->cow ? make_own(d, &s) : ask_for_snapshot(d, &s);

    if (error == -EMLINK)
        say("the volume has as many snapshots as one may have; delete one first");
    else if (error)
        say("no snapshot can be made: %s", volume_directory_reason(error));
    else
        describe(d, &s, ret_snapshot);
    return !error;
}

/* ---- the rest ---- */

const char *volume_directory_reason(int error)
{
    return error == -EPIPE || error == -ECONNRESET ? "the server has ended"
           : error == -ENOENT                      ? "it is not there any more"
                                                   : strerror(-error);
}

static int order(const struct volume_directory *d, enum volume_wire_operation operation,
                 unsigned number, struct progress *progress)
{
    const struct volume_question q = { .operation = operation,
                                       .argument = number,
                                       .progress = progress_wanted() ? progress_show : NULL,
                                       .progress_arg = progress };

    return volume_ask(d->server_fd, &q, NULL);
}

int volume_directory_delete(struct volume_directory *d, unsigned number)
{
    struct progress progress;

    progress_begin(&progress, d->cow, "deleting");
    int error = d->cow ? cow_volume_delete_snapshot(d->cow, number)
                       : order(d, VOLUME_WIRE_DELETE, number, &progress);
    progress_end(&progress, d->cow);
    return error;
}

int volume_directory_revert(struct volume_directory *d, unsigned number)
{
    int error = d->cow ? 0 : flush_mount(d); /* nothing old is written over what comes back */
    struct progress progress;

    if (error)
        return error;
    progress_begin(&progress, d->cow, "reverting");
    error = d->cow ? cow_volume_revert(d->cow, number)
                   : order(d, VOLUME_WIRE_REVERT, number, &progress);
    progress_end(&progress, d->cow);
    return error;
}

int volume_directory_set_durable(struct volume_directory *d, bool is_durable)
{
    const struct volume_question q = { .operation = VOLUME_WIRE_DURABLE, .argument = is_durable };

    return d->cow ? cow_volume_set_durable(d->cow, is_durable) : volume_ask(d->server_fd, &q, NULL);
}

int volume_directory_is_durable(struct volume_directory *d, bool *ret_is_durable)
{
    const struct volume_question q = { .operation = VOLUME_WIRE_IS_DURABLE };
    struct volume_reply reply = { 0 };
    int error = d->cow ? 0 : volume_ask(d->server_fd, &q, &reply);

    *ret_is_durable = d->cow ? cow_volume_is_durable(d->cow) : reply.value != 0;
    return error;
}

static int ask_for_check(struct volume_directory *d, struct cow_area_report *ret_area,
                         struct cow_block_report *ret_blocks)
{
    struct progress progress;
    const struct volume_question check = { .operation = VOLUME_WIRE_CHECK,
                                           .progress = progress_wanted() ? progress_show : NULL,
                                           .progress_arg = &progress };
    struct volume_reply reply;
    struct volume_wire_check blocks;

    progress_begin(&progress, NULL, "checking");
    int error = volume_ask(d->server_fd, &check, &reply);

    progress_end(&progress, NULL);

    if (!error && reply.size != sizeof(blocks) + sizeof(*ret_area))
        error = -EPROTO; /* the server is another version of vssemu */
    if (error)
        return say_unusable(d->directory, error);
    memcpy(&blocks, reply.bytes, sizeof(blocks));
    memcpy(ret_area, reply.bytes + sizeof(blocks), sizeof(*ret_area));
    *ret_blocks = (struct cow_block_report){ .n_blocks = blocks.n_blocks,
                                             .n_slots = blocks.n_slots,
                                             .n_used = blocks.n_used,
                                             .n_bad = blocks.n_bad };
    return 0;
}

int volume_directory_check(struct volume_directory *d, struct cow_area_report *ret_area,
                           struct cow_block_report *ret_blocks)
{
    if (d->server_fd >= 0)
        return ask_for_check(d, ret_area, ret_blocks);
    int error = cow_check_area(d->store, ret_area);
    int code = error ? say_unusable(d->directory, error) : volume_directory_open(d);
    struct progress progress;

    if (code)
        return code;
    ret_area->header.next_number = cow_volume_next_number(d->cow);
    progress_begin(&progress, d->cow, "checking");
    cow_check_blocks(d->cow, ret_blocks);
    progress_end(&progress, d->cow);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* See volume_directory.h. */
#include "emu/cli/volume_directory.h"

#include "emu/cli/say.h"
#include "emu/com/guid.h"
#include "emu/host/host_store.h"
#include "emu/port/store.h"
#include "provider_sim/cow/cow_volume.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#define DEVICE "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy"

/* 100 ns since 1601 UTC, as Windows counts. */
#define EPOCH_1601_S   INT64_C(11644473600)
#define TICKS_A_SECOND INT64_C(10000000)

/* Who has just unmounted it is about to end. */
#define PATIENCE_MS 2000

static int lock(struct store *store, pid_t *ret_owner)
{
    const struct timespec pause = { .tv_nsec = 20000000 };
    int error = store->ops->lock(store, ret_owner);

    for (int waited = 0; error == -EBUSY && waited < PATIENCE_MS; waited += 20) {
        nanosleep(&pause, NULL);
        error = store->ops->lock(store, ret_owner);
    }
    return error;
}

int volume_directory_lock(const char *directory, struct store **ret_store)
{
    struct store *store;
    pid_t owner = 0;
    int error = host_store_open(directory, &store);

    if (error) {
        say("%s cannot be used as a volume: %s", directory, strerror(-error));
        return EXIT_NO_WORLD;
    }
    error = lock(store, &owner);
    if (!error) {
        *ret_store = store;
        return 0;
    }
    store->ops->free(store);
    if (error == -EBUSY)
        say("%s is in use by process %ld; a volume has one owner at a time", directory,
            (long)owner);
    else
        say("%s cannot be used as a volume: %s", directory, strerror(-error));
    return EXIT_NO_WORLD;
}

int volume_directory_open(const char *directory, struct store *take_store,
                          struct cow_volume **ret_volume)
{
    int error = cow_volume_open(take_store, ret_volume);

    if (error == -EPROTONOSUPPORT)
        say("%s: a later version of vssemu has left snapshots there", directory);
    else if (error)
        say("%s cannot be used as a volume: %s", directory, strerror(-error));
    return error ? EXIT_NO_WORLD : 0;
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

static void describe(struct cow_volume *v, unsigned number, bool is_lost,
                     struct volume_snapshot *ret)
{
    const struct cow_snapshot_info *info = cow_volume_snapshot_info(v, number);
    GUID id;

    memcpy(&id, info->id, sizeof(id));
    ret->number = number;
    ret->is_lost = is_lost;
    snprintf(ret->id, sizeof(ret->id), "{%s}", GUID_TEXT(&id));
    snprintf(ret->device, sizeof(ret->device), DEVICE "%u", number);
    put_time(info->created, ret->created);
}

bool volume_directory_item(struct cow_volume *v, unsigned i, struct volume_snapshot *ret_snapshot)
{
    bool is_lost = false;
    unsigned number = cow_volume_snapshot(v, i, &is_lost);

    if (number)
        describe(v, number, is_lost, ret_snapshot);
    return number != 0;
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

bool volume_directory_find(struct cow_volume *v, const char *id,
                           struct volume_snapshot *ret_snapshot)
{
    for (unsigned i = 0; volume_directory_item(v, i, ret_snapshot); i++) {
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

bool volume_directory_snapshot(struct cow_volume *v, struct volume_snapshot *ret_snapshot)
{
    struct cow_snapshot_info info = { .is_persistent = true, .created = now() };
    unsigned number = cow_volume_next_number(v);

    draw_id(info.id);
    int error = cow_volume_commit_as(v, number, &info);
    if (error == -EMLINK)
        say("the volume has as many snapshots as one may have; delete one first");
    else if (error)
        say("no snapshot can be made: %s", strerror(-error));
    else
        describe(v, number, false, ret_snapshot);
    return !error;
}

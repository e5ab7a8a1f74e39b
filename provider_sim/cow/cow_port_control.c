/* SPDX-License-Identifier: MIT */
/* The service's side of the port: each of these completes before it returns. */
#include "provider_sim/cow/cow_port_state.h"
#include "provider_sim/cow/cow_view_change.h"

#include "emu/port/sched.h"

#include <errno.h>
#include <string.h>

void cow_port_flush(struct volume *v, struct volume_done *done)
{
    (void)v;
    done->fn(done, 0); /* every write is in the store when it returns */
}

void cow_port_hold(struct volume *v, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    LOCKED(p, (cow_volume_hold(p->cow), 0));
    done->fn(done, 0);
}

void cow_port_commit(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    done->fn(done, LOCKED(p, cow_volume_commit(p->cow, number)));
}

void cow_port_release(struct volume *v, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    LOCKED(p, (cow_volume_release(p->cow), 0));
    sched_notify(p->sched);
    done->fn(done, 0);
}

void cow_port_delete_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    done->fn(done, LOCKED(p, cow_volume_delete_snapshot(p->cow, number)));
}

int cow_port_keep(struct volume *v, unsigned number, const struct volume_kept *kept)
{
    struct cow_port *p = cow_port_of(v);
    struct cow_snapshot_info info = { .is_persistent = true,
                                      .created = kept->created,
                                      .properties = kept->bytes,
                                      .properties_size = kept->size };

    memcpy(info.id, kept->id, sizeof(info.id));
    return LOCKED(p, cow_volume_keep(p->cow, number, &info));
}

static bool kept_locked(struct cow_port *p, size_t i, struct volume_kept *ret_kept)
{
    unsigned number;
    bool is_lost = false;

    for (size_t at = 0; (number = cow_volume_snapshot(p->cow, at, &is_lost)) != 0; at++) {
        const struct cow_snapshot_info *info = cow_volume_snapshot_info(p->cow, number);

        if (!info->is_persistent || i--)
            continue;
        *ret_kept = (struct volume_kept){ .number = number,
                                          .is_lost = is_lost,
                                          .created = info->created,
                                          .bytes = info->properties,
                                          .size = info->properties_size };
        memcpy(ret_kept->id, info->id, sizeof(info->id));
        return true;
    }
    return false;
}

bool cow_port_kept(struct volume *v, size_t i, struct volume_kept *ret_kept)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, kept_locked(p, i, ret_kept));
}

int cow_port_keep_settings(struct volume *v, const void *bytes, size_t size)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, cow_volume_keep_settings(p->cow, bytes, size));
}

ssize_t cow_port_kept_settings(struct volume *v, void *buffer)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, cow_volume_settings(p->cow, buffer));
}

int cow_port_identify(struct volume *v, const unsigned char *salt, unsigned char ret_id[16])
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, cow_volume_identify(p->cow, salt, ret_id));
}

void cow_port_leave(struct volume *v)
{
    struct cow_port *p = cow_port_of(v);
    bool is_told = __atomic_load_n(&v->area_changed, __ATOMIC_ACQUIRE) != NULL;

    LOCKED(p, (cow_volume_leave(p->cow, is_told), 0));
}

void cow_port_open_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);
    int error = LOCKED(p, cow_volume_open_snapshot(p->cow, number));

    cow_port_tell_news(p);
    done->fn(done, error);
}

void cow_port_seal_snapshot(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);
    int error = LOCKED(p, cow_volume_seal_snapshot(p->cow, number));

    cow_port_tell_news(p);
    done->fn(done, error);
}

bool cow_port_is_open(struct volume *v, unsigned number)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, cow_view_check_change(p->cow, number)) == 0;
}

void cow_port_revert(struct volume *v, unsigned number, struct volume_done *done)
{
    struct cow_port *p = cow_port_of(v);

    int error = LOCKED(p, cow_volume_revert(p->cow, number));

    cow_port_tell_news(p);
    volume_tell_name(v, NULL, false);
    done->fn(done, error);
}

static int cut_off_files(struct cow_port *p)
{
    list_each_safe (struct volume_file, file, &p->files, link) {
        list_remove(&file->link);
        file->is_cut = true;
    }
    return 0;
}

static int dismount_locked(struct cow_port *p, bool force)
{
    if (cow_volume_is_held(p->cow) || (!force && !list_is_empty(&p->files)))
        return -EBUSY;
    return cut_off_files(p);
}

int cow_port_dismount(struct volume *v, bool force)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, dismount_locked(p, force));
}

unsigned cow_port_next_number(struct volume *v)
{
    struct cow_port *p = cow_port_of(v);

    return LOCKED(p, cow_volume_next_number(p->cow));
}

/* ---- the diff area ---- */

void cow_port_tell_news(struct cow_port *p)
{
    enum diff_area_event event;
    unsigned number;

    while (cow_volume_has_news(p->cow) && LOCKED(p, cow_volume_take_news(p->cow, &event, &number)))
        volume_tell_diff_area(&p->volume, event, number);
}

void cow_port_limit_diff_area(struct volume *v, const struct diff_area_limits *limits)
{
    struct cow_port *p = cow_port_of(v);

    LOCKED(p, (cow_volume_limit_area(p->cow, limits), 0));
    cow_port_tell_news(p);
}

void cow_port_use_of_diff_area(struct volume *v, struct diff_area_use *ret_use)
{
    struct cow_port *p = cow_port_of(v);

    LOCKED(p, (cow_volume_area_use(p->cow, ret_use), 0));
    ret_use->total = volume_size(v);
    ret_use->free = ret_use->total / 2;
}

void cow_port_put_online(struct volume *v)
{
    struct cow_port *p = cow_port_of(v);

    LOCKED(p, (cow_volume_put_online(p->cow), cut_off_files(p)));
    volume_tell_name(v, NULL, false);
}

/* SPDX-License-Identifier: MIT */
/* What each operation of emu/port/volume_wire.h does, but for long work (cow_server_work.c). */
#include "provider_sim/fuse/cow_server_control.h"

#include "emu/port/volume_wire.h"
#include "provider_sim/cow/cow_view_change.h"
#include "provider_sim/fuse/cow_fuse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void put(struct server_answer *answer, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        array_add(&answer->bytes, ((const unsigned char *)bytes)[i]);
}

static void drain(struct server_control *control)
{
    if (*control->fuse)
        cow_fuse_drain(*control->fuse);
}

static int hold(struct server_control *control, bool *is_holding)
{
    if (cow_volume_is_held(control->cow) && !*is_holding)
        return -EBUSY; /* by somebody else */
    drain(control);
    cow_volume_hold(control->cow);
    *is_holding = true;
    return 0;
}

void server_control_release(struct server_control *control)
{
    cow_volume_release(control->cow);
    if (*control->fuse)
        cow_fuse_resume(*control->fuse);
}

/* ---- snapshots ---- */

static void tell_number(struct server_control *control, struct server_answer *answer)
{
    const char *image = cow_volume_image(control->cow);

    answer->value = cow_volume_next_number(control->cow);
    if (image)
        put(answer, image, strlen(image));
}

static bool get_info(const void *bytes, size_t size, struct cow_snapshot_info *ret_info)
{
    struct volume_wire_snapshot s;

    if (size < sizeof(s))
        return false;
    memcpy(&s, bytes, sizeof(s));
    if (s.size != size - sizeof(s) || s.size > COW_PROPERTIES_MAX)
        return false;
    *ret_info = (struct cow_snapshot_info){ .is_persistent = true,
                                            .created = s.created,
                                            .properties = (const char *)bytes + sizeof(s),
                                            .properties_size = s.size };
    memcpy(ret_info->id, s.id, sizeof(s.id));
    return true;
}

static int keep(struct server_control *control, unsigned number, const void *bytes, size_t size)
{
    struct cow_snapshot_info info;

    return get_info(bytes, size, &info) ? cow_volume_keep(control->cow, number, &info) : -EINVAL;
}

static int make(struct server_control *control, const void *bytes, size_t size,
                unsigned *ret_number)
{
    struct cow_snapshot_info info;

    if (!get_info(bytes, size, &info))
        return -EINVAL;
    if (!cow_volume_is_held(control->cow))
        drain(control);
    *ret_number = cow_volume_next_number(control->cow);
    return cow_volume_commit_as(control->cow, *ret_number, &info);
}

static void identify(struct server_control *control, const void *salt, size_t size,
                     struct server_answer *answer)
{
    unsigned char id[16];

    answer->error = size && size != sizeof(id)
                        ? -EINVAL
                        : cow_volume_identify(control->cow, size ? salt : NULL, id);
    if (!answer->error)
        put(answer, id, sizeof(id));
}

static void tell_after(struct server_control *control, unsigned number,
                       struct server_answer *answer)
{
    bool is_lost = false;

    answer->value = cow_volume_snapshot_after(control->cow, number, &is_lost);
    if (!answer->value)
        return;
    const struct cow_snapshot_info *info = cow_volume_snapshot_info(control->cow, answer->value);
    struct volume_wire_snapshot s = { .number = answer->value,
                                      .flags = (is_lost ? VOLUME_WIRE_LOST : 0) |
                                               (info->is_persistent ? VOLUME_WIRE_KEPT : 0),
                                      .created = info->created,
                                      .size = (uint32_t)info->properties_size };

    memcpy(s.id, info->id, sizeof(s.id));
    put(answer, &s, sizeof(s));
    put(answer, info->properties, info->properties_size);
}

/* ---- the diff area ---- */

static int limit(struct server_control *control, const void *bytes, size_t size)
{
    struct volume_wire_limits l;

    if (size != sizeof(l))
        return -EINVAL;
    memcpy(&l, bytes, sizeof(l));
    cow_volume_limit_area(control->cow,
                          &(struct diff_area_limits){ .maximum = l.maximum,
                                                      .is_stuck = l.is_stuck,
                                                      .protects_snapshots = l.protects_snapshots });
    return 0;
}

static void tell_settings(struct server_control *control, struct server_answer *answer)
{
    char settings[VOLUME_SETTINGS_MAX];
    ssize_t size = cow_volume_settings(control->cow, settings);

    answer->error = size < 0 ? (int)size : 0;
    put(answer, settings, size < 0 ? 0 : (size_t)size);
}

static void tell_use(struct server_control *control, struct server_answer *answer)
{
    struct diff_area_use use = { 0 };

    cow_volume_area_use(control->cow, &use);
    put(answer,
        &(struct volume_wire_use){
            .used = use.used, .allocated = use.allocated, .is_offline = use.is_offline },
        sizeof(struct volume_wire_use));
}

static void answer_of_area(struct server_control *control, unsigned operation, unsigned argument,
                           const void *bytes, size_t size, struct server_answer *a)
{
    switch ((enum volume_wire_operation)operation) {
    case VOLUME_WIRE_LIMIT:
        a->error = limit(control, bytes, size);
        break;
    case VOLUME_WIRE_USE:
        tell_use(control, a);
        break;
    case VOLUME_WIRE_ONLINE:
        cow_volume_put_online(control->cow);
        break;
    case VOLUME_WIRE_SETTINGS:
        tell_settings(control, a);
        break;
    case VOLUME_WIRE_PUT_SETTINGS:
        a->error = cow_volume_keep_settings(control->cow, bytes, size);
        break;
    case VOLUME_WIRE_DURABLE:
        a->error = cow_volume_set_durable(control->cow, argument);
        break;
    case VOLUME_WIRE_IS_DURABLE:
        a->value = cow_volume_is_durable(control->cow);
        break;
    case VOLUME_WIRE_IDENTIFY:
        identify(control, bytes, size, a);
        break;
    default:
        a->error = -ENOSYS;
        break;
    }
}

void server_control_answer(struct server_control *control, bool *is_holding, unsigned operation,
                           unsigned argument, const void *bytes, size_t size,
                           struct server_answer *ret_answer)
{
    struct server_answer *a = ret_answer;

    switch ((enum volume_wire_operation)operation) {
    case VOLUME_WIRE_NEXT_NUMBER:
        tell_number(control, a);
        break;
    case VOLUME_WIRE_HOLD:
        a->error = hold(control, is_holding);
        break;
    case VOLUME_WIRE_COMMIT:
        a->error = cow_volume_commit(control->cow, argument);
        break;
    case VOLUME_WIRE_RELEASE: /* when the answer is on its way */
        *is_holding = false;
        break;
    case VOLUME_WIRE_OPEN:
        a->error = cow_volume_open_snapshot(control->cow, argument);
        break;
    case VOLUME_WIRE_SEAL:
        a->error = cow_volume_seal_snapshot(control->cow, argument);
        break;
    case VOLUME_WIRE_KEEP:
        a->error = keep(control, argument, bytes, size);
        break;
    case VOLUME_WIRE_SNAPSHOT:
        a->error = make(control, bytes, size, &a->value);
        break;
    case VOLUME_WIRE_AFTER:
        tell_after(control, argument, a);
        break;
    case VOLUME_WIRE_WHERE:
        if (*control->fuse)
            put(a, control->mounted_at, strlen(control->mounted_at));
        break;
    case VOLUME_WIRE_LEAVE:
        cow_volume_leave(control->cow, true);
        break;
    default:
        answer_of_area(control, operation, argument, bytes, size, a);
        break;
    }
}

/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about providers, faults of volumes, and what blocks a revert. */
#include "emu/include/vssemu.h"
#include "emu/base/str.h"
#include "emu/port/volume.h"
#include "emu/proto/fault_rules.h"
#include "emu/setup/test_world.h"
#include "emu/setup/world.h"
#include "emu/svc/provider_registry.h"
#include "fakes/world/fault.h"

#include <ctype.h>

bool vssemu_add_provider(struct vssemu_world *w, const struct vssemu_provider *provider)
{
    sched_enter(w->ports.sched);
    bool is_new = !provider_registry_find(&w->service, &provider->id);
    sched_leave(w->ports.sched);
    if (is_new)
        world_add_own_provider(w, provider);
    return is_new;
}

bool vssemu_remove_provider(struct vssemu_world *w, const VSS_ID *id)
{
    sched_enter(w->ports.sched);
    bool was_there = provider_registry_remove(&w->service, id);
    sched_leave(w->ports.sched);
    return was_there;
}

static const enum fault_volume_point operations[] = {
    [VSSEMU_VOLUME_FLUSH] = AT_VOLUME_FLUSH,   [VSSEMU_VOLUME_HOLD] = AT_VOLUME_HOLD,
    [VSSEMU_VOLUME_COMMIT] = AT_VOLUME_COMMIT, [VSSEMU_VOLUME_DELETE] = AT_VOLUME_DELETE,
    [VSSEMU_VOLUME_REVERT] = AT_VOLUME_REVERT,
};

static bool has_volume(struct vssemu_world *w, const char *name)
{
    for (size_t i = 0; i < w->volumes.count; i++) {
        char letter = w->volumes.items[i]->letter;

        if (letter && toupper(letter) == toupper(name[0]))
            return true;
    }
    return false;
}

/* A line of vssemu_add_fault in numbers. */
bool vssemu_plan_volume_fault(struct vssemu_world *w, const char *volume_name,
                              enum vssemu_volume_operation operation, int64_t delay_ms, int error)
{
    struct fault fault = { .actor = FAULT_VOLUME,
                           .point = operations[operation],
                           .nth = 1,
                           .hit = { .action = error ? FAULT_FAIL : FAULT_DELAY,
                                    .code = error,
                                    .duration_ns = delay_ms * SCHED_MS } };
    bool can_wait = fault_rules_allow(FAULT_VOLUME, fault.point, FAULT_DELAY);

    if (!has_volume(w, volume_name) || (delay_ms && !can_wait && operation != VSSEMU_VOLUME_REVERT))
        return false;
    fault.name = str_printf("%c:", toupper(volume_name[0]));
    world_plan_fault(w, &fault);
    return true;
}

void vssemu_set_transaction_times(struct vssemu_world *w, int64_t freeze_ms, int64_t thaw_ms)
{
    sched_enter(w->ports.sched);
    w->service.transaction_freeze_ms = freeze_ms;
    w->service.transaction_thaw_ms = thaw_ms;
    sched_leave(w->ports.sched);
}

void vssemu_block_revert(struct vssemu_world *w, const VSS_ID *writer_class)
{
    sched_enter(w->ports.sched);
    array_add(&w->service.revert_blockers, *writer_class);
    sched_leave(w->ports.sched);
}

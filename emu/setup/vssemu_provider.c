/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about providers, faults of volumes, and what blocks a revert. */
#include "emu/include/vssemu.h"
#include "emu/port/volume.h"
#include "emu/setup/test_world.h"
#include "emu/setup/world.h"
#include "emu/svc/provider_registry.h"
#include "fakes/world/volume_faults.h"

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

static const enum volume_operation operations[] = {
    [VSSEMU_VOLUME_FLUSH] = VOLUME_FLUSH,   [VSSEMU_VOLUME_HOLD] = VOLUME_HOLD,
    [VSSEMU_VOLUME_COMMIT] = VOLUME_COMMIT, [VSSEMU_VOLUME_DELETE] = VOLUME_DELETE,
    [VSSEMU_VOLUME_REVERT] = VOLUME_REVERT,
};

bool vssemu_plan_volume_fault(struct vssemu_world *w, const char *volume_name,
                              enum vssemu_volume_operation operation, int64_t delay_ms, int error)
{
    bool is_planned = false;

    sched_enter(w->ports.sched);
    for (size_t i = 0; i < w->volumes.count; i++) {
        struct volume *volume = w->volumes.items[i];

        if (volume->letter && toupper(volume->letter) == toupper(volume_name[0]))
            is_planned = volume_faults_plan(volume, w->ports.sched, operations[operation],
                                            delay_ms * SCHED_MS, error);
    }
    sched_leave(w->ports.sched);
    return is_planned;
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

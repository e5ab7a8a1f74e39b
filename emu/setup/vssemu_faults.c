/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about planned faults. */
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/setup/test_world.h"
#include "emu/setup/world.h"
#include "fakes/world/fault_plan.h"

#include <stdlib.h>

bool vssemu_add_fault(struct vssemu_world *w, const char *text)
{
    char *error = NULL;

    if (world_add_fault(w, text, &error))
        return true;
    free(w->test->error);
    w->test->error = error;
    return false;
}

size_t vssemu_fault_count(struct vssemu_world *w)
{
    return w->faults ? fault_plan_count(w->faults) : 0;
}

unsigned vssemu_fault_fired(struct vssemu_world *w, size_t i)
{
    return i < vssemu_fault_count(w) ? fault_plan_fired(w->faults, i) : 0;
}

const char *vssemu_unfired_faults(struct vssemu_world *w)
{
    struct str *out = &w->test->answer;
    size_t n = vssemu_fault_count(w);

    str_free(out);
    for (size_t i = 0; i < n; i++) {
        auto_free char *why = fault_plan_unfired(w->faults, i);
        auto_free char *text = why ? fault_text(fault_plan_get(w->faults, i)) : NULL;

        if (why)
            str_addf(out, "%s: %s\n", text, why);
    }
    return out->text ? out->text : "";
}

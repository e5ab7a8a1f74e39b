/* SPDX-License-Identifier: MIT */
/* The function of vssemu.h that makes snapshots of an earlier requester. */
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/setup/earlier_snapshots.h"
#include "emu/setup/snapshot_spec.h"
#include "emu/setup/test_world.h"

#include <stdlib.h>

static bool make(struct vssemu_world *w, const char *what, VSS_ID *ret_set, char **ret_error)
{
    struct snapshot_spec spec;

    if (w->test->script.vss) {
        *ret_error = str_printf("a backup is open: finish it first (VSSEMU_END)");
        return false;
    }
    if (!snapshot_spec_parse(what, &spec, ret_error))
        return false;
    world_requester_comes(&w->service);
    bool is_made = earlier_snapshots_make(w, &spec, ret_set, ret_error);
    snapshot_spec_fini(&spec);
    return is_made;
}

bool vssemu_make_snapshots(struct vssemu_world *w, const char *what, VSS_ID *ret_set_id)
{
    VSS_ID set = GUID_NULL;
    char *error = NULL;
    bool is_made = make(w, what, &set, &error);

    if (ret_set_id)
        *ret_set_id = set;
    if (is_made)
        return true;
    free(w->test->error);
    w->test->error = error;
    return false;
}

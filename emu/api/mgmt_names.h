/* SPDX-License-Identifier: MIT */
/* How the management interfaces name volumes. */
#pragma once

#include "emu/com/bstr.h"
#include "emu/port/volume.h"

/* Learn: "VSS_VOLUME_PROP structure": the shortest name that can be shown, "C:\", or the GUID name
 * of a volume without a letter. Task memory. */
static inline VSS_PWSZ mgmt_display_name(const struct volume *v)
{
    char letter[] = { v->letter, ':', '\\', 0 };

    return task_wide_from_utf8(v->letter ? letter : v->guid_name);
}

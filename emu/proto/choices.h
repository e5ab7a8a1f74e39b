/* SPDX-License-Identifier: MIT */
/* Choices that the documentation leaves open: one row each, with its switch. docs/deviations.md
 * explains them. No other file decides such a thing by itself. */
#pragma once

#include <stdbool.h>

struct choices {
    /* A writer vetoes Freeze or Thaw, or misses its window: does DoSnapshotSet fail?
     * Windows: two logs show success, the status tells. */
    bool writer_veto_fails_set;
    /* Does PrepareForBackup reach a writer none of whose components was added? */
    bool prepare_without_components;
    /* Does a veto in PrepareForSnapshot raise Abort for that writer? */
    bool prepare_failure_aborts;
};

#define CHOICES_DEFAULT ((struct choices){ false, false, false })

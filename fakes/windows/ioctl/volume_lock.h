/* SPDX-License-Identifier: MIT */
/* FSCTL_LOCK_VOLUME: nothing else of the volume is open, or can be opened (Learn: the page). */
#pragma once

#include "fakes/windows/file.h"

/* Whether the volume is locked through another handle than `file`. */
bool volume_lock_keeps_out(const struct file *file);
/* The handle's file goes, and with it its lock. */
void volume_lock_forget(const struct file *file);

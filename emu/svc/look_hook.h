/* SPDX-License-Identifier: MIT */
/* Where a search looks at what was made: a shadow copy set that is whole, or volumes into which a
 * requester has restored. Nobody looks: one comparison. */
#pragma once

#include <stdbool.h>

struct backup;

/* Set before the first call, or never. Called inside the service: when DoSnapshotSet has succeeded,
 * before anybody hears of it; and (is_restored) when PostRestore is called, before writers do. */
extern void (*look_hook)(struct backup *backup, bool is_restored);

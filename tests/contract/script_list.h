/* SPDX-License-Identifier: MIT */
/* What a provider's Query gives: an enumerator over snapshots. */
#pragma once

#include <windows.h>
#include <vss.h>

#include <stddef.h>

/* Takes the array (malloc) and its strings (task memory). */
IVssEnumObject *script_list_new(VSS_SNAPSHOT_PROP *take_props, size_t n);

/* SPDX-License-Identifier: MIT */
/* IVssEnumObject over a list of properties, for Query of the service and of providers, and the
 * life of the strings in these properties (task memory). */
#pragma once

#include "emu/include/vss.h"

#include <stddef.h>

/* Takes the items' strings and the array (malloc memory; may be NULL when n is 0). */
void enumerator_new(VSS_OBJECT_PROP *take_items, size_t n, IVssEnumObject **ret_enumerator);

void snapshot_prop_copy(const VSS_SNAPSHOT_PROP *from, VSS_SNAPSHOT_PROP *ret_prop);
void snapshot_prop_clear(VSS_SNAPSHOT_PROP *prop); /* frees the strings, zeroes all */
void provider_prop_copy(const VSS_PROVIDER_PROP *from, VSS_PROVIDER_PROP *ret_prop);
void provider_prop_clear(VSS_PROVIDER_PROP *prop);

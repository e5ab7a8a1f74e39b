/* SPDX-License-Identifier: MIT */
/* IVssEnumObject over a list of properties, for Query of the service and of providers, and the
 * life of the strings in these properties (task memory). */
#pragma once

#include "emu/com/cursor.h"

/* Takes the items' strings and the array (malloc memory; may be NULL when n is 0). guard may be
 * NULL. */
void enumerator_new(VSS_OBJECT_PROP *take_items, size_t n, enumerator_guard *guard,
                    IVssEnumObject **ret_enumerator);

VSS_PWSZ prop_text_copy(VSS_PWSZ text); /* NULL: NULL */
void snapshot_prop_copy(const VSS_SNAPSHOT_PROP *from, VSS_SNAPSHOT_PROP *ret_prop);
void snapshot_prop_clear(VSS_SNAPSHOT_PROP *prop); /* frees the strings, zeroes all */
void provider_prop_copy(const VSS_PROVIDER_PROP *from, VSS_PROVIDER_PROP *ret_prop);
void provider_prop_clear(VSS_PROVIDER_PROP *prop);

/* SPDX-License-Identifier: MIT */
/* IVssEnumObject over a list of properties, for Query of the service and of providers, and the
 * life of the strings in these properties (task memory). */
#pragma once

#include "emu/include/vss.h"

#include <stddef.h>

enum enumerator_call { ENUMERATOR_NEXT, ENUMERATOR_SKIP, ENUMERATOR_RESET, ENUMERATOR_CLONE };

/* Asked before each call: anything but S_OK is what the call answers. */
typedef HRESULT enumerator_guard(enum enumerator_call call);

/* Takes the items' strings and the array (malloc memory; may be NULL when n is 0). guard may be
 * NULL. */
void enumerator_new(VSS_OBJECT_PROP *take_items, size_t n, enumerator_guard *guard,
                    IVssEnumObject **ret_enumerator);

void snapshot_prop_copy(const VSS_SNAPSHOT_PROP *from, VSS_SNAPSHOT_PROP *ret_prop);
void snapshot_prop_clear(VSS_SNAPSHOT_PROP *prop); /* frees the strings, zeroes all */
void provider_prop_copy(const VSS_PROVIDER_PROP *from, VSS_PROVIDER_PROP *ret_prop);
void provider_prop_clear(VSS_PROVIDER_PROP *prop);

/* SPDX-License-Identifier: MIT */
/* IVssEnumMgmtObject over a list of properties (Learn: "IVssEnumMgmtObject"): volumes, volumes that
 * can hold diff areas, diff areas. */
#pragma once

#include "emu/com/enumerator.h"
#include "emu/include/vsmgmt.h"

#include <stddef.h>

/* Takes the items' strings (task memory) and the array (malloc memory; may be NULL when n is 0).
 * guard may be NULL. */
void mgmt_enumerator_new(VSS_MGMT_OBJECT_PROP *take_items, size_t n, enumerator_guard *guard,
                         IVssEnumMgmtObject **ret_enumerator);

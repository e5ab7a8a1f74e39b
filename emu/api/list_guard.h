/* SPDX-License-Identifier: MIT */
/* What the state of the machine makes of calls of the service's own enumerators. */
#pragma once

#include "emu/com/enumerator.h"

HRESULT list_guard(enum enumerator_call called);
HRESULT mgmt_list_guard(enum enumerator_call called); /* of IVssEnumMgmtObject */

/* SPDX-License-Identifier: MIT */
/* Snapshot contexts and the attributes that may modify them.
 * Learn: "VSS_SNAPSHOT_CONTEXT enumeration", "VSS_VOLUME_SNAPSHOT_ATTRIBUTES enumeration". */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>
#include <stddef.h>

/* S_OK, E_INVALIDARG for bits nobody knows or that exclude each other, VSS_E_UNSUPPORTED_CONTEXT
 * for known bits that make no context (Windows: seen for the value 7). */
HRESULT context_rules_check(LONG context);
bool context_has_writers(LONG context);
bool context_is_auto_release(LONG context);
/* The base value of the i-th context; false behind the last. */
bool context_at(size_t i, LONG *ret_context);
bool context_is_client_accessible(LONG context);
/* Whether a session of one context sees a snapshot of the other: they have the base bits in common,
 * or the session's is VSS_CTX_ALL. */
bool context_sees(LONG of_session, LONG of_snapshot);
const char *context_name(LONG context); /* "VSS_CTX_BACKUP"; modifiers are left out */

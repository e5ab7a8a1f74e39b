/* SPDX-License-Identifier: MIT */
/* Writers without a process (Learn: "IVssExpressWriter"): a document each, reported in every gather
 * from Register to Unregister, never sent an event. Deviation: the store is the world's and ends
 * with it; on Windows it is on disk. They stand among the service's writers with `express` set. */
#pragma once

#include "emu/com/guid.h"

struct service;
struct wmd;

/* Keeps a copy. VSS_E_OBJECT_ALREADY_EXISTS: there is one of that class. */
HRESULT express_store_register(struct service *service, const struct wmd *document);
/* VSS_E_OBJECT_NOT_FOUND: there is none. */
HRESULT express_store_unregister(struct service *service, const VSS_ID *class_id);
/* At the end of the world. */
void express_store_clear(struct service *service);

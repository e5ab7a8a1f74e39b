/* SPDX-License-Identifier: MIT */
/* IVssAdmin and IVssAdminEx: registering providers. */
#pragma once

#include "emu/include/vss.h"

/* For CoCreateInstance(CLSID_VSSCoordinator), in the world of the calling thread. */
HRESULT admin_create(REFIID iid, void **ret_object);

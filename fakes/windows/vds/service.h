/* SPDX-License-Identifier: MIT */
/* The Virtual Disk Service as its clients see it. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <rpcndr.h>
#include <oaidl.h>

#include "fakes/windows/include/vds.h"

/* An IVdsServiceLoader: what CoCreateInstance of CLSID_VdsLoader answers. */
HRESULT vds_loader_create(REFIID iid, void **ret_loader);

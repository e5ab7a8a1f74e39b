/* SPDX-License-Identifier: MIT */
/* The identifiers of vds.h, which programs take from uuid.lib. Those of the headers below it are
 * emu/com/iids.c's, so they are read first. */
#include "emu/include/vssemu_types.h"

#include <ole2.h>
#include <vdslun.h>

#define INITGUID
#include <guiddef.h>

#include "fakes/windows/include/vds.h"

const CLSID CLSID_VdsLoader = {
    0x9c38ed61, 0xd565, 0x4728, { 0xae, 0xee, 0xc8, 0x09, 0x52, 0xf0, 0xec, 0xde }
};

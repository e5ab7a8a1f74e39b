/* SPDX-License-Identifier: MIT */
/* The one place where the interface and class identifiers of the VSS headers (and IUnknown) are
 * defined: what Windows programs take from uuid.lib and vss_uuid.lib. */
#define INITGUID
#include "emu/include/vss.h"
#include "emu/include/vsadmin.h"
#include "emu/include/vsmgmt.h"
#include "emu/include/vsbackup.h"
#include "emu/include/vsprov.h"
#include "emu/include/vswriter.h"

#include <cguid.h>
#include <unknwn.h>
#include <knownfolders.h>

const GUID GUID_NULL = { 0 };

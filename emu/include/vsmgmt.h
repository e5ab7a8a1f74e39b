/* SPDX-License-Identifier: MIT */
/* Microsoft's names and order for vsmgmt.h: the public-domain header of mingw-w64 over Wine's base
 * types, with what native compilation needs around it (see emu/include/vssemu_types.h). */
#include "emu/include/vssemu_types.h"
#include_next <vsmgmt.h>

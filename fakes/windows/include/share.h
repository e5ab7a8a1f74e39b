/* SPDX-License-Identifier: MIT */
/* _SH_DENYRW and its relatives: declared everywhere (vssemu/crt_files.h). */
#pragma once

#include <vssemu/crt_files.h>

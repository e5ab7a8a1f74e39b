/* SPDX-License-Identifier: MIT */
/* Where an open file is now, in a form that CreateFile takes. */
#pragma once

#include "emu/include/vssemu_types.h"

/* "\\?\C:\dir\file", or on a snapshot "\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\dir\file".
 * The caller frees; NULL with the last error. */
char *reopen_path(HANDLE file);

/* SPDX-License-Identifier: MIT */
/* _mkdir, _rmdir, _chdir: declared everywhere (vssemu/crt_files.h). */
#pragma once

#include <vssemu/crt_files.h>

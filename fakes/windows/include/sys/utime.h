/* SPDX-License-Identifier: MIT */
/* _utime and _wutime: declared everywhere (vssemu/crt_files.h). */
#pragma once

#include <vssemu/crt_files.h>

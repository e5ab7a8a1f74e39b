/* SPDX-License-Identifier: MIT */
/* IVssWMFiledesc: one file set, from whichever document. */
#pragma once

#include "emu/doc/filespec.h"
#include "emu/include/vswriter.h"

/* The spec is copied. */
void wm_filedesc_new(const struct filespec *spec, IVssWMFiledesc **ret);

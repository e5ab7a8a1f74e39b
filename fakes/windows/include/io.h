/* SPDX-License-Identifier: MIT */
/* _access, _chmod, _unlink, which are declared everywhere (vssemu/crt_files.h); low-level
 * descriptors and _findfirst. */
#pragma once

#include <vssemu/crt_descriptors.h>
#include <vssemu/crt_files.h>

/* SPDX-License-Identifier: MIT */
/* _access, _chmod, _unlink: declared everywhere (vssemu/crt_files.h). */
#pragma once

#include <vssemu/crt_files.h>

/* SPDX-License-Identifier: MIT */
/* Search handles of FindFirstStreamW, which FindClose closes as well. */
#pragma once

#include "fakes/windows/handle.h"

extern const struct object_class stream_find_class;

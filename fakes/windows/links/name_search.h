/* SPDX-License-Identifier: MIT */
/* The handles of FindFirstFileName, which FindClose closes. */
#pragma once

#include "fakes/windows/handle.h"

extern const struct object_class name_search_class;

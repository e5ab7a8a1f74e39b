/* SPDX-License-Identifier: MIT */
/* The current process as an object. */
#pragma once

#include "fakes/windows/handle.h"

extern const struct object_class process_class;

/* The object of this process: never signaled, never freed. No new reference. */
struct object *process_current(void);
